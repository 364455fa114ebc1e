"use client";

import { type RefObject, useEffect, useRef, useState } from "react";
import { alarm } from "#components/ui/toast.tsx";
import type { ThreadMessage } from "#lib/thread.ts";

/** In milliseconds: what is above may still grow while a page opens. */
const settling = 2000;

interface AnchorProps {
  content: RefObject<HTMLElement | null>;
  messages: readonly ThreadMessage[];
  /** Changes when the page comes anew. */
  page: unknown;
  hold: () => void;
  /** Has the message at a position shown; false when there is none. */
  reach: (position: number) => Promise<boolean>;
}

/** Shows the message that the address names, "#m-12" for the one at position 12. */
export default function Anchor({ content, messages, page, hold, reach }: AnchorProps): null {
  const [aim, setAim] = useState<{ position: number } | null>(null);
  const seen = useRef("");
  const stop = useRef(() => {});

  // biome-ignore lint/correctness/useExhaustiveDependencies: the address may have changed with the page.
  useEffect(() => {
    const { href, hash } = window.location;
    if (href === seen.current) return;
    seen.current = href;
    setAim(aimOf(hash));
  }, [page]);

  useEffect(() => {
    const onClick = ({ target }: MouseEvent) => {
      const link = target instanceof Element ? target.closest("a") : null;
      const { pathname, search } = window.location;
      if (link?.pathname === pathname && link.search === search && link.hash) follow(link);
    };
    const follow = ({ href, hash }: { href: string; hash: string }) => {
      seen.current = href;
      setAim(aimOf(hash));
    };
    const onHash = () => follow(window.location);
    document.addEventListener("click", onClick);
    window.addEventListener("hashchange", onHash);
    return () => {
      document.removeEventListener("click", onClick);
      window.removeEventListener("hashchange", onHash);
      stop.current();
    };
  }, []);

  useEffect(() => {
    if (!aim) return;
    reach(aim.position).then(
      (there) => {
        if (!there) setAim(null);
      },
      () => {
        setAim(null);
        alarm("That message could not be loaded. Check the connection, then open the link again.");
      },
    );
  }, [aim, reach]);

  useEffect(() => {
    if (!aim) return;
    const position = messages.find(({ metadata }) => metadata && aim.position < metadata.end)?.metadata?.position;
    if (position === undefined || position > aim.position) return;
    const target = document.getElementById(`m-${position}`);
    if (!target || !content.current?.contains(target)) return;
    setAim(null);
    stop.current();
    stop.current = settleOn(target, content.current, hold);
  }, [aim, messages, content, hold]);

  return null;
}

const aimOf = (hash: string) => (/^#m-\d{1,9}$/.test(hash) ? { position: Number(hash.slice(3)) } : null);

/** Keeps the target in sight until the page has settled, or the reader moves on. */
function settleOn(target: HTMLElement, content: HTMLElement, hold: () => void): () => void {
  const show = () => {
    hold();
    target.scrollIntoView({ block: "start" });
  };
  show();
  if (!window.matchMedia("(prefers-reduced-motion: reduce)").matches) {
    target.animate({ backgroundColor: ["color-mix(in srgb, var(--brand) 16%, transparent)", "transparent"] }, settling);
  }
  const sizes = new ResizeObserver(show);
  sizes.observe(content);
  const leave = new AbortController();
  const stop = () => {
    clearTimeout(timer);
    sizes.disconnect();
    leave.abort();
  };
  const timer = setTimeout(stop, settling);
  for (const kind of ["wheel", "pointerdown", "keydown", "touchstart"]) {
    window.addEventListener(kind, stop, { signal: leave.signal, passive: true });
  }
  return stop;
}
