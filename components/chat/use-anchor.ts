import { type RefObject, useEffect } from "react";

/** In milliseconds: what is above may still grow while a page opens. */
const settling = 2000;

/** Shows the message that the address names, "#m-12" for the one at position 12, when a thread is opened. */
export function useAnchor(content: RefObject<HTMLElement | null>, hold: () => void): void {
  useEffect(() => {
    const name = window.location.hash.slice(1);
    const target = /^m-\d+$/.test(name) ? document.getElementById(name) : null;
    if (!target || !content.current?.contains(target)) return;
    const show = () => {
      hold();
      target.scrollIntoView({ block: "start" });
    };
    show();
    if (!window.matchMedia("(prefers-reduced-motion: reduce)").matches) {
      target.animate(
        { backgroundColor: ["color-mix(in srgb, var(--brand) 16%, transparent)", "transparent"] },
        settling,
      );
    }

    const sizes = new ResizeObserver(show);
    sizes.observe(content.current);
    const leave = new AbortController();
    const stop = () => {
      sizes.disconnect();
      leave.abort();
    };
    const timer = setTimeout(stop, settling);
    for (const kind of ["wheel", "pointerdown", "keydown", "touchstart"]) {
      window.addEventListener(kind, stop, { signal: leave.signal, passive: true });
    }
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [content, hold]);
}
