import type { ReactNode } from "react";

/** A key on the keyboard. Hidden where there is only touch. */
export function Key({ children }: { children: ReactNode }) {
  return (
    <kbd className="rounded-[4px] border border-line px-1.5 py-0.5 font-mono text-[0.75rem] leading-none font-medium text-ink-3 pointer-coarse:hidden">
      {children}
    </kbd>
  );
}
