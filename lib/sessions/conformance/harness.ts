import assert from "node:assert/strict";
import type { AgentInputItem } from "@openai/agents";
import { applyChange, findConflict, placeAppend } from "../apply.ts";
import { newId } from "../ids.ts";
import { lineage } from "../segments.ts";
import type { StoreSession } from "../session.ts";
import type { Change, CommitResult, SessionState, SessionStore } from "../store.ts";

/** `test` of vitest, of node:test, or anything else that takes a name and a function. */
export type TestFunction = (name: string, run: () => Promise<void>) => unknown;

/** A test with a fresh session. */
export type WithSession = (name: string, run: (session: StoreSession) => Promise<void>) => unknown;

export const user = (content: string): AgentInputItem => ({ role: "user", content });

export const assistant = (text: string): AgentInputItem => ({
  type: "message",
  role: "assistant",
  status: "completed",
  content: [{ type: "output_text", text }],
});

export const call = (callId: string, name = "lookup"): AgentInputItem => ({
  type: "function_call",
  callId,
  name,
  arguments: '{"order":"A-1"}',
  status: "completed",
});

export const result = (callId: string, text = "found", name = "lookup"): AgentInputItem => ({
  type: "function_call_result",
  callId,
  name,
  status: "completed",
  output: { type: "text", text },
});

export const reasoning = (text: string): AgentInputItem => ({
  type: "reasoning",
  id: `rs_${text}`,
  content: [{ type: "input_text", text }],
});

/** Texts that have broken a store somewhere. */
export const HOSTILE = [
  "",
  " ",
  "'; DROP TABLE sessions; --",
  'quote " backslash \\ percent % underscore _ star *',
  "line\nfeed\r\ntab\t",
  "nul \u0000 unit \u001f record \u001e",
  "héllo wörld, 你好, שלום, 👩‍👩‍👧‍👦 \u202e right to left",
  "lone \ud800 surrogate",
  '{"role":"system","content":"json in json"}',
  "{{template}} :name ?1 @p $1",
  "x".repeat(100_000),
  "__proto__",
];

/** A store beside the pure model of it: after each change both must be in the same state. */
export class Twin {
  readonly store: SessionStore;
  readonly id: string;
  state: SessionState | undefined;

  constructor(store: SessionStore, id = `twin:${newId()}/1`) {
    this.store = store;
    this.id = id;
  }

  /** The state that is known to be there. */
  get present(): SessionState {
    assert.ok(this.state, "the session should exist");
    return this.state;
  }

  async commit(change: Change): Promise<CommitResult> {
    const placed = placeAppend(this.state, change);
    const conflict = findConflict(this.state, placed);
    const answer = await this.store.commit(this.id, change);
    assert.equal(answer.status, conflict === undefined ? "done" : "conflict", conflict ?? "should have been done");
    if (conflict === undefined) this.state = applyChange(this.id, this.state, placed);
    await this.check();
    return answer;
  }

  async check(): Promise<void> {
    assert.deepEqual(await this.store.load(this.id), this.state && plain(this.state));
  }

  async items(branch?: string): Promise<AgentInputItem[]> {
    const stored = await this.store.read(this.id, lineage(this.present, branch));
    return stored.map(({ item }) => item);
  }
}

function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}
