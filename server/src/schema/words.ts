import { type Node, type Path, spelling, type Tree } from '../text/tree';
import type { TypeName } from './json-schema';

const longestShown = 40;

/** A value as a message shows it: short, on one line. */
export function shown(node: Node | undefined, tree: Tree): string {
  if (!node) return 'nothing';
  if (node.kind === 'list') return 'a list';
  if (node.kind === 'map') return 'an object';
  if (node.value === null) return 'nothing';
  if (typeof node.value !== 'string') return spelling(tree, node) || String(node.value);
  return JSON.stringify(node.value.length > longestShown ? `${node.value.slice(0, longestShown)}…` : node.value);
}

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
