import type { ReactNode } from "react";
import { colorOf } from "#components/ui/color.ts";
import { faceOf } from "./agents.ts";
import { Cord, entryClasses } from "./cord.tsx";

/** Where the line changes hands: a plug on the cord, and one quiet sentence. */
function Note({ from, to, last, children }: { from: string | null; to: string; last: boolean; children: ReactNode }) {
  return (
    <div role="note" className={`${entryClasses} pb-5 text-note leading-5 text-ink-2`}>
      <Cord
        above={from && faceOf(from).color}
        below={last ? null : faceOf(to).color}
        jack="plug"
        color={faceOf(to).color}
      />
      {children}
    </div>
  );
}

function AgentName({ id, colored = false }: { id: string; colored?: boolean }) {
  const face = faceOf(id);
  return (
    <b className="font-semibold" style={colored ? { color: colorOf(face.color) } : undefined}>
      {face.name}
    </b>
  );
}

export function HandOff({ from, to }: { from: string; to: string }) {
  return (
    <Note from={from} to={to} last={false}>
      <AgentName id={from} /> handed over to <AgentName id={to} colored />
    </Note>
  );
}

export function Switched({ from, to, last = false }: { from: string; to: string; last?: boolean }) {
  return (
    <Note from={from} to={to} last={last}>
      Switched to <AgentName id={to} colored />
    </Note>
  );
}
