"use client";

import { Fragment, type ReactNode } from "react";
import type { ConversationRow } from "#lib/conversation-rows.ts";
import { useSidebar } from "./context.ts";
import { dateGroup, shortMoment } from "./dates.ts";
import { Row } from "./row.tsx";

const enoughForHeadings = 7;

interface RowsProps {
  id?: string;
  rows: ConversationRow[];
  /** Only the first of many: too few for headings. */
  few?: boolean;
  children?: ReactNode;
}

/** A list of conversations, with the time as a heading where there are many. */
export function Rows({ id, rows, few = false, children }: RowsProps) {
  const { now, open } = useSidebar();
  const groups = rows.map((row) =>
    row.pinned && !row.archived ? "Pinned" : now === null ? "" : dateGroup(row.activeAt, now),
  );
  const headed = !few && rows.length >= enoughForHeadings && new Set(groups).size > 1;
  return (
    <ul id={id} className="flex flex-col gap-px">
      {rows.map((row, place) => (
        <Fragment key={row.id}>
          {headed && groups[place] !== "" && groups[place] !== groups[place - 1] && (
            <li className="px-2 pt-2.5 pb-0.5">
              <h3 className="text-[0.75rem] font-medium text-ink-3">{groups[place]}</h3>
            </li>
          )}
          <Row row={row} current={row.id === open} moment={now === null ? null : shortMoment(row.activeAt, now)} />
        </Fragment>
      ))}
      {children}
    </ul>
  );
}
