import type { AgentInputItem } from "@openai/agents";
import { eq } from "drizzle-orm";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { client, database } from "#db/client.ts";
import { migrate } from "#db/migrate.ts";
import { migrations } from "#db/migrations/embedded.ts";
import { migrateSessions } from "#db/migrations/sessions.ts";
import { conversations, namespaces, runs, users } from "#db/schema.ts";
import { ownConversation, ownNamespace, type User } from "./access.ts";
import { createAccount } from "./accounts.ts";
import {
  archive,
  insertConversation,
  move,
  newConversation,
  noteActivity,
  remove,
  rename,
  restore,
} from "./conversations.ts";
import { commit, history } from "./history.ts";
import { startingNamespaces } from "./namespaces.ts";
import { backfillSearch } from "./search/backfill.ts";
import { indexTitle } from "./search/documents.ts";
import type { SearchHit } from "./search/hits.ts";
import { search } from "./search.ts";
import {
  planAppend,
  planAppendAnywhere,
  planCreate,
  planDeleteBranch,
  planFork,
  planTruncate,
} from "./sessions/changes.ts";
import { LibsqlStore } from "./sessions/stores/libsql.ts";

beforeAll(async () => {
  await migrate(client());
  await migrateSessions(client());
});

const day = 24 * 60 * 60_000;
const start = Date.UTC(2026, 5, 1);
let people = 0;

async function person(role: User["role"] = "member"): Promise<User> {
  people += 1;
  const user: User = { id: `person-${people}`, name: "Somebody", email: null, role };
  await database().insert(users).values({ id: user.id, name: user.name, role });
  await database().insert(namespaces).values(startingNamespaces(user.id, 1000));
  return user;
}

const asked = (content: string): AgentInputItem => ({ role: "user", content });
const answered = (text: string): AgentInputItem => ({
  type: "message",
  role: "assistant",
  status: "completed",
  content: [{ type: "output_text", text }],
});

interface Beginning {
  title?: string;
  namespace?: string;
  at?: number;
  agent?: string;
}

/** A conversation with these items, as sending a first message makes it. */
async function begin(user: User, items: AgentInputItem[], made: Beginning = {}): Promise<string> {
  const { title = "Untitled", namespace = "general", at = start, agent = "assistant" } = made;
  const row = newConversation(user, namespace, title, at);
  await commit(row.id, planCreate({ items, at, agent }), [insertConversation(row), indexTitle(row.id, row.title)]);
  return row.id;
}

async function stateOf(id: string) {
  const state = await history().load(id);
  if (!state) throw new Error("no such session");
  return state;
}

const write = (hit: SearchHit | undefined): string[] =>
  (hit?.messages ?? []).map(({ snippet }) =>
    snippet.map(({ text, hit: marked }) => (marked ? `[${text}]` : text)).join(""),
  );

/** The snippets of all that is found. */
async function find(user: User, query: string): Promise<string[]> {
  const { hits } = await search(user, query, { now: start + day });
  return hits.flatMap(write).toSorted();
}

async function titles(user: User, query: string): Promise<string[]> {
  const { hits } = await search(user, query, { now: start + day });
  return hits.map(({ title }) => title.map(({ text, hit }) => (hit ? `[${text}]` : text)).join(""));
}

