import { actions, openDoors, pages, routes } from "./doors.ts";
import { expectNoTrace, expectRefused, expectSentence, rawGet } from "./refusals.ts";
import { expect, type Scene, test } from "./scene.ts";
import { actionTries, type Request, routeTries, type Tries } from "./tries.ts";
import { builtActions } from "./visitor.ts";

/** What no browser of ours would send: a sentence for each, never a stack trace, and nothing is changed. */

const doorsIn = <Attempt>(tries: Record<string, Tries<Attempt>>, among: { name: string }[]) =>
  Object.entries(tries).filter(([name]) => !openDoors[name] && among.some((door) => door.name === name));

const callable = () => doorsIn(actionTries, actions).filter(([name]) => builtActions().has(name));

/** What the owner of the things would send, and it would work. */
function fitting<Attempt>({ alice }: Scene, { refused, apart }: Tries<Attempt>): Attempt[] {
  return [...(refused?.(alice.things, alice.things) ?? []), ...(apart?.(alice.things, alice.things) ?? [])];
}

test("arguments of the wrong type", async ({ scene }) => {
  const { visitor } = scene.alice;
  const before = await scene.hers();
  for (const [name, tries] of callable()) {
    const [input] = fitting(scene, tries);
    const instead = [
      null,
      "text",
      42,
      [],
      true,
      ...fieldsOf(input).flatMap(([key, value]) => ofOtherTypes(key, value, input)),
    ];
    const answers = await Promise.all([
      visitor.send(name, "[]", plain),
      ...instead.map((wrong) => visitor.call(name, wrong)),
    ]);
    for (const answer of answers) expectRefused(answer, "invalid", name);
  }
  expect(await scene.hers()).toEqual(before);
});

test("arguments that are no plain values", async ({ scene }) => {
  const { visitor } = scene.alice;
  const before = await scene.hers();
  for (const [name, tries] of callable()) {
    const [input] = fitting(scene, tries);
    // What React's wire format has besides JSON: a reference that cannot be opened, a promise, a date, a big number.
    for (const strange of ["$T", "$@1", "$D2026-11-22T10:00:00.000Z", "$n99999999999999999999"]) {
      const fields = fieldsOf(input).map(([key]) => [key, strange]);
      if (fields.length > 0) expectRefused(await visitor.call(name, Object.fromEntries(fields)), "invalid", name);
    }
  }
  expect(await scene.hers()).toEqual(before);
});

const oddities = [
  "../../../etc/passwd",
  "%00",
  "\u0000",
  "' OR 1=1 --",
  "__proto__",
  "constructor",
  "\ud800",
  "𝕏".repeat(30),
  "x".repeat(50_000),
];

test("odd ids and texts", async ({ scene }) => {
  const { visitor } = scene.alice;
  for (const [name, tries] of callable().filter(([, { spends }]) => !spends)) {
    const [input] = fitting(scene, tries);
    const texts = fieldsOf(input).filter(([, value]) => typeof value === "string");
    const inputs = texts.flatMap(([key]) => oddities.map((odd) => ({ ...Object(input), [key]: odd })));
    for (const answer of await Promise.all(inputs.map((odd) => visitor.call(name, odd)))) {
      expect(answer.status, name).toBe(200);
      if (!answer.outcome?.ok) expectRefused(answer, /^(invalid|not_found|conflict|rate_limited)$/, name);
    }
  }
  await visitor.call("removeConnection", {});
  expect((await visitor.open("/")).status).toBe(200);
});

test("odd addresses", async ({ scene }) => {
  const { visitor, things } = scene.alice;
  for (const odd of [
    ...oddities.map((each) => encodeURIComponent(each.toWellFormed()).slice(0, 6000)),
    "%E0%A4%A",
    "..%2f..%2f.env",
  ]) {
    for (const { name } of pages.filter((page) => /\[\w+\]/.test(page.name) && !openDoors[page.name])) {
      const answer = await visitor.open(name.replace(/\[\w+\]/, odd));
      expect(answer.status, `${name} ${odd.slice(0, 60)}`).toBeGreaterThanOrEqual(400);
      expectNoTrace(answer, name);
    }
    for (const { name } of routes.filter((route) => /\[\w+\]/.test(route.name) && !openDoors[route.name])) {
      const [method, address = ""] = name.split(" ");
      const answer = await visitor.ask(address.replace(/\[\w+\]/, odd), { method });
      expect([400, 404], `${name} ${odd.slice(0, 60)}`).toContain(answer.status);
      expectNoTrace(answer, name);
    }
    for (const path of [
      `/c/${things.conversation}?branch=${odd}`,
      `/search?q=${odd}&from=${odd}&before=${odd}`,
      `/?agent=${odd}`,
    ]) {
      const answer = await visitor.open(path);
      expect(answer.status, path.slice(0, 80)).toBeLessThan(500);
      expectNoTrace(answer, path);
    }
  }
});

