import { fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { authSecret, createPerson } from "/work/main/e2e/people.ts";
import { startServer } from "/work/main/e2e/server.ts";
import { ask, cookieOf, firstMatch, send, sendActionId } from "/work/main/bench/parts/browser.ts";
const count = Number(process.argv[2] ?? 600), rate = Number(process.argv[3] ?? 50), rounds = Number(process.argv[4] ?? 3);
const model = fork("/work/main/bench/parts/model-server.ts", ["1"]);
const [port]: number[] = await once(model, "message");
const server = await startServer({ AUTH_SECRET: authSecret, OPENAI_BASE_URL: `http://localhost:${port}/v1`, OPENAI_MODEL: "bench", OPENAI_API: "chat", V8F: process.env.V8F ?? "", ...(process.env.NCC ? { NODE_COMPILE_CACHE: process.env.NCC } : {}), ...(process.env.PROF ? { PROF: "1" } : {}), NODE_OPTIONS: "--import=/tmp/rig/probe.mjs" });
function cpu(pid: number) { let main = 0, other = 0; for (const t of readdirSync(`/proc/${pid}/task`)) { const st = readFileSync(`/proc/${pid}/task/${t}/stat`, "utf8"); const f = st.slice(st.lastIndexOf(")") + 2).split(" "); const v = (Number(f[11]) + Number(f[12])) * 10; if (Number(t) === pid) main += v; else other += v; } return [main, other]; }
const action = sendActionId();
const pct = (a: number[], p: number) => a.sort((x, y) => x - y)[Math.floor(a.length * p)]!.toFixed(1);
async function round(n: number, fresh: boolean) {
  const cookies: string[] = [];
  for (let i = 0; i < (fresh ? n : Math.ceil(n / 40)); i++) cookies.push(await cookieOf(await createPerson(server.dataDir, `P ${i}`)));
  if (process.env.PROF && n > 300) { process.kill(server.process, "SIGUSR2"); await wait(200); }
  const a = cpu(server.process); const lat: number[] = [];
  await Promise.all(Array.from({ length: n }, async (_, i) => {
    await wait((i * 1000) / rate); const t = performance.now(); const cookie = cookies[i % cookies.length]!;
    const { run } = await send(server.url, action, cookie, { operation: randomUUID(), text: `Hello ${i}` });
    const r = await ask({ url: `${server.url}/api/runs/${run}/events`, headers: { cookie } });
    lat.push((await firstMatch(r, /text-delta/)) - t);
  }));
  await wait(300);
  const b = cpu(server.process);
  if (process.env.PROF && n > 300) { process.kill(server.process, "SIGUSR2"); await wait(1500); }
  console.log(`${n} main ${((b[0]! - a[0]!) / n).toFixed(2)} ms other ${((b[1]! - a[1]!) / n).toFixed(2)} ms  first p50 ${pct(lat, .5)} p95 ${pct(lat, .95)}`);
}
await round(70, true); await round(200, true); await round(200, true);
await server.stop(); model.disconnect(); process.exit(0);
