import { profileOf } from "#lib/agents/directory.ts";

export interface Face {
  id: string;
  name: string;
  color: string;
}

/** How an agent appears; one that is no longer there keeps its id as its name. */
export function faceOf(id: string): Face {
  const profile = profileOf(id);
  return profile ? { id, name: profile.name, color: profile.color } : { id, name: id, color: "ink-3" };
}