describe("words", () => {
  test("are found in titles and in everybody's messages, with accents or without, by their beginnings", async () => {
    const user = await person();
    await begin(user, [asked("Où est le café crème ?"), answered("In Zürich, near the station.")], {
      title: "Paris trip",
    });
    expect(await find(user, "cafe creme")).toEqual(["Où est le [café] [crème] ?"]);
    expect(await find(user, "zurich stat")).toEqual(["In [Zürich], near the [station]."]);
    expect(await find(user, "ZÜRICH")).toEqual(["In [Zürich], near the station."]);
    expect(await find(user, "urich")).toEqual([]);
    expect(await titles(user, "pari")).toEqual(["[Paris] trip"]);
    expect(await titles(user, "p")).toEqual(["[Paris] trip"]);
  });

  test("of languages without spaces are found inside of sentences", async () => {
    const user = await person();
    await begin(user, [asked("我们昨天在北京大学讨论了退款问题。")], { title: "退款" });
    await begin(user, [asked("クレジットカードの請求が二重です")]);
    await begin(user, [asked("ฉันต้องการขอเงินคืนสำหรับคำสั่งซื้อ")]);
    expect(await find(user, "大学")).toEqual(["我们昨天在北京[大学]讨论了退款问题。"]);
    expect(await find(user, "北京 退款")).toEqual(["我们昨天在[北京]大学讨论了[退款]问题。"]);
    expect(await find(user, "题")).toEqual(["我们昨天在北京大学讨论了退款问[题]。"]);
    expect(await find(user, "大京")).toEqual([]);
    expect(await find(user, "カード")).toEqual(["クレジット[カード]の請求が二重です"]);
    expect(await find(user, "เงินคืน")).toEqual(["ฉันต้องการขอ[เงินคืน]สำหรับคำสั่งซื้อ"]);
    expect(await titles(user, "款")).toEqual(["退[款]"]);
  });

  test("in quotation marks follow each other and are whole", async () => {
    const user = await person();
    await begin(user, [asked("a late delivery"), answered("The delivery is late."), asked("late deliveryman")]);
    expect(await find(user, '"late delivery"')).toEqual(["a [late delivery]"]);
    expect(await find(user, "late delivery")).toHaveLength(3);
  });

  test("all of them are in one message", async () => {
    const user = await person();
    await begin(user, [asked("apples and pears"), answered("apples"), asked("pears")]);
    expect(await find(user, "apples pears")).toEqual(["[apples] and [pears]"]);
  });

  test("of tools and of what the model thinks are not looked through", async () => {
    const user = await person();
    await begin(user, [
      asked("order status"),
      { type: "function_call", name: "lookUp", callId: "1", status: "completed", arguments: '{"secret":"x"}' },
      { type: "function_call_result", name: "lookUp", callId: "1", status: "completed", output: "secret" },
    ]);
    expect(await find(user, "secret")).toEqual([]);
    expect(await find(user, "order")).toEqual(["[order] status"]);
  });

  test("whatever is typed, there is an answer", async () => {
    const user = await person();
    await begin(user, [asked("hello AND goodbye NEAR me")]);
    for (const text of [
      '"',
      '""',
      "AND",
      "a AND",
      "NEAR(",
      "* ^ -a",
      "{words}:x",
      "rowid:1",
      "'; drop table x",
      "\0",
      "\ud800",
    ]) {
      await expect(search(user, text)).resolves.toBeDefined();
    }
    expect(await find(user, "AND")).toEqual(["hello [AND] goodbye NEAR me"]);
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" })), async (text) => {
        await search(user, text);
      }),
    );
  });
});

describe("other people's", () => {
  test("conversations are never found", async () => {
    const [alice, bob] = [await person(), await person()];
    await begin(alice, [asked("the treasure lies under the oak")], { title: "Treasure" });
    await begin(bob, [asked("my own treasure")]);
    expect(await find(bob, "treasure")).toEqual(["my own [treasure]"]);
    expect(await titles(bob, "treasure")).toEqual(["Untitled"]);
    const stranger = await person();
    expect((await search(stranger, "treasure")).hits).toEqual([]);
  });

  test("number in front of a word finds nothing more", async () => {
    const [alice, bob] = [await person(), await person()];
    await begin(alice, [asked("treasure")]);
    await begin(bob, [asked("nothing")]);
    const { rows } = await client().execute({
      sql: "SELECT number FROM search_owners WHERE user_id = ?",
      args: [alice.id],
    });
    for (const text of [`${rows[0]?.number}wtreasure`, `"${rows[0]?.number}wtreasure"`, "wtreasure"]) {
      expect((await search(bob, text)).hits).toEqual([]);
    }
  });

  test("guest becomes an account, and finds what they wrote before and after", async () => {
    const guest = await person("guest");
    await begin(guest, [asked("written as a guest")]);
    const account = await createAccount({ name: "Gina", email: "gina@example.com" }, { open: true, guest });
    await begin(account, [asked("written with an account")]);
    expect(await find(account, "written")).toEqual(["[written] as a guest", "[written] with an account"]);
  });
});

