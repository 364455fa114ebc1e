import { useSyncExternalStore } from "react";

const minute = 60_000;
const toTheMinute = () => Math.floor(Date.now() / minute) * minute;

function everyMinute(changed: () => void): () => void {
  const timer = setInterval(changed, minute / 2);
  return () => clearInterval(timer);
}

/** The time, to the minute. Null on the server, which does not know the reader's time zone. */
export const useNow = (): number | null => useSyncExternalStore(everyMinute, toTheMinute, () => null);
