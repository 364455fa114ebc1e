/** How long ago something was, as short as a list needs it. All days are days of the reader's time zone. */

function daysBetween(earlier: Date, later: Date): number {
  const noon = (moment: Date) => Date.UTC(moment.getFullYear(), moment.getMonth(), moment.getDate());
  return Math.round((noon(later) - noon(earlier)) / 86_400_000);
}

/** "9:12" today, "Tue" within a week, "12 Nov" within the year, "Nov 2024" before. */
export function shortMoment(at: number, now: number): string {
  const moment = new Date(at);
  const today = new Date(now);
  const days = daysBetween(moment, today);
  if (days <= 0) return moment.toLocaleTimeString(undefined, { hour: "numeric", minute: "2-digit" });
  if (days < 7) return moment.toLocaleDateString(undefined, { weekday: "short" });
  if (moment.getFullYear() === today.getFullYear() || days < 180) {
    return moment.toLocaleDateString(undefined, { day: "numeric", month: "short" });
  }
  return moment.toLocaleDateString(undefined, { month: "short", year: "numeric" });
}

/** The heading under which a moment belongs. */
export function dateGroup(at: number, now: number): string {
  const moment = new Date(at);
  const today = new Date(now);
  const days = daysBetween(moment, today);
  if (days <= 0) return "Today";
  if (days === 1) return "Yesterday";
  if (days <= 7) return "Previous 7 days";
  const year = moment.getFullYear() === today.getFullYear() ? {} : ({ year: "numeric" } as const);
  return moment.toLocaleDateString(undefined, { month: "long", ...year });
}
