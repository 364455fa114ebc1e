import { createContext, useContext } from "react";
import type { SidebarNamespace } from "#lib/sidebar.ts";
import type { Commands } from "./use-conversations.ts";

/** What every row needs. */
export interface SidebarContext {
  commands: Commands;
  namespaces: SidebarNamespace[];
  /** The conversation that is open. */
  open: string | null;
  /** The reader's time, once the page runs in their browser. */
  now: number | null;
}

export const Sidebar = createContext<SidebarContext | null>(null);

export function useSidebar(): SidebarContext {
  const context = useContext(Sidebar);
  if (!context) throw new Error("This part stands outside the sidebar.");
  return context;
}
