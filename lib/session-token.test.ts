import { encode } from "next-auth/jwt";
import { afterEach, expect, test, vi } from "vitest";
import { readToken, renewToken, sessionSeconds } from "./session-token.ts";

const secret = vi.hoisted(() => {
  process.env.AUTH_SECRET = "a secret of this instance, for tests";
  return process.env.AUTH_SECRET;
});
afterEach(() => {
  vi.useRealTimers();
});

const cookie = "authjs.session-token";
const token = (over: Partial<Parameters<typeof encode>[0]> = {}) =>
  encode({ token: { sub: "alice", began: 17 }, secret, salt: cookie, maxAge: sessionSeconds, ...over });

test("a token says who and since when", async () => {
  const made = await token();
  for (let i = 0; i < 2; i++) expect(await readToken(cookie, made)).toMatchObject({ sub: "alice", began: 17 });
});

test("a token of another secret, of another cookie, without a beginning, or of nonsense is nobody's", async () => {
  expect(await readToken(cookie, await token({ secret: "the secret of another instance" }))).toBeNull();
  expect(await readToken("__Secure-authjs.session-token", await token())).toBeNull();
  expect(await readToken(cookie, await token({ token: { sub: "alice" } }))).toBeNull();
  expect(await readToken(cookie, "nonsense")).toBeNull();
});

test("a token that was good before expires all the same", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const made = await token();
  expect(await readToken(cookie, made)).not.toBeNull();
  vi.setSystemTime(Date.now() + (sessionSeconds + 60) * 1000);
  expect(await readToken(cookie, made)).toBeNull();
  expect(await renewToken(cookie, made)).toBeNull();
});

test("who comes back after a day stays signed in longer, with the same beginning", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const made = await token();
  expect(await renewToken(cookie, made)).toBeNull();
  vi.setSystemTime(Date.now() + 25 * 60 * 60 * 1000);
  const renewed = await renewToken(cookie, made);
  const [before, after] = [await readToken(cookie, made), await readToken(cookie, renewed ?? "")];
  expect(after).toMatchObject({ sub: "alice", began: 17 });
  expect((after?.exp ?? 0) - (before?.exp ?? 0)).toBeGreaterThanOrEqual(25 * 60 * 60);
});
