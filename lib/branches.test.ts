import { afterAll, beforeAll, expect, test } from "vitest";
import { client, database } from "#db/client.ts";
import { migrate } from "#db/migrate.ts";
import { conversations, namespaces, users } from "#db/schema.ts";
import { type Conversation, type Owned, ownConversation, type User } from "#lib/access.ts";
import { history } from "#lib/history.ts";
import { startingNamespaces } from "#lib/namespaces.ts";
import { planAppend, planCreate, planFork } from "#lib/sessions/changes.ts";
import { deleteBranch, listBranches, renameBranch, restoreBranch } from "./branches.ts";

const ana: User = { id: "ana", name: null, email: null, role: "member" };
let made = 0;

beforeAll(async () => {
  await migrate(client());
  await database().insert(users).values({ id: ana.id, role: ana.role });
  await database().insert(namespaces).values(startingNamespaces(ana.id, 1000));
});
afterAll(() => client().close());

const stateOf = async (id: string) => {
  const state = await history().load(id);
  if (!state) throw new Error(`There is no session ${id}.`);
  return state;
};

/** A conversation with the branch "main" and one more, which was current until it was deleted. */
async function withDeleted(): Promise<{ conversation: Owned<Conversation>; undo: string; segment: string }> {
  made += 1;
  const id = `conversation-${made}`;
  const at = 1000;
  await database().insert(conversations).values({
    id,
    userId: ana.id,
    namespace: "general",
    title: id,
    titleFrom: "person",
    activeAt: at,
    readAt: at,
    createdAt: at,
  });
  await history().commit(id, planCreate({ items: [{ role: "user", content: "One" }], at }));
  const { current } = await stateOf(id);
  await history().commit(id, planFork(await stateOf(id), current, 0, { name: "Other", makeCurrent: true, at }));
  const state = await stateOf(id);
  await history().commit(id, planAppend(state, state.current, [{ role: "user", content: "Two" }], { at }));
  const after = await stateOf(id);
  const other = after.branches.find((branch) => branch.id === after.current);
  const conversation = await ownConversation(ana, id);
  const { undo } = await deleteBranch(conversation, after.current);
  return { conversation, undo, segment: other?.segment ?? "" };
}

/** As the sweep does it, at once. */
const sweep = (segment: string) =>
  client().batch(
    [
      { sql: "DELETE FROM sessions_items WHERE segment = ?", args: [segment] },
      { sql: "DELETE FROM sessions_segments WHERE id = ?", args: [segment] },
    ],
    "write",
  );

test("a branch whose name is taken meanwhile comes back under another one", async () => {
  const { conversation, undo } = await withDeleted();
  const [main] = await listBranches(conversation);
  await renameBranch(conversation, main?.id ?? "", "Other");
  await restoreBranch(conversation, undo);
  expect((await listBranches(conversation)).map(({ name }) => name).sort()).toEqual(["Other", "Other 2"]);
});

test("what was swept is not restored, and that is said", async () => {
  const { conversation, undo, segment } = await withDeleted();
  await sweep(segment);
  await expect(restoreBranch(conversation, undo)).rejects.toThrow("has been removed for good since");
});

test("a sweep or a new name at any moment of it leaves a whole branch, or a sentence", async () => {
  const outcomes = new Set<string>();
  for (let moment = 0; moment < 20; moment++) {
    for (const disturb of ["sweep", "rename"] as const) {
      const { conversation, undo, segment } = await withDeleted();
      const restoring = restoreBranch(conversation, undo).then(
        () => "restored",
        (error) => String(error.message),
      );
      for (let turn = 0; turn < moment; turn++) await null;
      if (disturb === "sweep") await sweepUnlessUsed(segment);
      else
        await client()
          .execute({
            sql: "UPDATE sessions_branches SET name = 'Other' WHERE session = ? AND name = 'main'",
            args: [conversation.id],
          })
          .catch(() => {});
      const outcome = await restoring;
      outcomes.add(`${disturb}: ${outcome}`);
      const { branches } = await stateOf(conversation.id);
      if (outcome !== "restored") continue;
      const restored = branches.find((branch) => branch.segment === segment);
      expect(restored).toMatchObject({ length: 1 });
      expect(await history().read(conversation.id, [{ segment, from: 0, to: 1 }])).toHaveLength(1);
    }
  }
  expect([...outcomes].sort()).toEqual([
    "rename: restored",
    "sweep: What was on that branch has been removed for good since. It can't be restored.",
    "sweep: restored",
  ]);
}, 30_000);

/** The sweep asks in the same batch whether a branch is there by now. */
const sweepUnlessUsed = (segment: string) => {
  const unused = "NOT EXISTS (SELECT 1 FROM sessions_branches WHERE segment = ?)";
  return client().batch(
    [
      { sql: `DELETE FROM sessions_items WHERE segment = ? AND ${unused}`, args: [segment, segment] },
      { sql: `DELETE FROM sessions_segments WHERE id = ? AND ${unused}`, args: [segment, segment] },
    ],
    "write",
  );
};
