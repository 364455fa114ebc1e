/** Reading what somebody else wrote: whatever has the wrong shape counts as absent. */

export type Fields = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is Fields {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

export function fieldsOf(value: unknown): Fields {
  return isRecord(value) ? value : {};
}

/** The value of an own field: `__proto__` and its like are names as any other. */
export function field(value: unknown, name: string): unknown {
  return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

export function fieldsAt(value: unknown, name: string): Fields {
  return fieldsOf(field(value, name));
}

export function listAt(value: unknown, name: string): readonly unknown[] {
  const found = field(value, name);
  return Array.isArray(found) ? found : [];
}

export function textAt(value: unknown, name: string): string | undefined {
  const found = field(value, name);
  return typeof found === "string" ? found : undefined;
}

/** A text that is there and not empty. */
export function wordsAt(value: unknown, name: string): string | undefined {
  return textAt(value, name) || undefined;
}

export function numberAt(value: unknown, name: string): number | undefined {
  const found = field(value, name);
  return typeof found === "number" && Number.isFinite(found) ? found : undefined;
}

const lastMoment = 8.64e15;
const firstYears = 1e11;

/** A moment in milliseconds since 1970, from seconds, milliseconds or an ISO text. */
export function momentAt(value: unknown, name: string): number | null {
  const found = field(value, name);
  const moment = typeof found === "string" ? Date.parse(found) : typeof found === "number" ? scaled(found) : Number.NaN;
  return Number.isFinite(moment) && moment > 0 && moment <= lastMoment ? Math.round(moment) : null;
}

// Seconds until the year 5138 are smaller than milliseconds after March 1973.
const scaled = (number: number) => (number < firstYears ? number * 1000 : number);

/** What a field that names a kind says, for a sentence; it may be anything. */
export function kindOf(value: unknown): string {
  return typeof value === "string" ? value.slice(0, 60) : value === null ? "null" : typeof value;
}
