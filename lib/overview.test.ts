import { afterAll, beforeAll, expect, test } from "vitest";
import { client, database } from "#db/client.ts";
import { migrate } from "#db/migrate.ts";
import { conversations, runs, users } from "#db/schema.ts";
import { asInstanceOwner, type User } from "./access.ts";
import { listEntries, record } from "./audit.ts";
import { newConversation } from "./conversations.ts";
import { figures, listAccounts } from "./overview.ts";

const person = (id: string, role: User["role"]): User => ({ id, name: id, email: null, role });
const olga = person("olga", "owner");
const owner = asInstanceOwner(olga);
const now = 1_800_000_000_000;

beforeAll(async () => {
  await migrate(client());
  for (const [place, user] of [olga, person("max", "member"), person("gast", "guest")].entries()) {
    await database()
      .insert(users)
      .values({ id: user.id, name: user.id, role: user.role, createdAt: 1000 + place });
  }
  const kept = newConversation(person("max", "member"), "general", "Hello", now);
  const gone = { ...newConversation(person("max", "member"), "general", "Bye", now), deletedAt: now };
  await database().insert(conversations).values([kept, gone]);
  const run = { conversationId: kept.id, userId: "max", agent: "assistant", position: 1 };
  await database()
    .insert(runs)
    .values([
      { ...run, id: "r1", branchId: "b1", status: "completed", createdAt: now - 1000 },
      { ...run, id: "r2", branchId: "b2", status: "failed", createdAt: now - 1000 },
      { ...run, id: "r3", branchId: "b3", status: "failed", createdAt: now - 90_000_000 },
    ]);
});

afterAll(() => client().close());

test("only the owner of the instance gets at any of it", () => {
  expect(() => asInstanceOwner(person("max", "member"))).toThrow(expect.objectContaining({ code: "not_found" }));
  expect(() => asInstanceOwner(person("gast", "guest"))).toThrow(expect.objectContaining({ code: "not_found" }));
});

test("the figures count what is there", async () => {
  const counted = await figures(owner, now);
  expect(counted).toMatchObject({ accounts: 2, guests: 1, conversations: 1, runsToday: 2, failedToday: 1 });
  expect(counted.databaseBytes).toBeGreaterThan(4096);
});

test("accounts come newest first with their own conversations, page by page", async () => {
  const first = await listAccounts(owner, { limit: 1 });
  expect(first.accounts.map(({ id, conversations }) => [id, conversations])).toEqual([["max", 1]]);
  const second = await listAccounts(owner, { limit: 1, before: first.next });
  expect(second.accounts.map(({ id, conversations }) => [id, conversations])).toEqual([["olga", 0]]);
  expect(second.next).toBeUndefined();
});

test("what was done comes page by page, each entry once, and outlives the account", async () => {
  await record({ userId: "max", action: "conversation.rename", target: "c1" });
  await record({ userId: "somebody gone", action: "conversation.delete" });
  await record({ userId: null, action: "account.sign-in" });
  const seen: string[] = [];
  for (let before: string | undefined; ; ) {
    const page = await listEntries(owner, { before, limit: 1 });
    seen.push(...page.entries.map(({ action, name }) => `${action} ${name}`));
    if (!page.next) break;
    before = page.next;
  }
  expect(seen.toSorted()).toEqual(["account.sign-in null", "conversation.delete null", "conversation.rename max"]);
});
