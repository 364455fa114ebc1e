import CircleAlert from "lucide-react/icons/circle-alert";
import type { ReactNode } from "react";
import { classes } from "./classes.ts";

/** What went wrong and what to do, read out at once. */
export function Alert({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <div
      role="alert"
      className={classes(
        "flex items-start gap-2.5 rounded-card border border-danger/35 bg-danger/6 px-3 py-2.5 text-note text-ink",
        className,
      )}
    >
      <CircleAlert aria-hidden size={16} className="mt-0.5 shrink-0 text-danger" />
      <div className="min-w-0 flex-1 wrap-anywhere">{children}</div>
    </div>
  );
}
