import ChevronDown from "lucide-react/icons/chevron-down";
import type { ComponentProps, ReactNode } from "react";
import { classes } from "./classes.ts";

/**
 * The browser's own select (role combobox): a wheel on a phone, typing ahead, no script.
 * Options are plain <option> elements.
 */
export function Select({
  className,
  look = "field",
  before,
  ...rest
}: ComponentProps<"select"> & { look?: "field" | "pill"; before?: ReactNode }) {
  return (
    <span className="relative inline-flex max-w-full items-center">
      {before && <span className="pointer-events-none absolute left-3 flex">{before}</span>}
      <select
        {...rest}
        className={classes(
          "target w-full appearance-none border bg-raise py-1 pr-8 text-ink",
          look === "field"
            ? "rounded-control border-line-strong text-[1rem] sm:text-ui"
            : "rounded-full border-line text-note font-medium",
          before ? "pl-7" : "pl-3",
          className,
        )}
      />
      <ChevronDown aria-hidden size={14} className="pointer-events-none absolute right-3 text-ink-3" />
    </span>
  );
}
