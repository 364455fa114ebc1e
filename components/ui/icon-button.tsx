import type { ComponentProps } from "react";
import { classes } from "./classes.ts";

/** A button that shows only an icon; its label is its name, and the tip that appears beside it. */
export function IconButton({ label, className, ...rest }: ComponentProps<"button"> & { label: string }) {
  return (
    <button
      type="button"
      aria-label={label}
      data-tip={label}
      {...rest}
      className={classes(
        "target inline-grid place-items-center rounded-control text-ink-2 transition-colors",
        "hover:bg-hover hover:text-ink disabled:cursor-not-allowed disabled:opacity-40",
        className,
      )}
    />
  );
}
