import { useEffect, useState } from "react";
import type { ShownExport } from "#lib/transfer/exports.ts";

const every = 500;
/** So often it is asked for an export that this server does not know (yet) before it is given up. */
const patience = 16;

/** The person's exports as the server tells of them, asked again while one is under way or `begun` is awaited. */
export function useExports(known: readonly ShownExport[], begun: string | null) {
  const [exports, setExports] = useState(known);
  const [missed, setMissed] = useState(0);
  const awaited = begun !== null && !exports.some(({ id }) => id === begun) && missed < patience;
  const live = awaited || exports.some(({ phase }) => phase === "running");
  useEffect(() => {
    if (!live) return;
    let over = false;
    let timer: ReturnType<typeof setTimeout>;
    const ask = async () => {
      const next = await fetchExports();
      if (over) return;
      if (next) setExports(next);
      setMissed((before) => (next?.some(({ id }) => id === begun) ? 0 : before + 1));
      timer = setTimeout(ask, every);
    };
    void ask();
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [live, begun]);
  return { exports, unknown: begun !== null && !awaited && !exports.some(({ id }) => id === begun) };
}

async function fetchExports(): Promise<ShownExport[] | undefined> {
  try {
    const response = await fetch("/api/export/progress", { cache: "no-store" });
    if (!response.ok) return undefined;
    const answer = (await response.json()) as { exports: ShownExport[] };
    return answer.exports;
  } catch {
    return undefined;
  }
}

export async function stopExport(id: string): Promise<boolean> {
  const request = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ id }) };
  return (await fetch("/api/export/stop", request).catch(() => undefined))?.ok ?? false;
}
