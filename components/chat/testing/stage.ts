import type { Outcome } from "#lib/guard.ts";
import type { SendResult, Thread, ThreadMessage } from "#lib/thread.ts";
import type { ThreadChunk } from "../chunk.ts";
import type { Line } from "../line.ts";
import type { Calls, LineState } from "../line-state.ts";
import { textOf } from "../pieces.ts";

type Sent = Parameters<Calls["send"]>[0];

/** A server whose answers and streams the test hands out. */
export function stage() {
  const sent: Sent[] = [];
  const again: Parameters<Calls["tryAgain"]>[0][] = [];
  const waits: Parameters<Calls["queue"]>[0][] = [];
  const stopped: string[] = [];
  const answers: (Outcome<SendResult> | "unreachable")[] = [];
  const streams = new Map<string, ThreadChunk[]>();
  const take = async (): Promise<Outcome<SendResult>> => {
    const answer = answers.shift();
    if (!answer || answer === "unreachable") throw new TypeError("fetch failed");
    return answer;
  };
  const calls: Calls = {
    send: async (input) => {
      sent.push(input);
      return take();
    },
    tryAgain: async (input) => {
      again.push(input);
      return take();
    },
    decide: async () => ({ ok: true, value: { goesOn: true } }),
    stop: async (run) => {
      stopped.push(run);
      return true;
    },
    queue: async (input) => {
      waits.push(input);
      return { ok: true, value: { id: input.operation, text: input.text, agent: null, createdAt: 0 } };
    },
    editQueued: async ({ id, text }) => ({ ok: true, value: { id, text, agent: null, createdAt: 0 } }),
    unqueue: async () => ({ ok: true, value: undefined }),
    sendQueued: async () => ({ ok: true, value: undefined }),
    async *follow(run) {
      yield* streams.get(run) ?? [];
    },
    fetch: async () => {
      throw new TypeError("fetch failed");
    },
  };
  return { calls, sent, again, waits, stopped, answers, streams };
}

/** Where the branch is another one than before, the history parts. */
export const began = (run: string, branch = "b1", parts = branch !== "b1"): Outcome<SendResult> => ({
  ok: true,
  value: { conversation: "c1", branch, run, position: 0, parts },
});
export const refused = (code: "invalid" | "conflict"): Outcome<SendResult> => ({
  ok: false,
  error: { code, message: "No." },
});

export function run(id: string, words: string, end: number, ...between: ThreadChunk[]): ThreadChunk[] {
  return [
    {
      type: "start",
      messageId: id,
      messageMetadata: { agent: "triage", run: id, position: end - 1, end, createdAt: 1 },
    },
    ...between,
    { type: "text-start", id: "t" },
    { type: "text-delta", id: "t", delta: words },
    { type: "text-end", id: "t" },
    { type: "finish", messageMetadata: { status: "completed", end } },
  ];
}

export function message(id: string, role: "user" | "assistant", position: number): ThreadMessage {
  const agent = role === "user" ? null : "triage";
  return {
    id,
    role,
    parts: [{ type: "text", text: id }],
    metadata: { agent, position, end: position + 1, createdAt: 0, ...(agent ? { status: "completed" } : {}) },
  };
}

export const thread = (messages: ThreadMessage[], live: string | null = null): Thread => ({
  conversation: { id: "c1", title: "Title", namespace: "general", archived: false },
  branch: { id: "b1", name: "main", length: messages.length, agent: "triage" },
  branches: [],
  messages,
  from: 0,
  run: live ? { id: live, position: messages.length, waiting: false } : null,
  queue: [],
});

export const words = (line: Line) => line.state().messages.map((each) => `${each.role}: ${textOf(each.parts)}`);

/** Resolves when the line has no live run. */
export const quiet = (line: Line): Promise<void> => until(line, ({ live }) => !live);

export function until(line: Line, holds: (state: LineState) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const check = () => {
      if (!holds(line.state())) return;
      unwatch();
      resolve();
    };
    const unwatch = line.watch(check);
    check();
  });
}
