import type { ReactNode } from "react";
import { SidebarButton } from "#components/sidebar/drawer-button.tsx";
import { Dot } from "#components/ui/dot.tsx";

export interface NamespaceFace {
  type: string;
  label: string;
  color: string;
}

/** What this conversation is called and where it belongs. */
export function Header({
  title,
  namespace,
  archived = false,
  branches,
  children,
}: {
  title: string;
  namespace?: NamespaceFace;
  archived?: boolean;
  /** Which branch is shown, and the way to the others. */
  branches?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <header className="flex h-14 shrink-0 items-center gap-3 border-b border-line px-3 sm:px-5">
      <SidebarButton />
      <h1 dir="auto" className="truncate text-[0.9375rem] font-semibold tracking-[-0.005em]">
        {title}
      </h1>
      {namespace && (
        <span className="inline-flex shrink-0 items-center gap-1.5 rounded-full border border-line px-2.5 py-0.5 text-small text-ink-2 max-sm:hidden">
          <Dot square color={namespace.color} />
          {namespace.label}
        </span>
      )}
      {branches}
      {archived && (
        <span className="shrink-0 rounded-full border border-line px-2.5 py-0.5 text-small text-ink-2">Archived</span>
      )}
      <div className="ml-auto flex shrink-0 gap-1">{children}</div>
    </header>
  );
}
