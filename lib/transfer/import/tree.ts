import type { AgentInputItem } from "@openai/agents";

/** What every reader makes of somebody else's conversation, before it becomes one of ours. */

export const sourceKinds = {
  switchboard: "Switchboard",
  plain: "plain messages",
  chatgpt: "ChatGPT",
  claude: "Claude",
  librechat: "LibreChat",
  "open-webui": "Open WebUI",
  "chatbot-ui": "chatbot-ui",
} as const;

export type SourceKind = keyof typeof sourceKinds;

export interface ForeignMessage {
  id: string;
  /** The message before it; null or unknown where the conversation begins. */
  parent: string | null;
  /** Nothing for what only links others: a root, a hidden message. */
  items: AgentInputItem[];
  model?: string | undefined;
  /** Milliseconds since 1970. */
  createdAt: number | null;
}

/** Links may be broken in every way here: `straighten` puts them right. Siblings stand in their order. */
export interface ForeignConversation {
  id: string;
  title: string | undefined;
  createdAt: number | null;
  updatedAt: number | null;
  /** The message that the source shows last, if it says so and if it exists. */
  current: string | undefined;
  archived: boolean;
  pinned: boolean;
  metadata: Record<string, unknown>;
  messages: ForeignMessage[];
  notes: Notes;
}

/** What was not understood or not kept, counted by sentence. */
export class Notes {
  readonly #counts = new Map<string, number>();

  add(note: string, count = 1): void {
    if (this.#counts.size < 100 || this.#counts.has(note))
      this.#counts.set(note, (this.#counts.get(note) ?? 0) + count);
  }

  list(): string[] {
    return [...this.#counts].map(([note, count]) => (count === 1 ? note : `${note} (${count} times)`));
  }
}
