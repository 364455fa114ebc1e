import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { variables } from "./env.ts";

const root = import.meta.dirname;
const layers = ["app", "components", "lib", "db"];
const own = [...layers, "scripts", "e2e", "bench", "examples"].filter((folder) => existsSync(join(root, folder)));

function filesUnder(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

const isCode = (path: string) => /\.(ts|tsx|mjs|js)$/.test(path) && path !== "next-env.d.ts";
const isTest = (path: string) => /\.(test\.tsx?|conformance\.ts)$/.test(path);
const rootFiles = readdirSync(root, { withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [entry.name] : []));
const code = [...rootFiles, ...own.flatMap(filesUnder)].filter(isCode);
const product = code.filter((path) => !isTest(path) && (layers.includes(layerOf(path)) || isRootOfProduct(path)));
const text = new Map(code.map((path) => [path, readFileSync(join(root, path), "utf8")]));

function isRootOfProduct(path: string) {
  return /^(env|instrumentation|instrumentation-client|proxy)\.tsx?$/.test(path);
}

function layerOf(path: string) {
  return path.includes("/") ? path.slice(0, path.indexOf("/")) : path;
}

function withoutComments(source: string) {
  return source.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "$1");
}

function specifiersOf(path: string): string[] {
  const source = withoutComments(text.get(path) ?? "");
  const found = source.matchAll(
    /(?:^|[\s;}])(?:import|export)\s+(?:[\w*{}\s,$]+?\s+from\s+)?["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']/g,
  );
  return [...found].map((match) => match[1] ?? match[2] ?? "");
}

/** The project's own file that a specifier means, or nothing for a package. */
function target(path: string, specifier: string): string | undefined {
  if (specifier.startsWith("#")) return normalize(specifier.slice(1));
  if (specifier.startsWith(".")) return normalize(join(dirname(path), specifier));
  return undefined;
}

const imports = new Map(
  code.map((path) => [path, specifiersOf(path).flatMap((specifier) => target(path, specifier) ?? [])]),
);

/** Lower may be imported by higher. What starts the product (instrumentation, proxy) stands above all. */
function heightOf(path: string) {
  const layer = layerOf(path);
  if (path === "env.ts") return 0;
  if (layer === "db") return 1;
  if (layer === "lib") return 2;
  if (layer === "components") return 3;
  return 4;
}

function findCycle(graph: Map<string, string[]>): string[] | undefined {
  const finished = new Set<string>();
  function visit(path: string, trail: string[]): string[] | undefined {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (finished.has(path)) return undefined;
    for (const next of graph.get(path) ?? []) {
      const cycle = visit(next, [...trail, path]);
      if (cycle) return cycle;
    }
    finished.add(path);
    return undefined;
  }
  for (const path of graph.keys()) {
    const cycle = visit(path, []);
    if (cycle) return cycle;
  }
  return undefined;
}

describe("imports", () => {
  test("point one way: app, components, lib, db, env", () => {
    const wrong = product.flatMap((path) =>
      (imports.get(path) ?? [])
        .filter((other) => heightOf(other) > heightOf(path))
        .map((other) => `${path} imports ${other}`),
    );
    expect(wrong).toEqual([]);
  });

  test("name a file that exists, with its extension", () => {
    const known = new Set([...rootFiles, ...own.flatMap(filesUnder)]);
    const wrong = [...imports].flatMap(([path, targets]) =>
      targets.filter((other) => !known.has(other)).map((other) => `${path} imports ${other}`),
    );
    expect(wrong).toEqual([]);
  });

  test("have no cycle", () => {
    expect(findCycle(imports)).toBeUndefined();
  });

  test("a cycle would be found", () => {
    const graph = new Map([
      ["a", ["b"]],
      ["b", ["c"]],
      ["c", ["b"]],
    ]);
    expect(findCycle(graph)).toEqual(["b", "c", "b"]);
  });

  test("of the session library stay inside it and its four files in db, relative, without Next or React", () => {
    const own = /^(lib\/sessions\/|db\/(sessions|prepared|remote|server-fetch)\.ts)/;
    const library = code.filter((path) => own.test(path));
    const wrong = library.flatMap((path) =>
      specifiersOf(path)
        .filter((specifier) => {
          const other = target(path, specifier);
          if (specifier.startsWith("#") || /^(next|react|react-dom)(\/|$)/.test(specifier)) return true;
          return other !== undefined && !own.test(other) && !other.startsWith("db/migrations/");
        })
        .map((specifier) => `${path} imports ${specifier}`),
    );
    expect(library).not.toEqual([]);
    expect(wrong).toEqual([]);
  });
});

describe("layout", () => {
  test("has no drawer folders", () => {
    const drawers = own.flatMap(filesUnder).filter((path) => /(^|\/)(utils|services|types|hooks)\//.test(path));
    expect(drawers).toEqual([]);
  });

  test("has one barrel, the session library's face", () => {
    const barrels = code.filter((path) => /(^|\/)index\.tsx?$/.test(path) && path !== "lib/sessions/index.ts");
    expect(barrels).toEqual([]);
  });
});

describe("environment", () => {
  test("is read in env.ts only", () => {
    // NODE_ENV and NEXT_RUNTIME are constants that the builder puts in.
    const readers = product.filter(
      (path) =>
        path !== "env.ts" && /process\.env(?!\.(NODE_ENV|NEXT_RUNTIME)\b)/.test(withoutComments(text.get(path) ?? "")),
    );
    expect(readers).toEqual([]);
  });

  test("chooses a driver in two places: nothing else asks whether there are other processes", () => {
    const readers = (name: string) =>
      product.filter((path) => new RegExp(`\\benv\\.${name}\\b`).test(withoutComments(text.get(path) ?? "")));
    expect(readers("REDIS_URL")).toEqual(["lib/redis.ts"]);
    // The start says which address it could not use.
    expect(readers("DATABASE_URL").toSorted()).toEqual(["db/client.ts", "lib/boot.ts"]);
  });

  test("is what .env.example shows", () => {
    const example = readFileSync(join(root, ".env.example"), "utf8");
    const shown = [...example.matchAll(/^#?([A-Z][A-Z_]+)=/gm)].map((match) => match[1]);
    expect(shown.toSorted()).toEqual([...variables].toSorted());
  });
});
