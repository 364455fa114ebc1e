import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { derivedKey } from "./secrets.ts";
import type { Branch } from "./sessions/store.ts";

/**
 * What brings a deleted branch back, handed to the browser that deleted it. It is signed for its
 * conversation, so that nobody can bring in a branch that was never there.
 */

export interface RemovedBranch {
  branch: Branch;
  wasCurrent: boolean;
}

const removedBranch = z.object({
  wasCurrent: z.boolean(),
  branch: z.object({
    id: z.string(),
    name: z.string(),
    segment: z.string(),
    length: z.number(),
    agent: z.string().nullable(),
    createdAt: z.number(),
    updatedAt: z.number(),
  }),
});

export function sealRemoved(conversation: string, removed: RemovedBranch): string {
  const words = Buffer.from(JSON.stringify(removed)).toString("base64url");
  return `${words}.${signature(conversation, words).toString("base64url")}`;
}

/** Undefined for one that was not made here, or for another conversation. */
export function openRemoved(conversation: string, sealed: string): RemovedBranch | undefined {
  const [words = "", signed = ""] = sealed.split(".");
  const given = Buffer.from(signed, "base64url");
  const due = signature(conversation, words);
  if (given.length !== due.length || !timingSafeEqual(given, due)) return undefined;
  return removedBranch.parse(JSON.parse(Buffer.from(words, "base64url").toString("utf8")));
}

const signature = (conversation: string, words: string): Buffer =>
  createHmac("sha256", derivedKey("undo of a deleted branch")).update(`${conversation}.${words}`).digest();
