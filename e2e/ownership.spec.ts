import { randomUUID } from "node:crypto";
import { belongings } from "./belongings.ts";
import { actions, pages, routes } from "./doors.ts";
import { attempts, holds, isOpen } from "./knock.ts";
import { expect, test, whoIs } from "./scene.ts";
import { actionTries, formTries, pageTries, type Request, routeTries } from "./tries.ts";
import { type ActionAnswer, builtActions, Visitor } from "./visitor.ts";

/**
 * Every door is tried with another person's ids: by a member, by a guest and with no session. What
 * is not theirs answers as what does not exist. Its owner then does the same, and it works.
 */

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

test("who leaves leaves nothing behind", async ({ scene, server }) => {
  const instance = await belongings(server.dataDir, scene.none.person);
  for (const { name, visitor, things } of scene.others) {
    expect((await belongings(server.dataDir, things.person)).length, name).toBeGreaterThan(20);
    expect(codeOf(await visitor.call("deleteAccount", { password: "" })), name).toBe("ok");
    expect(await belongings(server.dataDir, things.person), name).toEqual(instance);
  }
});

function codeIn(text: string): string | undefined {
  return /"code":"(\w+)"/.exec(text)?.[1];
}

function codeOf({ outcome, status }: ActionAnswer): string {
  if (!outcome) return `no outcome, status ${status}`;
  return outcome.ok ? "ok" : outcome.error.code;
}
