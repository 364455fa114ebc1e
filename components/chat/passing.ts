import type { Line } from "./line.ts";

/** The line that is on its way from the page of new conversations to the conversation's own page. */
let passing: Line | null = null;

export function passOn(line: Line): void {
  passing = line;
}

/** Whether this line lives on when its page goes. */
export const isPassed = (line: Line): boolean => passing === line;

/** The line of a conversation that was begun a moment ago. It stays until it is taken. */
export function passedLine(conversation: string): Line | null {
  return passing?.state().place?.conversation === conversation ? passing : null;
}

export function taken(line: Line): void {
  if (passing === line) passing = null;
}

/** Lets go of a line that nobody took, and says whether there was one. */
export function dropPassed(): boolean {
  const dropped = passing;
  passing = null;
  dropped?.leave();
  return dropped !== null;
}
