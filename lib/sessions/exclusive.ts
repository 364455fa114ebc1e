const queues = new WeakMap<object, Map<string, Promise<unknown>>>();

/**
 * Runs the work of one process on one key of a store one after the other. Other processes are
 * kept apart by the store's own conflicts; this only spares writers side by side their retries.
 */
export async function exclusively<T>(owner: object, key: string, work: () => Promise<T>): Promise<T> {
  const queue = queues.get(owner) ?? new Map<string, Promise<unknown>>();
  queues.set(owner, queue);
  const before = queue.get(key);
  const turn = before ? before.then(work, work) : work();
  queue.set(key, turn);
  try {
    return await turn;
  } finally {
    if (queue.get(key) === turn) queue.delete(key);
  }
}
