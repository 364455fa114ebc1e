import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { client, database } from "#db/client.ts";
import { migrate } from "#db/migrate.ts";
import { agents, conversations, namespaces, runs, users } from "#db/schema.ts";
import type { User } from "./access.ts";
import { createAccount, createGuest, endSessions, userOfSession } from "./accounts.ts";
import { newConversation } from "./conversations.ts";
import { signIn, signInWithProvider, signUp, type Visitor } from "./sign-in.ts";

// Hashing a password is slow on purpose.
vi.setConfig({ testTimeout: 30_000 });

beforeAll(() => migrate(client()));
afterAll(() => client().close());
beforeEach(async () => {
  await database().delete(users);
});

const open = { open: true, guest: null };
const person = (name: string) => ({ name, email: `${name.toLowerCase()}@example.com` });
const password = "correct horse battery";
let visits = 0;
/** Each from an address of their own, so that no limit is met. */
const visitor = (guest: User | null = null): Visitor => ({ address: `203.0.113.${visits++}`, guest });

test("the first account is the owner's, later ones are members, guests do not count", async () => {
  await createGuest();
  expect((await createAccount(person("Alice"), open)).role).toBe("owner");
  expect((await createAccount(person("Bob"), open)).role).toBe("member");
});

test("of many first accounts at once, one is the owner", async () => {
  const made = await Promise.all(Array.from({ length: 12 }, (_, i) => createAccount(person(`P${i}`), open)));
  expect(made.filter(({ role }) => role === "owner")).toHaveLength(1);
});

test("while signing up is closed, only an empty instance takes an account", async () => {
  const closed = { open: false, guest: null };
  expect((await createAccount(person("Alice"), closed)).role).toBe("owner");
  await expect(createAccount(person("Bob"), closed)).rejects.toMatchObject({ code: "invalid", message: /closed/ });
  expect(await database().select().from(users)).toHaveLength(1);
  const profile = { ...identity("bob"), ...person("Bob"), emailVerified: true, image: null };
  await expect(createAccount({ ...person("Bob"), identity: profile }, closed)).rejects.toMatchObject({
    code: "invalid",
  });
});

test("everybody begins with the starting namespaces", async () => {
  const types = ["general", "support", "orders", "project"];
  for (const user of [await createGuest(), await createAccount(person("Alice"), open)]) {
    const rows = await database()
      .select()
      .from(namespaces)
      .where(eq(namespaces.userId, user.id))
      .orderBy(namespaces.createdAt);
    expect(rows.map(({ type }) => type)).toEqual(types);
  }
});

