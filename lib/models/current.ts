import { env } from "#env.ts";
import { savedConnection } from "#lib/connections.ts";
import { log } from "#lib/log.ts";
import { completeConnection } from "./client.ts";
import {
  type Connection,
  connectionFromEnvironment,
  connectionTo,
  demoConnection,
  describeModel,
} from "./connection.ts";
import { discoverLocalServer } from "./discover.ts";

/** Which model answers now, and how the screen names it. */
export interface CurrentModel {
  connection: Connection;
  label: string;
  demo: boolean;
}

interface Cached {
  model: Promise<CurrentModel>;
  until: number;
}

const shared = globalThis as typeof globalThis & {
  switchboardModel?: Cached;
  switchboardDiscovered?: Promise<Connection | undefined>;
};

/** Another instance may have been told something new: what is known is asked again after this long (ms). */
const keepFor = 10_000;

/** The owner's choice, else the environment's, else a local server that was found, else the demo. */
export function currentModel(): Promise<CurrentModel> {
  const cached = shared.switchboardModel;
  if (cached && cached.until > Date.now()) return cached.model;
  const model = resolve().catch((error: unknown) => {
    forgetCurrentModel();
    // The database does not answer now: what was so a moment ago is so still, most likely.
    if (cached) return cached.model;
    throw error;
  });
  shared.switchboardModel = { model, until: Date.now() + keepFor };
  return model;
}

/** Asks anew at the next message: the owner has changed something. */
export function forgetCurrentModel(): void {
  shared.switchboardModel = undefined;
}

async function resolve(): Promise<CurrentModel> {
  const saved = await savedConnection();
  const chosen = saved
    ? connectionTo(saved)
    : (connectionFromEnvironment(env) ?? (await discovered()) ?? demoConnection);
  const connection = await completed(chosen);
  return { connection, label: describeModel(connection), demo: connection.kind === "demo" };
}

/** A server that does not answer now may answer later: a run completes the connection again and says what is wrong. */
async function completed(connection: Connection): Promise<Connection> {
  try {
    return await completeConnection(connection, AbortSignal.timeout(2000));
  } catch (error) {
    log().warn({ err: error, server: connection.label }, "the model server does not say which models it has");
    return connection;
  }
}

/** Looked for once: a server that is started later is found at the next start, or set by the owner. */
function discovered(): Promise<Connection | undefined> {
  shared.switchboardDiscovered ??= discoverLocalServer();
  return shared.switchboardDiscovered;
}
