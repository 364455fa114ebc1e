import { setTimeout as pause } from "node:timers/promises";
import { type Client, type InArgs, type InStatement, LibsqlError } from "@libsql/client";

/** How long a statement waits for a file that another process holds locked, in milliseconds. */
const patience = 5000;
/** SQLite's own wait holds this whole process up, so it is short; what is waited beyond it, is waited here. */
export const busyTimeout = 25;
const pauseBetween = 25;

/**
 * What each new connection to a file is told. A checkpoint holds the process up, so it is made every 32 MB, not 4, where
 * nobody makes it outside the event loop before. Up to 16 MB of pages are kept in memory instead of 2: what 200 live runs
 * write to would push out all else.
 */
export const connectionSettings = [
  "PRAGMA synchronous = NORMAL",
  "PRAGMA wal_autocheckpoint = 8000",
  "PRAGMA cache_size = -16000",
];

/**
 * Makes the client of a file wait for locks without holding anybody up meanwhile. A connection that met one can refuse
 * all that follows, so it is opened anew, and set as it was.
 */
export function makePatient(client: Client): Client {
  const execute = client.execute.bind(client);
  const batch = client.batch.bind(client);

  /** Those who wait do so in a line: if all kept trying side by side, nobody else would get a turn. */
  let line: Promise<unknown> = Promise.resolve();

  async function persist<Result>(perform: () => Promise<Result>): Promise<Result> {
    const until = performance.now() + patience;
    try {
      return await attempt(perform);
    } catch (error) {
      if (!isLock(error)) throw error;
      await reopen();
    }
    const turn = line.then(() => insist(perform, until));
    line = turn.catch(() => {});
    return turn;
  }

  async function insist<Result>(perform: () => Promise<Result>, until: number): Promise<Result> {
    for (;;) {
      try {
        return await attempt(perform);
      } catch (error) {
        if (!isLock(error)) throw error;
        await reopen();
        if (performance.now() > until) throw error;
        await pause(pauseBetween);
      }
    }
  }

  /** Again at once where somebody else opened the connection anew just when this one was about to use it. */
  async function attempt<Result>(perform: () => Promise<Result>): Promise<Result> {
    for (;;) {
      try {
        return await perform();
      } catch (error) {
        if (!isReopened(error, client)) throw error;
      }
    }
  }

  async function reopen(): Promise<void> {
    await client.reconnect();
    for (const setting of connectionSettings) await attempt(() => execute(setting));
  }

  return Object.assign(client, {
    execute: (statement: InStatement, args?: InArgs) =>
      persist(() => (typeof statement === "string" ? execute(statement, args) : execute(statement))),
    batch: (...given: Parameters<Client["batch"]>) => persist(() => batch(...given)),
  });
}

function isLock(error: unknown): boolean {
  return (
    error instanceof LibsqlError &&
    (/^SQLITE_(BUSY|LOCKED)/.test(error.code) || error.message.includes("statements in progress"))
  );
}

const isReopened = (error: unknown, client: Client): boolean =>
  error instanceof LibsqlError && error.code === "CLIENT_CLOSED" && !client.closed;
