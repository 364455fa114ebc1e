import { useEffect, useEffectEvent } from "react";

/** Escape, unless a menu, a dialog or a box has had use for it. */
export function useEscape(active: boolean, perform: () => void): void {
  const onEscape = useEffectEvent(perform);
  useEffect(() => {
    if (!active) return;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !event.defaultPrevented && !event.isComposing) onEscape();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [active]);
}
