import { type RefObject, useLayoutEffect, useRef, useState } from "react";
import { type Draft, type DraftState, draftOf, emptyDraft, moveDraft } from "./draft.ts";

/** The draft of a conversation, as it stands in the box. `draft` is to be asked for when something happens. */
export function useDraft(
  person: string,
  conversation: string | null,
  area: RefObject<HTMLTextAreaElement | null>,
): DraftState & { draft: () => Draft } {
  const [state, setState] = useState(emptyDraft);
  const place = useRef(conversation);

  useLayoutEffect(() => {
    if (place.current === null && conversation !== null) moveDraft(person, conversation);
    place.current = conversation;
    const draft = draftOf(person, conversation);
    const update = () => setState(draft.state);
    const unwatch = draft.watch(update);
    // What was typed before the page came alive goes before what was kept.
    const typed = area.current?.value;
    if (typed) draft.write(typed);
    else update();
    return unwatch;
  }, [person, conversation, area]);

  return { ...state, draft: () => draftOf(person, conversation) };
}
