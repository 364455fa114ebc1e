import type { AgentInputItem } from "@openai/agents";
import { describe, expect, it } from "vitest";
import { forChat, forResponses } from "./history.ts";

const user: AgentInputItem = { role: "user", content: "hello" };
const fromChat: AgentInputItem = {
  type: "message",
  role: "assistant",
  id: "chatcmpl-1",
  status: "completed",
  content: [{ type: "output_text", text: "hi", providerData: { refusal: null } }],
};
const fromResponses: AgentInputItem = {
  type: "message",
  role: "assistant",
  id: "msg_1",
  status: "completed",
  phase: "final_answer",
  providerData: { extra: true },
  content: [{ type: "output_text", text: "hi", providerData: { annotations: [] } }],
};
const call: AgentInputItem = { type: "function_call", id: "fc_1", callId: "c1", name: "calculate", arguments: "{}" };
const result: AgentInputItem = {
  type: "function_call_result",
  callId: "c1",
  name: "calculate",
  status: "completed",
  output: "3",
};
const encrypted: AgentInputItem = {
  type: "reasoning",
  id: "rs_1",
  content: [],
  providerData: { encryptedContent: "abc" },
};
const open: AgentInputItem = { type: "reasoning", content: [], rawContent: [{ type: "reasoning_text", text: "hm" }] };

const bare = {
  type: "message",
  role: "assistant",
  status: "completed",
  content: [{ type: "output_text", text: "hi" }],
};

describe("a history for another model", () => {
  it("gives Responses no ids and no fields of other servers, and only reasoning that it can read", () => {
    const given = [user, open, fromChat, encrypted, call, result, fromResponses];
    expect(forResponses(given)).toEqual([
      user,
      bare,
      encrypted,
      { type: "function_call", callId: "c1", name: "calculate", arguments: "{}" },
      result,
      { ...bare, phase: "final_answer" },
    ]);
  });

  it("gives Chat Completions messages and calls, and nothing else", () => {
    const given: AgentInputItem[] = [
      user,
      encrypted,
      fromResponses,
      { type: "compaction", encrypted_content: "x" },
      call,
      result,
    ];
    expect(forChat(given)).toEqual([
      user,
      bare,
      { type: "function_call", callId: "c1", name: "calculate", arguments: "{}" },
      result,
    ]);
  });

  it("leaves what it was given as it was", () => {
    const given = structuredClone([user, fromResponses, call, result]);
    forChat(given);
    forResponses(given);
    expect(given).toEqual([user, fromResponses, call, result]);
  });
});
