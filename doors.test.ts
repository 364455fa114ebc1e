import { describe, expect, test } from "vitest";
import { actions, type Door, filesUnder, openDoors, pages, routes, sourceOf } from "./e2e/doors.ts";
import { exportsIn } from "./e2e/exports.ts";
import { actionTries, formTries, pageTries, routeTries } from "./e2e/tries.ts";

const isCode = (file: string) => /\.tsx?$/.test(file) && !/\.(test|conformance)\.tsx?$/.test(file);
const product = ["app", "components", "lib", "db"].flatMap(filesUnder).filter(isCode);

/** Files of the product in which this stands, comments aside. */
function filesWith(pattern: RegExp): string[] {
  return product.filter((file) => pattern.test(withoutComments(sourceOf(file))));
}

function withoutComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "$1");
}

const namesOf = (doors: Door[]) => doors.map(({ name }) => name);
const guarded = (doors: Door[]) => doors.filter(({ name }) => !openDoors[name]);

describe("every door is made by the guard, or is one of those that stand open", () => {
  test.each([
    ["page", pages],
    ["route", routes],
    ["action", actions],
  ])("%s", (maker, doors) => {
    expect(doors).not.toEqual([]);
    expect(guarded(doors).filter((door) => door.maker !== maker)).toEqual([]);
  });

  test("the open ones exist", () => {
    const all = namesOf([...pages, ...routes, ...actions]);
    expect(Object.keys(openDoors).filter((name) => !all.includes(name))).toEqual([]);
  });

  test("a door that was made by hand would be found", () => {
    const found = exportsIn(
      [
        "export const metadata = { title: 'A page' };",
        "export const rename = action(schema, perform);",
        "export const open = async () => {};",
        "export async function generateMetadata() {}",
        "export const { GET, POST } = handlers;",
        'export { read as PUT } from "./read.ts";',
        'export * from "./more.ts";',
        "export default function Page() {}",
      ].join("\n"),
    );
    expect(found).toEqual([
      { name: "rename", maker: "action" },
      { name: "open", maker: "async" },
      { name: "generateMetadata", maker: "something else" },
      { name: "GET", maker: "a list" },
      { name: "POST", maker: "a list" },
      { name: "PUT", maker: "a list" },
      { name: '* from "./more.ts";', maker: "something else" },
      { name: "default", maker: "something else" },
    ]);
  });
});

describe("there is no other way in", () => {
  test("server actions stand in lib/actions alone", () => {
    const files = filesUnder("lib/actions").filter(isCode);
    expect(filesWith(/["']use server["']/)).toEqual(files);
    expect(files.filter((file) => !sourceOf(file).startsWith('"use server";\n'))).toEqual([]);
  });

  test("app holds no kind of file that is not known here", () => {
    const known =
      /\/(page|layout|error|not-found|global-error|loading|template)\.tsx$|\/route\.ts$|\.(svg|css|png|ico)$/;
    expect(filesUnder("app").filter((file) => !known.test(file))).toEqual([]);
  });

  test("the routes that answer live are those that the server under Next asks itself", () => {
    const live = filesWith(/\bliveResponse\(/).filter((file) => file.startsWith("app/"));
    const named = [...sourceOf("instrumentation.ts").matchAll(/"(\/[^"]*)": \(\) => import\("#([^"]*)"\)/g)];
    expect(named.map(([, , file]) => file).toSorted()).toEqual(live);
    for (const [, address, file] of named) expect(file).toBe(`app${address?.replace(/:(\w+)/g, "[$1]")}/route.ts`);
  });

  test("what surrounds a page is given nothing of the address", () => {
    const around = filesUnder("app").filter((file) => /\/(layout|template|loading|not-found)\.tsx$/.test(file));
    expect(around.filter((file) => /\b(params|searchParams|generateMetadata)\b/.test(sourceOf(file)))).toEqual([]);
  });
});

describe("every door is tried with somebody else's things (e2e/tries.ts)", () => {
  test.each([
    ["pages", pages, pageTries],
    ["routes", routes, routeTries],
    ["guarded actions", guarded(actions), actionTries],
    ["open actions", actions.filter(({ name }) => openDoors[name]), formTries],
  ])("%s", (_kind, doors, tries) => {
    expect([...new Set(namesOf(doors))].toSorted()).toEqual(Object.keys(tries).toSorted());
  });
});

describe("whose something is", () => {
  test("is said by lib/access.ts alone", () => {
    expect(filesWith(/\bas\s+(?:unknown\s+as\s+)?Owned\b|\bowned\]\s*:/)).toEqual(["lib/access.ts"]);
    expect(sourceOf("lib/access.ts")).not.toMatch(/export (function own\b|const owned|declare const owned)/);
  });

  test("is compared by lib/access.ts alone; all others ask the database for one person's rows", () => {
    expect(
      filesWith(
        /(\b(user|person|owner)(\.id|Id)\s*[!=]==|[!=]==\s*[\w.]*\b(user|person|owner)(\.id|Id)\b)(?!\s*(null|undefined))/,
      ),
    ).toEqual(["lib/access.ts"]);
  });

  test("is never taken from what a browser sends", () => {
    const asked = [...filesUnder("lib/actions"), ...filesUnder("app")].filter(isCode);
    expect(asked.filter((file) => /\b(userId|ownerId|personId)\s*:\s*z\b/.test(sourceOf(file)))).toEqual([]);
  });
});
