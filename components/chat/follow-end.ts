import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";

/** So near to the end counts as being there. */
const nearEnd = 48;

/**
 * Keeps a scrolling thread at its end while the reader is there, and leaves it alone otherwise.
 * Until the page is alive, the box is a reversed column, which browsers show from its end.
 */
export function useFollowEnd(box: RefObject<HTMLElement | null>, content: RefObject<HTMLElement | null>) {
  const [atEnd, setAtEnd] = useState(true);
  const following = useRef(true);

  const toEnd = useCallback(() => {
    const element = box.current;
    if (!element) return;
    following.current = true;
    setAtEnd(true);
    element.scrollTop = element.scrollHeight;
  }, [box]);

  useLayoutEffect(() => {
    const [element, inner] = [box.current, content.current];
    if (!element || !inner) return;
    element.dataset.alive = "";
    toEnd();

    let height = element.clientHeight;
    const keep = () => {
      if (following.current) element.scrollTop = element.scrollHeight;
      height = element.clientHeight;
    };
    const onScroll = () => {
      // A window or composer that changes its size moves the end, not the reader.
      if (element.clientHeight !== height) return keep();
      const there = element.scrollHeight - element.scrollTop - element.clientHeight < nearEnd;
      following.current = there;
      setAtEnd(there);
    };
    const sizes = new ResizeObserver(keep);
    sizes.observe(inner);
    sizes.observe(element);
    element.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      sizes.disconnect();
      element.removeEventListener("scroll", onScroll);
    };
  }, [box, content, toEnd]);

  useEffect(() => {
    const onWheel = (event: WheelEvent) => {
      // Said at once: a long answer may grow faster than the scroll is noticed.
      if (event.deltaY < 0) following.current = false;
    };
    const element = box.current;
    element?.addEventListener("wheel", onWheel, { passive: true });
    return () => element?.removeEventListener("wheel", onWheel);
  }, [box]);

  /** Stays where the reader is, even at the end: what changes now is somewhere above. */
  const hold = useCallback(() => {
    following.current = false;
  }, []);

  return { atEnd, toEnd, hold };
}
