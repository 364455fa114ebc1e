/** One event of a run, numbered from 1, as JSON. */
export interface LoggedEvent {
  id: number;
  json: string;
}

/** The very last event of a run. */
export const isFinish = (json: string | undefined): boolean => json?.startsWith('{"type":"finish"') ?? false;

/** The last event of a run, or the last one before it waits for a person. */
export const isLast = (json: string | undefined): boolean =>
  isFinish(json) || ((json?.startsWith('{"type":"message-metadata"') && json.includes('"status":"waiting"')) ?? false);

/** An event with which the message begins. */
export const isStart = ({ json }: LoggedEvent): boolean => json.startsWith('{"type":"start"');

/** The events that follow on number `seen` without a gap: who lost some in between waits until they are there again. */
export function followingFrom(seen: number, events: readonly LoggedEvent[]): LoggedEvent[] {
  return events.filter(({ id }, place) => id === seen + 1 + place);
}

/** One event on the wire. */
export function frame(id: number, json: string): string {
  return `id: ${id}\ndata: ${json}\n\n`;
}

export const frames = (events: readonly LoggedEvent[]): string =>
  events.map(({ id, json }) => frame(id, json)).join("");

export const lastFrame = "data: [DONE]\n\n";
