import { expect, test, vi } from "vitest";
import { Hub } from "./hub.ts";
import { Turns } from "./turns.ts";
import type { Wish, Word } from "./words.ts";

/** A server whose streams the test writes, and which of them are open. */
function server() {
  const open = new Map<string, { write: (text: string) => void; close: () => void }>();
  const asked: { address: string; after: string | null }[] = [];
  const closed: string[] = [];
  let most = 0;
  const request: typeof fetch = async (input, init) => {
    const address = String(input);
    asked.push({ address, after: new Headers(init?.headers).get("last-event-id") });
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        const encoder = new TextEncoder();
        const drop = () => {
          if (!open.delete(address)) return;
          closed.push(address);
          controller.error(new DOMException("Aborted", "AbortError"));
        };
        open.set(address, {
          write: (text) => controller.enqueue(encoder.encode(text)),
          close: () => {
            open.delete(address);
            controller.close();
          },
        });
        most = Math.max(most, open.size);
        init?.signal?.addEventListener("abort", drop);
      },
    });
    return new Response(body);
  };
  const event = (run: string, id: number, data: string) => open.get(events(run))?.write(`id: ${id}\ndata: ${data}\n\n`);
  return { open, asked, closed, request, event, most: () => most };
}

const events = (run: string) => `/api/runs/${run}/events`;
const inbox = "/api/inbox?person=alice";

class Tab {
  readonly heard: Word[] = [];
  postMessage(word: Word): void {
    if (word.type !== "here") this.heard.push(word);
  }
  data(key: number): string {
    return this.heard
      .flatMap((word) => (word.type === "events" && word.key === key ? word.events.map(({ data }) => data) : []))
      .join("");
  }
  ended(key: number): boolean {
    return this.heard.some((word) => word.type === "done" && word.key === key);
  }
}

const follows = (...runs: [key: number, run: string, after?: number][]): Wish => ({
  inbox: null,
  runs: runs.map(([key, run, after = 0]) => ({ key, run, after })),
});
const news: Wish = { inbox: "alice", runs: [] };
const nothing: Wish = { inbox: null, runs: [] };
const atOnce = async () => {};

test("tabs share one stream of news, which ends with the last of them", async () => {
  const { open, asked, request } = server();
  const hub = new Hub({ request, wait: atOnce });
  const [one, other] = [new Tab(), new Tab()];
  hub.hear(one, news);
  await vi.waitFor(() => expect(open.has(inbox)).toBe(true));
  open.get(inbox)?.write("event: ready\ndata: {}\n\n");
  await vi.waitFor(() => expect(one.heard).toEqual([{ type: "ready" }]));
  hub.hear(other, news);
  expect(other.heard).toEqual([{ type: "ready" }]);

  open.get(inbox)?.write('data: {"id":"c1"}\n\n');
  await vi.waitFor(() => expect(one.heard).toContainEqual({ type: "news", news: { id: "c1" } }));
  expect(other.heard).toEqual(one.heard);

  hub.hear(one, nothing);
  expect(open.has(inbox)).toBe(true);
  hub.hear(other, nothing);
  await vi.waitFor(() => expect(open.size).toBe(0));
  expect(asked).toHaveLength(1);
});

test("a run that several tabs show is read once, and who comes late gets what was missed", async () => {
  const { open, asked, request, event } = server();
  const hub = new Hub({ request, wait: atOnce });
  const [one, other] = [new Tab(), new Tab()];
  hub.hear(one, follows([1, "r"]));
  await vi.waitFor(() => expect(open.has(events("r"))).toBe(true));
  event("r", 1, "a");
  event("r", 2, "b");
  await vi.waitFor(() => expect(one.data(1)).toBe("ab"));
  hub.hear(other, follows([7, "r", 1]));
  event("r", 3, "c");
  open.get(events("r"))?.write("data: [DONE]\n\n");
  await vi.waitFor(() => expect(one.ended(1) && other.ended(7)).toBe(true));
  expect([one.data(1), other.data(7)]).toEqual(["abc", "bc"]);
  expect(asked).toEqual([{ address: events("r"), after: null }]);
});

test("who wants more than was kept makes everybody read on from there, each event once", async () => {
  const { open, asked, request, event } = server();
  const hub = new Hub({ request, wait: atOnce });
  const [one, other] = [new Tab(), new Tab()];
  hub.hear(one, follows([1, "r", 2]));
  await vi.waitFor(() => expect(open.has(events("r"))).toBe(true));
  event("r", 3, "c");
  await vi.waitFor(() => expect(one.data(1)).toBe("c"));
  hub.hear(other, follows([1, "r"]));
  await vi.waitFor(() => expect(asked).toHaveLength(2));
  await vi.waitFor(() => expect(open.has(events("r"))).toBe(true));
  for (const [place, data] of ["a", "b", "c", "d"].entries()) event("r", place + 1, data);
  await vi.waitFor(() => expect(one.data(1)).toBe("cd"));
  expect(other.data(1)).toBe("abcd");
});

test("a run that no tab shows any more is let go", async () => {
  const { open, closed, request } = server();
  const hub = new Hub({ request, wait: atOnce });
  const [one, other] = [new Tab(), new Tab()];
  hub.hear(one, follows([1, "r"]));
  hub.hear(other, follows([1, "r"]));
  await vi.waitFor(() => expect(open.size).toBe(1));
  hub.hear(one, nothing);
  expect(closed).toEqual([]);
  hub.hear(other, nothing);
  await vi.waitFor(() => expect(closed).toEqual([events("r")]));
});

test("more runs than may be read at a time take turns, and each comes whole", async () => {
  const { open, request, event, most } = server();
  const turns = new Turns(2, 0);
  const hub = new Hub({ request, wait: atOnce, turns });
  const runs = ["a", "b", "c", "d", "e"];
  const tabs = runs.map(() => new Tab());
  for (const [place, run] of runs.entries()) {
    const tab = tabs[place];
    if (tab) hub.hear(tab, follows([1, run]));
  }
  // Each opening writes the next event of its run: it must be opened three times to be whole.
  const written = new Map(runs.map((run) => [run, 0]));
  await vi.waitFor(
    () => {
      for (const [run, count] of written) {
        if (!open.has(events(run)) || tabs[runs.indexOf(run)]?.data(1).length !== count) continue;
        if (count < 3) event(run, count + 1, String(count));
        else open.get(events(run))?.write("data: [DONE]\n\n");
        written.set(run, count + 1);
      }
      expect(tabs.every((tab) => tab.ended(1))).toBe(true);
    },
    { interval: 1, timeout: 5_000 },
  );
  expect(tabs.map((tab) => tab.data(1))).toEqual(runs.map(() => "012"));
  expect(most()).toBe(2);
});

test("what the server refuses is said to who asked", async () => {
  const request: typeof fetch = async () => new Response(null, { status: 404 });
  const hub = new Hub({ request, wait: atOnce });
  const tab = new Tab();
  hub.hear(tab, { inbox: "alice", runs: [{ key: 1, run: "r", after: 0 }] });
  await vi.waitFor(() => expect(tab.heard).toHaveLength(1));
  expect(tab.heard[0]).toMatchObject({ type: "refused", key: 1 });
});
