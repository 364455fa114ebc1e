import dynamic from "next/dynamic";
import { memo, useState } from "react";
import { Alert } from "#components/ui/alert.tsx";
import { Button } from "#components/ui/button.tsx";
import { colorOf } from "#components/ui/color.ts";
import { Moment } from "#components/ui/moment.tsx";
import type { MessageMetadata, ThreadMessage } from "#lib/thread.ts";
import { faceOf } from "./agents.ts";
import { Caret } from "./caret.tsx";
import { Cord, entryClasses } from "./cord.tsx";
import { Markdown } from "./markdown.tsx";
import { HandOff } from "./note.tsx";
import { type Part, type Piece, piecesOf, textOf } from "./pieces.ts";
import { Step, Thought } from "./step.tsx";
import { useThreadActions } from "./thread-actions.ts";
import { Toolbar } from "./toolbar.tsx";
import { Versions } from "./versions.tsx";

/** Only where something waits. */
const Approval = dynamic(() => import("./approval.tsx"));

declare module "react" {
  interface CSSProperties {
    /** The colour of the caret behind words that are being written. */
    "--caret"?: string;
  }
}

interface AnswerProps {
  message: ThreadMessage;
  above: string | null;
  /** The last thing in the thread: the cord ends here. */
  last: boolean;
  /** It is being written right now. */
  live: boolean;
}

/** All that a run answered: an article for each agent that spoke, and a note for each hand-off between them. */
export const Answer = memo(function Answer({ message, above, last, live }: AnswerProps) {
  const pieces = piecesOf(message);
  const end = pieces.length - 1;
  const first = pieces.findIndex((piece, place) => piece.parts.length > 0 || place === end);
  return pieces.map((piece, place) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: pieces only ever come at the end.
    <div key={place}>
      {piece.from && <HandOff from={piece.from} to={piece.agent} />}
      {(piece.parts.length > 0 || place === end) && (
        <Article
          message={message}
          piece={piece}
          above={place === 0 ? above : faceOf(piece.agent).color}
          ends={place === end}
          versions={place === first ? message.metadata?.versions : undefined}
          last={last && place === end}
          live={live && place === end}
        />
      )}
    </div>
  ));
});

interface ArticleProps {
  message: ThreadMessage;
  piece: Piece;
  above: string | null;
  /** The last of the answer's articles: how the run ended is said here. */
  ends: boolean;
  versions: MessageMetadata["versions"];
  last: boolean;
  live: boolean;
}

function Article({ message, piece, above, ends, versions, last, live }: ArticleProps) {
  const actions = useThreadActions();
  const face = faceOf(piece.agent);
  const { status, error } = message.metadata ?? {};
  const waiting = status === "waiting";
  const broken = ends && (status === "failed" || status === "interrupted");
  return (
    <article aria-label={face.name} aria-busy={live || undefined} className={`group/message ${entryClasses} pb-2`}>
      <Cord above={above} below={last ? null : face.color} jack="agent" color={face.color} parts={!!versions} />
      <header className="mb-1 flex h-5 items-center gap-2 text-note leading-5">
        <b className="font-semibold" style={{ color: colorOf(face.color) }}>
          {face.name}
        </b>
        {message.metadata && <Made metadata={message.metadata} live={live} ends={ends} />}
        {versions && <Versions versions={versions} onShow={(branch) => actions.show(branch, message)} />}
      </header>
      <Content piece={piece} live={live} waiting={waiting} />
      {ends && status === "stopped" && <p className="mt-1.5 text-note text-ink-3">Stopped</p>}
      {broken && (
        <Alert className="mt-2">
          <p>
            {status === "failed"
              ? (error?.message ?? "The answer failed.")
              : "The server restarted while this was being written."}
          </p>
          <Button className="mt-2" onClick={() => actions.tryAgain(message)}>
            Try again
          </Button>
        </Alert>
      )}
      {live || waiting || (broken && piece.parts.length === 0) ? (
        <div className="h-8" />
      ) : (
        <Toolbar
          text={() => textOf(piece.parts)}
          shown={last}
          onTryAgain={ends && !broken ? () => actions.tryAgain(message) : undefined}
          onBranch={ends ? () => actions.branchFrom(message) : undefined}
        />
      )}
    </article>
  );
}

/** When it was written; where the answer ends, also by which model and in what time. */
function Made({ metadata, live, ends }: { metadata: MessageMetadata; live: boolean; ends: boolean }) {
  if (live) return <span className="text-small text-ink-3">now</span>;
  const { model, duration, createdAt } = metadata;
  const took = duration === undefined ? undefined : `${(duration / 1000).toFixed(1)} s`;
  const facts = ends ? [model, took].filter(Boolean).join(" · ") : "";
  return (
    <span className="min-w-0 truncate text-small text-ink-3 tabular-nums">
      <Moment at={createdAt} />
      {facts && <span className="max-sm:hidden"> · {facts}</span>}
    </span>
  );
}

/** Of an answer with very many parts, so many are drawn until one asks for all. */
const mostParts = 200;

function Content({ piece, live, waiting }: { piece: Piece; live: boolean; waiting: boolean }) {
  const [all, setAll] = useState(false);
  const hidden = all ? 0 : Math.max(0, piece.parts.length - mostParts);
  const last = piece.parts.at(-1);
  const writing = live && last?.type === "text" && last.text !== "";
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-1" style={{ "--caret": colorOf(faceOf(piece.agent).color) }}>
      {hidden > 0 && (
        <Button look="quiet" className="justify-self-start" onClick={() => setAll(true)}>
          Show {hidden.toLocaleString("en")} earlier steps
        </Button>
      )}
      {piece.parts.slice(hidden).map((part, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts only ever come at the end.
        <PartView key={hidden + place} part={part} live={live && part === last} agent={piece.agent} waiting={waiting} />
      ))}
      {live && !writing && <Caret color={faceOf(piece.agent).color} />}
    </div>
  );
}

function PartView({ part, live, agent, waiting }: { part: Part; live: boolean; agent: string; waiting: boolean }) {
  const { decide } = useThreadActions();
  if (part.type === "text") return <Markdown text={part.text} live={live} />;
  if (part.type === "reasoning") return <Thought text={part.text} live={live} />;
  if (part.type !== "dynamic-tool") return null;
  if (part.state === "approval-requested") {
    return <Approval part={part} agent={faceOf(agent)} ready={waiting} onDecide={decide} />;
  }
  return <Step part={part} />;
}
