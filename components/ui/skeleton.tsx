import { classes } from "./classes.ts";

/** The place of something that is on its way: still, without a spinner. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={classes("block rounded-control bg-hover", className ?? "h-4 w-full")} />;
}
