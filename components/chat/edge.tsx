"use client";

import { type RefObject, useEffect, useRef } from "react";
import { Alert } from "#components/ui/alert.tsx";
import { Button } from "#components/ui/button.tsx";
import type { Edge as EdgeName } from "./line-state.ts";

interface EdgeProps {
  box: RefObject<HTMLElement | null>;
  edge: EdgeName;
  /** Where the messages that are shown end on this side. */
  at: number;
  fetching: boolean;
  failed: boolean;
  onNear: () => void;
}

/** How far from the edge more is asked for: some screens, so that it is there before the reader. */
const margin = "2000px 0px";

/** Where the thread goes on that is not here yet: asks for more as the reader comes near. */
export default function Edge({ box, edge, at, fetching, failed, onNear }: EdgeProps) {
  const place = useRef<HTMLDivElement>(null);
  const near = useRef(onNear);
  useEffect(() => {
    near.current = onNear;
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: looked at anew for each edge, which may be near at once.
  useEffect(() => {
    if (fetching || failed || !place.current) return;
    const watcher = new IntersectionObserver((entries) => entries.at(-1)?.isIntersecting && near.current(), {
      root: box.current,
      rootMargin: margin,
    });
    watcher.observe(place.current);
    return () => watcher.disconnect();
  }, [box, at, fetching, failed]);

  return (
    <div ref={place} className="mx-auto flex min-h-12 max-w-[744px] items-center justify-center py-2">
      <p role="status" className="text-small text-ink-3">
        {fetching ? `Loading ${edge} messages` : ""}
      </p>
      {failed && (
        <Alert className="w-full">
          <p>The {edge} messages could not be loaded. Check the connection, then try again.</p>
          <Button className="mt-2" onClick={onNear}>
            Try again
          </Button>
        </Alert>
      )}
    </div>
  );
}
