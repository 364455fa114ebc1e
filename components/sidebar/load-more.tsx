"use client";

import { useEffect, useRef } from "react";
import { Skeleton } from "#components/ui/skeleton.tsx";

/** Stands at the end of a list and asks for what comes next once it is scrolled into view. Give it a key for each page. */
export function LoadMore({ onReach }: { onReach: () => void }) {
  const mark = useRef<HTMLLIElement>(null);
  const reach = useRef(onReach);
  useEffect(() => {
    reach.current = onReach;
  });

  useEffect(() => {
    const element = mark.current;
    if (!element) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) reach.current();
      },
      { root: element.closest("[data-list]"), rootMargin: "240px" },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  return (
    <li ref={mark} className="px-2 py-2">
      <span className="sr-only">More is being loaded</span>
      <Skeleton className="h-3.5 w-3/5" />
    </li>
  );
}
