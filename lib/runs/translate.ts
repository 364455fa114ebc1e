import type { AgentInputItem } from "@openai/agents";
import type { UIMessageChunk } from "ai";
import type { Said } from "#lib/models/said.ts";
import type { MessageMetadata, ThreadData } from "#lib/thread.ts";
import { type Stretch, thought } from "./cut-off.ts";
import {
  type Call,
  callInput,
  callOutput,
  handoffTarget,
  isCall,
  isCallResult,
  isCancelled,
  isRejected,
  reasoningText,
  textOf,
} from "./parts.ts";

export type Chunk = UIMessageChunk<Partial<MessageMetadata>, ThreadData>;

/** Turns an agent's name into its id. */
export type AgentIds = (name: string) => string;

interface Shown extends Stretch {
  id: string;
  text: string;
}

/**
 * Turns what the model says and the runner emits into chunks of the wire. Deltas are shown as they come; an item
 * that is finished closes what its deltas opened, or is shown whole when there were none.
 */
export class Translator {
  readonly #agentIds: AgentIds;
  #open: Shown | undefined;
  /** Closed stretches whose item has not come yet, oldest first. */
  #unclaimed: Shown[] = [];
  readonly #calls = new Map<string, Call>();
  #count = 0;

  constructor(agentIds: AgentIds) {
    this.#agentIds = agentIds;
  }

  /** What is shown so far that no finished item covers: what a stop or a crash must keep. */
  get pending(): Stretch[] {
    return [...this.#unclaimed, ...(this.#open ? [this.#open] : [])];
  }

  /** The thinking that led to a finished item and has no item of its own: it is stored ahead of it. */
  thoughtsBefore(item: AgentInputItem): AgentInputItem[] {
    if (item.type === "reasoning" || isCallResult(item)) return [];
    const own = "role" in item ? this.#unclaimed.findIndex(({ kind }) => kind === "text") : -1;
    const before = this.#unclaimed.splice(0, own === -1 ? this.#unclaimed.length : own);
    this.#unclaimed.unshift(...before.filter(({ kind }) => kind === "text"));
    return before.filter(({ kind }) => kind === "reasoning").map(({ text }) => thought(text));
  }

  /** Calls that have no result yet. */
  get openCalls(): Call[] {
    return [...this.#calls.values()];
  }

  /** What the model says, or the end of something that it said. */
  said(said: Said): Chunk[] {
    return "delta" in said ? this.#delta(said.kind, said.delta) : this.#close();
  }

  /** A finished item of the history, in the order of the history. */
  item(item: AgentInputItem, agent: string): Chunk[] {
    if (item.type === "reasoning") return this.#finished("reasoning", reasoningText(item));
    if ("role" in item) return item.role === "assistant" ? this.#finished("text", textOf(item)) : [];
    if (isCall(item)) {
      this.#calls.set(item.callId, item);
      return item.name.startsWith("transfer_to_") ? [] : [this.#toolInput(item)];
    }
    if (!isCallResult(item)) return [];
    const call = this.#calls.get(item.callId);
    this.#calls.delete(item.callId);
    const target = handoffTarget(item);
    if (target !== undefined) {
      const data = { from: agent, to: this.#agentIds(target) };
      return [{ type: "data-handoff", id: item.callId, data }];
    }
    const shown = call?.name.startsWith("transfer_to_") ? [this.#toolInput(call)] : [];
    if (isRejected(item)) return [...shown, { type: "tool-output-denied", toolCallId: item.callId }];
    if (isCancelled(item)) {
      return [
        ...shown,
        { type: "tool-output-error", toolCallId: item.callId, errorText: String(callOutput(item)), dynamic: true },
      ];
    }
    return [
      ...shown,
      { type: "tool-output-available", toolCallId: item.callId, output: callOutput(item), dynamic: true },
    ];
  }

  /** Ends whatever is open: after it the stream is well-formed. */
  end(): Chunk[] {
    return this.#close();
  }

  #toolInput(call: Call): Chunk {
    return {
      type: "tool-input-available",
      toolCallId: call.callId,
      toolName: call.name,
      input: callInput(call),
      dynamic: true,
    };
  }

  #delta(kind: Stretch["kind"], delta: string): Chunk[] {
    const chunks: Chunk[] = [];
    if (this.#open && this.#open.kind !== kind) chunks.push(...this.#close());
    if (!this.#open) {
      this.#count += 1;
      this.#open = { kind, id: `${kind}-${this.#count}`, text: "" };
      chunks.push({ type: `${kind}-start`, id: this.#open.id });
    }
    this.#open.text += delta;
    chunks.push({ type: `${kind}-delta`, id: this.#open.id, delta });
    return chunks;
  }

  #close(): Chunk[] {
    if (!this.#open) return [];
    const { kind, id } = this.#open;
    this.#unclaimed.push(this.#open);
    this.#open = undefined;
    return [{ type: `${kind}-end`, id }];
  }

  #finished(kind: Stretch["kind"], text: string): Chunk[] {
    const closed = this.#close();
    const claimed = this.#unclaimed.findIndex((stretch) => stretch.kind === kind);
    if (claimed !== -1) {
      this.#unclaimed.splice(0, claimed + 1);
      return closed;
    }
    if (text === "") return closed;
    const whole = this.#delta(kind, text);
    const end = this.#close();
    this.#unclaimed = [];
    return [...closed, ...whole, ...end];
  }
}
