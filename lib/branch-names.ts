import { titleOfFirst, untitled } from "./titles.ts";

/** A name for a new branch that no other has: from the words it begins with, or by counting. */
export function branchName(text: string, taken: readonly string[]): string {
  const title = text ? titleOfFirst(text) : untitled;
  const base = title === untitled ? "Version" : title;
  if (base !== "Version" && !taken.includes(base)) return base;
  for (let number = 2; ; number++) {
    const name = `${base} ${number}`;
    if (!taken.includes(name)) return name;
  }
}
