import { entryOf, type MapNode, wordOf } from '../../../text/tree';
import { parseYaml } from '../../../text/yaml';

/** Words of a `meta.yaml`; what is null or empty is left out. */
export type Meta = Readonly<Record<string, string>>;

/**
 * Reads a flat `meta.yaml` as MLflow writes it. Ten thousand of them are read line by line, and only what is more than one word
 * a line goes through the parser of YAML. Undefined when it is not YAML or has no keys.
 */
export function metaIn(text: string): Meta | undefined {
  return flat(text) ?? parsed(text);
}

const PLAIN = /^([a-z_]+): ?(?:'((?:[^']|'')*)'|([^\s'"[\]{}|>&*!%@`#][^#]*?)?|(\[\]|\{\}))$/;

function flat(text: string): Meta | undefined {
  const meta: Record<string, string> = {};
  for (const line of text.split(/\r?\n/)) {
    if (line === '') continue;
    const match = PLAIN.exec(line);
    if (!match) return undefined;
    const [, key = '', quoted, plain] = match;
    if (plain?.includes(': ')) return undefined;
    const value = quoted?.replaceAll("''", "'") ?? (plain === 'null' || plain === '~' ? undefined : plain);
    if (value !== undefined && value !== '') meta[key] = value;
  }
  return Object.keys(meta).length > 0 ? meta : undefined;
}

function parsed(text: string): Meta | undefined {
  const { root, issues } = parseYaml(text);
  if (root?.kind !== 'map' || issues.length > 0) return undefined;
  return wordsOf(root);
}

function wordsOf(map: MapNode): Meta {
  const words = map.entries.flatMap(({ key }) => {
    const name = String(key.value);
    const word = wordOf(entryOf(map, name)?.value);
    return word === undefined || word === '' ? [] : [[name, word] as const];
  });
  return Object.fromEntries(words);
}

/** Words of a map inside of a `meta.yaml`, such as the tags of an input. */
export function innerWords(text: string, key: string): Meta {
  const { root } = parseYaml(text);
  const inner = root && entryOf(root, key)?.value;
  return inner?.kind === 'map' ? wordsOf(inner) : {};
}

/** Milliseconds; undefined for what is no whole number. */
export const timeIn = (word: string | number | null | undefined): number | undefined => {
  const time = typeof word === 'string' && /^\d+$/.test(word) ? Number(word) : word;
  return typeof time === 'number' && Number.isFinite(time) ? time : undefined;
};
