import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { client, database } from "#db/client.ts";
import { migrate } from "#db/migrate.ts";
import { migrateSessions } from "#db/migrations/sessions.ts";
import { audit, conversations, runEvents, runs, users } from "#db/schema.ts";
import type { User } from "./access.ts";
import { createAccount, createGuest, userOfSession } from "./accounts.ts";
import { record } from "./audit.ts";
import { newConversation } from "./conversations.ts";
import { commit, history } from "./history.ts";
import { changePassword, closeAccount } from "./profile.ts";
import { planCreate } from "./sessions/changes.ts";
import { signIn, signUp } from "./sign-in.ts";

// Hashing a password is slow on purpose.
vi.setConfig({ testTimeout: 30_000 });

beforeAll(async () => {
  await migrate(client());
  await migrateSessions(client());
});
afterAll(() => client().close());
beforeEach(async () => {
  await database().delete(users);
});

const password = "correct horse battery";
const visitor = { address: "203.0.113.1", guest: null };
const member = (name: string) => signUp({ name, email: `${name.toLowerCase()}@example.com`, password }, visitor);

/** A conversation of the user's with one message and one run. Answers its id. */
async function converse(user: User): Promise<string> {
  const now = Date.now();
  const conversation = newConversation(user, "general", "Hello roses", now);
  const items = [{ role: "user" as const, content: "Hello roses" }];
  await commit(conversation.id, planCreate({ at: now, items }));
  const run = `run-${conversation.id}`;
  await database().batch([
    database().insert(conversations).values(conversation),
    database().insert(runs).values({
      id: run,
      conversationId: conversation.id,
      branchId: run,
      userId: user.id,
      status: "completed",
      agent: "assistant",
      position: 1,
    }),
    database().insert(runEvents).values({ run, first: 1, chunks: "[]" }),
  ]);
  await record({ userId: user.id, action: "conversation.rename", details: { from: "roses" } });
  return conversation.id;
}

test("a new password is in force at once and ends the sessions begun before", async () => {
  const alice = await member("Alice");
  const before = Date.now() - 1;
  await changePassword(alice, { current: password, next: "a better password" });
  expect(await userOfSession(alice.id, before)).toBeNull();
  await expect(signIn({ email: alice.email, password }, visitor)).rejects.toMatchObject({ code: "invalid" });
  expect(await signIn({ email: alice.email, password: "a better password" }, visitor)).toEqual(alice);
});

test.each([
  [{ current: "wrong", next: "a better password" }, /not your password/],
  [{ current: password, next: "short" }, /at least 8/],
])("changing the password with %j changes nothing", async (given, message) => {
  const alice = await member("Alice");
  await expect(changePassword(alice, given)).rejects.toThrow(message);
  expect(await signIn({ email: alice.email, password }, visitor)).toEqual(alice);
});

test("who came from another provider can set a first password; a guest cannot", async () => {
  const dave = await createAccount({ name: "Dave", email: "dave@example.com" }, { open: true, guest: null });
  await changePassword(dave, { current: "", next: password });
  expect(await signIn({ email: "dave@example.com", password }, visitor)).toEqual(dave);
  await expect(changePassword(await createGuest(), { current: "", next: password })).rejects.toMatchObject({
    code: "invalid",
  });
});

test("guessing a password in the settings counts like a failed sign-in", async () => {
  const greta = await member("Greta");
  for (let i = 0; i < 10; i++) await expect(closeAccount(greta, { password: "wrong" })).rejects.toThrow(/not your/);
  await expect(closeAccount(greta, { password })).rejects.toMatchObject({ code: "rate_limited" });
  expect(await userOfSession(greta.id, Date.now())).toEqual(greta);
});

test("closing an account removes all that is the person's and nothing of anybody else", async () => {
  const alice = await member("Alice");
  const bob = await member("Bob");
  const [hers, his] = [await converse(alice), await converse(bob)];
  await closeAccount(bob, { password });
  expect(await database().select({ id: users.id }).from(users)).toEqual([{ id: alice.id }]);
  expect(await history().load(his)).toBeUndefined();
  expect(await history().load(hers)).toBeDefined();
  expect(await database().select({ id: conversations.id }).from(conversations)).toEqual([{ id: hers }]);
  expect(await database().select({ run: runEvents.run }).from(runEvents)).toContainEqual({ run: `run-${hers}` });
  expect(await database().select({ run: runEvents.run }).from(runEvents)).not.toContainEqual({ run: `run-${his}` });
  expect(await database().select().from(audit).where(eq(audit.userId, bob.id))).toEqual([]);
  for (const table of ["namespaces", "accounts", "agents", "runs"]) {
    const rows = await client().execute({ sql: `select 1 from ${table} where user_id = ?`, args: [bob.id] });
    expect(rows.rows).toEqual([]);
  }
});

test("when the owner leaves, the oldest other account owns the instance, never a guest", async () => {
  const alice = await member("Alice");
  await createGuest();
  const bob = await member("Bob");
  await member("Carol");
  await closeAccount(alice, { password });
  const owners = await database().select({ id: users.id }).from(users).where(eq(users.role, "owner"));
  expect(owners).toEqual([{ id: bob.id }]);
});
