/** A browser that keeps nothing (private windows, full storage) costs only the drafts. */
function storage(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

function keep(key: string, text: string): void {
  const store = storage();
  try {
    if (text === "") store?.removeItem(key);
    else store?.setItem(key, text);
  } catch {
    // The storage is full: the words are still in the box, only a reload would lose them.
    store?.removeItem(key);
  }
}

/** What stands in the box of a conversation, and what became of the last message. */
export interface DraftState {
  readonly text: string;
  /** Why it did not go. */
  readonly problem: string | null;
  /** It is under way; until it is known to be there no other goes. */
  readonly sending: boolean;
}

export const emptyDraft: DraftState = { text: "", problem: null, sending: false };

/** Puts words in front of others. */
const join = (first: string, then: string) => [first, then].filter((words) => words.trim() !== "").join("\n\n");

/**
 * What was begun and not sent yet, kept in this browser for each person and conversation. It outlives the box: who
 * leaves a conversation and comes back gets another one while words of it may be under way.
 */
export class Draft {
  #key: string;
  #state: DraftState;
  /** Words that the server may not have yet: a reload finds them, the box does not show them. */
  #underWay = "";
  readonly #watchers = new Set<() => void>();

  constructor(key: string) {
    this.#key = key;
    this.#state = { ...emptyDraft, text: storage()?.getItem(key) ?? "" };
  }

  get state(): DraftState {
    return this.#state;
  }

  /** Calls `changed` whenever something else is to be shown. Answers how to stop it. */
  watch(changed: () => void): () => void {
    this.#watchers.add(changed);
    return () => {
      this.#watchers.delete(changed);
      this.#rest();
    };
  }

  write(text: string): void {
    this.#set({ text });
  }

  /** Words that come back stand before what is being written. */
  giveBack(text: string): void {
    this.#set({ text: join(text, this.#state.text) });
  }

  /** Sends what stands in the box, one message at a time. `perform` answers what went wrong. */
  async send(perform: (text: string) => Promise<string | null>): Promise<void> {
    const { text, sending } = this.#state;
    if (text.trim() === "" || sending) return;
    this.#underWay = text;
    this.#set({ ...emptyDraft, sending: true });
    const problem = await perform(text);
    this.#underWay = "";
    this.#set({ problem, text: problem ? join(text, this.#state.text) : this.#state.text, sending: false });
  }

  /** Is the draft of another place from now on. */
  moveTo(key: string): void {
    keep(this.#key, "");
    drafts.delete(this.#key);
    this.#key = key;
    drafts.set(key, this);
    this.#set({});
  }

  #set(change: Partial<DraftState>): void {
    this.#state = { ...this.#state, ...change };
    keep(this.#key, join(this.#underWay, this.#state.text));
    for (const changed of this.#watchers) changed();
    this.#rest();
  }

  /** What nobody looks at and nothing waits for is in the storage alone. */
  #rest(): void {
    if (this.#watchers.size === 0 && !this.#state.sending) drafts.delete(this.#key);
  }
}

/** Those of this page that are shown, or of which something is under way. */
const drafts = new Map<string, Draft>();

const keyOf = (person: string, conversation: string | null) => `draft:${person}:${conversation ?? "new"}`;

export function draftOf(person: string, conversation: string | null): Draft {
  const key = keyOf(person, conversation);
  const draft = drafts.get(key) ?? new Draft(key);
  drafts.set(key, draft);
  return draft;
}

/** A conversation that begins takes what is being written along to its own address. */
export function moveDraft(person: string, conversation: string): void {
  draftOf(person, null).moveTo(keyOf(person, conversation));
}
