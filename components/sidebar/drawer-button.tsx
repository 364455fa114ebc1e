"use client";

import Menu from "lucide-react/icons/menu";
import { IconButton } from "#components/ui/icon-button.tsx";
import { setDrawer, sidebarId, useDrawer } from "./drawer.ts";

/** Opens the sidebar on a narrow window; elsewhere it is always there, and this is not. */
export function SidebarButton() {
  const open = useDrawer();
  return (
    <IconButton
      label="Open sidebar"
      aria-expanded={open}
      aria-controls={sidebarId}
      className="-ml-1.5 shrink-0 md:hidden"
      onClick={() => setDrawer(true)}
    >
      <Menu aria-hidden size={20} />
    </IconButton>
  );
}
