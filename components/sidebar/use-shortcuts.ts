import { useEffect, useSyncExternalStore } from "react";

const never = () => () => {};
const onApple = () => /Mac|iPhone|iPad/.test(navigator.userAgent);

/** Keys that work on every page, and how they are written on this system. */
export function useShortcuts({ begin, find }: { begin: () => void; find: () => void }) {
  const apple = useSyncExternalStore(never, onApple, () => false);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
      const perform =
        event.key.toLowerCase() === "k" && !event.shiftKey
          ? find
          : event.code === "KeyO" && event.shiftKey
            ? begin
            : null;
      if (!perform) return;
      event.preventDefault();
      perform();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [begin, find]);

  return apple ? { begin: "⇧⌘O", find: "⌘K" } : { begin: "Ctrl ⇧ O", find: "Ctrl K" };
}
