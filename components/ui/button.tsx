import type { ComponentProps } from "react";
import { classes } from "./classes.ts";

export type ButtonLook = "primary" | "plain" | "quiet" | "danger";

const looks: Record<ButtonLook, string> = {
  primary: "border-transparent bg-ink text-paper hover:bg-ink/85",
  plain: "border-line-strong bg-raise text-ink hover:bg-panel",
  quiet: "border-transparent bg-transparent text-ink-2 hover:bg-hover hover:text-ink",
  danger: "border-transparent bg-danger text-danger-ink hover:bg-danger/90",
};

/** The classes of a button, for links that look like one. */
export const buttonClasses = (look: ButtonLook = "plain", more?: string) =>
  classes(
    "target inline-flex items-center justify-center gap-2 whitespace-nowrap rounded-control border px-3.5 text-ui font-medium",
    "transition-colors disabled:cursor-not-allowed disabled:opacity-55 aria-busy:cursor-progress",
    looks[look],
    more,
  );

/** `busy` keeps the button in place and refuses a second press while something is under way. */
export function Button({
  look,
  busy = false,
  className,
  disabled,
  ...rest
}: ComponentProps<"button"> & { look?: ButtonLook; busy?: boolean }) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      className={buttonClasses(look, className)}
    />
  );
}
