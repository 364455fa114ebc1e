"use client";

import { usePathname } from "next/navigation";
import { useState } from "react";
import { Chat, type ChatProps } from "./chat.tsx";

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
  return <Chat key={visit} {...props} thread={null} />;
}
