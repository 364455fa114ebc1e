import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";

/** So near to the end counts as being there. */
const nearEnd = 48;

interface Followed {
  box: RefObject<HTMLElement | null>;
  content: RefObject<HTMLElement | null>;
  /** What is shown ends before the thread does. */
  away: boolean;
  /** Has the end shown. */
  onReturn: () => void;
}

/**
 * Keeps a scrolling thread at its end while the reader is there, and leaves it alone otherwise.
 * Until the page is alive, the box is a reversed column, which browsers show from its end.
 */
export function useFollowEnd({ box, content, away, onReturn }: Followed) {
  const [atEnd, setAtEnd] = useState(true);
  const following = useRef(true);
  const isAway = useRef(away);
  /** How far down it was when that was last looked at. */
  const top = useRef(0);

  const toBottom = useCallback(() => {
    const element = box.current;
    if (!element) return;
    element.scrollTop = element.scrollHeight;
    top.current = element.scrollTop;
  }, [box]);

  const toEnd = useCallback(() => {
    onReturn();
    following.current = true;
    setAtEnd(true);
    toBottom();
  }, [toBottom, onReturn]);

  useLayoutEffect(() => {
    const [element, inner] = [box.current, content.current];
    if (!element || !inner) return;
    const fromEnd = -element.scrollTop;
    element.dataset.alive = "";
    if (fromEnd < nearEnd) toEnd();
    else {
      // Somebody has scrolled up meanwhile.
      following.current = false;
      setAtEnd(false);
      element.scrollTop = element.scrollHeight - element.clientHeight - fromEnd;
    }

    let height = element.clientHeight;
    const keep = () => {
      if (following.current && !isAway.current) toBottom();
      height = element.clientHeight;
    };
    const onScroll = () => {
      // A window or composer that changes its size moves the end, not the reader.
      if (element.clientHeight !== height) return keep();
      const there = element.scrollHeight - element.scrollTop - element.clientHeight < nearEnd;
      // Who follows and is no further up than before has not left the end: more has come below it since.
      if (following.current && !there && !isAway.current && element.scrollTop >= top.current) return keep();
      top.current = element.scrollTop;
      following.current = there && !isAway.current;
      setAtEnd(following.current);
    };
    const sizes = new ResizeObserver(keep);
    sizes.observe(inner);
    sizes.observe(element);
    element.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      sizes.disconnect();
      element.removeEventListener("scroll", onScroll);
    };
  }, [box, content, toEnd, toBottom]);

  useLayoutEffect(() => {
    isAway.current = away;
    if (following.current && !away) toBottom();
  }, [toBottom, away]);

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

  return { atEnd: atEnd && !away, toEnd, hold };
}
