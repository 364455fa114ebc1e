import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@libsql/client";
import { planCreate } from "../lib/sessions/changes.ts";
import { SQLiteSession } from "../lib/sessions/places.ts";
import { StoreSession } from "../lib/sessions/session.ts";
import { LibsqlStore } from "../lib/sessions/stores/libsql.ts";
import { compare, median, Raw, turn } from "./parts/sessions-raw.ts";

const folder = mkdtempSync(join(tmpdir(), "bench-sessions-"));
/** As long as the ids of a real application are. */
const ID = "alice:support/01JD8Y3Q4ZK7M2N5P8R1T6V9WX";
const rows: { operation: string; ours: string; raw: string; ratio: string; aim: string }[] = [];

function report(operation: string, ours: string, raw: string, ratio: string, aim: string): void {
  rows.push({ operation, ours, raw, ratio, aim });
}

function microseconds(value: number): string {
  return value < 1000 ? `${value.toFixed(0)} us` : `${(value / 1000).toFixed(1)} ms`;
}

function reportRatio(operation: string, ours: number, raw: number, aim: string): void {
  report(operation, microseconds(ours), microseconds(raw), `${(ours / raw).toFixed(2)}x`, aim);
}

function items(count: number) {
  return Array.from({ length: count / 4 }, (_, number) => turn(number)).flat();
}

async function filled(name: string, count: number): Promise<{ session: StoreSession; raw: Raw; path: string }> {
  const path = join(folder, `${name}.db`);
  const store = new LibsqlStore({ path });
  await store.commit(ID, planCreate({ items: items(count), at: Date.now() }));
  const raw = new Raw(join(folder, `${name}-raw.db`));
  await raw.prepare();
  for (let start = 0; start < count; start += 4000) await raw.append(ID, items(Math.min(4000, count - start)));
  return { session: new StoreSession({ store, id: ID }), raw, path };
}

async function benchAppends(): Promise<void> {
  for (const length of [0, 1000, 10_000, 100_000]) {
    const { session, raw } = await filled(`append-${length}`, length);
    let number = length;
    await compare(
      50,
      () => session.addItems(turn(number++)),
      () => raw.append(ID, turn(number)),
    );
    const [ours, bare] = await compare(
      400,
      () => session.addItems(turn(number++)),
      () => raw.append(ID, turn(number)),
    );
    reportRatio(`append a turn at ${length.toLocaleString("en")} items`, ours, bare, "2x, flat");
  }
}

async function benchReads(): Promise<void> {
  const { session, raw } = await filled("read", 10_000);
  await compare(
    30,
    () => session.getItems(50),
    () => raw.last(ID, 50),
  );
  const last = await compare(
    300,
    () => session.getItems(50),
    () => raw.last(ID, 50),
  );
  reportRatio("last 50 of 10,000", ...last, "1.5x");
  await compare(
    2,
    () => session.getItems(),
    () => raw.all(ID),
  );
  const all = await compare(
    9,
    () => session.getItems(),
    () => raw.all(ID),
  );
  reportRatio("all 10,000", ...all, "1.3x");
  const nested = await filled("nested", 100_000);
  let branch: StoreSession = nested.session;
  for (let depth = 0; depth < 20; depth++) {
    branch = await branch.fork(100_000 + depth * 4 - 2, `depth ${depth}`);
    await branch.addItems(turn(depth).slice(0, 2));
    await branch.addItems(turn(depth).slice(2));
    await branch.addItems(turn(depth).slice(0, 2));
  }
  await compare(
    30,
    () => branch.getItems(50),
    () => nested.raw.last(ID, 50),
  );
  const deep = await compare(
    300,
    () => branch.getItems(50),
    () => nested.raw.last(ID, 50),
  );
  reportRatio("last 50 of 100,000 over 20 nested branches", ...deep, "3x");
}

async function benchForks(): Promise<void> {
  for (const length of [100, 10_000, 100_000]) {
    const { session, path } = await filled(`fork-${length}`, length);
    const checkpoint = createClient({ url: `file:${path}`, concurrency: 1 });
    const size = async () => {
      await checkpoint.execute("PRAGMA wal_checkpoint(TRUNCATE)");
      return statSync(path).size;
    };
    const before = await size();
    const samples: number[] = [];
    const forks = 50;
    for (let index = 0; index < forks; index++) {
      const started = performance.now();
      await session.fork(length - 2, `fork ${index}`);
      samples.push((performance.now() - started) * 1000);
    }
    const bytes = ((await size()) - before) / forks;
    const ours = `${microseconds(median(samples))}, ${(bytes / 1000).toFixed(1)} KB`;
    report(`fork at ${length.toLocaleString("en")} items`, ours, "", "", "5 ms, 10 KB");
    checkpoint.close();
  }
}

async function writersAtOnce(kind: "raw" | "ours", path: string, processes: number, writers: number, turns: number) {
  const script = join(import.meta.dirname, "parts/sessions-writer.ts");
  const running = Array.from({ length: processes }, (_, index) =>
    spawn(process.execPath, [script, kind, path, `w${index}`, `${writers}`, `${turns}`], {
      stdio: ["pipe", "pipe", "inherit"],
    }),
  );
  await Promise.all(running.map((one) => once(one.stdout, "data")));
  const started = performance.now();
  for (const one of running) one.stdin.write("go");
  const codes = await Promise.all(running.map(async (one) => (await once(one, "exit"))[0]));
  if (codes.some((code) => code !== 0)) throw new Error(`A writer ended with ${codes}.`);
  return (processes * writers * turns) / ((performance.now() - started) / 1000);
}

async function benchWriters(): Promise<void> {
  for (const [processes, writers, turns] of [
    [1, 50, 40],
    [5, 10, 40],
  ] as const) {
    const speeds = { raw: [] as number[], ours: [] as number[] };
    for (let round = 0; round < 3; round++) {
      const path = join(folder, `writers-${processes}-${round}`);
      await new Raw(`${path}-raw.db`).prepare();
      await using session = new SQLiteSession({ path: `${path}.db`, conversationId: ID });
      await session.setMetadata({});
      speeds.raw.push(await writersAtOnce("raw", `${path}-raw.db`, processes, writers, turns));
      speeds.ours.push(await writersAtOnce("ours", `${path}.db`, processes, writers, turns));
      const { items: written } = (await session.info()) ?? {};
      if (written !== processes * writers * turns * 4) throw new Error(`${written} items were written.`);
    }
    const [ours, raw] = [median(speeds.ours), median(speeds.raw)];
    const name = `50 writers in ${processes === 1 ? "one process" : "five processes"}`;
    report(name, `${ours.toFixed(0)} turns/s`, `${raw.toFixed(0)} turns/s`, `${(ours / raw).toFixed(2)}x`, "0.7x");
  }
}

try {
  await benchAppends();
  await benchReads();
  await benchForks();
  await benchWriters();
  console.table(Object.fromEntries(rows.map(({ operation, ...rest }) => [operation, rest])));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
