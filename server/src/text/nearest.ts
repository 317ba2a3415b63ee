import { distance } from 'fastest-levenshtein';

/** The candidate that the author most likely meant by a misspelt word; undefined when none is near enough. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const allowed = Math.max(1, Math.min(3, Math.floor(word.length / 3)));
  let best: string | undefined;
  let least = allowed + 1;
  for (const candidate of candidates) {
    if (candidate === word || Math.abs(candidate.length - word.length) > least) continue;
    const far = distance(word.toLowerCase(), candidate.toLowerCase());
    if (far > allowed || far > least) continue;
    if (far === least && best !== undefined && shared(word, candidate) <= shared(word, best)) continue;
    best = candidate;
    least = far;
  }
  return best;
}

/** Letters that two words share at their start and end: of two words equally near, letters left out tell more than letters swapped. */
function shared(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let start = 0;
  while (start < most && a[start] === b[start]) start++;
  let end = 0;
  while (end < most - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  return start + end;
}

/** The end of a sentence about an unknown word: ` Did you mean "id"?`, or nothing. */
export const didYouMean = (candidate: string | undefined): string =>
  candidate === undefined ? '' : ` Did you mean "${candidate}"?`;
