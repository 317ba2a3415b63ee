import { get, itemsOf, type Node, numberOf, wordOf } from '../text/tree';
import type { MonitorLimit, Named } from './monitor';

/** Data named under a key. */
export function namedAt(node: Node | undefined, key: string): Named | undefined {
  const value = get(node, key);
  const ref = wordOf(value);
  return value && ref !== undefined && ref !== '' ? { ref, node: value } : undefined;
}

/** Words of a list; undefined where there is none, or an empty one. */
export function wordsOf(node: Node | undefined): readonly string[] | undefined {
  const words = itemsOf(node)
    .map(wordOf)
    .filter((word) => word !== undefined);
  return words.length > 0 ? words : undefined;
}

/** A limit written as a number, or as `{value: 0.3}` or `{threshold: 0.3}`. */
export const limitOf = (node: Node | undefined): number | undefined => numberOf(limitNode(node));

/** Where such a limit has its number. */
export const limitNode = (node: Node | undefined): Node | undefined =>
  [node, get(node, 'value'), get(node, 'threshold')].find((place) => numberOf(place) !== undefined);

/** Limits as a monitor tells of them: those whose number the file has. */
export const limitsAt = (
  places: readonly (Omit<MonitorLimit, 'node'> & { readonly node: Node | undefined })[],
): readonly MonitorLimit[] => places.flatMap(({ node, ...whose }) => (node ? [{ ...whose, node }] : []));

/** `psi:0.2`, as a drift job is asked; `:0.2` is a limit for whichever method the column's type has. */
export const wish = (method: string, limit: number | undefined): string =>
  limit === undefined ? method : `${method}:${limit}`;

/** Keys of services come in snake case and in camel case. */
export const eitherCase = (node: Node | undefined, key: string): Node | undefined =>
  get(node, key) ??
  get(
    node,
    key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  );
