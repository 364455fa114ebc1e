"use client";

import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { decodeTime, isValid } from "ulid";
import { alarm, toast } from "#components/ui/toast.tsx";
import { listen } from "#components/wire/wire.ts";
import * as actions from "#lib/actions/conversations.ts";
import type { ConversationRow, Cursor } from "#lib/conversation-rows.ts";
import type { Outcome } from "#lib/guard.ts";
import type { InboxNews } from "#lib/inbox-stream.ts";
import type { SidebarContents } from "#lib/sidebar.ts";
import {
  changed,
  type Known,
  knownFrom,
  refreshed,
  withArchivedPage,
  withNews,
  withoutRow,
  withPage,
  withRowAgain,
} from "./contents.ts";
import { announceConversation, announceInbox, announceReturn, watchInbox, watchNews, watchRefresh } from "./events.ts";
import { settled } from "./settled.ts";

/** How long a conversation that nobody knows may take to be in the news. */
const patience = 1500;

const minute = 60_000;

/** Its id says when it was made: no count has it yet. */
const isNew = ({ id, activeAt }: ConversationRow) => isValid(id) && activeAt - decodeTime(id) < minute;

const hasMoved = (before: ConversationRow | undefined, { activeAt, status }: ConversationRow) =>
  before?.activeAt !== activeAt || before.status !== status;

/** What the sidebar knows, kept up to date, and what a person can do to it: shown at once, taken back when refused. */
export function useConversations(person: string, initial: SidebarContents) {
  const [known, setKnown] = useState<Known>(() => knownFrom(initial));
  const [before, setBefore] = useState(initial);
  if (before !== initial) {
    setBefore(initial);
    setKnown((now) => refreshed(now, initial));
  }
  const latest = useRef(known);
  latest.current = known;

  /** Asks for the newest of each namespace. Answers whether one of them has moved since it was heard of. */
  const refresh = useCallback(async (): Promise<boolean> => {
    // What is told meanwhile is newer than what comes back.
    const told: InboxNews[] = [];
    const stop = watchInbox((news) => told.push(news));
    const { rows } = latest.current;
    const outcome = await settled(actions.loadSidebar({}));
    stop();
    if (!outcome.ok) return false;
    setKnown((now) => told.reduce(withNews, refreshed(now, outcome.value)));
    return outcome.value.rows.some((row) => hasMoved(rows.get(row.id), row));
  }, []);

  useEffect(() => {
    const stops = [
      watchRefresh(() => void refresh()),
      watchNews((news) => {
        if (latest.current.rows.has(news.id)) return setKnown((now) => changed(now, news));
        setTimeout(() => {
          if (!latest.current.rows.has(news.id)) void refresh();
        }, patience);
      }),
      watchInbox(({ id, row }) => {
        if (row && !latest.current.rows.has(id) && !isNew(row)) return void refresh();
        setKnown((now) => withNews(now, { id, row }));
      }),
      listen(person, {
        onNews: announceInbox,
        // What has happened since the page was made, or since the line broke, was not told.
        onReady: async (again) => {
          const moved = await refresh();
          if (again || moved) announceReturn();
        },
      }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [person, refresh]);

  const commands = useMemo(() => commandsOver(latest, setKnown, refresh), [refresh]);
  return { known, commands };
}

export type Commands = ReturnType<typeof commandsOver>;

function commandsOver(
  latest: { readonly current: Known },
  setKnown: (change: (now: Known) => Known) => void,
  refresh: () => Promise<unknown>,
) {
  /** Shows a change at once, and the row as it was when the server refuses. */
  async function change(
    row: ConversationRow,
    news: Partial<ConversationRow>,
    perform: () => Promise<Outcome<unknown>>,
  ): Promise<boolean> {
    setKnown((now) => changed(withRowAgain(now, row), { id: row.id, ...news }));
    const outcome = await settled(perform());
    if (outcome.ok) {
      announceConversation({ id: row.id, ...news });
      return true;
    }
    setKnown((now) => changed(now, row));
    alarm(outcome.error.message);
    return false;
  }

  async function restore(row: ConversationRow): Promise<void> {
    const outcome = await settled(actions.restoreConversation({ id: row.id }));
    if (outcome.ok) setKnown((now) => withRowAgain(now, row));
    else alarm(outcome.error.message);
  }

  const unarchive = (row: ConversationRow) =>
    change(row, { archived: false }, () => actions.unarchiveConversation({ id: row.id }));

  return {
    refresh,

    /** Answers the sentence that says why not, or null when it is done. */
    async rename(row: ConversationRow, title: string): Promise<string | null> {
      setKnown((now) => changed(now, { id: row.id, title }));
      const outcome = await settled(actions.renameConversation({ id: row.id, title }));
      if (outcome.ok) announceConversation({ id: row.id, title: outcome.value });
      else setKnown((now) => changed(now, row));
      return outcome.ok ? null : outcome.error.message;
    },

    pin: (row: ConversationRow) => change(row, { pinned: true }, () => actions.pinConversation({ id: row.id })),
    unpin: (row: ConversationRow) => change(row, { pinned: false }, () => actions.unpinConversation({ id: row.id })),

    move: (row: ConversationRow, namespace: string) =>
      change(row, { namespace }, () => actions.moveConversation({ id: row.id, namespace })),

    async archive(row: ConversationRow): Promise<void> {
      if (!(await change(row, { archived: true }, () => actions.archiveConversation({ id: row.id })))) return;
      toast(`Archived “${row.title}”.`, { label: "Undo", run: () => void unarchive({ ...row, archived: true }) });
    },
    unarchive,

    /** Deletes at once; the toast takes it back. `back` is what else to do then. */
    async remove(row: ConversationRow, back: () => void): Promise<void> {
      setKnown((now) => withoutRow(now, row.id));
      const removal = settled(actions.deleteConversation({ id: row.id }));
      toast(`Deleted “${row.title}”.`, {
        label: "Undo",
        run: () => void removal.then(() => restore(row)).then(back),
      });
      const outcome = await removal;
      if (outcome.ok) return;
      setKnown((now) => withRowAgain(now, row));
      alarm(outcome.error.message);
    },

    async loadMore(type: string, next: Cursor): Promise<void> {
      const outcome = await settled(actions.loadConversations({ namespace: type, before: next }));
      if (outcome.ok) setKnown((now) => withPage(now, type, outcome.value));
      else alarm(outcome.error.message);
    },

    async loadArchived(next: Cursor | undefined): Promise<void> {
      const outcome = await settled(actions.loadConversations({ archived: true, before: next }));
      if (outcome.ok) setKnown((now) => withArchivedPage(now, outcome.value));
      else alarm(outcome.error.message);
    },

    /** The person has it before their eyes, or had until now. */
    markRead(id: string): void {
      if (!latest.current.rows.has(id)) return;
      setKnown((now) => {
        const row = now.rows.get(id);
        const status = row?.status === "failed" ? null : row?.status;
        return changed(now, { id, unread: false, ...(status === undefined ? {} : { status }) });
      });
      void settled(actions.markConversationRead({ id }));
    },
  };
}