describe("the branch", () => {
  test("of a hit is the current one if it shows it, else the last used that does", async () => {
    const user = await person();
    const id = await begin(user, [asked("first question"), answered("first answer")]);
    const main = (await stateOf(id)).current;
    await commit(
      id,
      planFork(await stateOf(id), main, 0, { name: "another try", at: start, makeCurrent: true, id: "fork-1" }),
    );
    await commit(id, planAppend(await stateOf(id), "fork-1", [asked("second question")], { at: start + 1 }));
    const { hits } = await search(user, "question");
    const places = hits[0]?.messages.map(({ branch, branchName, position }) => ({ branch, branchName, position }));
    expect(places).toContainEqual({ branch: "fork-1", branchName: null, position: 0 });
    expect(places).toContainEqual({ branch: main, branchName: "main", position: 0 });
  });

  test("that shares the item is no matter: what the current one shows opens there", async () => {
    const user = await person();
    const id = await begin(user, [asked("shared"), answered("shared answer")]);
    const main = (await stateOf(id)).current;
    await commit(id, planFork(await stateOf(id), main, 2, { name: "on", at: start, makeCurrent: true, id: "fork-2" }));
    const { hits } = await search(user, "shared");
    expect(hits[0]?.messages.map(({ branch }) => branch)).toEqual(["fork-2", "fork-2"]);
  });

  test("that is deleted takes its own messages with it", async () => {
    const user = await person();
    const id = await begin(user, [asked("kept")]);
    await commit(
      id,
      planFork(await stateOf(id), (await stateOf(id)).current, 0, { name: "aside", at: start, id: "fork-3" }),
    );
    await commit(id, planAppend(await stateOf(id), "fork-3", [asked("aside only")], { at: start }));
    expect(await find(user, "aside")).toEqual(["[aside] only"]);
    await commit(id, planDeleteBranch(await stateOf(id), "fork-3", { at: start }));
    expect(await find(user, "aside")).toEqual([]);
  });

  test("opens at the beginning of the answer: what its run wrote first", async () => {
    const user = await person();
    const call = { name: "lookUp", callId: "1", status: "completed" } as const;
    const id = await begin(user, [asked("where is it")]);
    const branch = (await stateOf(id)).current;
    await database().insert(runs).values({
      id: "run-1",
      conversationId: id,
      branchId: branch,
      userId: user.id,
      status: "completed",
      agent: "shopping",
      position: 1,
    });
    const wrote: AgentInputItem[] = [
      { type: "function_call", arguments: "{}", ...call },
      { type: "function_call_result", output: "there", ...call },
      answered("It is over there."),
    ];
    await commit(id, planAppend(await stateOf(id), branch, wrote, { at: start, run: "run-1", agent: "shopping" }));
    const imported = await begin(user, [asked("question"), ...wrote, answered("And it is over.")]);
    const { hits } = await search(user, "over");
    const positions = Object.fromEntries(hits.map((hit) => [hit.id, hit.messages.map(({ position }) => position)]));
    expect(positions).toEqual({ [id]: [1], [imported]: [1, 1] });
  });
});

