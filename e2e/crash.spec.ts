import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "@playwright/test";
import { freePort } from "../lib/sessions/testing/servers.ts";
import { dice } from "./dice.ts";
import { authSecret, cookieOf, createPerson } from "./people.ts";
import { newDataDir, type Server, startServer } from "./server.ts";
import { isAnswer, isCall, isResult, itemsOf, say, sayAgain, type Turn, taken, trySay, wordsOf } from "./turns.ts";
import { Viewer } from "./viewer.ts";
import { Visitor } from "./visitor.ts";
import { nameIn, storyOf, tellStories, WildModel } from "./wild-model.ts";

const rounds = 5;
const atOnce = 6;
/** Between two pieces of text, in milliseconds: a story takes about two seconds. */
const gap = 20;
/** What may be missing of a text that was not finished. */
const mostMissing = 250;
/** A dead process is known by ten seconds of silence; who looks, does so every three. */
const longestRecovery = 15_000;

interface Story {
  name: string;
  turn: Turn;
  viewer: Viewer;
  killedAt: number;
  /** Where the viewer was when the server died. */
  shown: { at: number; text: string }[];
  results: string[];
}

test("a server that is killed at thirty random points keeps what it said it had", async () => {
  test.setTimeout(150_000);
  const { seed, between } = dice();
  console.log(`SEED=${seed}`);
  const model = new WildModel();
  await model.start();
  tellStories(model, gap);
  const dataDir = await newDataDir();
  const port = String(await freePort());
  const start = () =>
    startServer({
      ...{ DATA_DIR: dataDir, PORT: port, AUTH_SECRET: authSecret },
      ...{ OPENAI_BASE_URL: model.url, OPENAI_API_KEY: "test-key", OPENAI_MODEL: "wild" },
    });
  let server: Server = await start();
  const cookies = await cookieOf(await createPerson(dataDir, "Alice"));
  const visitor = new Visitor(server.url, cookies);
  const stories: Story[] = [];
  const hasty: { name: string; turn: Turn }[] = [];

  for (let round = 0; round < rounds; round++) {
    const watching: Promise<unknown>[] = [];
    const begun = await Promise.all(
      Array.from({ length: atOnce }, async (_, place): Promise<Story> => {
        await pause(between(0, 2200));
        const name = `s${round}-${place}`;
        const turn = await say(visitor, `Tell ${name}`, { agent: "technical" });
        const viewer = new Viewer(server.url, cookies, turn.run);
        watching.push(viewer.connect());
        return { name, turn, viewer, killedAt: 0, shown: [], results: [] };
      }),
    );
    // One message is on its way in just this moment, and nobody knows whether it arrived.
    const last = { name: `h${round}`, operation: randomUUID() };
    const unknown = trySay(visitor, `Tell ${last.name}`, { operation: last.operation, agent: "technical" });
    await Promise.race([unknown.catch(() => {}), pause(between(0, 30))]);
    const killedAt = performance.now();
    await server.kill();
    await Promise.all([...watching, unknown.catch(() => {})]);
    for (const story of begun) stories.push({ ...story, killedAt, ...whatWasShown(story.viewer) });
    server = await start();
    hasty.push({ name: last.name, turn: taken(await trySay(visitor, `Tell ${last.name}`, last)) });
  }

  const restarted = performance.now();
  await Promise.all([
    ...stories.map(({ viewer }) => viewer.follow(longestRecovery)),
    ...hasty.map(({ turn }) => new Viewer(server.url, cookies, turn.run).follow(longestRecovery)),
  ]);
  expect(performance.now() - restarted).toBeLessThan(longestRecovery);

  let missing = 0;
  const phases = new Map<string, number>();
  for (const { name, turn, viewer, killedAt, shown, results } of stories) {
    const items = await itemsOf(visitor, turn.conversation);
    const told = items.filter(isAnswer).map(wordsOf);
    const story = storyOf(name).map((part) => part.join(""));
    const why = `SEED=${seed} ${name}`;

    expect(items.filter(({ role }) => role === "user").map(wordsOf), why).toEqual([`Tell ${name}`]);
    // Whole parts, of which the last one may be cut; nothing twice, nothing in between.
    expect(told, why).toEqual(story.slice(0, told.length).map((part, place) => part.slice(0, told[place]?.length)));
    expect(told.slice(0, -1), why).toEqual(story.slice(0, Math.max(0, told.length - 1)));
    const kept = told.join("");
    const due = shown.findLast(({ at }) => at < killedAt - mostMissing)?.text ?? "";
    expect(kept.length, why).toBeGreaterThanOrEqual(due.length);
    missing = Math.max(missing, killedAt - (shown.find(({ text }) => text.length > kept.length)?.at ?? killedAt));

    // Each call has one result; one that was seen is the one that is kept, and the model heard of it once at most.
    const calls = items.filter(isCall).map(({ callId }) => callId);
    expect(
      items.filter(isResult).map(({ callId }) => callId),
      why,
    ).toEqual(calls);
    for (const id of results) {
      expect(items.find((item) => isResult(item) && item.callId === id)?.status, why).toBe("completed");
    }
    const asked = model.asked.filter(({ text }) => nameIn(text) === name).map(({ results: count }) => count);
    expect(asked, why).toEqual([...new Set(asked)]);

    const { status, run } = viewer.message.metadata ?? {};
    expect({ status, run }, why).toEqual({
      status: kept === story.join("") && told.length === story.length ? status : "interrupted",
      run: turn.run,
    });
    // Who watched through the crash sees what is kept, and so does who comes now.
    expect(viewer.text, why).toBe(kept);
    const late = new Viewer(server.url, cookies, turn.run);
    await late.follow();
    expect(late.text, why).toBe(kept);
    const phase = `${status} with ${told.length} texts and ${calls.length} calls`;
    phases.set(phase, (phases.get(phase) ?? 0) + 1);
  }
  console.log(`At most ${Math.round(missing)} ms of text missing; ${JSON.stringify(Object.fromEntries(phases))}`);

  for (const { name, turn } of hasty) {
    const items = await itemsOf(visitor, turn.conversation);
    expect(items.filter(({ role }) => role === "user").map(wordsOf)).toEqual([`Tell ${name}`]);
  }

  // Another try, and a next message, on some of those that were cut.
  for (const { name, turn } of stories.filter((_, place) => place % 10 === 0)) {
    const again = await sayAgain(visitor, turn);
    const viewer = new Viewer(server.url, cookies, again.run);
    await viewer.follow();
    expect(viewer.message.metadata?.status).toBe("completed");
    expect(viewer.text).toBe(storyOf(name).flat().join(""));
    const next = await say(visitor, `Tell ${name}-next`, { conversation: turn.conversation, agent: "technical" });
    await new Viewer(server.url, cookies, next.run).follow();
  }

  await server.stop();
  await model.stop();
  await rm(dataDir, { recursive: true, force: true });
});

function whatWasShown(viewer: Viewer): Pick<Story, "shown" | "results"> {
  let text = "";
  const shown: Story["shown"] = [];
  const results: string[] = [];
  for (const { json, at } of viewer.seen) {
    const chunk = JSON.parse(json);
    if (chunk.type === "text-delta") {
      text += chunk.delta;
      shown.push({ at, text });
    }
    if (chunk.type === "tool-output-available") results.push(chunk.toolCallId);
  }
  return { shown, results };
}
