"use client";

import { usePathname } from "next/navigation";
import { useCallback, useState } from "react";
import { Chat, type ChatProps } from "./chat.tsx";

type ChatPageProps = Omit<ChatProps, "onBegun" | "onAnew">;

/** Which conversation a page is of. One that is to be begun has no id yet. */
const idOf = ({ thread, begin }: ChatPageProps): string =>
  thread?.conversation.id ?? `new ${begin.namespace} ${begin.agent}`;

/**
 * The page of a conversation, and the page on which one begins. The second becomes the first where it stands: whoever
 * is writing, choosing or pressing something in that moment goes on with it. Every other way leads to a chat anew.
 */
export function ChatPage(props: ChatPageProps) {
  const id = idOf(props);
  const pathname = usePathname();
  const [shown, setShown] = useState({ id, pathname, visit: 0 });
  /** The conversation that has begun here. */
  const [begun, setBegun] = useState<string | null>(null);

  if (id !== shown.id || pathname !== shown.pathname) {
    const anew = id === shown.id ? begun !== null && pathname === "/" : id !== begun;
    setShown({ id, pathname, visit: shown.visit + Number(anew) });
    if (anew) setBegun(null);
  }

  const beginAnew = useCallback(() => {
    setBegun(null);
    setShown((last) => ({ ...last, visit: last.visit + 1 }));
  }, []);

  return <Chat key={shown.visit} {...props} onBegun={setBegun} onAnew={beginAnew} />;
}
