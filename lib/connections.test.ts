import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { client, database } from "#db/client.ts";
import { migrate } from "#db/migrate.ts";
import { connections } from "#db/schema.ts";
import { asInstanceOwner } from "./access.ts";
import { connectionFrom, removeConnection, saveConnection, savedConnection, shownConnection } from "./connections.ts";

beforeAll(() => migrate(client()));
afterAll(() => client().close());
beforeEach(async () => {
  await database().delete(connections);
});

const owner = asInstanceOwner({ id: "1", name: "Alice", email: null, role: "owner" });
const apiKey = "sk-proj-a-key-that-nobody-else-may-see";
const connection = { kind: "compatible", baseUrl: "http://127.0.0.1:11434/v1", api: "chat", model: "llama" } as const;

test("what was saved last is in force, and removing it leaves nothing", async () => {
  expect(await savedConnection()).toBeNull();
  await saveConnection(owner, { ...connection, apiKey: null });
  await saveConnection(owner, { kind: "openai", baseUrl: null, api: "responses", model: "", apiKey });
  expect(await savedConnection()).toEqual({ kind: "openai", baseUrl: null, api: "responses", model: "", apiKey });
  await removeConnection(owner);
  expect(await savedConnection()).toBeNull();
});

test("the key is neither stored nor shown as it is", async () => {
  await saveConnection(owner, { ...connection, apiKey });
  const rows = await database().select().from(connections);
  expect(JSON.stringify(rows)).not.toContain("sk-proj");
  const shown = await shownConnection(owner);
  expect(shown).toEqual({ ...connection, key: "saved" });
});

test("the same key is never encrypted to the same text", async () => {
  const sealed = async () => {
    await saveConnection(owner, { ...connection, apiKey });
    return (await database().select().from(connections))[0]?.apiKey;
  };
  expect(await sealed()).not.toBe(await sealed());
});

test.each(["moved to another row", "changed by one bit"])("a key that was %s does not open", async (how) => {
  await saveConnection(owner, { ...connection, apiKey });
  const [row] = await database().select().from(connections);
  const bytes = Buffer.from(row?.apiKey ?? "", "base64");
  if (how === "changed by one bit") bytes[30] = (bytes[30] ?? 0) ^ 1;
  const forged = { apiKey: bytes.toString("base64"), ...(how === "moved to another row" ? { id: "another" } : {}) };
  await database().update(connections).set(forged);
  expect(await savedConnection()).toEqual({ ...connection, apiKey: null });
  expect(await shownConnection(owner)).toEqual({ ...connection, key: "unreadable" });
});

const typed = { ...connection, apiKey: "" };

test("a saved key stays for its server and never goes to another", async () => {
  await saveConnection(owner, { ...connection, apiKey });
  expect(await connectionFrom({ ...typed, model: "other" })).toEqual({ ...connection, model: "other", apiKey });
  expect(await connectionFrom({ ...typed, baseUrl: "https://elsewhere.example/v1" })).toMatchObject({ apiKey: null });
  expect(await connectionFrom({ ...typed, apiKey: "new" })).toEqual({ ...connection, apiKey: "new" });
  await expect(connectionFrom({ ...typed, kind: "openai" })).rejects.toThrow(/Enter the API key/);
});

test.each(["", "localhost:11434", "file:///etc/passwd", "http://"])("%j is no server's address", async (baseUrl) => {
  await expect(connectionFrom({ ...typed, baseUrl })).rejects.toMatchObject({ code: "invalid" });
});

test("only the owner of the instance gets to it", () => {
  for (const role of ["member", "guest"] as const) {
    expect(() => asInstanceOwner({ id: "2", name: "Bob", email: null, role })).toThrow(/no such page/);
  }
});
