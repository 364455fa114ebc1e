import Link from "next/link";
import { Dot } from "#components/ui/dot.tsx";
import { Moment } from "#components/ui/moment.tsx";
import type { Namespace } from "#lib/access.ts";
import type { MessageHit, SearchHit } from "#lib/search/hits.ts";
import { messageAddress } from "./address.ts";
import { Marked } from "./marked.tsx";
import { Writer } from "./writer.tsx";

/** A conversation, and what was found in it. */
export function Found({ hit, namespace }: { hit: SearchHit; namespace?: Namespace }) {
  return (
    <li className="py-3">
      <div className="relative flex min-h-8 flex-wrap items-center gap-x-3 gap-y-0.5 rounded-control px-2 py-1 hover:bg-hover pointer-coarse:min-h-11">
        <Link
          href={`/c/${hit.id}`}
          prefetch={false}
          dir="auto"
          className="min-w-0 flex-1 basis-60 truncate font-medium after:absolute after:inset-0 after:content-['']"
        >
          <Marked stretches={hit.title} />
        </Link>
        <span className="flex items-center gap-3 text-small text-ink-3">
          {hit.archived && <span className="rounded-full border border-line px-2">archived</span>}
          <span className="inline-flex items-center gap-1.5">
            <Dot square color={namespace?.color ?? "triage"} />
            {namespace?.label ?? hit.namespace}
          </span>
          <Moment at={hit.activeAt} className="tabular-nums" />
        </span>
      </div>
      {hit.messages.length > 0 && (
        <ul className="mt-1 ml-2 grid gap-0.5 border-l-2 border-line pl-1">
          {hit.messages.map((message) => (
            <FoundMessage key={`${message.branch}:${message.position}`} hit={hit} message={message} />
          ))}
        </ul>
      )}
      {hit.more > 0 && (
        <p className="mt-1 px-2 text-small text-ink-3">
          {hit.more === 1 ? "One more message" : `${hit.more} more messages`} in this conversation
        </p>
      )}
    </li>
  );
}

function FoundMessage({ hit, message }: { hit: SearchHit; message: MessageHit }) {
  return (
    <li className="relative rounded-control px-2 py-1 hover:bg-hover pointer-coarse:py-2">
      <span className="flex flex-wrap items-baseline gap-x-2 text-small text-ink-3">
        <Writer agent={message.agent} />
        <Moment at={message.createdAt} className="tabular-nums" />
        {message.branchName !== null && <span dir="auto">on “{message.branchName}”</span>}
      </span>
      <Link
        href={messageAddress(hit, message)}
        prefetch={false}
        dir="auto"
        className="line-clamp-2 text-ui break-words text-ink-2 after:absolute after:inset-0 after:content-['']"
      >
        <Marked stretches={message.snippet} />
      </Link>
    </li>
  );
}
