import { type AgentInputItem, type ModelRequest, Runner } from "@openai/agents";
import { describe, expect, it } from "vitest";
import { publicAgents } from "#lib/agents/directory.ts";
import { agentFor } from "#lib/agents/registry.ts";
import { AloudModel } from "../aloud.ts";
import type { Said } from "../said.ts";
import { DemoModel } from "./model.ts";

const demo = (wordDelay: number, hear: (said: Said) => void = () => {}) =>
  new Runner({ model: new AloudModel(new DemoModel({ wordDelay }), hear), tracingDisabled: true });
const runner = demo(0);

/** A conversation through the real runner: the history of each turn is the input of the next. */
class Talk {
  history: AgentInputItem[] = [];
  agent: string;
  approves = true;
  visited: string[] = [];
  tools: string[] = [];

  constructor(agent: string) {
    this.agent = agent;
  }

  async say(text: string): Promise<string> {
    this.visited = [];
    this.tools = [];
    const input: AgentInputItem[] = [...this.history, { role: "user", content: text }];
    const agent = agentFor(this.agent.toLowerCase());
    let result = await runner.run(agent, input, { stream: true, maxTurns: 8 });
    for (;;) {
      for await (const event of result) {
        if (event.type === "agent_updated_stream_event") this.visited.push(event.agent.name);
        if (event.type === "run_item_stream_event" && event.name === "tool_called" && "name" in event.item.rawItem) {
          this.tools.push(event.item.rawItem.name);
        }
      }
      if (result.interruptions.length === 0) break;
      for (const asked of result.interruptions) {
        if (this.approves) result.state.approve(asked);
        else result.state.reject(asked);
      }
      result = await runner.run(agent, result.state, { stream: true, maxTurns: 8 });
    }
    this.history = result.history;
    this.agent = result.lastAgent?.name ?? "";
    return String(result.finalOutput);
  }
}

