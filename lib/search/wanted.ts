import { eq } from "drizzle-orm";
import { database } from "#db/client.ts";
import { agents } from "#db/schema.ts";
import type { User } from "#lib/access.ts";
import { agentDirectory } from "#lib/agents/directory.ts";
import { listNamespaces } from "#lib/namespaces.ts";
import type { Wanted } from "./candidates.ts";
import type { Filters } from "./query.ts";
import { wordsOf } from "./words.ts";

/** What the filters of a query mean for this person: what they typed may be a name, an id or a label. */
export interface Meaning {
  wanted: Wanted;
  /** Ids of agents, any of them; none for all. */
  agents?: string[];
  problems: string[];
}

const folded = (text: string): string =>
  wordsOf(text)
    .map(({ word }) => word)
    .join(" ");

export async function meaningOf(user: User, filters: Filters): Promise<Meaning> {
  const { archived, after, before } = filters;
  const problems: string[] = [];
  const meaning: Meaning = { wanted: { archived, after, before }, problems };
  if (filters.namespaces.length > 0) {
    const known = (await listNamespaces(user)).map(({ type, label }) => ({ id: type, names: [type, label] }));
    meaning.wanted.namespaces = resolve(filters.namespaces, known, (name) =>
      problems.push(`You have no namespace "${name}".`),
    );
  }
  if (filters.agents.length > 0) {
    meaning.agents = resolve(filters.agents, await agentsOf(user), (name) =>
      problems.push(`There is no agent "${name}".`),
    );
  }
  return meaning;
}

async function agentsOf(user: User) {
  const own = await database()
    .select({ id: agents.id, name: agents.name })
    .from(agents)
    .where(eq(agents.userId, user.id));
  return [...agentDirectory, ...own].map(({ id, name }) => ({ id, names: [id, name] }));
}

/** The ids that these names mean. One that means nothing stands for itself, so that nothing is found by it. */
function resolve(names: string[], known: { id: string; names: string[] }[], unknown: (name: string) => void): string[] {
  return names.flatMap((name) => {
    const meant = known.filter((one) => one.names.some((each) => folded(each) === folded(name)));
    if (meant.length === 0) unknown(name);
    return meant.length > 0 ? meant.map(({ id }) => id) : [name];
  });
}
