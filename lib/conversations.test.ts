import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { client, database } from "#db/client.ts";
import { migrate } from "#db/migrate.ts";
import { conversations, namespaces, runs, users } from "#db/schema.ts";
import { ownConversation, ownNamespace, type User } from "./access.ts";
import {
  type ConversationRow,
  type Cursor,
  countConversations,
  listByIds,
  listConversations,
  listPinned,
} from "./conversation-rows.ts";
import {
  archive,
  markRead,
  move,
  newConversation,
  noteActivity,
  pin,
  remove,
  rename,
  restore,
  titleOf,
  unarchive,
  unpin,
} from "./conversations.ts";
import {
  createNamespace,
  editNamespace,
  listNamespaces,
  namespaceName,
  removeNamespace,
  startingNamespaces,
} from "./namespaces.ts";
import { sidebarContents } from "./sidebar.ts";

let people = 0;

async function person(name: string): Promise<User> {
  people += 1;
  const user: User = { id: `user-${people}`, name, email: null, role: "member" };
  await database().insert(users).values({ id: user.id, name, role: user.role });
  await database().insert(namespaces).values(startingNamespaces(user.id, 1000));
  return user;
}

async function begin(user: User, text: string, at: number, namespace = "general"): Promise<string> {
  const row = newConversation(user, namespace, text, at);
  await database().insert(conversations).values(row);
  return row.id;
}

async function everyPage(user: User, options: { namespace?: string; archived?: boolean; limit: number }) {
  const rows: ConversationRow[] = [];
  for (let before: Cursor | undefined; ; ) {
    const page = await listConversations(user, { ...options, before });
    rows.push(...page.rows);
    if (!page.next) return rows;
    before = page.next;
  }
}

const ids = (rows: ConversationRow[]) => rows.map(({ id }) => id);

beforeAll(async () => {
  await migrate(client());
});

afterAll(() => client().close());

test("pages hold every conversation once, also when many have the same moment", async () => {
  const alice = await person("Alice");
  const made: string[] = [];
  for (let place = 0; place < 53; place++)
    made.push(await begin(alice, `Number ${place}`, 5000 + Math.floor(place / 20)));
  for (const limit of [1, 7, 20, 53, 100]) {
    const rows = await everyPage(alice, { limit });
    expect(rows).toHaveLength(53);
    expect(new Set(ids(rows))).toEqual(new Set(made));
    const order = rows.map(({ activeAt, id }) => `${activeAt} ${id}`);
    expect(order).toEqual([...order].sort().reverse());
  }
});

test("what happens between two pages neither hides nor repeats what is older", async () => {
  const alice = await person("Alice");
  for (let place = 0; place < 10; place++) await begin(alice, `Number ${place}`, 5000 + place);
  const first = await listConversations(alice, { limit: 4 });
  await begin(alice, "Newer", 9000);
  await database()
    .update(conversations)
    .set({ activeAt: 9001 })
    .where(eq(conversations.id, first.rows[3]?.id ?? ""));
  const second = await listConversations(alice, { limit: 10, before: first.next ?? undefined });
  expect(second.rows.map(({ title }) => title)).toEqual([5, 4, 3, 2, 1, 0].map((place) => `Number ${place}`));
});

test("a list holds one person's conversations, and one namespace where it is asked for", async () => {
  const alice = await person("Alice");
  const bob = await person("Bob");
  const general = await begin(alice, "Mine", 5000);
  const orders = await begin(alice, "My order", 5001, "orders");
  const other = await begin(bob, "His", 5002);
  expect(ids((await listConversations(alice)).rows)).toEqual([orders, general]);
  expect(ids((await listConversations(alice, { namespace: "orders" })).rows)).toEqual([orders]);
  expect(ids(await listByIds(alice, [general, other]))).toEqual([general]);
  expect(await countConversations(alice)).toEqual({ byNamespace: { general: 1, orders: 1 }, archived: 0 });
  await expect(ownConversation(alice, other)).rejects.toMatchObject({ code: "not_found" });
  await expect(ownConversation(bob, other)).resolves.toMatchObject({ title: "His" });
});

