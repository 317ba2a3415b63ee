import { distance } from 'fastest-levenshtein';

/** The candidate that the author most likely meant by a misspelt word; undefined when none is near enough. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const allowed = Math.max(1, Math.min(3, Math.floor(word.length / 3)));
  let best: string | undefined;
  let least = allowed + 1;
  for (const candidate of candidates) {
    if (candidate === word || Math.abs(candidate.length - word.length) >= least) continue;
    const far = distance(word.toLowerCase(), candidate.toLowerCase());
    if (far >= least) continue;
    best = candidate;
    least = far;
  }
  return best;
}

/** The end of a sentence about an unknown word: ` Did you mean "id"?`, or nothing. */
export const didYouMean = (candidate: string | undefined): string =>
  candidate === undefined ? '' : ` Did you mean "${candidate}"?`;
