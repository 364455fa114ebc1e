"use client";

import type { ReactNode } from "react";
import { useDrawer } from "./drawer.ts";

/** The page beside the sidebar: as high as the window, scrolling on its own, out of reach while the drawer lies over it. */
export function MainColumn({ children }: { children: ReactNode }) {
  const covered = useDrawer();
  return (
    <main id="main" tabIndex={-1} inert={covered} className="h-dvh min-w-0 flex-1 overflow-y-auto outline-none">
      {children}
    </main>
  );
}
