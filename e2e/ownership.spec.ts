import { randomUUID } from "node:crypto";
import { actions, type Door, openDoors, pages, routes } from "./doors.ts";
import { expect, type Scene, test, whoIs } from "./scene.ts";
import { finished, type Things } from "./things.ts";
import { actionTries, formTries, pageTries, type Request, routeTries, type Tries } from "./tries.ts";
import { type ActionAnswer, type Answer, builtActions, Visitor } from "./visitor.ts";

/**
 * Every door is tried with another person's ids: by a member, by a guest and with no session. What
 * is not theirs answers as what does not exist. Its owner then does the same, and it works.
 */

interface Way<Attempt, Given extends Answer> {
  doors: Door[];
  tries: Record<string, Tries<Attempt>>;
  go: (visitor: Visitor, door: string, attempt: Attempt) => Promise<Given>;
  /** What each of them must be answered. */
  works: (answer: Given, label: string, isOpen: boolean) => void;
  notFound: (answer: Given, label: string) => void;
  notSignedIn: (answer: Given, label: string) => void;
}

const isOpen = (door: string) => openDoors[door] !== undefined;

test("pages", async ({ scene }) => {
  await holds(scene, {
    doors: pages,
    tries: pageTries,
    go: (visitor, _door, path) => visitor.open(path),
    // Who is signed in is led away from the ways in.
    works: ({ status }, label, isOpen) => expect(status, label).toBeLessThan(isOpen ? 400 : 300),
    notFound: ({ status, text }, label) => {
      expect(status, label).toBe(404);
      expect(text, label).toContain("There is no");
    },
    notSignedIn: ({ status, location }, label) => {
      expect(status, label).toBe(307);
      expect(location, label).toMatch(/^\/sign-in(\?|$)/);
    },
  });
});

test("the data of pages, as links ask for it", async ({ scene }) => {
  const { alice, others, stranger, none } = scene;
  for (const { door, theirs } of attempts(pages, pageTries, "refused", alice.things, none, none)) {
    for (const visitor of [...others.map((other) => other.visitor), stranger]) {
      const { status, text } = await visitor.follow(theirs);
      expect(status, door).toBeLessThan(500);
      expect(text, door).not.toContain(alice.things.secret);
    }
  }
  const own = await alice.visitor.follow(`/c/${alice.things.conversation}`);
  expect(own.text).toContain(alice.things.secret);
});

test("routes", async ({ scene }) => {
  await holds(scene, {
    doors: routes,
    tries: routeTries,
    go: (visitor, door, { path, ...sent }: Request) => visitor.ask(path, { method: door.split(" ")[0], ...sent }),
    // next-auth refuses what has not its token against forgery.
    works: ({ status }, label, isOpen) => expect(status, label).toBeLessThan(isOpen ? 500 : 300),
    notFound: ({ status, text }, label) =>
      expect({ status, code: codeIn(text) }, label).toEqual({ status: 404, code: "not_found" }),
    notSignedIn: ({ status, text }, label) =>
      expect({ status, code: codeIn(text) }, label).toEqual({ status: 401, code: "unauthenticated" }),
  });
});

test("actions", async ({ scene }) => {
  const known = actions.map(({ name }) => name);
  expect([...builtActions().keys()].filter((name) => !known.includes(name))).toEqual([]);

  await holds(scene, {
    doors: actions.filter(({ name }) => !isOpen(name) && builtActions().has(name)),
    tries: actionTries,
    go: (visitor, door, input) => visitor.call(door, input),
    works: (answer, label) => expect(codeOf(answer), `${label} ${answer.text.slice(0, 300)}`).toBe("ok"),
    notFound: (answer, label) => expect(codeOf(answer), label).toBe("not_found"),
    notSignedIn: (answer, label) => expect(codeOf(answer), label).toBe("unauthenticated"),
  });
});

test("ways in and out give nobody Alice's session", async ({ scene, server }) => {
  const { alice, others, stranger, none } = scene;
  const before = await scene.hers();
  const open = actions.filter(({ name }) => isOpen(name));
  for (const { door, theirs } of attempts(open, formTries, "apart", alice.things, none, none)) {
    for (const visitor of [...(await Promise.all(others.map((other) => other.again()))), stranger]) {
      const { status, text, cookies } = await visitor.submit(door, theirs);
      expect(status, door).toBeLessThan(400);
      expect(text, door).not.toContain(alice.things.secret);
      expect(await whoIs(new Visitor(server.url, cookies)), door).not.toBe(alice.things.person);
    }
  }
  expect(await scene.hers()).toEqual(before);
});

test("a session cannot be turned into Alice's", async ({ scene, server }) => {
  const { alice, others, stranger } = scene;
  const her = { sub: alice.things.person, user: { id: alice.things.person } };
  for (const visitor of [...others.map((other) => other.visitor), stranger]) {
    const before = await whoIs(visitor);
    const csrf = await visitor.ask("/api/auth/csrf");
    const body = { ...JSON.parse(csrf.text), data: her };
    const { status, cookies } = await visitor.with(csrf.cookies).ask("/api/auth/session", { method: "POST", body });
    expect(status).toBe(200);
    expect(await whoIs(new Visitor(server.url, cookies))).toBe(before);
  }
});

