import type { Run } from "#lib/access.ts";
import type { ThreadMessage } from "#lib/thread.ts";
import type { Chunk } from "./translate.ts";

/** A message as the chunks that would have drawn it. */

type Drawn = Pick<Run, "id" | "error" | "status">;

export function chunksOf(message: ThreadMessage | undefined, run: Drawn): Chunk[] {
  const metadata = message?.metadata;
  if (run.status === "waiting") return [...beginningOf(message, run), waitingChunk(metadata ?? {})];
  return [
    ...beginningOf(message, run),
    ...(run.error ? [{ type: "error" as const, errorText: run.error.message }] : []),
    ...(run.status === "stopped" || run.status === "interrupted" ? [{ type: "abort" as const }] : []),
    { type: "finish", messageMetadata: metadata },
  ];
}

/** Without an end: something may follow. */
export function beginningOf(message: ThreadMessage | undefined, { id }: Pick<Run, "id">): Chunk[] {
  const start: Chunk = { type: "start", messageId: id, messageMetadata: message?.metadata };
  return [start, ...(message?.parts ?? []).flatMap((part, index) => partChunks(part, `${part.type}-${index}`))];
}

/** The run waits for the person; the stream pauses here. */
export const waitingChunk = (metadata: Partial<NonNullable<ThreadMessage["metadata"]>>): Chunk => ({
  type: "message-metadata",
  messageMetadata: { ...metadata, status: "waiting" },
});

export const isWaitingChunk = (chunk: Chunk | undefined): boolean =>
  chunk?.type === "message-metadata" && chunk.messageMetadata?.status === "waiting";

function partChunks(part: ThreadMessage["parts"][number], id: string): Chunk[] {
  if (part.type === "text") return whole("text", id, part.text);
  if (part.type === "reasoning") return whole("reasoning", id, part.text);
  if (part.type === "data-handoff") return [{ type: "data-handoff", id: part.id, data: part.data }];
  return part.type === "dynamic-tool" ? toolChunks(part) : [];
}

function toolChunks(part: Extract<ThreadMessage["parts"][number], { type: "dynamic-tool" }>): Chunk[] {
  const { toolCallId, toolName, input } = part;
  const called: Chunk = { type: "tool-input-available", toolCallId, toolName, input, dynamic: true };
  const asked: Chunk = { type: "tool-approval-request", approvalId: toolCallId, toolCallId };
  const answered = (approved: boolean): Chunk => ({ type: "tool-approval-response", approvalId: toolCallId, approved });
  switch (part.state) {
    case "approval-requested":
      return [called, asked];
    case "approval-responded":
      return [called, asked, answered(part.approval.approved)];
    case "output-denied":
      return [called, asked, answered(false), { type: "tool-output-denied", toolCallId }];
    case "output-available":
      return [called, { type: "tool-output-available", toolCallId, output: part.output, dynamic: true }];
    case "output-error":
      return [called, { type: "tool-output-error", toolCallId, errorText: part.errorText, dynamic: true }];
    default:
      return [called];
  }
}

function whole(kind: "text" | "reasoning", id: string, delta: string): Chunk[] {
  return [
    { type: `${kind}-start`, id },
    { type: `${kind}-delta`, id, delta },
    { type: `${kind}-end`, id },
  ];
}
