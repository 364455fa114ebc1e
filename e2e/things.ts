import { randomBytes, randomUUID } from "node:crypto";
import { join } from "node:path";
import { createClient } from "@libsql/client";
import { ulid } from "ulid";
import { z } from "zod";
import type { ScriptedModel } from "./model.ts";
import type { Server } from "./server.ts";
import type { Visitor } from "./visitor.ts";

/** What somebody has, made as a browser would make it. */
export interface Things {
  person: string;
  email: string;
  /** Stands in the title and in each message, and in nothing that anybody tries. */
  secret: string;
  /** Stands in the title too, for searching. */
  word: string;
  conversation: string;
  branch: string;
  /** A second branch of the conversation, the current one. */
  other: string;
  run: string;
  /** A run that waits for its owner to approve a call, and that call. */
  waiting: string;
  call: string;
  /** What brings a deleted branch back. */
  undo: string;
  binned: string;
  /** A message that waits on the branch. */
  queued: string;
  /** Files that wait to be imported. */
  upload: string;
  secondUpload: string;
  thirdUpload: string;
  namespace: string;
  /** A namespace with nothing in it. */
  spare: string;
  /** Where the scripted model answers. */
  model: string;
}

const word = () => `w${randomBytes(6).toString("hex")}`;

/** Ids of things that nobody has. */
export function nothings(): Things {
  const [secret, wordInTitle, namespace, spare] = [word(), word(), word(), word()];
  return {
    person: ulid(),
    email: `${word()}@example.com`,
    ...{ secret, word: wordInTitle, namespace, spare },
    conversation: ulid(),
    branch: ulid(),
    other: ulid(),
    run: randomUUID(),
    waiting: randomUUID(),
    call: word(),
    undo: word(),
    binned: ulid(),
    queued: randomUUID(),
    ...{ upload: ulid(), secondUpload: ulid(), thirdUpload: ulid() },
    model: "",
  };
}

/** Two conversations, a branch, one in the bin, a message that waits, namespaces. */
export async function makeThings(
  { visitor, person, email }: { visitor: Visitor; person: string; email: string },
  server: Server,
  model: ScriptedModel,
): Promise<Things> {
  const { secret, word: searched, namespace: label, spare: other } = nothings();
  const asked = `Refund for ${secret}`;
  model.calls(asked, "issue_refund", { charge: "ch_1043", reason: secret }, "Refunded.");
  model.answers(secret, `The answer about ${secret}.`);
  model.answers("Go on", "Gone on.");
  model.answers("Answer with the word yes", "Yes.");
  const namespace = await made(visitor, "createNamespace", { ...plain, label }, z.string());
  const spare = await made(visitor, "createNamespace", { ...plain, label: other }, z.string());

  const main = await say(visitor, `Something about ${secret}`, namespace);
  await finished(visitor, main.run);
  const place = { conversation: main.conversation, branch: main.branch, position: 2 };
  const gone = await made(visitor, "branchFrom", place, z.object({ branch: z.string() }));
  const away = { conversation: main.conversation, branch: gone.branch };
  const { undo } = await made(visitor, "deleteBranch", away, z.object({ undo: z.string() }));
  const fork = await made(visitor, "branchFrom", place, z.object({ branch: z.string() }));
  await made(visitor, "renameConversation", { id: main.conversation, title: `${searched} ${secret}` }, z.string());

  const waiting = await say(visitor, asked, namespace, "billing");
  const call = await waits(visitor, waiting.run);

  const binned = await say(visitor, `Away with ${secret}`, namespace);
  await finished(visitor, binned.run);
  await made(visitor, "deleteConversation", { id: binned.conversation }, z.unknown());

  const queued = randomUUID();
  await insertQueued(server, { id: queued, person, text: `And ${secret}`, ...main });

  const document = { exported_at: now, messages: [{ role: "user", content: `An old word of ${secret}` }] };
  const upload = await keep(visitor, { ...document, conversation_id: "one" });
  const secondUpload = await keep(visitor, { ...document, conversation_id: "two" });
  const thirdUpload = await keep(visitor, { ...document, conversation_id: "three" });

  return {
    ...{ upload, secondUpload, thirdUpload },
    ...{ person, email, secret, word: searched, namespace, spare, queued },
    conversation: main.conversation,
    branch: main.branch,
    ...{ run: main.run, undo, waiting: waiting.run, call },
    other: fork.branch,
    binned: binned.conversation,
    model: model.url,
  };
}

/** As if it had been sent during an answer that was stopped: behind one that was completed it would begin by itself. */
async function insertQueued(
  server: Server,
  message: { id: string; conversation: string; branch: string; run: string; person: string; text: string },
): Promise<void> {
  const { id, conversation, branch, run, person, text } = message;
  const client = createClient({ url: `file:${join(server.dataDir, "switchboard.db")}`, timeout: 5000 });
  await client.execute({
    sql: "insert into queued_messages (id, conversation_id, branch_id, user_id, text, created_at) values (?, ?, ?, ?, ?, ?)",
    args: [id, conversation, branch, person, text, Date.now()],
  });
  await client.execute({ sql: "update runs set status = 'stopped' where id = ?", args: [run] });
  client.close();
}

const now = "2026-11-22T10:00:00.000Z";
const plain = { color: "support", defaultAgent: "assistant", retentionDays: null };
const turn = z.object({ conversation: z.string(), branch: z.string(), run: z.string() });

function say(visitor: Visitor, text: string, namespace: string, agent?: string) {
  return made(visitor, "send", { operation: randomUUID(), text, namespace, agent }, turn);
}

/** The stream of a run that waits ends with the call that it asks about. */
export async function waits(visitor: Visitor, run: string): Promise<string> {
  const { text } = await visitor.ask(`/api/runs/${run}/events`);
  const call = /"tool-approval-request","approvalId":"([^"]+)"/.exec(text)?.[1];
  if (!call) throw new Error(`The run asked for no approval: ${text.slice(-300)}`);
  return call;
}

/** Uploads a file and waits until the server has looked through it. */
async function keep(visitor: Visitor, document: unknown): Promise<string> {
  const headers = { "content-type": "application/octet-stream" };
  const body = JSON.stringify(document);
  const sent = await visitor.ask("/api/import?name=old.json", { method: "POST", body, headers });
  const { id } = z.object({ id: z.string() }).parse(JSON.parse(sent.text));
  for (let phase = "reading"; phase === "reading"; ) {
    const { text } = await visitor.ask(`/api/import/${id}`);
    phase = z.object({ phase: z.string() }).parse(JSON.parse(text)).phase;
  }
  return id;
}

/** A run's stream ends when the run has. */
export async function finished(visitor: Visitor, run: string): Promise<void> {
  const { status, text } = await visitor.ask(`/api/runs/${run}/events`);
  if (status !== 200 || !text.includes("[DONE]")) throw new Error(`The run answered ${status}: ${text.slice(-200)}`);
}

async function made<Schema extends z.ZodType>(visitor: Visitor, action: string, input: unknown, schema: Schema) {
  const { outcome, text } = await visitor.call(action, input);
  if (!outcome?.ok) throw new Error(`${action} answered ${text}`);
  return schema.parse(outcome.value);
}