describe("filters", () => {
  test("narrow by namespace, agent, time, code and archive", async () => {
    const user = await person();
    const old = await begin(user, [asked("invoice one")], { at: start - 100 * day, namespace: "support" });
    await begin(user, [asked("invoice two"), answered("The invoice:\n\n```ts\nlet two = 2;\n```")], {
      agent: "billing",
    });
    expect(await find(user, "invoice namespace:Support")).toEqual(["[invoice] one"]);
    expect(await find(user, "invoice agent:Billing")).toEqual(["The [invoice]: let two = 2;"]);
    expect(await find(user, "invoice has:code")).toEqual(["The [invoice]: let two = 2;"]);
    expect(await find(user, "invoice before:2026-05")).toEqual(["[invoice] one"]);
    expect(await find(user, "invoice after:2026-06-01 two")).toHaveLength(2);
    expect(await find(user, "invoice after:2026-06-02")).toEqual([]);
    const there = { timeZone: "America/Los_Angeles" };
    expect((await search(user, "invoice after:2026-06-01", there)).hits).toEqual([]);
    expect((await search(user, "invoice before:2026-06-01", there)).hits).toHaveLength(2);
    expect(await find(user, "invoice is:archived")).toEqual([]);
    await archive(await ownConversation(user, old), start);
    expect(await find(user, "invoice is:archived")).toEqual(["[invoice] one"]);
    expect(await find(user, "is:archived")).toEqual(["invoice one"]);
    expect(await find(user, "invoice namespace:support is:archived")).toEqual(["[invoice] one"]);
    await move(await ownConversation(user, old), await ownNamespace(user, "orders"));
    expect(await find(user, "invoice namespace:support")).toEqual([]);
    expect(await find(user, "invoice namespace:orders")).toEqual(["[invoice] one"]);
  });

  test("that mean nothing find nothing, and say so", async () => {
    const user = await person();
    await begin(user, [asked("invoice")]);
    const page = await search(user, "invoice namespace:nowhere agent:nobody");
    expect(page).toMatchObject({
      hits: [],
      problems: ['You have no namespace "nowhere".', 'There is no agent "nobody".'],
    });
  });

  test("name many conversations as well as few", { timeout: 20_000 }, async () => {
    const user = await person();
    for (let place = 0; place < 302; place++) {
      await begin(user, [asked(`parcel ${place}`)], { namespace: "orders", at: start + place * 1000 });
    }
    await begin(user, [asked("parcel elsewhere")]);
    const texts = await find(user, "parcel namespace:orders");
    expect(texts).toHaveLength(20);
    expect(texts).not.toContain("[parcel] elsewhere");
  });
});

describe("what was written a moment ago", () => {
  const arrivals = async () =>
    Number((await client().execute("SELECT count(*) AS count FROM search_arrivals")).rows[0]?.count);

  test("is found at once, however much of it there is", async () => {
    const user = await person();
    const texts = Array.from({ length: 130 }, (_, number) => asked(`gherkin ${number}`));
    await begin(user, texts, { title: "Pickles" });
    expect(await arrivals()).toBeGreaterThan(texts.length);
    expect((await search(user, "gherkin")).hits).toHaveLength(1);
    expect((await search(user, '"gherkin 129"')).hits).toHaveLength(1);
    expect(await arrivals()).toBe(0);
  });

  test("comes into the index by itself when nobody searches", async () => {
    await begin(await person(), [asked("unhurried")]);
    expect(await arrivals()).toBeGreaterThan(0);
    await expect.poll(arrivals).toBe(0);
  });

  test("goes by its last title", async () => {
    const user = await person();
    const id = await begin(user, [asked("hello")], { title: "Aubergine" });
    await rename(await ownConversation(user, id), "Courgette");
    await rename(await ownConversation(user, id), "Marrow");
    expect(await titles(user, "marrow")).toEqual(["[Marrow]"]);
    expect(await titles(user, "aubergine")).toEqual([]);
    expect(await titles(user, "courgette")).toEqual([]);
  });

  test("is gone when it was removed in that moment", async () => {
    const user = await person();
    const id = await begin(user, [asked("rhubarb"), answered("custard")]);
    const state = await stateOf(id);
    await commit(id, planTruncate(state, state.current, 1, { at: start }));
    expect((await search(user, "custard")).hits).toEqual([]);
    expect((await search(user, "rhubarb")).hits).toHaveLength(1);
  });

  test("is taken in once by many who search at the same time", async () => {
    const user = await person();
    await begin(
      user,
      Array.from({ length: 60 }, (_, number) => asked(`quince ${number}`)),
    );
    const pages = await Promise.all(Array.from({ length: 8 }, () => search(user, "quince")));
    for (const page of pages) expect(page.hits).toHaveLength(1);
    expect(await arrivals()).toBe(0);
  });
});

