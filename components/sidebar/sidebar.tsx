"use client";

import X from "lucide-react/icons/x";
import Link from "next/link";
import { usePathname, useRouter } from "next/navigation";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { QuickResults } from "#components/search/quick.tsx";
import { classes } from "#components/ui/classes.ts";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Key } from "#components/ui/key.tsx";
import { Logo } from "#components/ui/logo.tsx";
import type { User } from "#lib/access.ts";
import type { SidebarContents } from "#lib/sidebar.ts";
import { Account } from "./account.tsx";
import { Sidebar as Context } from "./context.ts";
import { narrow, setDrawer, sidebarId, useDrawer } from "./drawer.ts";
import { announceBeginning } from "./events.ts";
import { Archived, Groups } from "./lists.tsx";
import { SearchBox } from "./search-box.tsx";
import { useConversations } from "./use-conversations.ts";
import { useNow } from "./use-now.ts";
import { useShortcuts } from "./use-shortcuts.ts";

interface SidebarProps {
  user: Pick<User, "id" | "name" | "role">;
  contents: SidebarContents;
  /** The types of the namespaces that are folded. */
  folded: string[];
}

/** Beside every page: where to begin, what there is, and who one is. */
export function Sidebar({ user, contents, folded: foldedAtFirst }: SidebarProps) {
  const { known, commands } = useConversations(user.id, contents);
  const [query, setQuery] = useState("");
  const [archived, setArchived] = useState(false);
  const [folded, setFolded] = useState(foldedAtFirst);
  const search = useRef<HTMLInputElement>(null);
  const path = usePathname();
  const router = useRouter();
  const now = useNow();
  const drawer = useDrawer();
  const open = /^\/c\/([^/]+)/.exec(path)?.[1] ?? null;

  useReading(open, known.rows.get(open ?? ""), commands.markRead);
  useDrawerBehaviour(drawer, path);

  const begin = useCallback(() => {
    setDrawer(false);
    announceBeginning();
    router.push("/");
    if (window.location.pathname === "/") document.querySelector<HTMLElement>("main textarea")?.focus();
  }, [router]);
  const find = useCallback(() => {
    search.current?.select();
    if (document.activeElement === search.current) return;
    setDrawer(true);
    requestAnimationFrame(() => search.current?.select());
  }, []);
  const keys = useShortcuts({ begin, find });

  const context = useMemo(
    () => ({ commands, namespaces: known.namespaces, open, now }),
    [commands, known.namespaces, open, now],
  );
  const words = query.trim();

  return (
    <Context value={context}>
      {drawer && (
        <div aria-hidden className="fixed inset-0 z-30 bg-[#1e1c19]/35 md:hidden" onClick={() => setDrawer(false)} />
      )}
      <aside
        id={sidebarId}
        aria-label="Sidebar"
        className={classes(
          "flex h-dvh w-72 shrink-0 flex-col border-r border-line bg-panel",
          "max-md:fixed max-md:inset-y-0 max-md:left-0 max-md:z-40 max-md:w-[min(20rem,86vw)]",
          drawer
            ? "max-md:[transition:translate_var(--motion)]"
            : "max-md:invisible max-md:-translate-x-full max-md:[transition:translate_var(--motion),visibility_0s_linear_var(--motion)]",
        )}
      >
        <div className="flex items-center gap-2.5 px-4 pt-4 pb-3">
          <Link
            href="/"
            prefetch={false}
            onClick={announceBeginning}
            className="flex items-center gap-2.5 rounded-control font-semibold tracking-[-0.01em]"
          >
            <Logo />
            Switchboard
          </Link>
          <IconButton label="Close sidebar" className="-mr-1.5 ml-auto md:hidden" onClick={() => setDrawer(false)}>
            <X aria-hidden size={18} />
          </IconButton>
        </div>
        <nav aria-label="Conversations" className="flex min-h-0 flex-1 flex-col">
          <button
            type="button"
            aria-keyshortcuts="Control+Shift+O Meta+Shift+O"
            onClick={begin}
            className="mx-3 flex min-h-9.5 items-center justify-between rounded-card border border-line bg-raise px-3 text-ui font-medium shadow-[0_1px_1px_#0000000a] hover:border-line-strong pointer-coarse:min-h-11"
          >
            New conversation
            <span aria-hidden>
              <Key>{keys.begin}</Key>
            </span>
          </button>
          <SearchBox input={search} value={query} onChange={setQuery} shortcut={keys.find} />
          <div
            data-list
            className="relative min-h-0 flex-1 overflow-x-hidden overflow-y-auto overscroll-contain px-2 pb-3"
          >
            {words && <QuickResults words={words} known={known} />}
            {!words && archived && <Archived known={known} onBack={() => setArchived(false)} />}
            {!words && !archived && (
              <Groups known={known} folded={folded} onFold={setFolded} onArchive={() => setArchived(true)} />
            )}
          </div>
        </nav>
        <Account user={user} />
      </aside>
    </Context>
  );
}

/** What is open counts as read: when it is opened, and when something new comes to it. */
function useReading(
  open: string | null,
  row: { unread: boolean; status: string | null } | undefined,
  markRead: (id: string) => void,
) {
  const news = row !== undefined && (row.unread || row.status === "failed");
  useEffect(() => {
    if (open && news && document.visibilityState === "visible") markRead(open);
  }, [open, news, markRead]);
}

/** As a drawer it closes with Escape, after a choice, and when the window has room for it again. */
function useDrawerBehaviour(drawer: boolean, path: string) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page is what closes it.
  useEffect(() => setDrawer(false), [path]);

  useEffect(() => {
    if (!drawer) return;
    const opener = document.activeElement;
    const close = () => setDrawer(false);
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !event.defaultPrevented) close();
    };
    const room = window.matchMedia(narrow);
    document.querySelector<HTMLElement>(`#${sidebarId} button:not([aria-label="Close sidebar"])`)?.focus();
    document.addEventListener("keydown", onKey);
    room.addEventListener("change", close);
    return () => {
      document.removeEventListener("keydown", onKey);
      room.removeEventListener("change", close);
      if (opener instanceof HTMLElement) opener.focus();
    };
  }, [drawer]);
}
