import { expect, test } from "vitest";
import type { ConversationRow } from "#lib/conversation-rows.ts";
import type { SidebarContents } from "#lib/sidebar.ts";
import {
  archivedRows,
  changed,
  type Known,
  knownFrom,
  refreshed,
  rowsOf,
  withArchivedPage,
  withoutRow,
  withPage,
  withRowAgain,
} from "./contents.ts";

const row = (id: string, activeAt: number, more: Partial<ConversationRow> = {}): ConversationRow => ({
  id,
  title: `Title ${id}`,
  namespace: "general",
  activeAt,
  pinned: false,
  archived: false,
  unread: false,
  status: null,
  ...more,
});

const namespace = (type: string, count: number, next: SidebarContents["namespaces"][number]["next"] = null) => ({
  type,
  label: type,
  color: "triage",
  defaultAgent: "assistant",
  retentionDays: null,
  count,
  next,
});

const contents = (rows: ConversationRow[], general = namespace("general", rows.length)): SidebarContents => ({
  namespaces: [general, namespace("orders", 0)],
  rows,
  archived: 0,
});

const ids = (known: Known, type = "general") => rowsOf(known, type).map(({ id }) => id);
const counts = (known: Known) => [...known.namespaces.map(({ count }) => count), known.archived];

test("rows are shown newest first, the pinned ones above", () => {
  const known = knownFrom(contents([row("a", 1), row("b", 3), row("c", 3), row("d", 2, { pinned: true })]));
  expect(ids(known)).toEqual(["d", "c", "b", "a"]);
});

test("a row that stands beyond what was loaded waits until its page is there", () => {
  const first = knownFrom(contents([row("a", 9), row("b", 8)], namespace("general", 4, { activeAt: 8, id: "b" })));
  const found = withRowAgain(first, row("d", 2));
  expect(ids(found)).toEqual(["a", "b"]);
  expect(counts(found)).toEqual([5, 0, 0]);
  const whole = withPage(found, "general", { rows: [row("c", 5), row("d", 2)], next: null });
  expect(ids(whole)).toEqual(["a", "b", "c", "d"]);
});

test("counts follow what is moved, archived, deleted and taken back", () => {
  const start = knownFrom(contents([row("a", 1), row("b", 2)]));
  const moved = changed(start, { id: "a", namespace: "orders" });
  expect(counts(moved)).toEqual([1, 1, 0]);
  expect(ids(moved, "orders")).toEqual(["a"]);
  const archived = changed(moved, { id: "b", archived: true });
  expect(counts(archived)).toEqual([0, 1, 1]);
  const removed = withoutRow(archived, "b");
  expect(counts(removed)).toEqual([0, 1, 0]);
  expect(withoutRow(removed, "b")).toBe(removed);
  const back = withRowAgain(removed, row("b", 2));
  expect(counts(back)).toEqual([1, 1, 0]);
  expect(withRowAgain(back, row("b", 2))).toBe(back);
});

test("news of an unknown conversation changes nothing", () => {
  const start = knownFrom(contents([row("a", 1)]));
  expect(changed(start, { id: "z", title: "Z" })).toBe(start);
});

test("archived ones are shown once they were asked for", () => {
  const start = knownFrom({ ...contents([row("a", 5)]), archived: 2 });
  const archived = changed(start, { id: "a", archived: true });
  expect(archivedRows(archived)).toEqual([]);
  const page = withArchivedPage(archived, { rows: [row("a", 5, { archived: true })], next: { activeAt: 5, id: "a" } });
  expect(archivedRows(page).map(({ id }) => id)).toEqual(["a"]);
});

test("a refresh takes what is new, drops what is gone, and keeps what was loaded further down", () => {
  const first = knownFrom(contents([row("e", 9), row("d", 8)], namespace("general", 5, { activeAt: 8, id: "d" })));
  const loaded = withPage(first, "general", { rows: [row("c", 5), row("b", 4)], next: { activeAt: 4, id: "b" } });
  const fresh = contents([row("f", 12), row("d", 8)], namespace("general", 5, { activeAt: 8, id: "d" }));
  const after = refreshed(loaded, fresh);
  expect(ids(after)).toEqual(["f", "d", "c", "b"]);
  expect(after.namespaces[0]?.next).toEqual({ activeAt: 4, id: "b" });
});

test("a refresh begins anew where the new page does not reach what was loaded", () => {
  const first = knownFrom(contents([row("b", 2), row("a", 1)]));
  const fresh = contents([row("z", 30), row("y", 29)], namespace("general", 40, { activeAt: 29, id: "y" }));
  const after = refreshed(first, fresh);
  expect(ids(after)).toEqual(["z", "y"]);
  expect(after.namespaces[0]?.next).toEqual({ activeAt: 29, id: "y" });
});
