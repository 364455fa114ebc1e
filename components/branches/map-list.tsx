import { faceOf } from "#components/chat/agents.ts";
import { classes } from "#components/ui/classes.ts";
import type { Fold } from "#lib/outline-tree.ts";
import { linesOf, type MapLine } from "./map-lines.ts";
import { MapPoint } from "./map-point.tsx";

interface MapListProps {
  conversation: string;
  nodes: readonly Fold[];
}

/** Deeper ones are drawn at the same place: what they follow is said in words. */
const mostSteps = 12;

/** The same tree in words: one list, in which each way where it parts says what it follows. */
export function MapList({ conversation, nodes }: MapListProps) {
  return (
    <ul aria-label="Map as a list">
      {linesOf(nodes).map(({ fold, level, way }) => (
        <li
          key={fold.id}
          className={classes(
            "border-l-2 border-line pl-2 [contain-intrinsic-size:auto_3.5rem] [content-visibility:auto]",
            way && "mt-2",
          )}
          style={{ marginInlineStart: `${Math.min(level, mostSteps) * 0.75}rem` }}
        >
          {way && <WayLabel {...way} />}
          <MapPoint fold={fold} conversation={conversation} className="rounded-control px-2 py-1.5" />
        </li>
      ))}
    </ul>
  );
}

function WayLabel({ number, of, after }: NonNullable<MapLine["way"]>) {
  return (
    <p dir="auto" className="truncate px-2 text-small text-ink-3">
      Way {number} of {of}
      {after && `, after ${nameOf(after)}`}
    </p>
  );
}

function nameOf({ agent, text, count }: Fold): string {
  if (count > 1) return `${count} messages`;
  return `${agent === null ? "You" : faceOf(agent).name}${text ? `: ${text}` : ""}`;
}
