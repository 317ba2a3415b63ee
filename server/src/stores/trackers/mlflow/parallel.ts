/** As many files as are read at the same time: more make no disk quicker, and systems bound how many may be open. */
const AT_ONCE = 32;

/** What `ask` answers of every item, in their order, a few at a time. Rejects when the signal is aborted. */
export async function eachOf<T, R>(
  items: readonly T[],
  ask: (item: T) => Promise<R>,
  signal?: AbortSignal,
): Promise<readonly R[]> {
  const answers: R[] = new Array(items.length);
  let next = 0;
  const work = async () => {
    for (let at = next++; at < items.length; at = next++) {
      signal?.throwIfAborted();
      answers[at] = await ask(items[at] as T);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, work));
  return answers;
}
