import Link from "next/link";
import type { FocusEventHandler } from "react";
import { faceOf } from "#components/chat/agents.ts";
import { classes } from "#components/ui/classes.ts";
import { colorOf } from "#components/ui/color.ts";
import type { Fold } from "#lib/outline-tree.ts";

interface MapPointProps {
  fold: Fold;
  conversation: string;
  className?: string;
  onFocus?: FocusEventHandler;
}

/** A message of the tree; it leads to where it stands in the thread. */
export function MapPoint({ fold, conversation, className, onFocus }: MapPointProps) {
  const { agent, text, count, branch, position } = fold;
  const face = agent === null ? null : faceOf(agent);
  return (
    <Link
      href={`/c/${conversation}?branch=${branch}#m-${position}`}
      prefetch={false}
      onFocus={onFocus}
      className={classes("flex gap-2.5 text-note hover:bg-hover", className)}
    >
      {count > 1 ? (
        <span className="text-ink-2">{count} messages in between</span>
      ) : (
        <>
          <span
            aria-hidden
            className={classes("mt-1 size-2.5 shrink-0 rounded-full", !face && "border-2 border-ink-3 bg-paper")}
            style={face ? { background: colorOf(face.color) } : undefined}
          />
          <span className="min-w-0">
            <b className="block font-semibold" style={face ? { color: colorOf(face.color) } : undefined}>
              {face?.name ?? "You"}
            </b>
            <span dir="auto" className="block truncate text-ink-2">
              {text || "No words"}
            </span>
          </span>
        </>
      )}
    </Link>
  );
}
