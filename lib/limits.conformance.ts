import { expect, test } from "vitest";
import { limit, limitersOn } from "./limits.ts";
import { commandConnection } from "./redis.ts";
import { startRedis } from "./sessions/testing/servers.ts";

test("two processes count together, and a dead store lets nobody through, at once", async () => {
  const server = await startRedis();
  const connections = [commandConnection(server.url), commandConnection(server.url)] as const;
  const [one, two] = [limitersOn(connections[0]), limitersOn(connections[1])];
  for (let i = 0; i < 5; i++) await Promise.all([limit("signIn", "dan", one), limit("signIn", "dan", two)]);
  await expect(limit("signIn", "dan", one)).rejects.toMatchObject({ code: "rate_limited" });
  await limit("signIn", "erin", one);

  await server.stop();
  const start = performance.now();
  await expect(limit("signIn", "erin", one)).rejects.toMatchObject({
    code: "unavailable",
    message: expect.stringMatching(/lets nobody through/),
  });
  await expect(limit("send", "erin", two)).rejects.toMatchObject({ code: "unavailable" });
  expect(performance.now() - start).toBeLessThan(5000);
  for (const connection of connections) connection.disconnect();
});
