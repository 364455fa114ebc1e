import { once } from "node:events";
import { createServer } from "node:net";
import { describe, expect, test } from "vitest";
import { giveBack, limit, limitersOn } from "./limits.ts";
import { commandConnection } from "./redis.ts";

describe("in memory", () => {
  test("lets through what is allowed, then says when to come back", async () => {
    for (let i = 0; i < 60; i++) await limit("send", "alice");
    await expect(limit("send", "alice")).rejects.toMatchObject({
      code: "rate_limited",
      message: expect.stringMatching(/Try again in \d+ seconds/),
    });
    await limit("send", "bob");
  });

  test("a hundred sign-ups from one address pass", async () => {
    for (let i = 0; i < 100; i++) await limit("signUp", "203.0.113.9");
  });

  test("kinds count apart, and what was given back counts no more", async () => {
    for (let i = 0; i < 25; i++) {
      await limit("signIn", "carol@example.com");
      await giveBack("signIn", "carol@example.com");
    }
    for (let i = 0; i < 10; i++) await limit("signIn", "carol@example.com");
    await expect(limit("signIn", "carol@example.com")).rejects.toMatchObject({ code: "rate_limited" });
    await limit("send", "carol@example.com");
  });
});

test("a store that accepts and never answers lets nobody through either", async () => {
  const mute = createServer().listen(0, "127.0.0.1");
  await once(mute, "listening");
  const address = mute.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const start = performance.now();
  const refusal = limit("guest", "203.0.113.9", limitersOn(commandConnection(`redis://127.0.0.1:${address.port}`)));
  await expect(refusal).rejects.toMatchObject({ code: "unavailable" });
  expect(performance.now() - start).toBeLessThan(5000);
  mute.close();
}, 10_000);
