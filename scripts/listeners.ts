import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";

/**
 * Several servers at one port. One alone takes one new connection in each turn of the event loop, however many wait
 * (libuv); while much is streamed turns are long, and who comes anew would wait for seconds for an answer of milliseconds.
 * The system deals out connections among those that share a port: Linux does so, others may give all to the last.
 */
const several = process.platform === "linux" ? 16 : 1;

export const createServers = (count: number = several): Server[] => Array.from({ length: count }, () => createServer());

/** Answers all requests that come to the port from now on. Throws what the system says of a port that cannot be used. */
export async function listen(servers: readonly Server[], port: number, answer: RequestListener): Promise<void> {
  // Who shares a port would share it with another program that does: one that does not finds out.
  await refuseTaken(port);
  for (const server of servers) {
    await once(server.on("request", answer).listen({ port, reusePort: servers.length > 1 }), "listening");
  }
}

/** Throws what the system says of a port that cannot be used. */
export async function refuseTaken(port: number): Promise<void> {
  const probe = createServer();
  await once(probe.listen(port), "listening");
  await close([probe]);
}

/** Takes no more connections, lets go of those that are idle, and resolves when the others have ended. */
export async function close(servers: readonly Server[]): Promise<void> {
  await Promise.all(servers.map((server) => once(server.close(), "close")));
}
