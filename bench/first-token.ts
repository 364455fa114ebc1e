import { fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { authSecret, createPerson } from "../e2e/people.ts";
import { startServer } from "../e2e/server.ts";
import { ask, cookieOf, firstMatch, send, sendActionId, textOf } from "./parts/browser.ts";
import { milliseconds, percentile, printTable } from "./parts/table.ts";

/**
 * How long a person waits for the first token beyond what the model itself takes: from the request of
 * the send action to the first piece of text, over HTTP, against the production server.
 */

const people = 50;
const alone = 200;
const bursts = 6;

const model = fork(join(import.meta.dirname, "parts/model-server.ts"));
const [modelPort]: number[] = await once(model, "message");
const modelUrl = `http://localhost:${modelPort}/v1`;
const server = await startServer({
  AUTH_SECRET: authSecret,
  OPENAI_BASE_URL: modelUrl,
  OPENAI_MODEL: "bench",
  OPENAI_API: "chat",
});
const action = sendActionId();
const cookies: string[] = [];
for (let place = 0; place < people; place += 1) {
  cookies.push(await cookieOf(await createPerson(server.dataDir, `Person ${place}`)));
}

let number = 0;
const newText = () => `Message ${++number} of the benchmark`;

/** From the model server: how long it has held each request. */
async function ownTimes(): Promise<Map<string, number>> {
  const response = await ask({ url: `http://localhost:${modelPort}/own`, headers: {} });
  return new Map<string, number>(JSON.parse(await textOf(response)));
}

async function throughTheProduct(text: string, cookie: string): Promise<number> {
  const began = performance.now();
  const { run } = await send(server.url, action, cookie, { operation: randomUUID(), text });
  const events = await ask({ url: `${server.url}/api/runs/${run}/events`, headers: { cookie } });
  return (await firstMatch(events, /"type":"text-delta"/)) - began;
}

async function straightToTheModel(text: string): Promise<number> {
  const began = performance.now();
  const response = await ask({
    url: `${modelUrl}/chat/completions`,
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "bench", stream: true, messages: [{ role: "user", content: text }] }),
  });
  return (await firstMatch(response, /"content":/)) - began;
}

type Way = (text: string, cookie: string) => Promise<number>;

/** Asks in rounds of `atOnce`, and takes from each wait what the model has held it for. */
async function measure(way: Way, rounds: number, atOnce: number): Promise<number[]> {
  const waits: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const texts = Array.from({ length: atOnce }, newText);
    const measured = await Promise.all(
      texts.map((text, place) => way(text, cookies[(round * atOnce + place) % people] ?? "")),
    );
    const own = await ownTimes();
    waits.push(...measured.map((wait, place) => wait - (own.get(texts[place] ?? "") ?? 0)));
  }
  return waits;
}

function row(name: string, waits: number[]): string[] {
  return [name, String(waits.length), ...[0.5, 0.95].map((share) => milliseconds(percentile(waits, share)))];
}

await measure(throughTheProduct, 20, 1);
await measure(throughTheProduct, 1, people);
await measure(straightToTheModel, 20, 1);
const rows = [
  ["", "measured", "p50", "p95"],
  row("one at a time", await measure(throughTheProduct, alone, 1)),
  row("one at a time, model directly", await measure(straightToTheModel, alone, 1)),
  row(`burst of ${people}`, await measure(throughTheProduct, bursts, people)),
  row(`burst of ${people}, model directly`, await measure(straightToTheModel, bursts, people)),
];
printTable("first-token: from the send request to the first token, the model's own time taken off", rows);
await server.stop();
model.disconnect();
