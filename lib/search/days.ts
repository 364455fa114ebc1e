/** Days as a person means them: they begin where the person is. */

/** The first moment of a day, a month or a year in a time zone; undefined for a day that is not in the calendar. */
export function startOf(date: string, timeZone: string): number | undefined {
  const [, year, month = "1", day = "1"] = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$/.exec(date) ?? [];
  if (year === undefined) return undefined;
  const midnight = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  const exists = midnight.getUTCMonth() === Number(month) - 1 && midnight.getUTCDate() === Number(day);
  return exists ? inZone(midnight.getTime(), timeZone) : undefined;
}

/** When clocks in the zone show what UTC shows at `moment`; when they skip that, the moment at which they do. */
function inZone(moment: number, timeZone: string): number {
  if (timeZone === "UTC") return moment;
  const before = moment - aheadAt(moment - day, timeZone);
  const after = moment - aheadAt(moment + day, timeZone);
  const shows = (at: number) => at + aheadAt(at, timeZone) === moment;
  return [Math.min(before, after), Math.max(before, after)].find(shows) ?? before;
}

const day = 86_400_000;

/** How far the clocks of a zone are ahead of UTC. */
function aheadAt(moment: number, timeZone: string): number {
  const shown = new Intl.DateTimeFormat("en", {
    timeZone,
    calendar: "gregory",
    numberingSystem: "latn",
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(moment);
  const [year = 0, month = 1, date = 1, hour = 0, minute = 0, second = 0] = (
    ["year", "month", "day", "hour", "minute", "second"] as const
  ).map((type) => Number(shown.find((part) => part.type === type)?.value));
  return Date.UTC(year, month - 1, date, hour, minute, second) - Math.floor(moment / 1000) * 1000;
}

/** A time zone by its name, if there is one. */
export function knownTimeZone(name: string | undefined): string | undefined {
  try {
    return name && new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
