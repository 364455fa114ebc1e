"use client";

import { usePathname } from "next/navigation";
import { useEffect, useState } from "react";
import { watchBeginnings } from "#components/sidebar/events.ts";
import { Chat, type ChatProps } from "./chat.tsx";
import { dropPassed } from "./passing.ts";

/**
 * The page on which a conversation begins. With the first message its address becomes the
 * conversation's; whoever comes back before the conversation's own page is there begins anew.
 */
export function NewChat(props: Omit<ChatProps, "thread">) {
  const pathname = usePathname();
  const [last, setLast] = useState(pathname);
  const [visit, setVisit] = useState(0);
  if (pathname !== last) {
    setLast(pathname);
    if (pathname === "/") setVisit(visit + 1);
  }
  // The router may not have taken up the conversation's address yet, and then tells of no change.
  useEffect(
    () =>
      watchBeginnings(() => {
        if (dropPassed()) setVisit((visits) => visits + 1);
      }),
    [],
  );
  return <Chat key={visit} {...props} thread={null} />;
}
