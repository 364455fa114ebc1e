import { writeFileSync } from "node:fs";
import type { AgentInputItem } from "@openai/agents";
import { afterAll, beforeAll, expect, test } from "vitest";
import yauzl from "yauzl";
import { client, database } from "#db/client.ts";
import { migrate } from "#db/migrate.ts";
import { conversations, namespaces, users } from "#db/schema.ts";
import { env } from "#env.ts";
import { ownConversation, type User } from "#lib/access.ts";
import { insertConversation, newConversation } from "#lib/conversations.ts";
import { commit, history } from "#lib/history.ts";
import { startingNamespaces } from "#lib/namespaces.ts";
import { planAppend, planCreate, planFork } from "#lib/sessions/changes.ts";
import { archive } from "./archive.ts";
import { type ExportFormat, exportConversation } from "./export.ts";
import { attachment, fileNameOf } from "./file-name.ts";

const folder = env.DATA_DIR;

const ana: User = { id: "ana", name: "Ana", email: null, role: "member" };
const at = Date.UTC(2026, 10, 22, 10);
const says = (text: string): AgentInputItem => ({ role: "user", content: text });
const answers = (text: string): AgentInputItem => ({
  type: "message",
  role: "assistant",
  status: "completed",
  content: [{ type: "output_text", text }],
});

async function begin(title: string, items: AgentInputItem[], namespace = "general"): Promise<string> {
  const row = { ...newConversation(ana, namespace, "x", at), title };
  const change = planCreate({ items, at, agent: "billing" });
  await commit(row.id, change, [insertConversation(row)]);
  return row.id;
}

async function textOf(id: string, format: ExportFormat, branch?: string): Promise<string> {
  const file = await exportConversation(await ownConversation(ana, id), { format, branch, now: at });
  let text = "";
  for await (const piece of file.pieces) text += piece;
  return text;
}

beforeAll(async () => {
  await migrate(client());
  await database().insert(users).values({ id: ana.id, name: ana.name, role: ana.role });
  await database().insert(namespaces).values(startingNamespaces(ana.id, 1000));
});
afterAll(() => client().close());

test("JSON holds the whole tree, each item once, parents first", async () => {
  const id = await begin("Two ways", [says("one"), answers("two"), says("three")]);
  const before = await history().load(id);
  if (!before) throw new Error("It was just made.");
  await commit(id, planFork(before, before.current, 2, { name: "Other", makeCurrent: true, at }));
  const forked = await history().load(id);
  if (!forked) throw new Error("It was just made.");
  await commit(id, planAppend(forked, forked.current, [says("four")], { at }));

  const document = JSON.parse(await textOf(id, "json"));

  expect(document).toMatchObject({ format: "switchboard.conversation", version: 1, title: "Two ways", head: "m4" });
  expect(document.branches).toMatchObject([
    { name: "main", head: "m3", current: false },
    { name: "Other", head: "m4", current: true },
  ]);
  expect(document.messages.map((message: { parent_id: string }) => message.parent_id)).toEqual([
    null,
    "m1",
    "m2",
    "m2",
  ]);
  expect(document.messages[3].item).toEqual(says("four"));
});

test("Markdown and HTML show the current branch, or a chosen one", async () => {
  const id = await begin("Ways", [says("stays"), says("leaves")]);
  const state = await history().load(id);
  if (!state) throw new Error("It was just made.");
  await commit(id, planFork(state, state.current, 1, { name: "Short", makeCurrent: true, at }));
  for (const format of ["markdown", "html"] as const) {
    const current = await textOf(id, format);
    const chosen = await textOf(id, format, state.current);
    expect(current).toContain("stays");
    expect(current).not.toContain("leaves");
    expect(chosen).toContain("leaves");
  }
});

