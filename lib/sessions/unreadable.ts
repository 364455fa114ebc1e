/** A stored item that can't be read any more: damaged, or encrypted with a key that is not at hand. */
export interface Unreadable {
  session: string;
  segment: string;
  position: number;
  reason: string;
}

export type ReportUnreadable = (problem: Unreadable) => void;

/** What happens when nobody asked to be told: a warning of the process, so that it is never silent. */
export function warnOfUnreadable({ session, segment, position, reason }: Unreadable): void {
  process.emitWarning(`Skipped item ${position} of session ${session} (segment ${segment}): ${reason}`, {
    code: "SESSION_UNREADABLE",
  });
}
