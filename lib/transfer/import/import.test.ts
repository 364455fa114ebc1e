import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { makeZip } from "client-zip";
import { count, eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { client, database } from "#db/client.ts";
import { migrate } from "#db/migrate.ts";
import { conversations, namespaces, runs, users } from "#db/schema.ts";
import { env } from "#env.ts";
import { ownConversation, type User } from "#lib/access.ts";
import { remove } from "#lib/conversations.ts";
import { history } from "#lib/history.ts";
import { startingNamespaces } from "#lib/namespaces.ts";
import { openThread } from "#lib/open-thread.ts";
import { search } from "#lib/search.ts";
import { planCreate } from "#lib/sessions/changes.ts";
import { type ImportEntry, importFile } from "./import.ts";

const folder = env.DATA_DIR;

const now = Date.UTC(2026, 10, 22, 10);
const fixtures = join(import.meta.dirname, "../fixtures");
let people = 0;

async function person(): Promise<User> {
  people += 1;
  const user: User = { id: `user-${people}`, name: null, email: null, role: "member" };
  await database().insert(users).values({ id: user.id, role: user.role });
  await database().insert(namespaces).values(startingNamespaces(user.id, 1000));
  return user;
}

async function run(user: User, path: string, dryRun = false): Promise<ImportEntry[]> {
  const entries: ImportEntry[] = [];
  const wish = { user, path, name: "file", namespace: "general", namespaces: ["general", "support"], dryRun, now };
  for await (const entry of importFile(wish)) entries.push(entry);
  return entries;
}

const statuses = (entries: ImportEntry[]) => entries.map(({ status }) => status);
const fixture = (name: string) => join(fixtures, `${name}.json`);

async function rowsOf(user: User) {
  return database().select().from(conversations).where(eq(conversations.userId, user.id));
}

async function zip(files: { name: string; input: string | Uint8Array }[]): Promise<string> {
  people += 1;
  const path = join(folder, `${people}.zip`);
  writeFileSync(path, await new Response(makeZip(files)).bytes());
  return path;
}

beforeAll(async () => {
  await migrate(client());
});
afterAll(() => client().close());

test("a dry run tells of each conversation and writes nothing; the import then does what was told", async () => {
  const user = await person();
  const told = await run(user, fixture("chatgpt"), true);
  expect(statuses(told)).toEqual(["new", "new", "refused", "refused"]);
  expect(await rowsOf(user)).toEqual([]);
  const done = await run(user, fixture("chatgpt"));
  expect(statuses(done)).toEqual(["imported", "imported", "refused", "refused"]);
  expect(done.map(({ id }) => id)).toEqual(told.map(({ id }) => id));
  expect(done[0]).toMatchObject({ kind: "chatgpt", title: "A weekend in Lisbon", messages: 8, branches: 2 });
  expect(done[0]?.notes).toContain("A picture is not in the file; its place is marked.");
});

test("an imported conversation opens like any other, with the date that it had", async () => {
  const user = await person();
  const [entry] = await run(user, fixture("chatgpt"));
  const conversation = await ownConversation(user, entry?.id ?? "");
  const thread = await openThread(conversation);
  expect(thread.messages.map(({ role }) => role)).toEqual(["user", "assistant", "user", "assistant"]);
  expect(thread.messages[1]?.metadata?.versions).toMatchObject({ count: 2, index: 1 });
  expect(conversation).toMatchObject({ activeAt: 1760000900500, createdAt: 1760000000250, titleFrom: "person" });
  expect(conversation.metadata).toMatchObject({ imported: { kind: "chatgpt", source: "conv-lisbon" } });
});

test("the same file again adds nothing", async () => {
  const user = await person();
  await run(user, fixture("claude"));
  const before = await rowsOf(user);
  const again = await run(user, fixture("claude"));
  expect(statuses(again)).toEqual(["present", "present", "refused"]);
  expect(await rowsOf(user)).toEqual(before);
  expect(statuses(await run(user, fixture("claude"), true))).toEqual(["present", "present", "refused"]);
});

test("an import that was broken off goes on where it stopped", async () => {
  const user = await person();
  const wish = {
    user,
    path: fixture("open-webui"),
    name: "x",
    namespace: "general",
    namespaces: [],
    dryRun: false,
    now,
  };
  for await (const entry of importFile(wish)) {
    expect(entry.status).toBe("imported");
    break;
  }
  expect(await rowsOf(user)).toHaveLength(1);
  expect(statuses(await run(user, fixture("open-webui")))).toEqual(["present", "imported"]);
});

test("a large conversation is stored in parts, whole or not seen at all, and its words are found", async () => {
  const user = await person();
  const path = join(folder, "large.json");
  const messages = Array.from({ length: 2500 }, (_, index) => ({ role: "user", content: `Message number${index}` }));
  writeFileSync(path, JSON.stringify({ conversation_id: "large", messages }));
  const [told] = await run(user, path, true);
  // As if an earlier import had ended in the middle.
  await history().commit(told?.id ?? "", planCreate({ items: [{ role: "user", content: "left behind" }], at: now }));

  expect(statuses(await run(user, path))).toEqual(["imported"]);

  const thread = await openThread(await ownConversation(user, told?.id ?? ""));
  expect(thread.branch.length).toBe(2500);
  const found = await search(user, "number2499");
  expect(JSON.stringify(found)).toContain(told?.id);
  expect(statuses(await run(user, path))).toEqual(["present"]);
});

test("two imports of the same file at once bring it in once", async () => {
  const user = await person();
  const [one, two] = await Promise.all([run(user, fixture("claude")), run(user, fixture("claude"))]);
  expect(await rowsOf(user)).toHaveLength(2);
  expect([...one, ...two].filter(({ status }) => status === "imported")).toHaveLength(2);
});

test("what lies in the bin comes back instead of coming in twice", async () => {
  const user = await person();
  const [entry] = await run(user, fixture("plain"));
  await remove(await ownConversation(user, entry?.id ?? ""), now);
  expect(statuses(await run(user, fixture("plain"), true))).toEqual(["binned"]);
  expect(statuses(await run(user, fixture("plain")))).toEqual(["restored"]);
  expect(await rowsOf(user)).toMatchObject([{ deletedAt: null }]);
});

test("two people can import the same file, each for themselves", async () => {
  const [ana, ben] = [await person(), await person()];
  await run(ana, fixture("plain"));
  expect(statuses(await run(ben, fixture("plain")))).toEqual(["imported"]);
});

test("what a file holds beside its conversations is named", async () => {
  const entries = await run(await person(), fixture("chatbot-ui"));
  expect(statuses(entries)).toEqual(["imported", "remark"]);
  expect(entries[1]?.reason).toBe("Only conversations come in. Not kept: 1 folders.");
});

test("our own document comes into its namespace, with its runs, which are nobody else's", async () => {
  const [ana, ben] = [await person(), await person()];
  await run(ana, fixture("switchboard"));
  const [entry] = await run(ben, fixture("switchboard"));
  const [row] = await rowsOf(ben);
  expect(row).toMatchObject({ namespace: "support", title: "Charged twice" });
  const own = await database()
    .select()
    .from(runs)
    .where(eq(runs.conversationId, entry?.id ?? ""));
  expect(own).toMatchObject([
    { userId: ben.id, status: "completed", agent: "triage" },
    { userId: ben.id, status: "interrupted", agent: "billing" },
  ]);
  const all = await database().select({ count: count() }).from(runs).get();
  expect(all?.count).toBe(4);
});

test("a changed conversation comes in beside the first, and that is said", async () => {
  const user = await person();
  await run(user, fixture("librechat-flat"));
  const changed = JSON.parse(readFileSync(fixture("librechat-flat"), "utf8"));
  changed.messages[0].text = "Said otherwise";
  const path = join(folder, "changed.json");
  writeFileSync(path, JSON.stringify(changed));
  const [entry] = await run(user, path);
  expect(entry).toMatchObject({ status: "imported" });
  expect(entry?.notes).toContain("Another version of it was imported before; this one comes in beside it.");
});

test("a ChatGPT ZIP: numbered files in order, pictures put in, everything else named", async () => {
  const user = await person();
  const [lisbon, circle] = JSON.parse(readFileSync(fixture("chatgpt"), "utf8"));
  const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0]);
  const path = await zip([
    { name: "conversations-010.json", input: JSON.stringify([circle]) },
    { name: "conversations-002.json", input: JSON.stringify([lisbon]) },
    { name: "export_manifest.json", input: "{}" },
    { name: "user.json", input: "{}" },
    { name: "chat.html", input: "<html>" },
    { name: "file-AbC123-picture.png", input: png },
  ]);
  const entries = await run(user, path);
  expect(statuses(entries)).toEqual(["imported", "imported", "remark"]);
  expect(entries[0]).toMatchObject({ title: "A weekend in Lisbon" });
  expect(entries[0]?.notes.join()).not.toContain("picture");
  expect(entries[2]?.reason).toBe("2 files in the ZIP hold no conversations: user.json, chat.html.");
  const thread = await openThread(await ownConversation(user, entries[0]?.id ?? ""));
  expect(thread.messages).toHaveLength(4);
  const stored = await client().execute(
    "SELECT count(*) AS n FROM sessions_items WHERE item LIKE '%data:image/png;base64,iVBORw0KGgoAAAAA%'",
  );
  expect(stored.rows[0]?.n).toBe(1);
});

