import { classes } from "./classes.ts";
import { colorOf } from "./color.ts";

/** A spot of an agent's or a namespace's colour (a name of the palette, "billing"). Never the only sign. */
export function Dot({ color, square = false, className }: { color: string; square?: boolean; className?: string }) {
  return (
    <span
      aria-hidden
      style={{ background: colorOf(color) }}
      className={classes("inline-block shrink-0", square ? "size-2 rounded-[3px]" : "size-2.5 rounded-full", className)}
    />
  );
}
