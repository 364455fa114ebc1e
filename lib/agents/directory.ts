/** What a person may know about each agent. Plain data, so that a browser can import it without the SDK. */
export interface AgentProfile {
  readonly id: string;
  /** The name of the SDK's agent, and what a hand-off tool is called after. */
  readonly name: string;
  readonly description: string;
  /** The CSS variable of the agent's colour. */
  readonly color: string;
  readonly greeting: string;
  /** Three messages that show what the agent is good for. */
  readonly suggestions: readonly string[];
  /** The ids of the agents that it may put a person through to. */
  readonly handoffs: readonly string[];
  /** Works behind the scenes: offered in no picker. */
  readonly internal?: boolean;
}

export const agentDirectory: readonly AgentProfile[] = [
  {
    id: "assistant",
    name: "Assistant",
    description: "Answers general questions, writes, explains and calculates.",
    color: "--assistant",
    greeting: "Ask anything, or switch to a specialist whenever you like.",
    suggestions: [
      "Explain in three sentences how conversations branch here",
      "What is 18% of 2,450?",
      "Show me a table of the agents and what each is good for",
    ],
    handoffs: ["triage"],
  },
  {
    id: "triage",
    name: "Triage",
    description: "Finds out what you need and puts you through to the right agent.",
    color: "--triage",
    greeting: "Say what happened, and you are put through to whoever can help.",
    suggestions: [
      "I was charged twice this month",
      "The app has been slow since the update",
      "I would like to plan a weekend in Lisbon",
    ],
    handoffs: ["assistant", "support", "escalations", "technical", "billing", "travel", "shopping"],
  },
  {
    id: "support",
    name: "Support",
    description: "First line of help: how things work and quick fixes.",
    color: "--support",
    greeting: "What are you trying to do, and what happens instead?",
    suggestions: [
      "How do I export a conversation?",
      "How can I try a different answer without losing this one?",
      "I cannot find an old conversation",
    ],
    handoffs: ["escalations", "technical", "billing", "triage"],
  },
  {
    id: "escalations",
    name: "Escalations",
    description: "Second line: takes over what first-line support could not settle.",
    color: "--escalations",
    greeting: "Tell me what has been tried so far and what a good outcome would be.",
    suggestions: [
      "I have explained this three times, please take over",
      "I would like to make a complaint",
      "How soon can I expect an answer?",
    ],
    handoffs: ["support", "technical", "billing", "triage"],
  },
  {
    id: "technical",
    name: "Technical",
    description: "Errors, crashes, slowness and anything about code.",
    color: "--technical",
    greeting: "Paste the error or describe what you see, and since when.",
    suggestions: [
      "Is the service up right now?",
      "What does a 429 response mean?",
      "Show me how to retry a request in TypeScript",
    ],
    handoffs: ["escalations", "support", "billing", "triage"],
  },
  {
    id: "billing",
    name: "Billing",
    description: "Charges, invoices, refunds and plans.",
    color: "--billing",
    greeting: "Which charge or invoice is it about?",
    suggestions: ["Show my recent charges", "Was I charged twice this month?", "Refund charge ch_1043"],
    handoffs: ["escalations", "support", "technical", "triage"],
  },
  {
    id: "travel",
    name: "Travel",
    description: "Trips, day plans, dates and currencies.",
    color: "--travel",
    greeting: "Where to, when, and for how long?",
    suggestions: ["Plan three days in Lisbon", "How much is 200 USD in EUR?", "What time is it in Tokyo right now?"],
    handoffs: ["shopping", "billing", "triage"],
  },
  {
    id: "shopping",
    name: "Shopping",
    description: "Finds products and follows orders.",
    color: "--shopping",
    greeting: "What are you looking for, or which order is it about?",
    suggestions: ["Find headphones under 100 EUR", "Where is my order A-1043?", "Compare two backpacks in a table"],
    handoffs: ["billing", "support", "triage"],
  },
  {
    id: "summarizer",
    name: "Summarizer",
    description: "Keeps long conversations short and gives them titles.",
    color: "--triage",
    greeting: "",
    suggestions: [],
    handoffs: [],
    internal: true,
  },
];

/** The agents that a person can choose. */
export const publicAgents = agentDirectory.filter((profile) => !profile.internal);

export const defaultAgentId = "assistant";

export function profileOf(id: string): AgentProfile | undefined {
  return agentDirectory.find((profile) => profile.id === id);
}

/** From the SDK's agent, which only has a name, back to the profile. */
export function profileNamed(name: string): AgentProfile | undefined {
  return agentDirectory.find((profile) => profile.name === name);
}
