import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { exportsIn } from "./exports.ts";

/** Every way into the product, read from its source: nobody can add one without these lists growing. */

const root = join(import.meta.dirname, "..");

export interface Door {
  /** A page's address, a route's method and address, or an action's name. */
  name: string;
  file: string;
  /** The function that made it: the guard's `page`, `route` or `action`, or whatever stands there instead. */
  maker: string;
}

/** The doors that stand open to everybody, with the reason. All others are made by the guard. */
export const openDoors: Record<string, string> = {
  "/sign-in": "where somebody says who they are",
  "/sign-up": "where somebody makes an account",
  "GET /api/auth/[...nextauth]": "next-auth's own addresses",
  "POST /api/auth/[...nextauth]": "next-auth's own addresses",
  "GET /api/health": "asked by load balancers and the start script",
  signUp: "a way in",
  signIn: "a way in",
  continueAsGuest: "a way in",
  continueWith: "a way in",
  signOut: "the way out",
};

export function filesUnder(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}

export const sourceOf = (file: string): string => readFileSync(join(root, file), "utf8");

/** A page is often two doors at one address: what it shows, and its title. */
export const pages: Door[] = doorsOf(endingWith("app", "page.tsx"), (_name, file) => addressOf(file));

export const routes: Door[] = doorsOf(endingWith("app", "route.ts"), (name, file) => `${name} ${addressOf(file)}`);

export const actions: Door[] = doorsOf(endingWith("lib/actions", ".ts"), (name) => name);

function endingWith(folder: string, end: string): string[] {
  return filesUnder(folder).filter((file) => file.endsWith(end) && !file.includes(".test."));
}

function doorsOf(files: string[], nameOf: (exported: string, file: string) => string): Door[] {
  return files.flatMap((file) => {
    const source = sourceOf(file);
    return exportsIn(source).map(({ name, maker }) => ({
      name: nameOf(name, file),
      file,
      maker: fromGuard(source, maker) ? maker : `not the guard's: ${maker}`,
    }));
  });
}

function fromGuard(source: string, maker: string): boolean {
  return new RegExp(`^import \\{[^}]*\\b${maker}\\b[^}]*\\} from "#lib/guard\\.ts";$`, "m").test(source);
}

/** "app/(rooms)/(conversation)/c/[conversation]/map/page.tsx" is reached at "/c/[conversation]/map". */
export function addressOf(file: string): string {
  const folders = dirname(file).split("/").slice(1);
  return `/${folders.filter((folder) => !/^\(.*\)$/.test(folder)).join("/")}`;
}
