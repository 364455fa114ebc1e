import { openAsBlob, readFileSync, writeFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { authSecret, cookieOf, createPerson } from "../../e2e/people.ts";
import { startServer } from "../../e2e/server.ts";
import type { ShownImport } from "../../lib/transfer/jobs.ts";
import { act, actionId } from "./browser.ts";
import type { Measured } from "./transfer-steps.ts";

/** The same as a browser does it, in the production build: other requests are asked meanwhile, and timed. */
export async function measureServer(file: string): Promise<[string, Measured][]> {
  const server = await startServer({ AUTH_SECRET: authSecret });
  try {
    const cookie = await cookieOf(await createPerson(server.dataDir, "Ana"));
    for (let warm = 0; warm < 20; warm++)
      await (await fetch(`${server.url}/settings/data`, { headers: { cookie } })).text();
    const measure = (work: () => Promise<string>) => measureProcess(server.process, `${server.url}/api/health`, work);
    const stateOf = async (id: string): Promise<ShownImport> =>
      (await fetch(`${server.url}/api/import/${id}`, { headers: { cookie } })).json();
    const until = async (id: string, phase: ShownImport["phase"]) => {
      for (;;) {
        const state = await stateOf(id);
        if (state.phase === phase) return state.counts;
        if (state.phase === "failed") throw new Error(state.error ?? "The import failed.");
        await wait(300);
      }
    };
    let id = "";
    const look = await measure(async () => {
      const response = await fetch(`${server.url}/api/import?name=file.json`, {
        method: "POST",
        headers: { cookie, origin: server.url, "content-type": "application/octet-stream" },
        body: await openAsBlob(file),
      });
      id = ((await response.json()) as { id: string }).id;
      return `${(await until(id, "ready")).new} new`;
    });
    const perform = actionId("performImport", "lib/actions/imports.ts");
    const bringIn = await measure(async () => {
      await act(server.url, perform, cookie, { id, namespace: "general" });
      return `${(await until(id, "done")).imported} imported`;
    });
    const takeOut = await measure(async () => {
      const response = await fetch(`${server.url}/api/export`, { headers: { cookie } });
      let bytes = 0;
      for await (const chunk of response.body ?? []) bytes += chunk.length;
      return `${Math.round(bytes / 1_000_000)} MB`;
    });
    return [
      ["upload and look through", look],
      ["import", bringIn],
      ["export as ZIP", takeOut],
    ];
  } finally {
    await server.stop();
  }
}

/** The highest value is the system's own (Linux), counted from here; a delay is how long another request waited. */
async function measureProcess(process: number, other: string, work: () => Promise<string>): Promise<Measured> {
  await wait(2000);
  writeFileSync(`/proc/${process}/clear_refs`, "5");
  const memory = (field: string) =>
    (Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${process}/status`, "utf8"))?.[1]) * 1024) / 1e6;
  const idle = memory("VmRSS");
  const waits: number[] = [];
  let over = false;
  const asking = (async () => {
    while (!over) {
      const asked = performance.now();
      await (await fetch(other)).arrayBuffer();
      waits.push(performance.now() - asked);
      await wait(50);
    }
  })();
  const began = performance.now();
  const result = await work();
  const seconds = (performance.now() - began) / 1000;
  over = true;
  await asking;
  waits.sort((left, right) => left - right);
  return {
    seconds,
    idle,
    peak: memory("VmHWM"),
    delay: waits[Math.floor(waits.length * 0.99)] ?? 0,
    longest: waits.at(-1) ?? 0,
    result,
  };
}
