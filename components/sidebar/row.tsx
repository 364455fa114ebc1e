"use client";

import Pin from "lucide-react/icons/pin";
import Link from "next/link";
import { memo, type ReactNode, useEffect, useRef, useState } from "react";
import { classes } from "#components/ui/classes.ts";
import type { ConversationRow } from "#lib/conversation-rows.ts";
import { RowMenu } from "./row-menu.tsx";
import { TitleEditor } from "./title-editor.tsx";

interface RowProps {
  row: ConversationRow;
  current: boolean;
  /** When something last happened in it, in the reader's words; null until their browser says so. */
  moment: string | null;
}

/** One conversation of a list. All that it shows comes from its own props, so that a long list stays quick. */
export const Row = memo(function Row({ row, current, moment }: RowProps) {
  const [renaming, setRenaming] = useState(false);
  const link = useRef<HTMLAnchorElement>(null);
  const wasRenaming = useRef(false);
  useEffect(() => {
    if (wasRenaming.current && !renaming) link.current?.focus();
    wasRenaming.current = renaming;
  }, [renaming]);

  if (renaming) {
    return (
      <li>
        <TitleEditor row={row} onEnd={() => setRenaming(false)} />
      </li>
    );
  }
  return (
    <li
      className={classes(
        "group/row relative flex min-h-8 scroll-mt-12 items-center gap-2 rounded-control px-2 pointer-coarse:min-h-11 pointer-coarse:pr-0",
        "has-[a:focus-visible]:outline-2 has-[a:focus-visible]:-outline-offset-2 has-[a:focus-visible]:outline-brand",
        current
          ? "bg-raise text-ink shadow-[0_0_0_1px_var(--line)]"
          : "text-ink-2 hover:bg-hover has-data-[state=open]:bg-hover",
      )}
    >
      <Link
        ref={link}
        href={`/c/${row.id}`}
        prefetch={false}
        dir="auto"
        title={row.title}
        aria-current={current ? "page" : undefined}
        className={classes(
          "min-w-0 flex-1 truncate text-start text-ui outline-none after:absolute after:inset-0 after:content-['']",
          row.unread && !current ? "font-semibold text-ink" : "font-medium",
        )}
      >
        {row.title}
      </Link>
      <span
        className={classes(
          "flex shrink-0 items-center gap-1.5 text-small text-ink-3 tabular-nums",
          "group-focus-within/row:invisible group-hover/row:invisible group-has-data-[state=open]/row:invisible",
          "pointer-coarse:visible!",
        )}
      >
        <RowState row={row} current={current} moment={moment} />
      </span>
      <RowMenu row={row} current={current} onRename={() => setRenaming(true)} />
    </li>
  );
});

function RowState({ row, current, moment }: RowProps) {
  if (row.status === "running") {
    return (
      <>
        <span
          aria-hidden
          className="mr-1 size-2 rounded-full bg-brand shadow-[0_0_0_3px_color-mix(in_srgb,var(--brand)_22%,transparent)] motion-safe:animate-pulse"
        />
        <span className="sr-only">An answer is being written</span>
      </>
    );
  }
  if (row.status === "waiting") return <Waits />;
  if (row.status === "failed" && !current) return <Badge color="var(--danger)">failed</Badge>;
  return (
    <>
      {row.unread && !current && <span className="sr-only">Unread</span>}
      {row.pinned && !row.archived && <Pin aria-label="Pinned" size={12} className="shrink-0" />}
      {moment !== null && (
        <time dateTime={new Date(row.activeAt).toISOString()} className="pointer-coarse:hidden">
          {moment}
        </time>
      )}
    </>
  );
}

function Waits() {
  return (
    <Badge color="var(--billing)">
      <span aria-hidden>needs you</span>
      <span className="sr-only">Waiting for you</span>
    </Badge>
  );
}

function Badge({ color, children }: { color: string; children: ReactNode }) {
  return (
    <span
      style={{ color, background: `color-mix(in srgb, ${color} 13%, transparent)` }}
      className="rounded-full px-2 text-[0.75rem] leading-5 font-semibold"
    >
      {children}
    </span>
  );
}
