import Link from "next/link";
import { faceOf } from "#components/chat/agents.ts";
import { Markdown } from "#components/chat/markdown.tsx";
import { fallbackAgent, textOf } from "#components/chat/pieces.ts";
import { colorOf } from "#components/ui/color.ts";
import { Dot } from "#components/ui/dot.tsx";
import type { Comparison, Side } from "#lib/compare.ts";
import { differences, type Stretch } from "#lib/differences.ts";
import type { ThreadMessage } from "#lib/thread.ts";

/** Two branches from where they part. What only one of the two final answers says is marked. */
export function Compare({ conversation, comparison }: { conversation: string; comparison: Comparison }) {
  const { left, right } = comparison;
  const [leftEnd, rightEnd] = [finalAnswer(left), finalAnswer(right)];
  const marks = leftEnd && rightEnd && differences(textOf(leftEnd.parts), textOf(rightEnd.parts));
  return (
    <>
      {marks && (
        <p className="mb-4 text-note text-ink-2">
          In the two final answers, <Marked stretches={[{ text: "words that only one of them has", only: true }]} /> are
          marked.
        </p>
      )}
      <div className="grid gap-6 md:grid-cols-2">
        <Column conversation={conversation} side={left} end={leftEnd} marks={marks?.left} />
        <Column conversation={conversation} side={right} end={rightEnd} marks={marks?.right} />
      </div>
    </>
  );
}

const finalAnswer = ({ messages }: Side): ThreadMessage | undefined => {
  const last = messages.at(-1);
  return last?.role === "assistant" && textOf(last.parts) !== "" ? last : undefined;
};

interface ColumnProps {
  conversation: string;
  side: Side;
  end: ThreadMessage | undefined;
  marks: readonly Stretch[] | undefined;
}

function Column({ conversation, side: { id, name, messages }, end, marks }: ColumnProps) {
  const heading = `branch-${id}`;
  return (
    <section aria-labelledby={heading} className="min-w-0 rounded-card border border-line bg-raise p-4">
      <div className="mb-3 flex items-baseline gap-3 border-b border-line pb-3">
        <h2 id={heading} dir="auto" className="min-w-0 flex-1 truncate text-ui font-semibold">
          {name}
        </h2>
        <Link
          href={`/c/${conversation}?branch=${id}`}
          prefetch={false}
          aria-label={`Open ${name}`}
          className="text-note text-ink-2 underline underline-offset-4 hover:text-ink"
        >
          Open
        </Link>
      </div>
      {messages.length === 0 && <p className="text-ui text-ink-2">Nothing was said here after they part.</p>}
      <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
        {messages.map((message) => (
          <Message key={message.id} message={message} marks={message === end ? marks : undefined} />
        ))}
      </div>
    </section>
  );
}

function Message({ message, marks }: { message: ThreadMessage; marks: readonly Stretch[] | undefined }) {
  const persons = message.role === "user";
  const face = faceOf(message.metadata?.agent ?? fallbackAgent);
  const text = textOf(message.parts);
  return (
    <article aria-label={persons ? "You" : face.name} className="min-w-0">
      <p className="mb-1 flex items-center gap-2 text-note font-semibold">
        <Dot color={persons ? "ink-3" : face.color} />
        <span style={persons ? undefined : { color: colorOf(face.color) }}>{persons ? "You" : face.name}</span>
      </p>
      {marks || persons ? (
        <p dir="auto" className="text-read wrap-anywhere whitespace-pre-wrap">
          {marks ? <Marked stretches={marks} /> : text}
        </p>
      ) : (
        <Markdown text={text || "No words came of this answer."} live={false} />
      )}
    </article>
  );
}

function Marked({ stretches }: { stretches: readonly Stretch[] }) {
  return stretches.map(({ text, only }, place) =>
    only ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: they have no other name, and never move.
      <mark key={place} className="rounded-[2px] bg-brand/18 text-ink underline decoration-brand underline-offset-4">
        {text}
      </mark>
    ) : (
      text
    ),
  );
}
