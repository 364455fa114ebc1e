import { expect, test } from "vitest";
import { dateGroup, shortMoment } from "./dates.ts";

const now = new Date(2026, 10, 22, 9, 30).getTime();
const at = (year: number, month: number, day: number, hour = 12) => new Date(year, month - 1, day, hour).getTime();

test.each([
  [at(2026, 11, 22, 0), "Today"],
  [at(2026, 11, 23, 0), "Today"],
  [at(2026, 11, 21, 23), "Yesterday"],
  [at(2026, 11, 20), "Previous 7 days"],
  [at(2026, 11, 15, 0), "Previous 7 days"],
  [at(2026, 11, 14, 23), new Date(2026, 10).toLocaleDateString(undefined, { month: "long" })],
  [at(2025, 11, 22), new Date(2025, 10).toLocaleDateString(undefined, { month: "long", year: "numeric" })],
])("%d belongs under %s", (moment, group) => {
  expect(dateGroup(moment, now)).toBe(group);
});

test("a moment is written as short as it can be", () => {
  const written = (moment: number) => shortMoment(moment, now);
  expect(written(at(2026, 11, 22, 8))).toMatch(/8.00/);
  expect(written(at(2026, 11, 21, 23))).toBe(
    new Date(2026, 10, 21).toLocaleDateString(undefined, { weekday: "short" }),
  );
  expect(written(at(2026, 11, 15))).toMatch(/15/);
  expect(written(at(2026, 6, 1))).not.toMatch(/2026/);
  expect(written(at(2025, 1, 1))).toMatch(/2025/);
});
