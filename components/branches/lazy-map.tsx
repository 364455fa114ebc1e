"use client";

import dynamic from "next/dynamic";

/** The picture needs the size of its place, which only a browser knows, and a library that nothing else needs. */
export const LazyMap = dynamic(() => import("./map.tsx").then(({ BranchMap }) => BranchMap), {
  ssr: false,
  loading: () => (
    <p role="status" className="p-5 text-ui text-ink-2">
      Drawing the map
    </p>
  ),
});
