import type { ReactNode } from "react";
import { SidebarButton } from "#components/sidebar/drawer-button.tsx";

/** A page beside the sidebar that is not a conversation: its title, and what it shows at a readable width. */
export function PageFrame({ title, about, children }: { title: string; about?: ReactNode; children: ReactNode }) {
  return (
    <div className="mx-auto w-full max-w-4xl px-4 pb-16 sm:px-8">
      <header className="pt-3 pb-6 sm:pt-8">
        <div className="flex min-h-8 items-center gap-2">
          <SidebarButton />
          <h1 className="text-[1.375rem] leading-8 font-semibold tracking-tight">{title}</h1>
        </div>
        {about && <p className="mt-1 max-w-[60ch] text-ui text-ink-2">{about}</p>}
      </header>
      {children}
    </div>
  );
}
