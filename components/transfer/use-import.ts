import { useCallback, useEffect, useState } from "react";
import type { ShownImport } from "#lib/transfer/jobs.ts";

const every = 700;

/** An import as the server tells of it, asked again while it is under way. */
export function useImport(id: string, known: ShownImport | undefined) {
  const [state, setState] = useState<ShownImport | undefined>(known);
  const [lost, setLost] = useState(false);
  const refresh = useCallback(async () => {
    const next = await fetchImport(id);
    setLost(!next);
    if (next) setState(next);
  }, [id]);
  const live = !state || state.phase === "reading" || state.phase === "importing";
  useEffect(() => {
    if (!live) return;
    let timer: ReturnType<typeof setTimeout>;
    let over = false;
    const ask = async () => {
      await refresh();
      if (!over) timer = setTimeout(ask, every);
    };
    void ask();
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [live, refresh]);
  return { state, lost, refresh };
}

async function fetchImport(id: string): Promise<ShownImport | undefined> {
  try {
    const response = await fetch(`/api/import/${id}`, { cache: "no-store" });
    return response.ok ? ((await response.json()) as ShownImport) : undefined;
  } catch {
    return undefined;
  }
}
