import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@libsql/client";
import { Redis } from "ioredis";
import type { SessionStore } from "../store.ts";
import { EncryptedStore } from "../stores/encrypted.ts";
import { LibsqlStore } from "../stores/libsql.ts";
import { MemoryStore } from "../stores/memory.ts";
import { RedisStore } from "../stores/redis.ts";
import { type Server, startRedis, startSqld } from "./servers.ts";

export interface Backend {
  name: string;
  /** Opens a store; every one of a backend sees the same sessions, where the backend outlives a store. */
  open: () => Promise<SessionStore>;
  /** Writes nonsense where an item is stored. */
  spoil?: (session: string, segment: string, position: number) => Promise<void>;
}

/** The suites count what is unreadable themselves. */
const onUnreadable = () => {};

const key = { id: "test", key: randomBytes(32) };

/** Every backend against the real thing, bare and under encryption, and what to call at the end. */
export function allBackends(): { backends: Backend[]; start: () => Promise<void>; stop: () => Promise<void> } {
  const folder = mkdtempSync(join(tmpdir(), "sessions-"));
  let redis: Server | undefined;
  let sqld: Server | undefined;
  const bare: Backend[] = [
    { name: "memory", open: async () => new MemoryStore() },
    { name: "libSQL memory", open: async () => new LibsqlStore() },
    {
      name: "libSQL file",
      open: async () => new LibsqlStore({ path: join(folder, "sessions.db"), onUnreadable }),
      spoil: (_session, segment, position) =>
        spoilRow(`file:${join(folder, "sessions.db")}`, "sessions", segment, position),
    },
    {
      name: "libSQL server",
      open: async () => new LibsqlStore({ url: sqld?.url, table: "history", onUnreadable }),
      spoil: (_session, segment, position) => spoilRow(sqld?.url ?? "", "history", segment, position),
    },
    {
      name: "Redis",
      open: async () => new RedisStore({ url: redis?.url, ttl: 600, keyPrefix: "test:", onUnreadable }),
      spoil: async (session, segment, position) => {
        const client = new Redis(redis?.url ?? "");
        await client.hset(`test:{${encodeURIComponent(session)}}:items`, `${segment} ${position}`, '{"item":{"role');
        client.disconnect();
      },
    },
  ];
  const encrypted = bare.map(({ name, open, ...rest }) => ({
    ...rest,
    name: `${name}, encrypted`,
    open: async () => new EncryptedStore(await open(), { keys: [key] }),
  }));
  return {
    backends: [...bare, ...encrypted],
    start: async () => {
      [redis, sqld] = await Promise.all([startRedis(), startSqld()]);
    },
    stop: async () => {
      await Promise.all([redis?.stop(), sqld?.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function spoilRow(url: string, table: string, segment: string, position: number): Promise<void> {
  const client = createClient({ url });
  const sql = `UPDATE "${table}_items" SET item = ? WHERE segment = ? AND position = ?`;
  await client.execute({ sql, args: ['{"role":"user","cont\n', segment, position] });
  client.close();
}