test("a picture that is none by its bytes stays out", async () => {
  const user = await person();
  const [lisbon] = JSON.parse(readFileSync(fixture("chatgpt"), "utf8"));
  const path = await zip([
    { name: "conversations.json", input: JSON.stringify([lisbon]) },
    { name: "file-AbC123-picture.png", input: "<svg onload=alert(1)>" },
  ]);
  const [entry] = await run(user, path);
  expect(entry?.notes).toContain("A picture could not be read; its place is marked.");
});

test("broken files say so and keep what could be read; nothing is called a success", async () => {
  const user = await person();
  const text = readFileSync(fixture("claude"), "utf8");
  const path = join(folder, "cut.json");
  writeFileSync(path, text.slice(0, text.indexOf('"22222222')));
  const entries = await run(user, path);
  expect(statuses(entries)).toEqual(["imported", "refused"]);
  expect(entries[1]?.reason).toBe("It ends in the middle.");
  writeFileSync(path, "PK\u0003\u0004 this is no ZIP");
  await expect(run(user, path)).rejects.toThrow("The ZIP can't be read");
  writeFileSync(
    path,
    Buffer.from('[{"conversation_id":"x","messages":[{"role":"user","content":"Gr\xfc\xdfe"}]}]', "latin1"),
  );
  expect(statuses(await run(user, path))).toEqual(["remark", "imported"]);
  await expect(run(user, await zip([{ name: "readme.txt", input: "x" }]))).rejects.toThrow("no JSON file");
});

test("names that climb out of the ZIP are refused, and bombs before they are unpacked", async () => {
  const user = await person();
  await expect(run(user, await zip([{ name: "../../conversations.json", input: "[]" }]))).rejects.toThrow(/ZIP/);
  const path = join(folder, "bomb.zip");
  writeFileSync(path, deflated("conversations.json", Buffer.alloc(60 * 1024 ** 2, " ")));
  await expect(run(user, path)).rejects.toThrow("packed too tightly");
});

/** A ZIP of one packed file, with the sizes that its content has. */
function deflated(name: string, content: Buffer): Buffer {
  const packed = deflateRawSync(content);
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(20, 4);
  local.writeUInt16LE(8, 8);
  local.writeUInt32LE(packed.length, 18);
  local.writeUInt32LE(content.length, 22);
  local.writeUInt16LE(name.length, 26);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt16LE(20, 6);
  central.writeUInt16LE(8, 10);
  central.writeUInt32LE(packed.length, 20);
  central.writeUInt32LE(content.length, 24);
  central.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length + name.length, 12);
  end.writeUInt32LE(local.length + name.length + packed.length, 16);
  return Buffer.concat([local, Buffer.from(name), packed, central, Buffer.from(name), end]);
}
