import type { ThreadMessage } from "#lib/thread.ts";
import type { ThreadChunk } from "./chunk.ts";
import type { Part } from "./pieces.ts";

type ToolPart = Extract<Part, { type: "dynamic-tool" }>;

/**
 * Makes a message out of a run's chunks. It does what the `ai` package's own reader does with them,
 * which a test holds; that reader brings four times as much code as the rest of the chat together.
 * What does not change keeps its identity, so that only what is being written is drawn again.
 */
export class Folding {
  #message: ThreadMessage;
  /** Where the texts that are being written stand among the parts. */
  readonly #open = new Map<string, number>();

  constructor(id: string) {
    this.#message = { id, role: "assistant", parts: [] };
  }

  get message(): ThreadMessage {
    return this.#message;
  }

  add(chunk: ThreadChunk): void {
    switch (chunk.type) {
      case "start":
        // A second one begins the message anew: the events of the first were lost on the way.
        this.#message = { ...this.#message, parts: [] };
        this.#open.clear();
        this.#describe(chunk.messageMetadata);
        if (chunk.messageId) this.#message = { ...this.#message, id: chunk.messageId };
        break;
      case "message-metadata":
      case "finish":
        this.#describe(chunk.messageMetadata);
        break;
      case "error":
        this.#describe({ status: "failed", error: { code: "failed", message: chunk.errorText } });
        break;
      case "text-start":
      case "reasoning-start":
        this.#open.set(chunk.id, this.#message.parts.length);
        this.#push({ type: chunk.type === "text-start" ? "text" : "reasoning", text: "", state: "streaming" });
        break;
      case "text-delta":
      case "reasoning-delta":
        this.#write(chunk.id, (part) => ({ ...part, text: part.text + chunk.delta }));
        break;
      case "text-end":
      case "reasoning-end":
        this.#write(chunk.id, (part) => ({ ...part, state: "done" }));
        this.#open.delete(chunk.id);
        break;
      case "tool-input-start":
        this.#tool(chunk.toolCallId, () => ({ ...toolOf(chunk), state: "input-streaming", input: undefined }));
        break;
      case "tool-input-available":
        this.#tool(chunk.toolCallId, () => ({ ...toolOf(chunk), state: "input-available", input: chunk.input }));
        break;
      case "tool-approval-request":
        this.#tool(chunk.toolCallId, (part) =>
          part ? { ...called(part), state: "approval-requested", approval: { id: chunk.approvalId } } : null,
        );
        break;
      case "tool-approval-response":
        this.#tool(chunk.approvalId, (part) =>
          part
            ? {
                ...called(part),
                state: "approval-responded",
                approval: { id: chunk.approvalId, approved: chunk.approved },
              }
            : null,
        );
        break;
      case "tool-output-denied":
        this.#tool(chunk.toolCallId, (part) =>
          part
            ? { ...called(part), state: "output-denied", approval: { id: chunk.toolCallId, approved: false } }
            : null,
        );
        break;
      case "tool-output-available":
        this.#tool(chunk.toolCallId, (part) =>
          part ? { ...called(part), state: "output-available", output: chunk.output } : null,
        );
        break;
      case "tool-output-error":
        this.#tool(chunk.toolCallId, (part) =>
          part ? { ...called(part), state: "output-error", errorText: chunk.errorText } : null,
        );
        break;
      case "data-handoff":
        this.#push({ type: chunk.type, id: chunk.id, data: chunk.data });
        break;
    }
  }

  #describe(metadata: Partial<ThreadMessage["metadata"]> | undefined): void {
    if (!metadata) return;
    const known = this.#message.metadata ?? { agent: null, position: 0, end: 0, createdAt: 0 };
    this.#message = { ...this.#message, metadata: { ...known, ...metadata } };
  }

  #push(part: Part): void {
    this.#message = { ...this.#message, parts: [...this.#message.parts, part] };
  }

  #replace(place: number, part: Part): void {
    this.#message = { ...this.#message, parts: this.#message.parts.with(place, part) };
  }

  #write(id: string, change: (part: Extract<Part, { type: "text" | "reasoning" }>) => Part): void {
    const place = this.#open.get(id);
    const part = place === undefined ? undefined : this.#message.parts[place];
    if (place !== undefined && (part?.type === "text" || part?.type === "reasoning"))
      this.#replace(place, change(part));
  }

  #tool(id: string, change: (part: ToolPart | undefined) => ToolPart | null): void {
    const place = this.#message.parts.findIndex((part) => part.type === "dynamic-tool" && part.toolCallId === id);
    const known = this.#message.parts[place];
    const next = change(known?.type === "dynamic-tool" ? known : undefined);
    if (!next) return;
    if (place === -1) this.#push(next);
    else this.#replace(place, next);
  }
}

const toolOf = ({ toolName, toolCallId }: { toolName: string; toolCallId: string }) => ({
  type: "dynamic-tool" as const,
  toolName,
  toolCallId,
});

const called = (part: ToolPart) => ({ ...toolOf(part), input: part.input });
