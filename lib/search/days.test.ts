import fc from "fast-check";
import { expect, test } from "vitest";
import { knownTimeZone, startOf } from "./days.ts";

const at = (text: string) => Date.parse(text);

test("a day begins where the person is", () => {
  expect(startOf("2026-11-22", "UTC")).toBe(at("2026-11-22T00:00Z"));
  expect(startOf("2026-11-22", "America/Los_Angeles")).toBe(at("2026-11-22T08:00Z"));
  expect(startOf("2026-11-22", "Asia/Kathmandu")).toBe(at("2026-11-21T18:15Z"));
  expect(startOf("2026-07", "Europe/Berlin")).toBe(at("2026-06-30T22:00Z"));
  expect(startOf("2026", "Pacific/Kiritimati")).toBe(at("2025-12-31T10:00Z"));
});

test("on the days on which clocks are moved too", () => {
  expect(startOf("2026-03-29", "Europe/Berlin")).toBe(at("2026-03-28T23:00Z"));
  expect(startOf("2026-03-30", "Europe/Berlin")).toBe(at("2026-03-29T22:00Z"));
  expect(startOf("2026-10-26", "Europe/Berlin")).toBe(at("2026-10-25T23:00Z"));
  // Here clocks go from midnight straight to one o'clock.
  expect(startOf("2026-09-06", "America/Santiago")).toBe(at("2026-09-06T04:00Z"));
});

test("a day that is not in the calendar has no beginning", () => {
  for (const date of ["2026-02-30", "2026-13", "26", "tomorrow", ""]) {
    expect(startOf(date, "Europe/Berlin")).toBeUndefined();
  }
});

test("days follow each other everywhere", () => {
  const zones = fc.constantFrom(...Intl.supportedValuesOf("timeZone"));
  const days = fc.integer({ min: Date.UTC(1990) / 86_400_000, max: Date.UTC(2030) / 86_400_000 });
  fc.assert(
    fc.property(zones, days, (zone, day) => {
      const [one, two] = [day, day + 1].map((each) =>
        startOf(new Date(each * 86_400_000).toISOString().slice(0, 10), zone),
      );
      expect((two ?? 0) - (one ?? 0)).toBeGreaterThanOrEqual(0);
      expect((two ?? 0) - (one ?? 0)).toBeLessThanOrEqual(50 * 3_600_000);
    }),
  );
});

test("a time zone is what the platform knows by that name", () => {
  expect(knownTimeZone("Europe/Berlin")).toBe("Europe/Berlin");
  for (const name of [undefined, "", "Mars/Olympus", "../../etc"]) expect(knownTimeZone(name)).toBeFalsy();
});
