import { distance } from 'fastest-levenshtein';
import { quotedList } from './words';

/**
 * The candidates that `word` may be a slip of, where another word may be right too: those that are nearest, at most
 * three, the likeliest first.
 */
export function slipsOf(word: string, candidates: readonly string[]): readonly string[] {
  return closest(word, candidates, Math.max(1, Math.min(3, Math.floor(plain(word).length / 3))));
}

/**
 * The same where the word is certainly wrong, so that more letters may differ; else the longer words that it is the
 * beginning of.
 */
export function meantBy(word: string, candidates: readonly string[]): readonly string[] {
  const start = plain(word);
  const slips = closest(word, candidates, Math.max(1, Math.min(4, Math.round(start.length / 3))));
  if (slips.length > 0 || start.length < 3) return slips;
  return candidates.filter((candidate) => plain(candidate).startsWith(start)).slice(0, 3);
}

function closest(word: string, candidates: readonly string[], mostEdits: number): readonly string[] {
  // A version is not misspelt: v4.0.0 is no slip of v3.0.0.
  const limit = /^\d/.test(plain(word)) ? 0 : mostEdits;
  const scored = candidates
    .filter((candidate) => candidate !== word)
    .map((candidate) => ({ candidate, edits: editsBetween(plain(word), plain(candidate)) }))
    .filter(({ edits }) => edits <= limit);
  const least = Math.min(...scored.map(({ edits }) => edits));
  return scored
    .filter(({ edits }) => edits === least)
    .map(({ candidate }) => candidate)
    .toSorted((a, b) => shared(word, b) - shared(word, a))
    .slice(0, 3);
}

/** Infinite for words that have no letter in common. */
function editsBetween(word: string, candidate: string): number {
  const edits = isSwap(word, candidate) ? 1 : distance(word, candidate);
  return edits < Math.max(word.length, candidate.length) ? edits : Number.POSITIVE_INFINITY;
}

/** Whether two neighbouring letters changed places, the commonest slip of all: `nmae`. */
function isSwap(word: string, candidate: string): boolean {
  const first = [...word].findIndex((letter, index) => letter !== candidate[index]);
  if (first < 0 || word.length !== candidate.length) return false;
  const swapped = word.slice(0, first) + word.charAt(first + 1) + word.charAt(first) + word.slice(first + 2);
  return swapped === candidate;
}

/** Case, hyphens and the `v` before a version are no difference that matters. */
const plain = (word: string): string =>
  word
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}.]/gu, '')
    .replace(/^v(?=\d)/, '');

/** Letters that two words share at their start and end: of two words equally near, letters left out tell more than letters swapped. */
function shared(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let start = 0;
  while (start < most && a[start] === b[start]) start++;
  let end = 0;
  while (end < most - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  return start + end;
}

/** The end of a sentence about an unknown word: ` Did you mean "id" or "name"?`, or nothing. */
export const didYouMean = (words: readonly string[]): string =>
  words.length === 0 ? '' : ` Did you mean ${quotedList(words, 'or')}?`;
