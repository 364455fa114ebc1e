"use client";

import { useSyncExternalStore } from "react";

const day = 86_400_000;

function words(at: number): string {
  const moment = new Date(at);
  const time = moment.toLocaleTimeString(undefined, { hour: "numeric", minute: "2-digit" });
  if (moment.toDateString() === new Date().toDateString()) return time;
  const year = Date.now() - at > 300 * day ? ({ year: "numeric" } as const) : {};
  return `${moment.toLocaleDateString(undefined, { day: "numeric", month: "short", ...year })}, ${time}`;
}

const never = () => () => {};

/** A moment in the reader's own time zone, which only the browser knows: empty until then. */
export function Moment({ at, className }: { at: number; className?: string }) {
  const shown = useSyncExternalStore(
    never,
    () => words(at),
    () => "",
  );
  return (
    <time dateTime={new Date(at).toISOString()} className={className}>
      {shown}
    </time>
  );
}
