import type { AgentInputItem } from "@openai/agents";
import type { Run } from "#lib/access.ts";
import { eventLog } from "./events/choose.ts";
import type { Finished, RunRecord } from "./record.ts";
import type { Chunk, Translator } from "./translate.ts";

/** A run while it is executed. */
export interface Execution {
  run: Run;
  signal: AbortSignal;
  record: RunRecord;
  translator: Translator;
  /** The history of the branch, with what this run has added. */
  items: AgentInputItem[];
  /** What was finished in this very moment and is neither stored nor shown yet. */
  unstored: (Finished & { chunks: Chunk[] })[];
}

/** Stores what was finished and shows it then. */
export async function storeFinished({ run, record, unstored }: Execution): Promise<void> {
  if (unstored.length === 0) return;
  await record.append(...unstored);
  eventLog().append(
    run.id,
    unstored.splice(0).flatMap(({ chunks }) => chunks),
  );
}