test("pinned and archived ones stand apart", async () => {
  const alice = await person("Alice");
  const plain = await begin(alice, "Plain", 5000);
  const pinned = await begin(alice, "Pinned", 5001);
  const archived = await begin(alice, "Archived", 5002);
  await pin(await ownConversation(alice, pinned), 6000);
  await archive(await ownConversation(alice, archived), 6000);
  expect(ids((await listConversations(alice)).rows)).toEqual([plain]);
  expect(ids(await listPinned(alice))).toEqual([pinned]);
  expect(ids((await listConversations(alice, { archived: true })).rows)).toEqual([archived]);
  expect(await countConversations(alice)).toEqual({ byNamespace: { general: 2 }, archived: 1 });
  await unpin(await ownConversation(alice, pinned));
  await unarchive(await ownConversation(alice, archived));
  expect(ids((await listConversations(alice)).rows)).toEqual([archived, pinned, plain]);
});

test("a title is what the person typed, within limits", async () => {
  const alice = await person("Alice");
  const id = await begin(alice, "Hello", 5000);
  const conversation = await ownConversation(alice, id);
  await expect(rename(conversation, " \n ")).rejects.toMatchObject({ code: "invalid" });
  await expect(rename(conversation, "x".repeat(201))).rejects.toThrow("200 characters at most, and this one has 201");
  expect((await ownConversation(alice, id)).title).toBe("Hello");
  expect(await rename(conversation, "  My\n invoice ")).toBe("My invoice");
  expect(await rename(conversation, "x".repeat(200))).toHaveLength(200);
});

test("a made title replaces the first one, and nothing else", async () => {
  const alice = await person("Alice");
  const id = await begin(alice, "hi", 5000);
  const note = async (conversation: string, title?: string) => {
    await client().batch([noteActivity(conversation, 6000, title)]);
    return titleOf(conversation);
  };
  expect(await note(id)).toBe("Hi");
  expect(await note(id, "Where is my order?")).toBe("Where is my order?");
  expect(await note(id, "Something else")).toBe("Where is my order?");
  expect((await ownConversation(alice, id)).activeAt).toBe(6000);

  const named = await begin(alice, "hi", 5000);
  await rename(await ownConversation(alice, named), "Mine");
  expect(await note(named, "Where is my order?")).toBe("Mine");
});

test("what is deleted is gone from everywhere until it is restored", async () => {
  const alice = await person("Alice");
  const bob = await person("Bob");
  const id = await begin(alice, "Secret plan", 5000);
  await remove(await ownConversation(alice, id), 6000);
  expect((await listConversations(alice)).rows).toEqual([]);
  expect((await countConversations(alice)).byNamespace).toEqual({});
  await expect(ownConversation(alice, id)).rejects.toMatchObject({ code: "not_found" });
  await expect(ownConversation(bob, id, { binned: true })).rejects.toMatchObject({ code: "not_found" });
  await restore(await ownConversation(alice, id, { binned: true }));
  expect(ids((await listConversations(alice)).rows)).toEqual([id]);
});

test("a row says what its runs are about", async () => {
  const alice = await person("Alice");
  const id = await begin(alice, "Hello", 5000);
  const status = async () => {
    const row = (await listConversations(alice)).rows[0];
    return row && { status: row.status, unread: row.unread };
  };
  const run = async (id: string, values: { status: "running" | "waiting" | "completed" | "failed"; at: number }) => {
    const made = { id, conversationId, branchId: id, userId: alice.id, agent: "assistant", position: 1 };
    const finishedAt = ["completed", "failed"].includes(values.status) ? values.at + 1 : null;
    await database()
      .insert(runs)
      .values({ ...made, status: values.status, createdAt: values.at, finishedAt });
  };
  const conversationId = id;
  expect(await status()).toEqual({ status: null, unread: false });
  await run("r1", { status: "completed", at: 6000 });
  expect(await status()).toEqual({ status: null, unread: true });
  await run("r2", { status: "running", at: 6100 });
  expect(await status()).toEqual({ status: "running", unread: false });
  await run("r3", { status: "waiting", at: 6200 });
  expect(await status()).toEqual({ status: "waiting", unread: false });
  // Whatever its other branches do: somebody has to decide, and who still writes comes before who ended.
  await run("r4", { status: "failed", at: 6300 });
  expect(await status()).toEqual({ status: "waiting", unread: false });
  const end = (run: string) =>
    database().update(runs).set({ status: "completed", finishedAt: 6250 }).where(eq(runs.id, run));
  await end("r3");
  expect(await status()).toEqual({ status: "running", unread: false });
  await end("r2");
  expect(await status()).toEqual({ status: "failed", unread: true });
  await markRead(await ownConversation(alice, id), 7000);
  expect(await status()).toEqual({ status: null, unread: false });
});

const wish = { color: "billing", defaultAgent: "travel", retentionDays: null };

