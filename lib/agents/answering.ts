import { AppError } from "#lib/errors.ts";
import { profileNamed, profileOf } from "./directory.ts";

/** The id of the agent with this name. One that is not known here (any more) keeps its name as its id. */
export function agentIdOf(name: string): string {
  return profileNamed(name)?.id ?? name;
}

/** The agent that a person may talk to under this id. Throws `invalid` for any other. */
export function answeringAgent(id: string): string {
  const profile = profileOf(id);
  if (!profile || profile.internal) {
    throw new AppError("invalid", `There is no agent "${id.slice(0, 60)}". Choose one from the list of agents.`);
  }
  return profile.id;
}
