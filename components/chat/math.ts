import { useSyncExternalStore } from "react";
import type { PluginConfig } from "streamdown";

/** Formulas: `$$...$$`. The renderer and its style sheet come with the first one. */

let loaded: PluginConfig | undefined;
let loading = false;
const watchers = new Set<() => void>();

async function load(): Promise<void> {
  if (loading || loaded) return;
  loading = true;
  try {
    const [{ createMathPlugin }] = await Promise.all([import("@streamdown/math"), import("./math-style.ts")]);
    loaded = { math: createMathPlugin({ errorColor: "var(--ink-2)" }) };
    for (const changed of watchers) changed();
  } catch {
    // It could not be fetched: formulas stay as they were written, and the next one asks again.
  } finally {
    loading = false;
  }
}

const plain: PluginConfig = {};

function watchMath(changed: () => void): () => void {
  watchers.add(changed);
  void load();
  return () => watchers.delete(changed);
}

const ignore = () => () => {};

/** The plugins for this text: none until it holds a formula. */
export function useMath(text: string): PluginConfig {
  const wanted = text.includes("$$");
  const math = useSyncExternalStore(
    wanted ? watchMath : ignore,
    () => loaded,
    () => undefined,
  );
  return (wanted && math) || plain;
}
