import { expect, test } from "vitest";
import { clientAddress } from "./address.ts";

test.each([
  ["203.0.113.7", "203.0.113.7"],
  ["made-up, 198.51.100.1, 203.0.113.7", "203.0.113.7"],
  ["::ffff:203.0.113.7", "203.0.113.7"],
  ["2001:DB8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:db8:1:2::9", "2001:db8:1:2::/64"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  ["", ""],
])("x-forwarded-for %j is counted as %j", (header, counted) => {
  expect(clientAddress(new Headers({ "x-forwarded-for": header }))).toBe(counted);
});

test("without the header everybody counts as one", () => {
  expect(clientAddress(new Headers())).toBe("");
});
