import { memo } from "react";
import { colorOf as paint } from "#components/ui/color.ts";
import type { ThreadMessage } from "#lib/thread.ts";
import { type Face, faceOf } from "./agents.ts";
import { Answer } from "./answer.tsx";
import { Caret } from "./caret.tsx";
import { Cord, entryClasses } from "./cord.tsx";
import type { Edit } from "./line-state.ts";
import { Switched } from "./note.tsx";
import { PersonMessage } from "./person-message.tsx";
import { chosenNext, linesOf } from "./pieces.ts";

interface ThreadProps {
  messages: readonly ThreadMessage[];
  /** Who answers next. */
  agent: string;
  /** An answer is on its way or being written. */
  live: boolean;
  /** The message that is being written anew. */
  editing: Edit | null;
  /** There are messages before these, or after them. */
  earlier: boolean;
  later: boolean;
}

/** Versions of a message follow each other in one place, and so does what the browser made by what the server has. */
const keyOf = ({ id, role, metadata }: ThreadMessage) => (metadata ? `${role} at ${metadata.position}` : id);

const colorOf = (agent: string | null) => agent && faceOf(agent).color;

/** The messages from the first to the newest, along the cord. */
export const Thread = memo(function Thread(props: ThreadProps) {
  const { messages, agent, editing, earlier, later } = props;
  const live = props.live && !later;
  const lines = linesOf(messages, later ? null : agent);
  const end = later ? -1 : lines.length - 1;
  const chosen = live || later ? null : chosenNext(messages, agent);
  return (
    <>
      {lines.map(({ message, before, charge, switched }, place) => {
        const last = place === end && !chosen;
        const above = colorOf(switched || (place === 0 && earlier) ? charge : before);
        return (
          <div
            key={keyOf(message)}
            id={message.metadata && `m-${message.metadata.position}`}
            className="scroll-mt-4 rounded-card"
          >
            {switched && before && <Switched from={before} to={charge} />}
            {message.role === "user" ? (
              <PersonMessage
                message={message}
                above={above}
                below={faceOf(charge).color}
                editing={editing?.position === message.metadata?.position ? editing : null}
                unanswered={place === end && !live}
                ends={last && !live}
              />
            ) : (
              <Answer message={message} above={above} last={last} live={live && place === end} />
            )}
          </div>
        );
      })}
      {live && messages.at(-1)?.role === "user" && <Waiting face={faceOf(agent)} />}
      {chosen && <Switched {...chosen} last />}
    </>
  );
});

/** The place of the answer until its first word. */
function Waiting({ face }: { face: Face }) {
  return (
    <div aria-hidden className={`${entryClasses} pb-10 text-note`}>
      <Cord above={face.color} below={null} jack="agent" />
      <b className="font-semibold" style={{ color: paint(face.color) }}>
        {face.name}
      </b>
      <Caret color={face.color} />
    </div>
  );
}
