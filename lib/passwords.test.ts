import { hash } from "@node-rs/argon2";
import { expect, test, vi } from "vitest";
import { hashPassword, passwordFits } from "./passwords.ts";

// Hashing a password is slow on purpose.
vi.setConfig({ testTimeout: 30_000 });

test("passwords are kept as argon2id with OWASP's parameters, salted", async () => {
  const [one, two] = await Promise.all([hashPassword("correct horse"), hashPassword("correct horse")]);
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(one).not.toBe(two);
});

test("only the right password fits, also one that was hashed with other parameters", async () => {
  const kept = await hashPassword("pässwörd \u{1f511}");
  expect(await passwordFits("pässwörd \u{1f511}", kept)).toBe(true);
  expect(await passwordFits("passwörd \u{1f511}", kept)).toBe(false);
  const older = await hash("older", { memoryCost: 8192, timeCost: 1, parallelism: 1 });
  expect(await passwordFits("older", older)).toBe(true);
});

test("nothing fits where there is no password, and finding that out is as much work", async () => {
  expect(await passwordFits("", null)).toBe(false);
  const kept = await hashPassword("correct horse");
  const medianOf = async (hashed: string | null) => {
    const times: number[] = [];
    for (let i = 0; i < 9; i++) {
      const start = performance.now();
      await passwordFits("wrong", hashed);
      times.push(performance.now() - start);
    }
    return times.sort((a, b) => a - b)[4] ?? 0;
  };
  const [known, unknown] = [await medianOf(kept), await medianOf(null)];
  expect(unknown).toBeGreaterThan(known / 4);
});
