import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "package-"));
const modules = join(folder, "node_modules");

function runIn(cwd: string, command: string, ...args: string[]): string {
  const path = `${join(root, "node_modules/.bin")}:${process.env.PATH}`;
  return execFileSync(command, args, { cwd, encoding: "utf8", env: { ...process.env, PATH: path }, stdio: "pipe" });
}

beforeAll(() => {
  const packed = runIn(root, "npm", "pack", "--json", "--pack-destination", folder);
  const [{ filename }] = JSON.parse(packed.slice(packed.indexOf("[")));
  mkdirSync(join(modules, "switchboard"), { recursive: true });
  runIn(folder, "tar", "-xzf", join(folder, filename), "-C", join(modules, "switchboard"), "--strip-components=1");
  // What an installation would download is taken from here: the same versions, without a network.
  for (const name of readdirSync(join(root, "node_modules"))) {
    if (!existsSync(join(modules, name))) symlinkSync(join(root, "node_modules", name), join(modules, name));
  }
  writeFileSync(join(folder, "package.json"), '{ "name": "other", "type": "module", "private": true }');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("what npm pack gives", () => {
  test("has the compiled library, its types, and neither sources nor the application", () => {
    const files = readdirSync(join(modules, "switchboard"), { recursive: true, encoding: "utf8" });
    assert.ok(files.includes("dist/lib/sessions/index.js") && files.includes("dist/lib/sessions/index.d.ts"));
    const others = files.filter((file) => /\.tsx?$/.test(file) && !file.endsWith(".d.ts"));
    assert.deepEqual(others, []);
    assert.ok(!files.some((file) => file.startsWith("app") || file.includes("test.js")));
  });

  test("is imported by a script of another project", () => {
    const script = `
      import { SQLiteSession, testSessionStore } from "switchboard/sessions";
      const session = new SQLiteSession({ conversationId: "a", path: "other.db" });
      await session.addItems([{ role: "user", content: "hello" }]);
      await (await session.fork(0, "other")).addItems([{ role: "user", content: "there" }]);
      console.log(JSON.stringify(await session.getItems()), (await session.branches()).length, typeof testSessionStore);
      await session.close();`;
    writeFileSync(join(folder, "script.js"), script);
    assert.equal(runIn(folder, "node", "script.js"), '[{"role":"user","content":"hello"}] 2 function\n');
  });

  test("loads neither the SDK nor Next nor React", () => {
    const script = `
      import { registerHooks } from "node:module";
      const loaded = new Set();
      registerHooks({ load: (url, context, next) => (loaded.add(url), next(url, context)) });
      await import("switchboard/sessions");
      console.log([...loaded].filter((url) => /node_modules\\/(@openai|next|react)/.test(url)).length, loaded.size > 10);`;
    writeFileSync(join(folder, "loads.js"), script);
    assert.equal(runIn(folder, "node", "loads.js"), "0 true\n");
  });

  test("has types that another project's compiler accepts, strictly", () => {
    const script = `
      import { Agent, run, type Session } from "@openai/agents";
      import { EncryptedSession, MemorySession, type SessionStore, StoreSession, withCompaction } from "switchboard/sessions";
      const memory: Session = new MemorySession({ conversationId: "a" });
      export const on = (store: SessionStore): Session => new StoreSession({ store, id: "b" });
      export const both = withCompaction(new EncryptedSession(new MemorySession(), { keys: ["k:AAAA"] }), {
        maxTurns: 3,
        summarize: async (items) => \`\${items.length}\`,
      });
      export const answer = () => run(new Agent({ name: "A" }), "hi", { session: both });
      // @ts-expect-error a session needs a store
      export const wrong = new StoreSession({ id: "c" });
      export default memory;`;
    writeFileSync(join(folder, "types.ts"), script);
    const compilerOptions = {
      strict: true,
      module: "nodenext",
      target: "es2023",
      noEmit: true,
      types: ["node"],
      skipLibCheck: true,
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["types.ts"] }));
    assert.equal(runIn(folder, "tsc", "-p", "."), "");
  });
});
