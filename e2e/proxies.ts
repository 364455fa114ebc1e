import { once } from "node:events";
import { createServer as createHttpServer, request } from "node:http";
import { connect, createServer, type Server, type Socket } from "node:net";

/** What stands between a browser and the product in real life, and is not always kind. */

async function portOf(server: Server): Promise<number> {
  server.listen(0);
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("No port is free.");
  return address.port;
}

export interface CuttingProxy {
  url: string;
  /** How many connections were cut between the bytes of one character. */
  cuts: () => number;
  /** Cuts the event streams that are open now, each at its next chance. */
  cutStreams: () => void;
  stop: () => Promise<void>;
}

/** Is `byte` one that goes on with a character begun before it? */
const goesOn = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

/**
 * Passes bytes on and cuts each connection in the middle of a character, the first one that comes after as many
 * bytes as `budget` says; never where it says nothing.
 */
export async function startCuttingProxy(
  target: string,
  budget = (): number | undefined => undefined,
): Promise<CuttingProxy> {
  let cuts = 0;
  const open = new Map<Socket, { limit: number; streams: boolean }>();
  const server = createServer((client) => {
    const upstream = connect(Number(new URL(target).port), "localhost");
    const allowed = { limit: budget() ?? Number.POSITIVE_INFINITY, streams: false };
    let passed = 0;
    const end = () => {
      client.destroy();
      upstream.destroy();
      open.delete(client);
    };
    open.set(client, allowed);
    client.on("data", (data) => upstream.write(data)).on("close", end);
    client.on("error", end);
    upstream.on("error", end).on("close", end);
    upstream.on("data", (data) => {
      allowed.streams ||= data.includes("text/event-stream");
      const place = data.findIndex((byte, index) => passed + index >= allowed.limit && goesOn(byte));
      passed += data.length;
      if (place === -1) return void client.write(data);
      cuts += 1;
      client.write(data.subarray(0, place), end);
    });
  });
  const port = await portOf(server);
  return {
    url: `http://localhost:${port}`,
    cuts: () => cuts,
    cutStreams: () => {
      for (const allowed of open.values()) if (allowed.streams) allowed.limit = 0;
    },
    stop: async () => {
      for (const socket of open.keys()) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** Hands each request to the next server in turn, as a load balancer without a memory, and past one that is dead. */
export async function startBalancer(targets: readonly string[]): Promise<{ url: string; stop: () => Promise<void> }> {
  let turn = 0;
  const server = createHttpServer(async (asked, answer) => {
    const body: Buffer[] = [];
    for await (const piece of asked) body.push(piece);
    const first = turn++;
    const attempt = (tried: number) => {
      const target = new URL(targets[(first + tried) % targets.length] ?? "");
      const { method, url: path, headers } = asked;
      const passed = request({ port: target.port, host: "localhost", method, path, headers });
      passed.on("response", (response) => {
        answer.writeHead(response.statusCode ?? 502, response.headers);
        response.pipe(answer).on("error", () => response.destroy());
        response.on("error", () => answer.destroy()).on("aborted", () => answer.destroy());
      });
      passed.on("error", () => {
        if (answer.headersSent) answer.destroy();
        else if (tried + 1 < targets.length) attempt(tried + 1);
        else answer.writeHead(502).end();
      });
      answer.on("close", () => passed.destroy());
      passed.end(Buffer.concat(body));
    };
    attempt(0);
  });
  const port = await portOf(server);
  return {
    url: `http://localhost:${port}`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
