import { z } from "zod";
import { belongings } from "./belongings.ts";
import { test as base } from "./fixtures.ts";
import type { ScriptedModel } from "./model.ts";
import { cookieOf, createPerson } from "./people.ts";
import type { Server } from "./server.ts";
import { makeThings, nothings, type Things } from "./things.ts";
import { Visitor } from "./visitor.ts";

/** Somebody signed in, with things of their own. */
export interface Inhabitant {
  name: string;
  visitor: Visitor;
  things: Things;
  isGuest: boolean;
  /** The same kind of person once more, without things. */
  again: () => Promise<Visitor>;
}

export interface Scene {
  /** She owns the instance and all that others try to reach. */
  alice: Inhabitant;
  /** A member and a guest. */
  others: Inhabitant[];
  /** Nobody is signed in. */
  stranger: Visitor;
  /** Ids of the same form that nobody has. */
  none: Things;
  /** All rows that are Alice's. */
  hers: () => Promise<string[]>;
}

export const test = base.extend<{ scene: Scene }>({
  scene: async ({ server, model }, use) => {
    const [alice, bob, guest] = await Promise.all([
      inhabitant("Alice", server, model, () => enterAs(server, "Alice", "owner")),
      inhabitant("Bob", server, model, () => enterAs(server, "Bob", "member")),
      inhabitant("a guest", server, model, () => enterAsGuest(server)),
    ]);
    await use({
      alice,
      others: [bob, guest],
      stranger: new Visitor(server.url),
      none: nothings(),
      hers: () => belongings(server.dataDir, alice.things.person),
    });
  },
});

interface Entered {
  visitor: Visitor;
  person: string;
  email: string;
}

async function inhabitant(
  name: string,
  server: Server,
  model: ScriptedModel,
  enter: () => Promise<Entered>,
): Promise<Inhabitant> {
  const entered = await enter();
  const things = await makeThings(entered, server, model);
  return {
    name,
    things,
    isGuest: entered.email === "",
    visitor: entered.visitor,
    again: async () => (await enter()).visitor,
  };
}

async function enterAs(server: Server, name: string, role: string): Promise<Entered> {
  const person = await createPerson(server.dataDir, name, role);
  return { visitor: new Visitor(server.url, await cookieOf(person)), person: person.id, email: person.email };
}

async function enterAsGuest(server: Server): Promise<Entered> {
  const { cookies, text } = await new Visitor(server.url).submit("continueAsGuest", {});
  if (!cookies.includes("session-token=")) throw new Error(`A guest was not let in: ${text.slice(0, 300)}`);
  const visitor = new Visitor(server.url, cookies);
  return { visitor, person: (await whoIs(visitor)) ?? "", email: "" };
}

const session = z.object({ user: z.object({ id: z.string() }) });

/** Who is signed in, as next-auth tells the browser. */
export async function whoIs(visitor: Visitor): Promise<string | undefined> {
  const { text } = await visitor.ask("/api/auth/session");
  return session.safeParse(JSON.parse(text)).data?.user.id;
}

export { expect } from "@playwright/test";