describe("what is gone", () => {
  test("is not found: conversations in the bin, until they are restored", async () => {
    const user = await person();
    const id = await begin(user, [asked("do not find me")], { title: "Find me not" });
    await remove(await ownConversation(user, id), start);
    expect((await search(user, "find")).hits).toEqual([]);
    await restore(await ownConversation(user, id, { binned: true }));
    expect((await search(user, "find")).hits).toHaveLength(1);
  });

  test("leaves nothing in the index: items, conversations and people", async () => {
    const size = async () => {
      const { rows } = await client().execute(
        "SELECT (SELECT count(*) FROM search_documents) + (SELECT count(*) FROM search_scopes) + (SELECT count(*) FROM search_index_docsize) + (SELECT count(*) FROM search_arrivals) AS size",
      );
      return Number(rows[0]?.size);
    };
    const before = await size();
    const user = await person();
    const id = await begin(user, [asked("one"), answered("two"), asked("three")]);
    const another = await begin(user, [asked("four")]);
    const state = await stateOf(id);
    await commit(id, planTruncate(state, state.current, 1, { at: start }));
    expect(await find(user, "two")).toEqual([]);
    expect(await find(user, "one")).toEqual(["[one]"]);
    await database().delete(conversations).where(eq(conversations.id, another));
    expect(await find(user, "four")).toEqual([]);
    await database().delete(users).where(eq(users.id, user.id));
    expect(await size()).toBe(before);
  });
});

describe("titles", () => {
  const nameAfter = async (id: string, title: string) => {
    const state = await stateOf(id);
    const change = planAppend(state, state.current, [answered("Here.")], { at: start });
    await commit(id, change, [noteActivity(id, start, title)], title);
  };

  test("are found as they are now", async () => {
    const user = await person();
    const id = await begin(user, [asked("hello")], { title: "Old name" });
    await rename(await ownConversation(user, id), "Naïve plan");
    expect(await titles(user, "naive")).toEqual(["[Naïve] plan"]);
    expect(await titles(user, "old")).toEqual([]);
    await nameAfter(id, "Compare two phones");
    expect(await titles(user, "phones")).toEqual([]);
  });

  test("that are made from the first exchange are found", async () => {
    const user = await person();
    const id = await begin(user, [asked("hi")], { title: "hi" });
    await nameAfter(id, "Compare two phones");
    expect(await titles(user, "phones")).toEqual(["Compare two [phones]"]);
  });
});

test("what is appended wherever the branch ends is found", async () => {
  const user = await person();
  const id = await begin(user, [asked("start")]);
  const branch = (await stateOf(id)).current;
  await commit(id, planAppendAnywhere(branch, [answered("first reply"), asked("second reply")], { at: start }));
  const { hits } = await search(user, "reply");
  expect(hits[0]?.messages.map(({ position, branch: on }) => [position, on])).toEqual(
    expect.arrayContaining([
      [1, branch],
      [2, branch],
    ]),
  );
});

test("whoever writes to a history, its words are found", async () => {
  const user = await person();
  const id = await begin(user, [asked("start")]);
  const state = await stateOf(id);
  await history().commit(id, planAppend(state, state.current, [answered("a quiet reply")], { at: start }));
  expect(await find(user, "quiet")).toEqual(["a [quiet] reply"]);
});

test("a write that is refused leaves no word behind", async () => {
  const user = await person();
  const id = await begin(user, [asked("start")]);
  const state = await stateOf(id);
  await commit(id, planAppend(state, state.current, [asked("came first")], { at: start }));
  await expect(commit(id, planAppend(state, state.current, [asked("came late")], { at: start }))).rejects.toThrow(
    "moved on",
  );
  expect(await find(user, "came")).toEqual(["[came] first"]);
});

