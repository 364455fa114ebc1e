/**
 * Passes values on, and `null` between two of them where the next one is not there at once. Only
 * while `wanted` says so: waiting for nothing has a price for each value.
 */
export async function* withPauses<Value>(
  values: AsyncIterable<Value>,
  wanted: () => boolean,
): AsyncGenerator<Value | null> {
  const iterator = values[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = iterator.next();
      if (wanted() && (await Promise.race([next, nothingToDo()])) === null) yield null;
      const { done, value } = await next;
      if (done) return;
      yield value;
    }
  } finally {
    await iterator.return?.();
  }
}

const nothingToDo = () => new Promise<null>((resolve) => setImmediate(resolve, null));
