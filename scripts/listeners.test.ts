import { spawnSync } from "node:child_process";
import type { Server } from "node:http";
import { afterEach, expect, test } from "vitest";
import { freePort } from "#lib/sessions/testing/servers.ts";
import { close, createServers, listen, refuseTaken } from "./listeners.ts";

const open: Server[] = [];
afterEach(() => close(open.splice(0)));

async function listening(servers = createServers()) {
  const port = await freePort();
  await listen(servers, port, (_request, response) => response.end("Hello"));
  open.push(...servers);
  return { servers, port };
}

const connections = 64;

/** In how many turns of the event loop connections are taken that all wait when the first one begins. */
async function turnsFor(servers: readonly Server[], port: number): Promise<number> {
  const turns = new Set<number>();
  let turn = 0;
  let taken = 0;
  const connected = `let left = ${connections};
    for (let i = 0; i < ${connections}; i++) require("net").connect(${port}, () => --left || process.exit(0));`;
  for (const server of servers) {
    server.on("connection", () => {
      taken += 1;
      turns.add(turn);
    });
  }
  // This process stands still meanwhile: the system alone says hello.
  expect(spawnSync(process.execPath, ["-e", connected]).status).toBe(0);
  while (taken < connections) {
    await new Promise(setImmediate);
    turn += 1;
  }
  return turns.size;
}

test("many new connections are taken in each turn of the event loop", async () => {
  const alone = await listening(createServers(1));
  const together = await listening();
  expect(await turnsFor(alone.servers, alone.port)).toBe(connections);
  expect(await turnsFor(together.servers, together.port)).toBeLessThan(connections / 2);
});

test("a port is not shared with another program, not even with one that would", async () => {
  const { port } = await listening();
  const taken = { code: "EADDRINUSE" };
  await expect(refuseTaken(port)).rejects.toMatchObject(taken);
  await expect(listen(createServers(), port, () => {})).rejects.toMatchObject(taken);
});

test("all answer, and none does once they are closed", async () => {
  const { servers, port } = await listening();
  const answers = await Promise.all(Array.from({ length: 64 }, () => fetch(`http://localhost:${port}`)));
  expect(await Promise.all(answers.map((answer) => answer.text()))).toEqual(answers.map(() => "Hello"));
  await close(servers);
  await expect(fetch(`http://localhost:${port}`)).rejects.toThrow();
  await refuseTaken(port);
});
