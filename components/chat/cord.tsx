import { classes } from "#components/ui/classes.ts";
import { colorOf } from "#components/ui/color.ts";

interface CordProps {
  /** The colour of whoever was on the line above; null where the thread begins. */
  above: string | null;
  /** The colour of whoever is on the line below; null where the thread ends. */
  below: string | null;
  /** What sits on the cord: a person's open ring, an agent's dot, or a plug where the line changes hands. */
  jack: "person" | "agent" | "plug";
  /** The colour of the jack, where it is not that of the cord. */
  color?: string;
  /** Other versions leave the cord here. */
  parts?: boolean;
}

/** The line beside the thread. Each entry draws its own stretch, so that entries come and go by themselves. */
export function Cord({ above, below, jack, color: own, parts = false }: CordProps) {
  const color = colorOf(own ?? below ?? above ?? "ink-3");
  return (
    <span aria-hidden className="pointer-events-none absolute inset-y-0 left-0 w-5">
      {above && <span className="absolute top-0 left-[9px] h-2.5 w-0.5" style={{ background: colorOf(above) }} />}
      {below && <span className="absolute top-2.5 bottom-0 left-[9px] w-0.5" style={{ background: colorOf(below) }} />}
      {parts && (
        <svg
          aria-hidden="true"
          className="absolute top-2.5 -left-[5px]"
          width="15"
          height="34"
          viewBox="0 0 15 34"
          fill="none"
        >
          <path d="M15 0C15 12 4 9 4 22" stroke="var(--line-strong)" strokeWidth="2" strokeLinecap="round" />
          <circle cx="4" cy="27" r="3" fill="var(--paper)" stroke="var(--line-strong)" strokeWidth="2" />
        </svg>
      )}
      <span
        className={classes(
          "absolute top-[3px] left-[3px] size-3.5 rounded-full shadow-[0_0_0_4px_var(--paper)]",
          jack === "person" && "border-2 border-ink-3 bg-paper",
          jack === "plug" && "border-2 bg-paper",
        )}
        style={jack === "agent" ? { background: color } : jack === "plug" ? { borderColor: color } : undefined}
      >
        {jack === "plug" && <span className="absolute inset-[2.5px] rounded-full" style={{ background: color }} />}
      </span>
    </span>
  );
}

/** What every entry of the thread has in common: room for the cord. */
export const entryClasses = "relative pl-[30px] sm:pl-9";
