import { type Client, type Config, createClient, type InArgs, type InStatement } from "@libsql/client";
import { serverFetch } from "./server-fetch.ts";

/** Who takes longer than this to write holds nobody else up, in milliseconds. */
const longestTurn = 5000;

/** A client of a libSQL server. */
export const connectServer = (config: Config): Client => createClient({ ...config, fetch: serverFetch });

const isRead = (sql: string) => /^\s*select\b/i.test(sql);

/**
 * A client of a libSQL server whose writes go one after the other. The server lets only one write at a time anyway,
 * but where dozens wait inside it, it can lose whose turn it is: then nobody writes again until it is started anew.
 * Reads go side by side.
 */
export function openServer(config: Config): Client {
  const client = connectServer(config);
  const execute = client.execute.bind(client);
  const batch = client.batch.bind(client);
  let last: Promise<void> = Promise.resolve();

  async function inLine<Result>(write: () => Promise<Result>): Promise<Result> {
    const before = last;
    let leave = () => {};
    last = new Promise((resolve) => {
      leave = resolve;
    });
    await before;
    const timer = setTimeout(leave, longestTurn);
    try {
      return await write();
    } finally {
      clearTimeout(timer);
      leave();
    }
  }

  return Object.assign(client, {
    execute: (statement: InStatement, args?: InArgs) => {
      const perform = () => (typeof statement === "string" ? execute(statement, args) : execute(statement));
      return isRead(typeof statement === "string" ? statement : statement.sql) ? perform() : inLine(perform);
    },
    batch: (...given: Parameters<Client["batch"]>) =>
      given[1] === "read" ? batch(...given) : inLine(() => batch(...given)),
  });
}
