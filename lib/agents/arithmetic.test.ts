import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluate } from "./arithmetic.ts";

describe("evaluate", () => {
  it.each([
    ["1 + 2 * 3", 7],
    ["(1 + 2) * 3", 9],
    ["-2^2", -4],
    ["2^3^2", 512],
    ["2^-1", 0.5],
    ["10 % 4", 2],
    ["0.1 + 0.2", 0.3],
    ["2,450 * 18 / 100", 441],
    ["6 × 7 ÷ 2", 21],
    ["--4", 4],
    ["8 - 3 - 2", 3],
    [".5 * 4", 2],
  ])("%s is %d", (expression, result) => {
    expect(evaluate(expression)).toBe(result);
  });

  it.each([
    ["1 / 0", /division by zero/],
    ["(1 + 2", /closing parenthesis/],
    ["1 +", /ends too early/],
    ["1 2", /not expected/],
    ["process.exit()", /not arithmetic/],
    ["9^9^9", /not a finite/],
    [`1${"+1".repeat(150)}`, /longer than 200/],
    ["", /ends too early/],
  ])("refuses %s", (expression, reason) => {
    expect(() => evaluate(expression)).toThrow(reason);
    expect(() => evaluate(expression)).toThrow(RangeError);
  });

  it("agrees with the language on sums, differences and products of whole numbers", () => {
    const whole = fc.integer({ min: -1000, max: 1000 });
    fc.assert(
      fc.property(whole, whole, whole, (a, b, c) => {
        expect(evaluate(`(${a}) + (${b}) * (${c}) - (${a})`)).toBe(a + b * c - a);
      }),
    );
  });

  it("never throws anything but a RangeError", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."0123456789.+-*/%^() ,"), maxLength: 60 }), (text) => {
        try {
          expect(Number.isFinite(evaluate(text))).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
  });
});
