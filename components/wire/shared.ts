import { Hub } from "./hub.ts";
import type { Wish } from "./words.ts";

/** Runs as a shared worker: one for all tabs of a person in one browser. */

const hub = new Hub();

addEventListener("connect", (event) => {
  if (!(event instanceof MessageEvent)) return;
  const [port] = event.ports;
  if (port) port.onmessage = ({ data }: MessageEvent<Wish>) => hub.hear(port, data);
});
