import assert from "node:assert/strict";
import type { StoreSession } from "../session.ts";
import { exportSession, importSession } from "../transfer.ts";
import { withCompaction } from "../wrappers.ts";
import { assistant, user, type WithSession } from "./harness.ts";

/** What a session must do with branches. */
export function testBranches(withSession: WithSession, open: (id: string) => Promise<StoreSession>): void {
  withSession("a fork has the past and goes its own way", async (session) => {
    await session.addItems([user("a"), assistant("b"), user("c")]);
    const fork = await session.fork(2, "other");
    await fork.addItems([user("d")]);
    await session.addItems([assistant("e")]);
    assert.deepEqual(await fork.getItems(), [user("a"), assistant("b"), user("d")]);
    assert.deepEqual(await session.getItems(), [user("a"), assistant("b"), user("c"), assistant("e")]);
    assert.deepEqual(await fork.getItems(2), [assistant("b"), user("d")]);
  });

  withSession("forks at every position, also the first and the last", async (session) => {
    const items = [user("a"), assistant("b"), user("c")];
    await session.addItems(items);
    for (let position = 0; position <= 3; position++) {
      const fork = await session.fork(position);
      assert.deepEqual(await fork.getItems(), items.slice(0, position));
      await fork.addItems([user("x")]);
      assert.deepEqual(await fork.getItems(), [...items.slice(0, position), user("x")]);
    }
    for (const position of [-1, 4, 1.5, Number.NaN]) {
      await assert.rejects(session.fork(position), { code: "position_invalid" });
    }
    assert.deepEqual(await session.getItems(), items);
    assert.equal((await session.branches()).length, 5);
  });

  withSession("nested forks keep each their past", async (session) => {
    await session.addItems([user("0")]);
    let branch = session;
    for (let depth = 1; depth <= 8; depth++) {
      branch = await branch.fork(depth, `depth ${depth}`);
      await branch.addItems([user(`${depth}`)]);
    }
    assert.deepEqual(
      await branch.getItems(),
      Array.from({ length: 9 }, (_, index) => user(`${index}`)),
    );
    assert.deepEqual(await session.getItems(), [user("0")]);
  });

  withSession("the current branch is the same for everybody", async (session) => {
    await session.addItems([user("a"), assistant("b")]);
    const other = await open(session.id);
    await other.addItems([user("c")]);
    await session.fork(1, "other");
    await session.switchTo("other");
    await other.addItems([assistant("d")]);
    assert.deepEqual(await other.getItems(), [user("a"), assistant("d")]);
    assert.deepEqual(await session.getItems(), [user("a"), assistant("d")]);
    const current = (await other.branches()).filter((branch) => branch.current);
    assert.deepEqual(
      current.map(({ name, forkedAt, length }) => ({ name, forkedAt, length })),
      [{ name: "other", forkedAt: 1, length: 2 }],
    );
    await assert.rejects(session.switchTo("nobody"), { code: "branch_missing" });
    await other.close();
  });

  withSession("a name is given once, even to many at the same time", async (session) => {
    await session.addItems([user("a")]);
    const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => session.fork(1, "same")));
    assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 1);
    await assert.rejects(session.fork(1, "main"), { code: "branch_name_taken" });
    await assert.rejects(session.fork(1, " "), { code: "branch_name_invalid" });
    await assert.rejects(session.renameBranch("same", "main"), { code: "branch_name_taken" });
    await session.renameBranch("same", "renamed");
    await session.fork(1, "same");
    await Promise.all(Array.from({ length: 6 }, () => session.fork(0)));
    const names = (await session.branches()).map(({ name }) => name);
    assert.equal(new Set(names).size, 9);
  });

  withSession("branches are deleted, but not the last and not the current one unless forced", async (session) => {
    await session.addItems([user("a"), assistant("b")]);
    await assert.rejects(session.deleteBranch("main", { force: true }), { code: "branch_last" });
    const fork = await session.fork(1, "other");
    await fork.addItems([user("c")]);
    await assert.rejects(session.deleteBranch("main"), { code: "branch_current" });
    await session.deleteBranch("main", { force: true });
    assert.deepEqual(await session.getItems(), [user("a"), user("c")]);
    await session.fork(0, "third");
    await session.deleteBranch("third");
    await assert.rejects(session.deleteBranch("third"), { code: "branch_missing" });
    await assert.rejects(session.deleteBranch("other"), { code: "branch_last" });
  });

  withSession("pops and clears leave a branch its past", async (session) => {
    await session.addItems([user("a"), assistant("b"), user("c"), assistant("d")]);
    const fork = await session.fork(3, "other");
    assert.deepEqual(await session.popItem(), assistant("d"));
    assert.deepEqual(await session.popItem(), user("c"));
    await session.addItems([user("new")]);
    assert.deepEqual(await fork.getItems(), [user("a"), assistant("b"), user("c")]);
    await session.clearSession();
    assert.deepEqual(await fork.getItems(), [user("a"), assistant("b"), user("c")]);
    assert.deepEqual(await fork.popItem(), user("c"));
    assert.deepEqual(await fork.popItem(), assistant("b"));
    await fork.addItems([user("z")]);
    assert.deepEqual(await fork.getItems(), [user("a"), user("z")]);
    assert.deepEqual(await session.getItems(), []);
  });

  withSession("versions: where branches part, in the order in which they were made", async (session) => {
    await session.addItems([user("a"), assistant("b"), user("c")]);
    const second = await session.fork(0, "second");
    await second.addItems([user("A")]);
    const third = await session.fork(0, "third");
    await third.addItems([user("AA"), assistant("BB")]);
    await session.fork(3, "same so far");
    const partings = await second.partings();
    assert.equal(partings.length, 1);
    assert.deepEqual([partings[0]?.position, partings[0]?.index, partings[0]?.versions.length], [0, 1, 3]);
    assert.deepEqual((await session.partings())[0]?.index, 0);
  });

  withSession("turns with previews, found by what was said", async (session) => {
    await session.addItems([assistant("Hello"), user("Where is\nmy order?"), assistant("On its way to Kraków")]);
    await session.addItems([user("x".repeat(300)), assistant("ok"), assistant("really")]);
    const turns = await session.turns();
    assert.deepEqual(
      turns.map(({ turn, position, end, items }) => [turn, position, end, items]),
      [
        [1, 1, 3, 2],
        [2, 3, 6, 3],
      ],
    );
    assert.equal(turns[0]?.preview, "Where is my order?");
    assert.equal(turns[1]?.preview.length, 80);
    assert.deepEqual(
      (await session.findTurns("KRAKÓW")).map(({ turn }) => turn),
      [1],
    );
    assert.deepEqual(await session.findTurns("nowhere"), []);
    const again = await session.fork(turns[1]?.position ?? 0, "other question");
    assert.equal((await again.turns()).length, 1);
  });

  withSession("a summary stands for the past; the items stay", async (session) => {
    const seen: number[] = [];
    const summarize = async (items: unknown[]) => {
      seen.push(items.length);
      return "in short";
    };
    const compacted = withCompaction(session, { maxTurns: 3, keepTurns: 1, summarize });
    for (const text of ["1", "2", "3", "4"]) await compacted.addItems([user(text), assistant(text)]);
    const summary = { role: "system", content: "The conversation so far, in short:\nin short" };
    assert.deepEqual(await compacted.getItems(), [summary, user("4"), assistant("4")]);
    assert.deepEqual(await session.getItems(1), [assistant("4")]);
    assert.equal((await session.history()).length, 8);
    for (const text of ["5", "6", "7"]) await compacted.addItems([user(text), assistant(text)]);
    assert.deepEqual(seen, [6, 7]);
    const early = await session.fork(4, "before the summary");
    assert.deepEqual(await early.getItems(), [user("1"), assistant("1"), user("2"), assistant("2")]);
    const late = await session.fork(14, "after it");
    assert.deepEqual(await late.getItems(), [summary, user("7"), assistant("7")]);
    await session.popItem();
    await session.popItem();
    await session.popItem();
    assert.deepEqual(await session.getItems(), [
      summary,
      user("4"),
      assistant("4"),
      user("5"),
      assistant("5"),
      user("6"),
    ]);
  });

  withSession("a summary that fails costs nothing", async (session) => {
    const errors: unknown[] = [];
    const compacted = withCompaction(session, {
      maxTokens: 1,
      keepTurns: 1,
      summarize: async () => Promise.reject(new Error("no model")),
      onError: (error) => errors.push(error),
    });
    await compacted.addItems([user("1"), assistant("1"), user("2")]);
    assert.equal((await compacted.getItems()).length, 3);
    assert.equal(errors.length, 1);
  });

  withSession("an export comes back the same under another id", async (session) => {
    await session.addItems([user("a"), assistant("b"), user("c")]);
    await (await session.fork(2, "other")).addItems([user("d"), assistant("e")]);
    await (await session.fork(0, "empty")).setAgent("billing");
    await session.summarise(2, [user("short")]);
    await session.setMetadata({ title: "T" });
    await session.switchTo("other");
    const document = await exportSession(session);
    const copy = await open(`${session.id}-copy`);
    assert.deepEqual(await importSession(JSON.stringify(document), copy), { items: 5, branches: 3 });
    const again = await exportSession(copy);
    const fixed = { conversation_id: "", exported_at: "" };
    assert.deepEqual({ ...again, ...fixed }, { ...JSON.parse(JSON.stringify(document)), ...fixed });
    await assert.rejects(importSession(document, copy), { code: "conflict" });
    await copy.close();
  });
}
