import type { AgentInputItem } from "@openai/agents";
import type { Run } from "#lib/access.ts";
import type { RunRecord } from "./record.ts";
import type { Translator } from "./translate.ts";

/** A run while it is executed. */
export interface Execution {
  run: Run;
  signal: AbortSignal;
  record: RunRecord;
  translator: Translator;
  /** The history of the branch, with what this run has added. */
  items: AgentInputItem[];
}
