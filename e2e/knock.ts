import { type Door, openDoors } from "./doors.ts";
import { expect, type Scene } from "./scene.ts";
import { finished, type Things } from "./things.ts";
import type { Tries } from "./tries.ts";
import type { Answer, Visitor } from "./visitor.ts";

/** One kind of door, how to go through it, and what is answered there. */
export interface Way<Attempt, Given extends Answer> {
  doors: Door[];
  tries: Record<string, Tries<Attempt>>;
  go: (visitor: Visitor, door: string, attempt: Attempt) => Promise<Given>;
  /** What each of them must be answered. */
  works: (answer: Given, label: string, isOpen: boolean) => void;
  notFound: (answer: Given, label: string) => void;
  notSignedIn: (answer: Given, label: string) => void;
}

export const isOpen = (door: string): boolean => openDoors[door] !== undefined;

/** Nobody reaches what is Alice's through these doors, and Alice does. */
export async function holds<Attempt, Given extends Answer>(scene: Scene, way: Way<Attempt, Given>): Promise<void> {
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
export function attempts<Attempt>(
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
  const named = Object.entries(things).reduce((rest, [name, id]) => (id ? rest.replaceAll(id, name) : rest), timeless);
  return inOneOrder(named);
}

const dataOfPage = /<script>self\.__next_f\.push\(\[1,(".*?")\]\)<\/script>/gs;

/** The data below a page comes in rows, which are numbered as they get ready: in another order each time. */
function inOneOrder(page: string): string {
  const data = Array.from(page.matchAll(dataOfPage), ([, text]): string => JSON.parse(text ?? '""')).join("");
  const rows = data
    .split("\n")
    .map((row) => row.replace(/^[\da-f]+:/, "").replaceAll(/\$[L@]?[\da-f]+(?=["\\])/g, "$"));
  return [page.replaceAll(dataOfPage, ""), ...rows.sort()].join("\n");
}
