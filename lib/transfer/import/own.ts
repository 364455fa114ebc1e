import type { AgentInputItem } from "@openai/agents";
import { type Fields, field, fieldsAt, isRecord, listAt } from "../lenient.ts";
import type { Notes } from "./tree.ts";
import { checkedItem } from "./valid.ts";

/**
 * Our own document, made safe to take in: entries that are none become plain records, and runs get
 * new ids, so that nothing here can point at what belongs to somebody else.
 */
export function readOwn(value: Fields, notes: Notes, newRunId: () => string): Fields {
  const runs = new Map<string, string>();
  const renamed = (run: unknown): string | null => {
    if (typeof run !== "string") return null;
    const known = runs.get(run) ?? newRunId();
    runs.set(run, known);
    return known;
  };
  const messages = listAt(value, "messages").map((message) =>
    isRecord(message)
      ? { ...message, run: renamed(message.run), item: checked(field(message, "item"), notes) }
      : message,
  );
  const summaries = listAt(value, "summaries").map((summary) =>
    isRecord(summary) ? { ...summary, items: listAt(summary, "items").map((item) => checked(item, notes)) } : summary,
  );
  const documentRuns = listAt(value, "runs").map((run) => (isRecord(run) ? { ...run, id: renamed(run.id) } : run));
  return { ...value, messages, summaries, runs: documentRuns, metadata: fieldsAt(value, "metadata") };
}

function checked(item: unknown, notes: Notes): AgentInputItem {
  const known = checkedItem(item);
  if (known) return known;
  notes.add("An entry that no agent can read came in as it is.");
  return { type: "unknown", providerData: { entry: item } };
}
