import type { Redis } from "ioredis";
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRedis } from "rate-limiter-flexible";
import { AppError } from "./errors.ts";
import { log } from "./log.ts";
import { outsideRequests } from "./outside.ts";
import { redis } from "./redis.ts";

/** How many points a key has, and in how many seconds they come back. */
const rules = {
  /** Failed sign-ins for one email; a success gives the points back. */
  signIn: { points: 10, duration: 15 * 60 },
  /** Failed sign-ins from one address. */
  signInFrom: { points: 100, duration: 15 * 60 },
  /** New accounts from one address: a school or an office shares one. */
  signUp: { points: 150, duration: 10 * 60 },
  /** New guests from one address. */
  guest: { points: 150, duration: 10 * 60 },
  /** Messages of one person. */
  send: { points: 60, duration: 60 },
} as const;

export type LimitKind = keyof typeof rules;
export type Limiters = Record<LimitKind, RateLimiterAbstract>;

// Actions and route handlers live in separate bundles of one process: they share through globalThis.
const shared = globalThis as typeof globalThis & { switchboardLimiters?: Limiters };

/**
 * Takes one point from a key. Throws `rate_limited` when none is left, and `unavailable` when the
 * store of the limits does not answer: without it nobody passes.
 */
export async function limit(kind: LimitKind, key: string, on = limiters()): Promise<void> {
  try {
    // A limiter's memory keeps a timer for each key, for as long as the rule says.
    await outsideRequests(() => on[kind].consume(key));
  } catch (refusal) {
    throw refusal instanceof Error ? unavailable(refusal) : tooMany(kind, waitOf(refusal));
  }
}

/** Gives a point back: what was counted turned out to be no failure. */
export async function giveBack(kind: LimitKind, key: string, on = limiters()): Promise<void> {
  try {
    await outsideRequests(() => on[kind].reward(key));
  } catch (error) {
    throw unavailable(error);
  }
}

function limiters(): Limiters {
  shared.switchboardLimiters ??= limitersOn(redis()?.commands ?? null);
  return shared.switchboardLimiters;
}

/** Limits that are counted in Redis, together with other processes, or in this process alone. */
export function limitersOn(store: Redis | null): Limiters {
  const make = limiterFactory(store);
  return {
    signIn: make("signIn"),
    signInFrom: make("signInFrom"),
    signUp: make("signUp"),
    guest: make("guest"),
    send: make("send"),
  };
}

function limiterFactory(store: Redis | null): (kind: LimitKind) => RateLimiterAbstract {
  if (!store) return (kind) => new RateLimiterMemory({ ...rules[kind], keyPrefix: kind });
  return (kind) => new RateLimiterRedis({ ...rules[kind], storeClient: store, keyPrefix: `switchboard:limit:${kind}` });
}

// The limiter may come from another bundle, where its classes are others: ask for the field, not the class.
function waitOf(refusal: unknown): number {
  const given = typeof refusal === "object" && refusal !== null && "msBeforeNext" in refusal;
  return given && typeof refusal.msBeforeNext === "number" ? refusal.msBeforeNext : 60_000;
}

function tooMany(kind: LimitKind, wait: number): AppError {
  const seconds = Math.max(1, Math.ceil(wait / 1000));
  const when = seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
  const what = kind === "send" ? "You are sending messages faster than allowed." : "There were too many attempts.";
  return new AppError("rate_limited", `${what} Try again in ${when}.`);
}

function unavailable(cause: unknown): AppError {
  log().error({ err: cause }, "the store of the rate limits does not answer");
  return new AppError(
    "unavailable",
    "The server cannot check its rate limits at the moment, so it lets nobody through. Try again in a minute.",
    { cause },
  );
}
