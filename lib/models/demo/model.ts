import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { type ModelRequest, type ModelResponse, type StreamEvent, Usage } from "@openai/agents";
import type { Speaker } from "../aloud.ts";
import type { Hear } from "../said.ts";
import { type Reply, replyTo } from "./reply.ts";
import { readThread } from "./thread.ts";

/** The model that answers when none is connected: offline, by fixed rules, through the same interface as a real one. */
export class DemoModel implements Speaker {
  readonly #wordDelay: number;

  constructor({ wordDelay = 18 }: { wordDelay?: number } = {}) {
    this.#wordDelay = wordDelay;
  }

  async getResponse(request: ModelRequest): Promise<ModelResponse> {
    request.signal?.throwIfAborted();
    const reply = decide(request);
    return {
      responseId: `demo_${randomUUID()}`,
      output: outputOf(reply, `msg_${randomUUID()}`),
      usage: new Usage({ requests: 1, ...countTokens(request, reply) }),
    };
  }

  async *speak(request: ModelRequest, hear: Hear): AsyncGenerator<StreamEvent> {
    request.signal?.throwIfAborted();
    yield { type: "response_started" };
    const reply = decide(request);
    const itemId = `msg_${randomUUID()}`;
    for (const [index, word] of wordsOf(reply.text ?? "").entries()) {
      if (index > 0 && this.#wordDelay > 0) await pause(this.#wordDelay, undefined, { signal: request.signal });
      request.signal?.throwIfAborted();
      hear({ kind: "text", delta: word });
    }
    yield {
      type: "response_done",
      response: { id: `demo_${randomUUID()}`, output: outputOf(reply, itemId), usage: countTokens(request, reply) },
    };
  }
}

function decide(request: ModelRequest): Reply {
  return replyTo({
    agent: /^You are ([\p{L}\p{N}][\p{L}\p{N} '-]*)/u.exec(request.systemInstructions ?? "")?.[1] ?? "Assistant",
    thread: readThread(request.input),
    tools: request.tools.flatMap((tool) => (tool.type === "function" ? [tool.name] : [])),
    handOffs: request.handoffs.map(({ toolName }) => toolName),
  });
}

type Output = Extract<StreamEvent, { type: "response_done" }>["response"]["output"];

function outputOf({ text, call }: Reply, messageId: string): Output {
  const output: Output = [];
  if (text) {
    output.push({
      type: "message",
      role: "assistant",
      id: messageId,
      status: "completed",
      content: [{ type: "output_text", text }],
    });
  }
  if (call) {
    output.push({
      type: "function_call",
      id: `fc_${randomUUID()}`,
      callId: `call_${randomUUID()}`,
      name: call.name,
      arguments: JSON.stringify(call.arguments),
      status: "completed",
    });
  }
  return output;
}

const wordsOf = (text: string) => text.match(/\s*\S+\s*?(?=\s|$)/g) ?? [];

/** About four characters to a token, as a rule of thumb. */
function countTokens(request: ModelRequest, reply: Reply) {
  const { input, systemInstructions = "" } = request;
  const read = systemInstructions.length + (typeof input === "string" ? input.length : JSON.stringify(input).length);
  const written = (reply.text ?? "").length + (reply.call ? JSON.stringify(reply.call).length : 0);
  const [inputTokens, outputTokens] = [Math.ceil(read / 4), Math.ceil(written / 4)];
  return { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens };
}
