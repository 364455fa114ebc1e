"use client";

import ChevronRight from "lucide-react/icons/chevron-right";
import { useId, useState } from "react";
import { classes } from "#components/ui/classes.ts";
import { Dot } from "#components/ui/dot.tsx";
import type { ConversationRow } from "#lib/conversation-rows.ts";
import type { SidebarNamespace } from "#lib/sidebar.ts";
import { useSidebar } from "./context.ts";
import { LoadMore } from "./load-more.tsx";
import { NamespaceMenu } from "./namespace-menu.tsx";
import { Rows } from "./rows.tsx";

const fewRows = 8;

interface GroupProps {
  namespace: SidebarNamespace;
  rows: ConversationRow[];
  /** Nothing stands below it, so that it may grow on its own. */
  last: boolean;
  folded: boolean;
  onFold: (folded: boolean) => void;
}

/** One namespace: a heading that folds it, its newest conversations, and more of them as one scrolls. */
export function Group({ namespace, rows, last, folded, onFold }: GroupProps) {
  const { commands, open } = useSidebar();
  const { type, label, color, count, next } = namespace;
  const [unfolded, setUnfolded] = useState(false);
  const list = useId();
  const whole = last || unfolded || rows.length <= fewRows + 2 || rows.slice(fewRows).some(({ id }) => id === open);
  const shown = whole ? rows : rows.slice(0, fewRows);

  return (
    <section className="pb-1.5">
      <div className="group/head sticky top-0 z-10 flex items-center bg-panel pt-1">
        <h2 className="min-w-0 flex-1">
          <button
            type="button"
            aria-expanded={!folded}
            aria-controls={folded || rows.length === 0 ? undefined : list}
            onClick={() => onFold(!folded)}
            className="target flex w-full min-w-0 items-center gap-2 rounded-control px-2 text-[0.75rem] font-semibold text-ink-2 hover:text-ink focus-visible:-outline-offset-2"
          >
            <Dot square color={color} />
            <span dir="auto" className="truncate">
              {label}
            </span>
            <ChevronRight
              aria-hidden
              size={13}
              className={classes(
                "shrink-0 text-ink-3 transition-transform",
                folded ? "" : "rotate-90 opacity-0 group-focus-within/head:opacity-100 group-hover/head:opacity-100",
              )}
            />
            <span className="ml-auto pr-0.5 font-medium text-ink-3 tabular-nums group-focus-within/head:opacity-0 group-hover/head:opacity-0 group-has-data-[state=open]/head:opacity-0 pointer-coarse:opacity-100!">
              {count}
            </span>
          </button>
        </h2>
        <NamespaceMenu namespace={namespace} />
      </div>
      {!folded && rows.length > 0 && (
        <Rows id={list} rows={shown} few={!whole}>
          {whole && next && <LoadMore key={next.id} onReach={() => void commands.loadMore(type, next)} />}
          {!whole && (
            <li>
              <button
                type="button"
                aria-label={`Show more in ${label}`}
                onClick={() => setUnfolded(true)}
                className="target w-full rounded-control px-2 text-left text-small text-ink-3 hover:bg-hover hover:text-ink"
              >
                Show more
              </button>
            </li>
          )}
        </Rows>
      )}
    </section>
  );
}
