/** What was begun and not sent yet, kept in this browser for each person and conversation. */

const keyOf = (person: string, conversation: string | null) => `draft:${person}:${conversation ?? "new"}`;

/** A browser that keeps nothing (private windows, full storage) costs only the drafts. */
function storage(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

export const readDraft = (person: string, conversation: string | null): string =>
  storage()?.getItem(keyOf(person, conversation)) ?? "";

export function writeDraft(person: string, conversation: string | null, text: string): void {
  const store = storage();
  if (!store) return;
  const key = keyOf(person, conversation);
  try {
    if (text === "") store.removeItem(key);
    else store.setItem(key, text);
  } catch {
    // The storage is full: the words are still in the box, only a reload would lose them.
    store.removeItem(key);
  }
}
