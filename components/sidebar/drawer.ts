import { useSyncExternalStore } from "react";

/** Whether the sidebar lies over the page, where the window is too narrow for both. */

let open = false;
const watchers = new Set<() => void>();

export function setDrawer(next: boolean): void {
  if (open === next) return;
  open = next;
  for (const changed of watchers) changed();
}

function watch(changed: () => void): () => void {
  watchers.add(changed);
  return () => watchers.delete(changed);
}

export const useDrawer = (): boolean =>
  useSyncExternalStore(
    watch,
    () => open,
    () => false,
  );

export const narrow = "(max-width: 767.98px)";
export const sidebarId = "sidebar";