test("an email is one account, however it is written, also for two at once", async () => {
  await signUp({ name: "Alice", email: " Alice@Example.com ", password }, visitor());
  const again = signUp({ name: "Mallory", email: "alice@example.com", password }, visitor());
  await expect(again).rejects.toMatchObject({ code: "conflict", message: /already an account.*Sign in/ });
  const race = await Promise.allSettled(
    Array.from({ length: 4 }, () => signUp({ name: "Bob", email: "bob@example.com", password }, visitor())),
  );
  expect(race.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  for (const one of race) if (one.status === "rejected") expect(one.reason).toMatchObject({ code: "conflict" });
});

test.each([
  [{ name: " ", email: "a@example.com", password }, /name/],
  [{ name: "A", email: "nobody", password }, /email address such as/],
  [{ name: "A", email: "a@example.com", password: "short" }, /at least 8/],
  [{ name: "A", email: "a@example.com", password: "x".repeat(201) }, /at most 200/],
  [{}, /Enter your name/],
])("signing up with %j is refused and leaves nothing", async (form, message) => {
  await expect(signUp(form, visitor())).rejects.toMatchObject({
    code: "invalid",
    message: expect.stringMatching(message),
  });
  expect(await database().select().from(users)).toHaveLength(0);
});

test("signs in with the right password only, and says the same of a wrong one and an unknown email", async () => {
  const alice = await signUp({ ...person("Alice"), password }, visitor());
  expect(await signIn({ email: "ALICE@example.com", password }, visitor())).toEqual(alice);
  const refusals = await Promise.allSettled([
    signIn({ email: "alice@example.com", password: "something else" }, visitor()),
    signIn({ email: "nobody@example.com", password }, visitor()),
  ]);
  expect(refusals.map((one) => one.status === "rejected" && one.reason.message)).toEqual([
    "The email or the password is wrong. Check both and try again.",
    "The email or the password is wrong. Check both and try again.",
  ]);
});

test("an account without a password cannot be entered with one", async () => {
  await createAccount({ ...person("Alice"), identity: identity("alice") }, open);
  await expect(signIn({ email: "alice@example.com", password: "" }, visitor())).rejects.toMatchObject({
    code: "invalid",
  });
  await expect(signIn({ email: "alice@example.com", password }, visitor())).rejects.toMatchObject({ code: "invalid" });
});

test("ten failures close an email for a while, successes do not count", async () => {
  await signUp({ ...person("Carol"), password }, visitor());
  const right = () => signIn({ email: "carol@example.com", password }, visitor());
  const wrong = () => signIn({ email: "carol@example.com", password: "wrong" }, visitor());
  for (let i = 0; i < 12; i++) await right();
  for (let i = 0; i < 10; i++) await expect(wrong()).rejects.toMatchObject({ code: "invalid" });
  await expect(right()).rejects.toMatchObject({ code: "rate_limited", message: /Try again in 15 minutes/ });
});

test("a session ends when its user ends it, and when the user is gone", async () => {
  const alice = await createAccount(person("Alice"), open);
  const began = Date.now() - 1000;
  expect(await userOfSession(alice.id, began)).toEqual(alice);
  await endSessions(alice);
  expect(await userOfSession(alice.id, began)).toBeNull();
  expect(await userOfSession(alice.id, Date.now() + 1)).toEqual(alice);
  await database().delete(users).where(eq(users.id, alice.id));
  expect(await userOfSession(alice.id, Date.now() + 1)).toBeNull();
});

const identity = (providerAccountId: string, provider = "github") => ({ provider, providerAccountId, type: "oauth" });
const profile = (name: string, emailVerified: boolean, provider?: string) => ({
  ...identity(name, provider),
  ...person(name),
  emailVerified,
  image: null,
});

test("another provider's account becomes an account, and the same one the next time", async () => {
  const first = await signInWithProvider(profile("Dave", true), visitor());
  expect(first).toMatchObject({ name: "Dave", email: "dave@example.com", role: "owner" });
  expect(await signInWithProvider({ ...profile("Dave", true), email: "new@example.com" }, visitor())).toEqual(first);
  expect(await database().select().from(users)).toHaveLength(1);
});

test.each([
  { existing: true, arriving: true, linked: true },
  { existing: true, arriving: false, linked: false },
  { existing: false, arriving: true, linked: false },
  { existing: false, arriving: false, linked: false },
])("the same email, verified here: $existing, there: $arriving, is linked: $linked", async (given) => {
  const here = await createAccount({ ...person("Erin"), emailVerified: given.existing }, open);
  const arrival = signInWithProvider(profile("Erin", given.arriving, "google"), visitor());
  if (given.linked) {
    expect((await arrival).id).toBe(here.id);
    expect((await signInWithProvider(profile("Erin", false, "google"), visitor())).id).toBe(here.id);
  } else {
    await expect(arrival).rejects.toMatchObject({ code: "conflict", message: /Sign in the way you did before/ });
    await expect(arrival).rejects.toBeInstanceOf(Error);
  }
});

/** A guest with a conversation, a run in it, a namespace of their own and an agent. */
async function guestWithHistory(): Promise<{ guest: User; conversation: string }> {
  const guest = await createGuest();
  const conversation = newConversation(guest, "garden", "Which roses bloom twice?", Date.now());
  await database().batch([
    database()
      .insert(namespaces)
      .values({ userId: guest.id, type: "garden", label: "Garden", color: "travel", defaultAgent: "assistant" }),
    database().insert(conversations).values(conversation),
    database()
      .insert(runs)
      .values({
        id: `run-${guest.id}`,
        conversationId: conversation.id,
        branchId: conversation.id,
        userId: guest.id,
        status: "completed",
        agent: "assistant",
        position: 1,
      }),
    database()
      .insert(agents)
      .values({ id: `agent-${guest.id}`, userId: guest.id, name: "Gardener", definition: { tone: "calm" } }),
  ]);
  return { guest, conversation: conversation.id };
}

async function belongings(user: User) {
  const [owned, executed, defined, spaces] = await Promise.all([
    database().select({ id: conversations.id }).from(conversations).where(eq(conversations.userId, user.id)),
    database().select({ id: runs.id }).from(runs).where(eq(runs.userId, user.id)),
    database().select({ name: agents.name }).from(agents).where(eq(agents.userId, user.id)),
    database().select({ type: namespaces.type }).from(namespaces).where(eq(namespaces.userId, user.id)),
  ]);
  return {
    conversations: owned.map(({ id }) => id),
    runs: executed.length,
    agents: defined.map(({ name }) => name),
    namespaces: spaces.map(({ type }) => type).sort(),
  };
}

const waysIn: [string, (guest: User) => Promise<User>][] = [
  ["signs up", (guest) => signUp({ ...person("Fay"), password }, visitor(guest))],
  ["signs up elsewhere", (guest) => signInWithProvider(profile("Fay", true), visitor(guest))],
  [
    "signs in",
    async (guest) => {
      await signUp({ ...person("Fay"), password }, visitor());
      return signIn({ email: "fay@example.com", password }, visitor(guest));
    },
  ],
  [
    "signs in elsewhere",
    async (guest) => {
      await signInWithProvider(profile("Fay", true), visitor());
      return signInWithProvider(profile("Fay", true), visitor(guest));
    },
  ],
];

test.each(waysIn)("what a guest has moves along when they %s, and nobody else's does", async (_, enter) => {
  const { guest, conversation } = await guestWithHistory();
  const other = await guestWithHistory();
  const account = await enter(guest);
  expect(await belongings(account)).toEqual({
    conversations: [conversation],
    runs: 1,
    agents: ["Gardener"],
    namespaces: ["garden", "general", "orders", "project", "support"],
  });
  expect(await userOfSession(guest.id, Date.now() + 1)).toBeNull();
  expect((await belongings(other.guest)).conversations).toEqual([other.conversation]);
});

test("two guests can move into one account: namespaces are shared, agents keep apart", async () => {
  const alice = await signUp({ ...person("Alice"), password }, visitor());
  for (let i = 0; i < 3; i++) {
    const { guest } = await guestWithHistory();
    await signIn({ email: "alice@example.com", password }, visitor(guest));
  }
  const mine = await belongings(alice);
  expect(mine.conversations).toHaveLength(3);
  expect(new Set(mine.agents).size).toBe(3);
  expect(mine.namespaces).toEqual(["garden", "general", "orders", "project", "support"]);
});

test("moving a guest has thought of every table that names a user", async () => {
  const tables = await client().execute(
    "select m.name from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table' and c.name = 'user_id'",
  );
  expect(tables.rows.map(({ name }) => name).sort()).toEqual([
    "accounts", // A guest has none.
    "agents",
    "audit",
    "conversations",
    "namespaces",
    "queued_messages",
    "runs",
    "search_owners",
  ]);
});

test("a guest who fails to sign in keeps everything", async () => {
  const { guest, conversation } = await guestWithHistory();
  await expect(signIn({ email: "x@example.com", password }, visitor(guest))).rejects.toMatchObject({ code: "invalid" });
  expect((await belongings(guest)).conversations).toEqual([conversation]);
});