test("the id of another person's run cannot be used as one's own", async ({ scene }) => {
  const { alice, others } = scene;
  const before = await scene.hers();
  for (const { name, visitor, things } of others) {
    const turn = { operation: alice.things.run, text: "Go on" };
    for (const place of [{ conversation: things.conversation }, {}]) {
      expect(codeOf(await visitor.call("send", { ...turn, ...place })), name).toMatch(/^(conflict|not_found)$/);
    }
    expect(codeOf(await visitor.call("send", { ...turn, operation: randomUUID() })), name).toBe("ok");
  }
  expect(await scene.hers()).toEqual(before);
});

test("nobody hears what changes for Alice", async ({ scene }) => {
  const { alice, others } = scene;
  const lines = await Promise.all(others.map(({ visitor }) => visitor.listen("/api/inbox")));
  const hers = await alice.visitor.listen("/api/inbox");
  for (const line of [hers, ...lines]) await line.read(/ready/);

  await alice.visitor.call("pinConversation", { id: alice.things.conversation });
  expect(await hers.until(/"id":.*\n\n/)).toContain(alice.things.conversation);
  for (const { visitor, things } of others) await visitor.call("pinConversation", { id: things.conversation });
  for (const line of lines) expect(await line.until(/"id":.*\n\n/)).not.toContain(alice.things.conversation);
});

async function holds<Attempt, Given extends Answer>(scene: Scene, way: Way<Attempt, Given>): Promise<void> {
  const { alice, others, stranger, none } = scene;
  const { doors, tries, go, works, notFound, notSignedIn } = way;
  const before = await scene.hers();

  for (const { name, things, visitor, isGuest, again } of others) {
    for (const { door, theirs, nobodys } of attempts(doors, tries, "refused", alice.things, none, things)) {
      const answer = await go(visitor, door, theirs);
      notFound(answer, `${name}: ${door}`);
      expect(answer.text, door).not.toContain(alice.things.secret);
      expectSame(door, [answer, alice.things], [await go(visitor, door, nobodys), none]);
    }
    for (const { door, theirs, nobodys } of attempts(doors, tries, "apart", alice.things, none, things)) {
      if (isGuest && tries[door]?.membersOnly) continue;
      const who = async () => (tries[door]?.spends ? again() : visitor);
      const answer = await go(await who(), door, theirs);
      works(answer, `${name}: ${door}`, isOpen(door));
      expect(answer.text, door).not.toContain(alice.things.secret);
      if (JSON.stringify(theirs) === JSON.stringify(nobodys)) continue;
      expectSame(door, [answer, alice.things], [await go(await who(), door, nobodys), none]);
    }
  }
  for (const kind of ["refused", "apart"] as const) {
    for (const { door, theirs } of attempts(doors, tries, kind, alice.things, none, alice.things)) {
      const answer = await go(stranger, door, theirs);
      if (isOpen(door)) works(answer, door, true);
      else notSignedIn(answer, door);
      expect(answer.text, door).not.toContain(alice.things.secret);
    }
  }
  expect(await scene.hers()).toEqual(before);

  // The premise: none of it was refused because it was asked in a wrong way.
  for (const { door, theirs } of attempts(doors, tries, "refused", alice.things, none, alice.things)) {
    const answer = await go(alice.visitor, door, theirs);
    works(answer, `Alice: ${door}`, isOpen(door));
    const run = /"run":"([\w-]{36})"/.exec(answer.text)?.[1];
    if (run) await finished(alice.visitor, run);
  }
}

/** In the order of the table; a door without an entry there has not been thought of. */
function attempts<Attempt>(
  doors: Door[],
  tries: Record<string, Tries<Attempt>>,
  kind: "refused" | "apart",
  theirs: Things,
  none: Things,
  mine: Things,
): { door: string; theirs: Attempt; nobodys: Attempt }[] {
  const missing = doors.filter(({ name }) => !tries[name]).map(({ name }) => name);
  expect(missing, "say in e2e/tries.ts what is tried here").toEqual([]);
  const names = Object.keys(tries).filter((name) => doors.some((door) => door.name === name));
  return names.flatMap((door) => {
    const make = tries[door]?.[kind] ?? (() => []);
    const nobodys = make(none, mine);
    return make(theirs, mine).flatMap((attempt, place) => {
      const other = nobodys[place];
      return other === undefined ? [] : [{ door, theirs: attempt, nobodys: other }];
    });
  });
}

/** The same answer, but for the ids that were asked for and the moment. */
function expectSame(door: string, [one, its]: [Answer, Things], [other, others]: [Answer, Things]): void {
  expect(one.status, door).toBe(other.status);
  expect(withoutIds(one.text, its), door).toBe(withoutIds(other.text, others));
}

function withoutIds(text: string, things: Things): string {
  const timeless = text.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "a time");
  return Object.entries(things).reduce((rest, [name, id]) => (id ? rest.replaceAll(id, name) : rest), timeless);
}

function codeIn(text: string): string | undefined {
  return /"code":"(\w+)"/.exec(text)?.[1];
}

function codeOf({ outcome, status }: ActionAnswer): string {
  if (!outcome) return `no outcome, status ${status}`;
  return outcome.ok ? "ok" : outcome.error.code;
}
