import { type Call, wantedCall } from "./calls.ts";
import { wantedHandOff } from "./handoffs.ts";
import { acknowledge, recall, summarise } from "./recall.ts";
import { answerFrom } from "./results.ts";
import { roleAnswer } from "./roles.ts";
import type { Thread } from "./thread.ts";

/** What the demo model does next: text, a call, or text and then a call. */
export interface Reply {
  readonly text?: string;
  readonly call?: Call;
}

export interface Situation {
  readonly agent: string;
  readonly thread: Thread;
  readonly tools: readonly string[];
  readonly handOffs: readonly string[];
}

/** The rules, in order. The same situation always gives the same reply. */
export function replyTo({ agent, thread, tools, handOffs }: Situation): Reply {
  if (agent === "Summarizer") return { text: thread.last.match(/\btitle\b/i) ? titleFor(thread) : summarise(thread) };
  if (thread.result) return { text: answerFrom(thread.result) };

  const remembered = recall(thread);
  if (remembered) return { text: remembered };

  const handOff = wantedHandOff(thread.last, agent, handOffs, thread.called);
  if (handOff) {
    return {
      text: `This is ${handOff.because === "as you asked" ? "for" : `${handOff.because}, so it is for`} ${handOff.to}. I am putting you through.`,
      call: { name: handOff.tool, arguments: {} },
    };
  }

  const call = wantedCall(thread.last, tools);
  if (call && !thread.called.includes(call.name)) return { call };

  const shown = show(thread.last);
  if (shown) return { text: shown };

  const noted = acknowledge(thread);
  if (noted) return { text: noted };

  const inRole = roleAnswer(agent, thread);
  if (inRole) return { text: inRole };

  const arrived = thread.called.some((name) => name.startsWith("transfer_to_"));
  if (arrived) return { text: `${agent} here. I have read the thread. ${abilities(agent, tools)}` };
  if (/^\s*(?:hi|hello|hey|good (?:morning|afternoon|evening))\b/i.test(thread.last)) {
    return { text: `Hello. ${agent} here, as an offline demo. ${abilities(agent, tools)}` };
  }
  if (/\b(?:thanks|thank you|cheers)\b/i.test(thread.last)) return { text: "You are welcome." };
  return { text: fallback(agent, tools) };
}

const examples: Record<string, string> = {
  calculate: "`What is 18% of 2,450?`",
  current_time: "`What time is it in Tokyo?`",
  list_charges: "`Show my recent charges`",
  issue_refund: "`Refund charge ch_1043`",
  order_status: "`Where is my order A-1043?`",
  search_catalogue: "`Find headphones under 100 EUR`",
  plan_days: "`Plan three days in Lisbon`",
  convert_currency: "`How much is 200 USD in EUR?`",
  check_status: "`Is the service up?`",
  look_up_status_code: "`What does a 429 response mean?`",
  search_help: "`How do I export a conversation?`",
  response_targets: "`How soon can I expect an answer?`",
};

function abilities(agent: string, tools: readonly string[]): string {
  const known = tools.flatMap((tool) => examples[tool] ?? []);
  if (agent === "Triage") return "Tell me about a charge, a crash, a trip or an order, and I put you through.";
  return known.length > 0 ? `Try ${known.join(" or ")}.` : "Tell me something about yourself and ask me later.";
}

function fallback(agent: string, tools: readonly string[]): string {
  return [
    `I am the **offline demo model**, answering as ${agent} by a few fixed rules, so I have no answer to that.`,
    `What I can show: memory (\`My name is Alice\`, later \`What's my name?\`), a recap (\`Summarise our conversation\`), a table or code (\`Show me a table\`), and tools. ${abilities(agent, tools)}`,
    "For real answers connect a model in [Settings](/settings): an OpenAI key, or any OpenAI-compatible server such as Ollama.",
  ].join("\n\n");
}

function show(text: string): string | undefined {
  if (!/\b(?:show|give|write|draw|make|compare|print)\b/i.test(text)) return undefined;
  if (/\btables?\b/i.test(text)) {
    return [
      "A small table:",
      "| Agent | Good for | Tool |\n| --- | --- | --- |\n| Billing | charges, refunds | `list_charges` |\n| Travel | trips, currencies | `plan_days` |\n| Shopping | products, orders | `order_status` |",
    ].join("\n\n");
  }
  if (/\b(?:math|formula|equation)\b/i.test(text))
    return "The quadratic formula:\n\n$$x = \\frac{-b \\pm \\sqrt{b^2 - 4ac}}{2a}$$";
  if (/\b(?:code|typescript|javascript|python|function|script|snippet|retry)\b/i.test(text)) {
    return [
      "A small function that tries again with growing pauses:",
      "```ts\nasync function retry<T>(work: () => Promise<T>, times = 3): Promise<T> {\n  for (let attempt = 1; ; attempt += 1) {\n    try {\n      return await work();\n    } catch (error) {\n      if (attempt >= times) throw error;\n      await new Promise((resolve) => setTimeout(resolve, 100 * 2 ** attempt));\n    }\n  }\n}\n```",
    ].join("\n\n");
  }
  if (/\blist\b/i.test(text))
    return "A short list:\n\n1. Say what you need.\n2. Switch agents when another one fits better.\n3. Branch where you want to try something else.";
  return undefined;
}

function titleFor({ said }: Thread): string {
  const source = said.length > 1 ? (said[0] ?? "") : ((said[0] ?? "").split("\n").slice(-1)[0] ?? "");
  const words = source
    .replace(/[^\p{L}\p{N}\s'’-]/gu, " ")
    .trim()
    .split(/\s+/)
    .slice(0, 6)
    .join(" ");
  return words === "" ? "New conversation" : words.charAt(0).toUpperCase() + words.slice(1);
}
