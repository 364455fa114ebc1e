/** Every tool that answers from made-up records says so, with these words. */
export const sampleNotice = "Sample data that comes with Switchboard; not a real account.";

/** A date so many days before `today`, so that samples never look old. */
export function daysBefore(today: Date, days: number): string {
  return new Date(today.getTime() - days * 86_400_000).toISOString().slice(0, 10);
}
