import { setFlagsFromString } from "node:v8";

/**
 * An import or an export makes a lot of short-lived garbage, and V8 lets its heap grow by hundreds of MB before it
 * tidies up. While one is under way it tidies up early, and then goes back to its own measure.
 */
const tidy = ["--heap-growing-percent=20", "--semi-space-growth-factor=1"];
const usual = ["--heap-growing-percent=0", "--semi-space-growth-factor=2"];

// Actions and route handlers live in separate bundles of one process: they share through globalThis.
const shared = globalThis as typeof globalThis & { switchboardFrugal?: number };

/** Keeps the heap small from here until what it answers is called. */
export function beFrugal(): () => void {
  setFrugal(1);
  return () => setFrugal(-1);
}

function setFrugal(step: 1 | -1): void {
  const before = shared.switchboardFrugal ?? 0;
  shared.switchboardFrugal = before + step;
  if (before > 0 && shared.switchboardFrugal > 0) return;
  for (const flag of step === 1 ? tidy : usual) setFlagsFromString(flag);
}
