import { distance } from 'fastest-levenshtein';
import type { Node, Path, Tree } from '../text/tree';
import type { TypeName } from './json-schema';

/** The candidates that `word` may be a slip of: those that are nearest, at most three. */
export function nearest(word: string, candidates: readonly string[]): readonly string[] {
  const plainWord = simple(word);
  if (plainWord === '') return [];
  // A version is not misspelt: v4.0.0 is no slip of v3.0.0.
  const limit = /^\d/.test(plainWord) ? 0 : Math.min(4, Math.max(1, Math.round(plainWord.length / 3)));
  const scored = candidates.map((candidate) => ({ candidate, away: farness(plainWord, simple(candidate), limit) }));
  const best = Math.min(...scored.map(({ away }) => away));
  if (best > limit + 1) return [];
  return scored
    .filter(({ away }) => away === best)
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

/** Edits between the two; one more than the limit for the beginning of a longer word, infinite when they are no kin. */
function farness(word: string, candidate: string, limit: number): number {
  const away = isSwap(word, candidate) ? 1 : distance(word, candidate);
  if (away <= limit && away < Math.max(word.length, candidate.length)) return away;
  return word.length > 2 && candidate.startsWith(word) ? limit + 1 : Number.POSITIVE_INFINITY;
}

/** Whether two neighbouring letters changed places, the commonest slip of all: `nmae`. */
function isSwap(word: string, candidate: string): boolean {
  const first = [...word].findIndex((letter, index) => letter !== candidate[index]);
  if (first < 0 || word.length !== candidate.length) return false;
  const swapped = word.slice(0, first) + word.charAt(first + 1) + word.charAt(first) + word.slice(first + 2);
  return swapped === candidate;
}

/** Case, hyphens and the `v` before a version are no difference that matters. */
const simple = (word: string): string =>
  word
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}.]/gu, '')
    .replace(/^v(?=\d)/, '');

/** `"a", "b" or "c"`. */
export function listed(words: readonly string[], joint: 'and' | 'or'): string {
  const quoted = words.map((word) => `"${word}"`);
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} ${joint} ${quoted.at(-1)}`;
}

/** ` Did you mean "required"?`, or nothing when there is nothing to suggest. */
export const didYouMean = (suggestions: readonly string[]): string =>
  suggestions.length === 0 ? '' : ` Did you mean ${listed(suggestions, 'or')}?`;

const longestShown = 40;

/** A value as a message shows it: short, on one line. */
export function shown(node: Node | undefined, { text }: Tree): string {
  if (!node) return 'nothing';
  if (node.kind === 'list') return 'a list';
  if (node.kind === 'map') return 'an object';
  if (node.value === null) return 'nothing';
  if (typeof node.value !== 'string') return sourceOf(node, text) || String(node.value);
  return JSON.stringify(node.value.length > longestShown ? `${node.value.slice(0, longestShown)}…` : node.value);
}

/** A scalar as the text spells it: `1.10` stays `1.10`. */
export const sourceOf = ({ span }: Node, text: string): string => text.slice(span.start, span.end);

/** What a value at `path` is called in a message: its key, or its place in a list. */
export function labelOf(path: Path): string {
  const last = path.at(-1);
  if (last === undefined) return 'This file';
  if (typeof last === 'string') return last;
  const list = path.findLast((step) => typeof step === 'string');
  return list === undefined ? `Entry ${last + 1}` : `Entry ${last + 1} of ${list}`;
}

const typeWords: Readonly<Record<TypeName, string>> = {
  boolean: 'true or false',
  integer: 'a whole number',
  number: 'a number',
  string: 'text',
  array: 'a list',
  object: 'an object',
  null: 'empty',
};

/** `text or a list`. */
export const typePhrase = (types: readonly TypeName[]): string => types.map((type) => typeWords[type]).join(' or ');

export const capitalised = (sentence: string): string => sentence.charAt(0).toUpperCase() + sentence.slice(1);