test("addresses that climb out of the site", async ({ server }) => {
  const climbs = [
    "/../../../../etc/passwd",
    "/_next/static/../../../../../etc/passwd",
    "/..%2f..%2f..%2fetc%2fpasswd",
    "/.env",
    "//evil.example/",
  ];
  for (const path of climbs) {
    const { status, text } = await rawGet(server.url, path);
    expect(status, path).toBeGreaterThanOrEqual(300);
    expect(status, path).toBeLessThan(500);
    expect(text, path).not.toMatch(/root:|AUTH_SECRET/);
  }
});

test("bodies that cannot be read", async ({ scene }) => {
  const { visitor } = scene.alice;
  const before = await scene.hers();
  const bodies = ["{", "", "[]", "null", "5", '"text"', '{"a":}', "\u0000"];
  for (const { door, sent } of changes(scene)) {
    for (const body of bodies) {
      const answer = await visitor.ask(sent.path, { ...sent, body, headers: { "content-type": "application/json" } });
      expect(answer.status, door).toBe(400);
      expectSentence(JSON.parse(answer.text).error.message, door);
    }
  }
  const readAsRequest = await visitor.ask("/api/import?name=a.json", { method: "POST", body: { messages: [] } });
  expect(readAsRequest.status).toBe(400);
  expectSentence(JSON.parse(readAsRequest.text).error.message, "POST /api/import");
  // React itself refuses these, before the product sees them.
  for (const body of ["{", "", "5", '"text"', '["$1"]', '["$F1"]', '["$B1"]', "\u0000"]) {
    const answer = await visitor.send("deleteConversation", body, plain);
    expect(answer.status, body).toBeGreaterThanOrEqual(400);
    expectNoTrace(answer, body);
  }
  expect(await scene.hers()).toEqual(before);
  expect((await visitor.ask("/api/health")).status).toBe(200);
});

test("methods that an address does not have", async ({ scene }) => {
  const addresses = new Map<string, string[]>();
  for (const { name } of routes.filter(({ name }) => !openDoors[name])) {
    const [method = "", address = ""] = name.split(" ");
    addresses.set(address, [...(addresses.get(address) ?? []), method]);
  }
  for (const [address, methods] of addresses) {
    for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"].filter((each) => !methods.includes(each))) {
      expect((await scene.alice.visitor.ask(address, { method })).status, `${method} ${address}`).toBe(405);
    }
  }
});

test("requests from other sites", async ({ scene }) => {
  const { visitor } = scene.alice;
  const before = await scene.hers();
  const origins: Record<string, string>[] = [
    { "sec-fetch-site": "cross-site", origin: "https://evil.example" },
    { "sec-fetch-site": "same-site", origin: "https://other.example" },
    { origin: "https://evil.example" },
    { origin: "null" },
  ];
  for (const headers of origins) {
    for (const { door, sent } of changes(scene)) {
      const answer = await visitor.ask(sent.path, { ...sent, headers });
      expect(answer.status, door).toBe(400);
      expect(answer.text, door).toContain("another site");
    }
    for (const [name, tries] of callable()) {
      const [input] = fitting(scene, tries);
      const answer = await visitor.call(name, input, headers);
      expect(answer.outcome, name).toBeUndefined();
      expect(answer.status, name).toBeGreaterThanOrEqual(400);
    }
  }
  expect(await scene.hers()).toEqual(before);
});

const plain = { "content-type": "text/plain;charset=UTF-8" };

/** The routes that change something, each with a request that would work. */
function changes(scene: Scene): { door: string; sent: Request }[] {
  return doorsIn(routeTries, routes).flatMap(([door, tries]) => {
    const [method = "GET"] = door.split(" ");
    const [sent] = fitting(scene, tries);
    return method === "GET" || !sent ? [] : [{ door, sent: { ...sent, method } }];
  });
}

const fieldsOf = (input: unknown): [string, unknown][] => Object.entries(Object(input));

function ofOtherTypes(key: string, value: unknown, input: unknown): unknown[] {
  const others = [
    {},
    ...(typeof value === "boolean" ? [] : [true]),
    ...(Array.isArray(value) ? [[42]] : [[]]),
    typeof value === "string" ? 42 : "text",
  ];
  return others.map((other) => ({ ...Object(input), [key]: other }));
}
