import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { client, database } from "#db/client.ts";
import { migrate } from "#db/migrate.ts";
import { namespaces, users } from "#db/schema.ts";
import { ownNamespace, type User } from "#lib/access.ts";
import { startingNamespaces } from "#lib/namespaces.ts";
import { readEntries } from "./entries.ts";
import { beginImport, discardImport, examineAgain, listImports, performImport, showImport } from "./jobs.ts";
import { loadState, saveState } from "./uploads.ts";

const file = readFileSync(join(import.meta.dirname, "fixtures/chatgpt.json"));
let people = 0;

async function person(): Promise<User> {
  people += 1;
  const user: User = { id: `user-${people}`, name: null, email: null, role: "member" };
  await database().insert(users).values({ id: user.id, role: user.role });
  await database().insert(namespaces).values(startingNamespaces(user.id, 1000));
  return user;
}

const streamOf = (bytes: Uint8Array<ArrayBuffer>) => new Blob([bytes]).stream();
const upload = (user: User) => beginImport(user, "chatgpt.json", streamOf(new Uint8Array(file)));

async function until(user: User, id: string, phase: string) {
  await expect.poll(async () => (await showImport(user, id)).phase, { interval: 10 }).toBe(phase);
  return showImport(user, id);
}

beforeAll(async () => {
  await migrate(client());
});
afterAll(() => client().close());

test("a file is looked through, comes in when asked to, and its lists can be read", async () => {
  const user = await person();
  const id = await upload(user);
  const ready = await until(user, id, "ready");
  expect(ready).toMatchObject({ written: false, counts: { new: 2, refused: 2 } });
  const noted = await readEntries(user, id, { dryRun: true, list: "noted", from: 0 });
  expect(noted.entries).toHaveLength(4);

  await performImport(user, id, await ownNamespace(user, "support"));
  const done = await until(user, id, "done");
  expect(done).toMatchObject({ written: true, counts: { imported: 2, refused: 2 } });
  await performImport(user, id, await ownNamespace(user, "support"));
  expect(await showImport(user, id)).toEqual(done);
  await discardImport(user, id);
  expect(await listImports(user)).toEqual([]);
});

test("what was under way when the server stopped can go on", async () => {
  const user = await person();
  const id = await upload(user);
  await until(user, id, "ready");
  await saveState(user, { ...(await loadState(user, id)), phase: "reading" });
  expect((await showImport(user, id)).phase).toBe("stalled");
  await examineAgain(user, id);
  await until(user, id, "ready");
  await saveState(user, { ...(await loadState(user, id)), phase: "importing", written: true });
  expect((await showImport(user, id)).phase).toBe("stalled");
  await performImport(user, id, await ownNamespace(user, "general"));
  expect(await until(user, id, "done")).toMatchObject({ counts: { imported: 2 } });
});

test("an import is nobody else's, and an id is only an id", async () => {
  const [ana, ben] = [await person(), await person()];
  const id = await upload(ana);
  await until(ana, id, "ready");
  for (const wrong of [id, `../${ana.id}/${id}`, "..", "", "nothing"]) {
    await expect(showImport(ben, wrong), wrong).rejects.toThrow("no such import");
    await expect(discardImport(ben, wrong), wrong).rejects.toThrow("no such import");
  }
  expect((await showImport(ana, id)).phase).toBe("ready");
});

test("a file that is no export fails with a sentence, an empty one is not kept", async () => {
  const user = await person();
  const id = await beginImport(user, "x.zip", streamOf(new TextEncoder().encode("PK\u0003\u0004 no ZIP")));
  expect((await until(user, id, "failed")).error).toMatch(/^The ZIP can't be read/);
  await expect(beginImport(user, "x.json", streamOf(new Uint8Array()))).rejects.toThrow("The file is empty");
  expect(await listImports(user)).toHaveLength(1);
});
