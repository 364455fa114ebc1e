import type { UIMessageChunk } from "ai";
import type { MessageMetadata, ThreadData } from "#lib/thread.ts";

/** One message of a run's stream. */
export type ThreadChunk = UIMessageChunk<Partial<MessageMetadata>, ThreadData>;
