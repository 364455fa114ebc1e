import { expect, test } from "vitest";
import { Hub } from "./hub.ts";
import { Turns } from "./turns.ts";
import type { Wish, Word } from "./words.ts";

/** A server whose streams the test writes, and which of them are open. */
function server() {
  const open = new Map<string, { write: (text: string) => void; close: () => void }>();
  const asked: { address: string; after: string | null }[] = [];
  const request: typeof fetch = async (input, init) => {
    const address = String(input);
    asked.push({ address, after: new Headers(init?.headers).get("last-event-id") });
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        const encoder = new TextEncoder();
        const drop = () => {
          if (!open.delete(address)) return;
          controller.error(new DOMException("Aborted", "AbortError"));
        };
        open.set(address, {
          write: (text) => controller.enqueue(encoder.encode(text)),
          close: () => {
            open.delete(address);
            controller.close();
          },
        });
        init?.signal?.addEventListener("abort", drop);
      },
    });
    return new Response(body);
  };
  return { open, asked, request };
}

const inbox = "/api/inbox?person=alice";

class Tab {
  readonly heard: Word[] = [];
  postMessage(word: Word): void {
    if (word.type !== "here") this.heard.push(word);
  }
  has(key: number): boolean {
    const last = this.heard.findLast((word) => "key" in word && word.key === key);
    return last?.type === "turn";
  }
}

const wants = (...keys: number[]): Wish => ({
  inbox: null,
  turns: keys.map((key) => ({ key, first: key === 1, open: true })),
});
const news: Wish = { inbox: "alice", turns: [] };
const nothing: Wish = { inbox: null, turns: [] };
const atOnce = async () => {};

test("tabs share one stream of news, which ends with the last of them", async () => {
  const { open, asked, request } = server();
  const hub = new Hub({ request, wait: atOnce });
  const [one, other] = [new Tab(), new Tab()];
  hub.hear(one, news);
  await expect.poll(() => open.has(inbox)).toBe(true);
  open.get(inbox)?.write("event: ready\ndata: {}\n\n");
  await expect.poll(() => one.heard).toEqual([{ type: "ready" }]);
  hub.hear(other, news);
  expect(other.heard).toEqual([{ type: "ready" }]);

  open.get(inbox)?.write('data: {"id":"c1"}\n\n');
  await expect.poll(() => one.heard).toContainEqual({ type: "news", news: { id: "c1" } });
  expect(other.heard).toEqual(one.heard);

  hub.hear(one, nothing);
  expect(open.has(inbox)).toBe(true);
  hub.hear(other, nothing);
  await expect.poll(() => open.size).toBe(0);
  expect(asked).toHaveLength(1);
});

test("a tab may have a connection while there is room, and gets it when another tab lets go", async () => {
  const hub = new Hub({ turns: new Turns(2, 60_000) });
  const [one, two, three] = [new Tab(), new Tab(), new Tab()];
  for (const tab of [one, two, three]) hub.hear(tab, wants(1));
  await expect.poll(() => [one, two].every((tab) => tab.has(1))).toBe(true);
  expect(three.has(1)).toBe(false);
  hub.hear(two, nothing);
  await expect.poll(() => three.has(1)).toBe(true);
  expect(one.heard).toEqual([{ type: "turn", key: 1 }]);
});

test("who waits no longer gets no turn", async () => {
  const hub = new Hub({ turns: new Turns(1, 60_000) });
  const [one, two, three] = [new Tab(), new Tab(), new Tab()];
  for (const tab of [one, two, three]) hub.hear(tab, wants(1));
  await expect.poll(() => one.has(1)).toBe(true);
  hub.hear(two, nothing);
  hub.hear(one, nothing);
  await expect.poll(() => three.has(1)).toBe(true);
  expect(two.heard).toEqual([]);
});

test("connections that stand give way when others wait, and each has its turn", async () => {
  const hub = new Hub({ turns: new Turns(2, 0) });
  const tabs = Array.from({ length: 5 }, () => new Tab());
  const keys = new Map(tabs.map((tab) => [tab, 1]));
  const had = new Map(tabs.map((tab) => [tab, 0]));
  for (const tab of tabs) hub.hear(tab, wants(1));
  let most = 0;
  const fewestTurns = () => {
    most = Math.max(most, tabs.filter((tab) => tab.has(keys.get(tab) ?? 0)).length);
    for (const tab of tabs) {
      const key = keys.get(tab) ?? 0;
      // The connection stands from now on.
      if (tab.has(key)) hub.hear(tab, wants(key));
      if (!tab.heard.some((word) => word.type === "over" && word.key === key)) continue;
      had.set(tab, (had.get(tab) ?? 0) + 1);
      keys.set(tab, key + 1);
      hub.hear(tab, wants(key + 1));
    }
    return Math.min(...had.values());
  };
  await expect.poll(fewestTurns, { interval: 1 }).toBeGreaterThanOrEqual(3);
  expect(most).toBe(2);
});

test("news that the server refuses are not asked for again and again", async () => {
  let asked = 0;
  const request: typeof fetch = async () => {
    asked += 1;
    return new Response(null, { status: 404 });
  };
  const hub = new Hub({ request, wait: atOnce });
  const tab = new Tab();
  hub.hear(tab, news);
  await expect.poll(() => asked).toBe(1);
  hub.hear(tab, nothing);
  hub.hear(tab, news);
  expect(asked).toBe(1);
});
