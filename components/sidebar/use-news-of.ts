import { useEffect, useState } from "react";
import { type ConversationNews, watchInbox, watchNews } from "./events.ts";

type Heard = Pick<ConversationNews, "title" | "namespace" | "archived">;

/** What a conversation is called and where it belongs, since the page was made: in the sidebar or elsewhere. */
export function useNewsOf(conversation: string | null): Heard {
  const [heard, setHeard] = useState<Heard & { id: string | null }>({ id: conversation });

  useEffect(() => {
    const hear = ({ id, title, namespace, archived }: ConversationNews) => {
      if (id !== conversation) return;
      setHeard((before) => {
        const known = before.id === id ? before : { id };
        return {
          ...known,
          ...(title && { title }),
          ...(namespace && { namespace }),
          ...(archived !== undefined && { archived }),
        };
      });
    };
    const stops = [watchNews(hear), watchInbox(({ row }) => row && hear(row))];
    return () => {
      for (const stop of stops) stop();
    };
  }, [conversation]);

  return heard.id === conversation ? heard : {};
}
