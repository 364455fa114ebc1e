import { classes } from "./classes.ts";

/** The first letter of a name on the product's colour. */
export function Avatar({ name, className }: { name: string; className?: string }) {
  const letter = name.trim().at(0)?.toLocaleUpperCase() ?? "?";
  return (
    <span
      aria-hidden
      className={classes(
        "inline-grid size-7 shrink-0 place-items-center rounded-full bg-brand text-small font-semibold text-brand-ink",
        className,
      )}
    >
      {letter}
    </span>
  );
}
