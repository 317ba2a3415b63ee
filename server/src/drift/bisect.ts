/** Where a list of versions, oldest first, changes from one answer to the other. */
export interface Turn<T> {
  /** The first version of which it holds; undefined when it does not hold of the newest. */
  readonly first: T | undefined;
  /** The version before it; undefined when it holds of the oldest. */
  readonly before: T | undefined;
  readonly comparisons: number;
}

/**
 * The first version of which `holds` is true, taken that it stays true from there on, by halving: of n versions it asks
 * about log₂ n + 1. The newest is asked first, since nothing began when it does not hold there.
 */
export async function firstOf<T>(versions: readonly T[], holds: (version: T) => Promise<boolean>): Promise<Turn<T>> {
  const newest = versions.at(-1);
  if (newest === undefined) return { first: undefined, before: undefined, comparisons: 0 };
  let comparisons = 1;
  if (!(await holds(newest))) return { first: undefined, before: newest, comparisons };
  let [low, high] = [0, versions.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const version = versions[middle];
    comparisons++;
    if (version !== undefined && (await holds(version))) high = middle;
    else low = middle + 1;
  }
  return { first: versions[low], before: versions[low - 1], comparisons };
}