test("a namespace gets a type of its own for good", async () => {
  const alice = await person("Alice");
  const bob = await person("Bob");
  expect((await listNamespaces(alice)).map(({ type }) => type)).toEqual(["general", "support", "orders", "project"]);
  const made = await createNamespace(alice, { ...wish, label: "  Réisen & Pläne " }, 9000);
  expect(made).toMatchObject({ type: "reisen-plane", label: "Réisen & Pläne" });
  expect(namespaceName(alice, made.type)).toBe(`${alice.id}:reisen-plane`);
  expect((await createNamespace(alice, { ...wish, label: "Reisen Pläne" }, 9001)).type).toBe("reisen-plane-2");
  expect((await createNamespace(alice, { ...wish, label: "旅行" }, 9002)).type).toBe("namespace");
  const edited = await editNamespace(await ownNamespace(alice, made.type), {
    ...wish,
    label: "Trips",
    retentionDays: 30,
  });
  expect(edited).toMatchObject({ type: "reisen-plane", label: "Trips", retentionDays: 30 });
  await expect(ownNamespace(bob, "reisen-plane")).rejects.toMatchObject({ code: "not_found" });
});

test.each([
  [{ label: " " }, "Type one"],
  [{ label: "x".repeat(41) }, "40 characters"],
  [{ label: "SUPPORT" }, "already"],
  [{ color: "red" }, "no such colour"],
  [{ defaultAgent: "summarizer" }, "no such agent"],
  [{ defaultAgent: "nobody" }, "no such agent"],
  [{ retentionDays: 0 }, "whole number"],
  [{ retentionDays: 1.5 }, "whole number"],
])("a namespace with %j is refused", async (wrong, sentence) => {
  const alice = await person("Alice");
  await expect(createNamespace(alice, { label: "Trips", ...wish, ...wrong }, 9000)).rejects.toThrow(sentence);
  expect(await listNamespaces(alice)).toHaveLength(4);
});

test("a namespace goes only when its conversations have a place", async () => {
  const alice = await person("Alice");
  const bob = await person("Bob");
  const kept = await begin(alice, "Order", 5000, "orders");
  const binned = await begin(alice, "Old order", 5001, "orders");
  const his = await begin(bob, "His order", 5002, "orders");
  await remove(await ownConversation(alice, binned), 6000);
  await expect(removeNamespace(await ownNamespace(alice, "orders"))).rejects.toThrow("Orders has one conversation");
  expect((await ownConversation(alice, kept)).namespace).toBe("orders");

  await removeNamespace(await ownNamespace(alice, "orders"), await ownNamespace(alice, "support"));
  expect((await ownConversation(alice, kept)).namespace).toBe("support");
  await restore(await ownConversation(alice, binned, { binned: true }));
  expect((await ownConversation(alice, binned)).namespace).toBe("support");
  expect((await ownConversation(bob, his)).namespace).toBe("orders");

  await removeNamespace(await ownNamespace(alice, "project"));
  await removeNamespace(await ownNamespace(alice, "general"));
  await expect(removeNamespace(await ownNamespace(alice, "support"))).rejects.toThrow("Create another one first");
});

test("a conversation moves between namespaces of its owner only", async () => {
  const alice = await person("Alice");
  const id = await begin(alice, "Order", 5000);
  await move(await ownConversation(alice, id), await ownNamespace(alice, "orders"));
  expect((await ownConversation(alice, id)).namespace).toBe("orders");
  await expect(ownNamespace(alice, "nowhere")).rejects.toMatchObject({ code: "not_found" });
});

test("the sidebar begins with the newest of each namespace, what is pinned, and counts", async () => {
  const alice = await person("Alice");
  for (let place = 0; place < 25; place++) await begin(alice, `Number ${place}`, 5000 + place);
  const order = await begin(alice, "Order", 4000, "orders");
  const stray = await begin(alice, "Stray", 4000, "gone");
  const { namespaces: shown, rows, archived } = await sidebarContents(alice);
  expect(shown.map(({ type, count }) => [type, count])).toEqual([
    ["general", 25],
    ["support", 0],
    ["orders", 1],
    ["project", 0],
    ["gone", 1],
  ]);
  expect(shown.map(({ next }) => next !== null)).toEqual([true, false, false, false, false]);
  expect(rows).toHaveLength(22);
  expect(ids(rows)).toEqual(expect.arrayContaining([order, stray]));
  expect(archived).toBe(0);
});
