import type { SessionStore } from "./store.ts";

const open = new Map<string, { store: SessionStore; users: number }>();

/**
 * One store for all sessions of this process that name the same place. It is closed when the last
 * of them has released it.
 */
export function share(place: string, make: () => SessionStore): { store: SessionStore; release: () => Promise<void> } {
  const entry = open.get(place) ?? { store: make(), users: 0 };
  open.set(place, entry);
  entry.users++;
  let released = false;
  const release = async () => {
    if (released) return;
    released = true;
    entry.users--;
    if (entry.users > 0) return;
    open.delete(place);
    await entry.store.close();
  };
  return { store: entry.store, release };
}
