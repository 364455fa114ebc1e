import { Redis } from "ioredis";
import { expect, test } from "vitest";
import { throughRedis } from "./inbox.ts";
import { startRedis } from "./sessions/testing/servers.ts";

test("a word reaches who listens elsewhere; when the line was down, they are told that they may have missed one", async () => {
  const server = await startRedis();
  const connections: Redis[] = [];
  const connect = () => {
    const connection = new Redis(server.url, { maxRetriesPerRequest: null });
    connections.push(connection);
    return connection;
  };
  const [here, elsewhere] = [connect(), connect()].map((subscriber) =>
    throughRedis({ commands: connect(), subscriber }),
  );
  const heard: string[] = [];
  let lost = 0;
  const leave = elsewhere?.listen(
    "alice",
    (conversation) => heard.push(conversation),
    () => lost++,
  );
  const isHeard = (word: string) =>
    expect
      .poll(() => {
        here?.announce("alice", word);
        here?.announce("bob", `${word} of another`);
        return heard;
      })
      .toContain(word);
  await isHeard("first");
  expect(lost).toBe(0);

  await connections[0]?.call("CLIENT", "KILL", "TYPE", "pubsub");
  await expect.poll(() => lost).toBe(1);
  await isHeard("second");

  leave?.();
  await expect.poll(() => connections[2]?.pubsub("CHANNELS")).toEqual([]);
  expect([...new Set(heard)]).toEqual(["first", "second"]);
  expect(lost).toBe(1);
  for (const connection of connections) connection.disconnect();
  await server.stop();
});
