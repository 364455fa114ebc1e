import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { createClient } from "@libsql/client";
import { planCreate } from "../lib/sessions/changes.ts";
import { newId } from "../lib/sessions/ids.ts";
import type { StoredItem } from "../lib/sessions/store.ts";
import { LibsqlStore } from "../lib/sessions/stores/libsql.ts";
import type { Person } from "./people.ts";

/** Writes long conversations at once, as years of use would have made them. */

type Item = StoredItem["item"];

/** What a turn holds; the words "Question 12." and "Answer 12." stand in the twelfth. */
export type WriteTurn = (turn: number) => { question: string; calls?: number; answer: string };

const plainTurn: WriteTurn = (turn) => ({
  question: `Question ${turn}.`,
  answer: `Answer ${turn}. ${"It goes on for a while. ".repeat(turn % 7)}`,
});

interface Written {
  id: string;
  branch: string;
  address: string;
  /** The position of a turn's question. */
  positionOf: (turn: number) => number;
}

/** A conversation of so many messages: half are the person's, half are answers. */
export async function writeConversation(
  dataDir: string,
  person: Person,
  messages: number,
  write: WriteTurn = plainTurn,
): Promise<Written> {
  const client = createClient({ url: `file:${join(dataDir, "switchboard.db")}`, timeout: 5000 });
  const store = new LibsqlStore({ client });
  const id = newId();
  const began = Date.now() - messages * 60_000;
  const { items: none, ...empty } = planCreate({ at: Date.now(), branchAgent: "assistant" });
  const [segment, branch] = [empty.segments?.[0]?.id ?? "", empty.branches?.[0]];
  const items: StoredItem[] = [...(none ?? [])];
  const positions: number[] = [];
  const runs: { id: string; position: number; at: number }[] = [];
  for (let turn = 0; turn < messages / 2; turn += 1) {
    const run = randomUUID();
    const at = began + turn * 120_000;
    const add = (item: Item, agent: string | null) =>
      items.push({ item, agent, run, createdAt: at, segment, position: items.length });
    const { question, calls = 0, answer } = write(turn);
    positions.push(items.length);
    add({ role: "user", content: question }, null);
    runs.push({ id: run, position: items.length, at });
    for (let call = 0; call < calls; call += 1) for (const item of calculation(turn, call)) add(item, "assistant");
    add({ role: "assistant", status: "completed", content: [{ type: "output_text", text: answer }] }, "assistant");
  }
  await store.commit(id, { ...empty, items, branches: branch ? [{ ...branch, length: items.length }] : [] });
  await client.batch(
    [
      {
        sql: `insert into conversations (id, user_id, namespace, title, title_from, active_at, read_at, created_at)
              values (?, ?, 'general', ?, 'person', ?, ?, ?)`,
        args: [id, person.id, `${messages} messages`, Date.now(), Date.now(), began],
      },
      {
        sql: `insert into runs (id, conversation_id, branch_id, user_id, status, agent, model, position, created_at, finished_at)
              select value ->> 'id', ?, ?, ?, 'completed', 'assistant', 'scripted', value ->> 'position', value ->> 'at',
                (value ->> 'at') + 2000
              from json_each(?)`,
        args: [id, branch?.id ?? "", person.id, JSON.stringify(runs)],
      },
    ],
    "write",
  );
  client.close();
  return { id, branch: branch?.id ?? "", address: `/c/${id}`, positionOf: (turn) => positions[turn] ?? 0 };
}

function calculation(turn: number, call: number): Item[] {
  const callId = `call_${turn}_${call}`;
  return [
    {
      type: "function_call",
      callId,
      name: "calculate",
      arguments: JSON.stringify({ expression: `${turn} + ${call}` }),
      status: "completed",
    },
    {
      type: "function_call_result",
      callId,
      name: "calculate",
      status: "completed",
      output: { type: "text", text: String(turn + call) },
    },
  ];
}