test("HTML escapes everything and can neither run nor fetch anything", async () => {
  const attack = '<script>alert(1)</script><img src=x onerror="alert(1)">';
  const items: AgentInputItem[] = [
    says(`${attack} [x](javascript:alert(1)) ![spy](https://spy.example/a.png)`),
    { type: "function_call", callId: "1", name: attack, arguments: JSON.stringify({ attack }) },
    { type: "function_call_result", callId: "1", name: attack, status: "completed", output: attack },
    { type: "reasoning", content: [{ type: "input_text", text: attack }] },
    { role: "user", content: [{ type: "input_image", image: `data:image/svg+xml,${attack}` }] },
    { role: "user", content: [{ type: "input_file", file: "data:text/html;base64,PHNjcmlwdD4=", filename: attack }] },
  ];
  const html = await textOf(await begin(attack, items), "html");
  const body = html.slice(html.indexOf("</style>"));
  expect(body).not.toMatch(/<script|<img|<svg|href="javascript|onerror="/i);
  expect(body).not.toMatch(/data:text\/html/);
  expect(body).toContain('href="https://spy.example/a.png"');
  expect(html).toContain("default-src 'none'");
});

test("tools, hand-offs, reasoning, images and unknown entries are told", async () => {
  const picture = "data:image/png;base64,iVBORw0KGgo=";
  const id = await begin("All kinds", [
    {
      role: "user",
      content: [
        { type: "input_text", text: "Look" },
        { type: "input_image", image: picture },
      ],
    },
    { type: "reasoning", content: [{ type: "input_text", text: "A thought" }] },
    { type: "function_call", callId: "1", name: "find_order", arguments: '{"id":"A-1043"}' },
    { type: "function_call_result", callId: "1", name: "find_order", status: "completed", output: "``` shipped" },
    { type: "function_call", callId: "2", name: "transfer_to_Billing", arguments: "{}" },
    {
      type: "function_call_result",
      callId: "2",
      name: "transfer_to_Billing",
      status: "completed",
      output: '{"assistant":"Billing"}',
    },
    { type: "hosted_tool_call", name: "web_search", status: "completed", output: "found" },
    answers("Done"),
    { type: "function_call", callId: "3", name: "refund", arguments: "{}" },
  ]);
  for (const format of ["markdown", "html"] as const) {
    const text = (await textOf(id, format)).replaceAll("\\_", "_");
    for (const part of ["Look", picture, "A thought", "find_order", "A-1043", "shipped", "handed over to Billing"]) {
      expect(text, `${format} ${part}`).toContain(part);
    }
    for (const part of ["web_search", "found", "Done", "refund has no result yet"])
      expect(text, `${format} ${part}`).toContain(part);
  }
  expect(await textOf(id, "markdown")).toContain("````text\n``` shipped\n````");
});

test("an archive has a file for each conversation of its owner and a manifest at the end", async () => {
  const id = await begin("In the archive: ../etc/passwd", [says("x")], "support");
  const bytes = await new Response(archive(ana, { format: "json", now: at })).bytes();
  const path = `${folder}/all.zip`;
  writeFileSync(path, bytes);
  const entries = await new Promise<string[]>((resolve, reject) => {
    yauzl.open(path, { lazyEntries: true }, (error, zip) => {
      if (error) return reject(error);
      const names: string[] = [];
      zip.on("entry", (entry: yauzl.Entry) => {
        names.push(entry.fileName);
        zip.readEntry();
      });
      zip.on("end", () => resolve(names));
      zip.on("error", reject);
      zip.readEntry();
    });
  });
  const known = await database().select().from(conversations);
  expect(entries).toHaveLength(known.length + 1);
  expect(entries).toContain(`support/${id} In the archive .. etc passwd.json`);
  expect(entries.at(-1)).toBe("manifest.json");
});

test("file names are safe everywhere, and headers carry any of them", () => {
  expect(fileNameOf("../..//x\u0000\u202e:*?")).toBe("x");
  expect(fileNameOf("CON")).toBe("conversation");
  expect(fileNameOf("   ")).toBe("conversation");
  expect(fileNameOf("Über 日本語")).toBe("Über 日本語");
  expect(attachment('a"b\u00fc.md')).toBe("attachment; filename=\"a_b_.md\"; filename*=UTF-8''a%22b%C3%BC.md");
});