test("what fits best comes first, and pages go on without leaving anything out or showing it twice", async () => {
  const user = await person();
  const best = await begin(user, [asked("harbour harbour harbour")], { title: "Harbour", at: start - 300 * day });
  const ids = new Set([best]);
  for (let place = 0; place < 30; place++) {
    ids.add(await begin(user, [asked(`the harbour among many other words ${place}`)], { at: start + place * 1000 }));
  }
  for (const query of ["harbour", "har"]) {
    const seen: string[] = [];
    let from: string | undefined;
    do {
      const page = await search(user, query, { from, limit: 8, now: start + day });
      seen.push(...page.hits.map(({ id }) => id));
      from = page.next ?? undefined;
    } while (from);
    expect(seen[0]).toBe(best);
    expect(seen).toHaveLength(ids.size);
    expect(new Set(seen)).toEqual(ids);
  }
  await expect(search(user, "harbour", { from: "nowhere" })).rejects.toThrow("no such place");
});

test("more than are weighed at once are found on later pages", { timeout: 20_000 }, async () => {
  const user = await person();
  const at = (place: number) => start + place * 60_000;
  for (let place = 0; place < 90; place++) {
    const items = Array.from({ length: 10 }, (_, number) => asked(`lighthouse ${number}`));
    await begin(user, items, { at: at(place) });
  }
  for (const query of ["lighthouse", "lig", "has:code lighthouse"]) {
    const seen = new Set<string>();
    let from: string | undefined;
    do {
      const page = await search(user, query, { from, now: at(90) });
      for (const { id } of page.hits) seen.add(id);
      from = page.next ?? undefined;
    } while (from);
    expect(seen.size).toBe(query.startsWith("has:") ? 0 : 90);
  }
});

describe("a database from before there was an index", () => {
  test("is indexed in the background, once", async () => {
    const user = await person();
    const row = newConversation(user, "general", "Ancient scrolls", start);
    await database().insert(conversations).values(row);
    await new LibsqlStore({ client: client() }).commit(
      row.id,
      planCreate({ items: Array.from({ length: 250 }, (_, n) => asked(`scroll ${n}`)), at: start }),
    );
    expect((await search(user, "scroll")).hits).toEqual([]);
    const wait = {
      sql: "INSERT INTO search_pending SELECT id, 'all' FROM conversations WHERE user_id = ?",
      args: [user.id],
    };
    await client().execute(wait);
    expect((await search(user, "scroll")).catchingUp).toBe(true);
    await backfillSearch();
    const { hits, catchingUp } = await search(user, '"scroll 249"');
    expect(catchingUp).toBe(false);
    expect(hits.map(write)).toEqual([["[scroll 249]"]]);
    expect(await titles(user, "ancient")).toEqual(["[Ancient] scrolls"]);
    const count = "SELECT count(*) AS count FROM search_documents";
    const before = (await client().execute(count)).rows[0]?.count;
    await client().execute(wait);
    await backfillSearch();
    expect((await client().execute(count)).rows[0]?.count).toBe(before);
  });

  test("says that it is not complete yet", async () => {
    const user = await person();
    await begin(user, [asked("hello")]);
    await client().execute("INSERT INTO search_pending VALUES ('some', 'all')");
    expect((await search(user, "hello")).catchingUp).toBe(true);
    await backfillSearch();
    expect((await search(user, "hello")).catchingUp).toBe(false);
  });

  test("has all its conversations waiting after the migration", async () => {
    const { createClient } = await import("@libsql/client");
    const target = createClient({ url: ":memory:" });
    for (const { statements } of migrations.slice(0, 2)) await target.batch(statements, "write");
    await target.batch(
      [
        "INSERT INTO users (id, role, created_at) VALUES ('u', 'member', 0)",
        "INSERT INTO conversations (id, user_id, namespace, title, title_from, active_at, read_at, created_at) VALUES ('c', 'u', 'general', 'T', 'first', 0, 0, 0)",
        ...(migrations.find(({ tag }) => tag === "0002_search")?.statements ?? []),
      ],
      "write",
    );
    expect(
      (await target.execute("SELECT conversation, part FROM search_pending")).rows.map((row) => ({ ...row })),
    ).toEqual([{ conversation: "c", part: "all" }]);
    target.close();
  });
});
