import type { AgentOutputItem, Model } from "@openai/agents";
import { assistantMessage, functionCall, ScriptedModel } from "@openai/agents/testing";

/** What to answer when the last thing said matches; `heard` is the whole conversation as the model gets it. */
export interface Rule {
  when: RegExp;
  say?: (heard: string) => string;
  /** The tool (or the hand-off) to call instead of answering. */
  call?: string;
}

/**
 * A model that answers by rules, so that these examples run without a key and without a network.
 * Leave `model` out of an agent and set OPENAI_API_KEY to talk to a real one.
 */
export function pretend(...rules: Rule[]): Model {
  let calls = 0;
  return {
    getResponse: async ({ input, ...request }) => {
      const items = typeof input === "string" ? [input] : input;
      const last = JSON.stringify(items.at(-1));
      const rule = rules.find(({ when }) => when.test(last));
      const text = rule?.say?.(JSON.stringify(items)) ?? "I see.";
      const callId = `call_${++calls}`;
      const output: AgentOutputItem[] = [rule?.call ? functionCall(rule.call, {}, { callId }) : assistantMessage(text)];
      return new ScriptedModel([output]).getResponse({ ...request, input });
    },
    getStreamedResponse: () => {
      throw new Error("The examples do not stream.");
    },
  };
}

/** The first thing in the conversation that matches, or "nothing". */
export function recall(heard: string, pattern: RegExp): string {
  return heard.match(pattern)?.[1] ?? "nothing";
}