describe("the demo model as an agent's memory", () => {
  it("recalls what was said turns ago, over a change of agent", async () => {
    const talk = new Talk("assistant");
    expect(await talk.say("My name is Alice and I live in Porto.")).toContain("Alice");
    await talk.say("My favourite colour is teal");
    talk.agent = "travel";
    expect(await talk.say("What's my name?")).toBe("Your name is **Alice**.");
    expect(await talk.say("where do I live?")).toContain("Porto");
    expect(await talk.say("What is my favorite color?")).toContain("teal");
    expect(await talk.say("What did I say first?")).toContain("My name is Alice and I live in Porto.");
    expect(await talk.say("Summarise our conversation")).toMatch(/1\. "My name is Alice[\s\S]+Your name is Alice/);
    expect(await talk.say("What is my shoe size?")).toBe("You have not told me your shoe size in this conversation.");
  });

  it("knows nothing of another conversation", async () => {
    await new Talk("assistant").say("My name is Alice");
    expect(await new Talk("assistant").say("What's my name?")).toBe(
      "You have not told me your name in this conversation.",
    );
  });

  it("reads what a summary kept", async () => {
    const talk = new Talk("assistant");
    talk.history = [{ role: "system", content: 'Earlier: the person wrote "My name is Alice."' }];
    expect(await talk.say("What's my name?")).toBe("Your name is **Alice**.");
  });
});

describe("the demo model and hand-offs", () => {
  it("goes from Triage to Billing, which looks up the charges and answers", async () => {
    const talk = new Talk("triage");
    const answer = await talk.say("I was charged twice this month, and the app has been slow since the update.");
    expect(talk.visited).toEqual(["Billing"]);
    expect(talk.tools).toEqual(["list_charges"]);
    expect(answer).toMatch(/double charge[\s\S]+Sample data/);
    expect(talk.agent).toBe("Billing");
  });

  it.each([
    ["The app shows an error since the update", "Technical"],
    ["I would like to plan a weekend in Lisbon", "Travel"],
    ["Where is my order A-1043?", "Shopping"],
    ["I want to speak to a manager", "Escalations"],
    ["I need help", "Support"],
    ["Please put me through to Shopping", "Shopping"],
  ])("puts %j through to %s", async (text, agent) => {
    const talk = new Talk("triage");
    await talk.say(text);
    expect(talk.visited).toEqual([agent]);
  });

  it("leads through Triage where an agent cannot reach the other itself", async () => {
    const talk = new Talk("assistant");
    await talk.say("I want a refund for an invoice");
    expect(talk.visited).toEqual(["Triage", "Billing"]);
  });

  it("stays with whoever is in charge of the matter, and ends every turn", async () => {
    for (const { id, name } of publicAgents) {
      const talk = new Talk(id);
      await talk.say("charge crash manager flight order help");
      expect(talk.visited.length).toBeLessThanOrEqual(2);
      if (name !== "Triage" && name !== "Assistant") expect(talk.visited).toEqual([]);
    }
  });
});

describe("the demo model and tools", () => {
  it.each([
    ["assistant", "What is 18% of 2,450?", "calculate", /441/],
    ["assistant", "(3 + 4) * 5", "calculate", /35/],
    ["assistant", "What time is it in Tokyo?", "current_time", /Asia\/Tokyo/],
    ["billing", "Refund charge ch_1043", "issue_refund", /12\.00 EUR[\s\S]+ch_1043/],
    ["billing", "Please refund invoice 0991", "issue_refund", /12\.00 EUR[\s\S]+ch_0991/],
    ["billing", "Refund charge ch_9999", "issue_refund", /no charge ch_9999/],
    ["billing", "I want my money back for an invoice", "list_charges", /double charge/],
    ["travel", "Plan three days in Lisbon", "plan_days", /Lisbon[\s\S]+3\. /],
    ["travel", "How much is 110 USD in EUR?", "convert_currency", /100 EUR/],
    ["shopping", "Find headphones under 100 EUR", "search_catalogue", /Hush 20/],
    ["shopping", "Where is my order A-1043?", "order_status", /on its way/],
    ["technical", "Is the service up right now?", "check_status", /\*\*up\*\*/],
    ["technical", "What does a 429 response mean?", "look_up_status_code", /Too Many Requests/],
    ["support", "How do I export a conversation?", "search_help", /Export/],
    ["escalations", "How soon can I expect an answer?", "response_targets", /within 4 hours/],
  ])("as %s answers %j with %s", async (agent, text, tool, answer) => {
    const talk = new Talk(agent);
    expect(await talk.say(text)).toMatch(answer);
    expect(talk.tools).toEqual([tool]);
  });

  it("accepts that a call was rejected", async () => {
    const talk = new Talk("billing");
    talk.approves = false;
    expect(await talk.say("Refund charge ch_1043")).toMatch(/You rejected `issue_refund`/);
    expect(await talk.say("Show my recent charges")).toMatch(/double charge/);
  });

  it("has an answer of its own to every suggestion of every agent", async () => {
    for (const { id, suggestions } of publicAgents) {
      for (const suggestion of suggestions) {
        expect(await new Talk(id).say(suggestion), suggestion).not.toMatch(/offline demo model/);
      }
    }
  });
});

describe("the demo model as text", () => {
  it("says what it is when it knows nothing, and how to connect a real one", async () => {
    expect(await new Talk("assistant").say("Why is the sky blue?")).toMatch(/offline demo model[\s\S]+\(\/settings\)/);
  });

  it("shows a table and code when asked", async () => {
    expect(await new Talk("assistant").say("Show me a table")).toMatch(/\| --- \|/);
    expect(await new Talk("assistant").say("Show me some code")).toMatch(/```ts/);
  });

  it("is deterministic", async () => {
    const say = () => new Talk("billing").say("Why is the sky blue?");
    expect(await say()).toBe(await say());
  });

  it("gives a title and a summary as the Summarizer", async () => {
    expect(await new Talk("summarizer").say("Write a title for this conversation:\nThe app is slow since Monday")).toBe(
      "The app is slow since Monday",
    );
  });
});

const request = (input: ModelRequest["input"], signal?: AbortSignal): ModelRequest => ({
  systemInstructions: "You are Assistant, the general helper.",
  input,
  modelSettings: {},
  tools: [],
  handoffs: [],
  outputType: "text",
  tracing: false,
  signal,
});

describe("the demo model as a stream", () => {
  it("starts, streams word by word exactly what it ends with, and counts tokens", async () => {
    let text = "";
    let words = 0;
    const types: string[] = [];
    const hear = (said: Said) => {
      if (said.kind !== "text") return;
      if (words === 0) types.push(said.kind);
      text += said.delta;
      words += 1;
    };
    for await (const event of new DemoModel({ wordDelay: 0 }).speak(request("Show me a table"), hear)) {
      types.push(event.type);
      if (event.type === "response_done") {
        const { output, usage } = event.response;
        expect(output).toMatchObject([{ role: "assistant", status: "completed", content: [{ text }] }]);
        expect(usage.totalTokens).toBe(usage.inputTokens + usage.outputTokens);
        expect(usage.outputTokens).toBeGreaterThan(10);
      }
    }
    expect(types).toEqual(["response_started", "text", "response_done"]);
    expect(words).toBeGreaterThan(20);
  });

  it("says the same without streaming", async () => {
    const { output } = await new DemoModel().getResponse(request("Show me a table"));
    expect(output).toMatchObject([{ content: [{ text: expect.stringContaining("| Billing |") }] }]);
  });

  it("stops at once in the middle of the text", async () => {
    const controller = new AbortController();
    let text = "";
    const slow = demo(60_000, (said) => {
      if (said.kind === "text") text += said.delta;
      controller.abort();
    });
    const result = await slow.run(agentFor("assistant"), "Show me a table", {
      stream: true,
      signal: controller.signal,
    });
    await result.completed;
    expect(text).toBe("A");
    expect(result.cancelled).toBe(true);
  });
});
