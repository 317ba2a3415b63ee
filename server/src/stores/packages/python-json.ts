import { type Node, spelling } from '../../text/tree';

/**
 * What Python's `json.dumps(value, sort_keys=True)` writes of a value of TOML, for hashes that are made of it. Undefined
 * where JSON has no word for it or Python's spelling is not known: a date, a float.
 */
export function pythonJson(node: Node, text: string): string | undefined {
  if (node.kind === 'scalar') return scalarJson(node, text);
  const parts = node.kind === 'list' ? node.items.map((item) => pythonJson(item, text)) : membersJson(node, text);
  if (parts.includes(undefined)) return undefined;
  return node.kind === 'list' ? `[${parts.join(', ')}]` : `{${parts.join(', ')}}`;
}

const membersJson = ({ entries }: Extract<Node, { kind: 'map' }>, text: string): (string | undefined)[] =>
  [...entries]
    .sort((a, b) => (String(a.key.value) < String(b.key.value) ? -1 : 1))
    .map(({ key, value }) => {
      const json = pythonJson(value, text);
      return json === undefined ? undefined : `${pythonString(String(key.value))}: ${json}`;
    });

function scalarJson(node: Extract<Node, { kind: 'scalar' }>, text: string): string | undefined {
  const { value } = node;
  if (typeof value === 'string') return /^["']/.test(spelling({ text }, node)) ? pythonString(value) : undefined;
  if (typeof value === 'number') return /^[-+\dxob_a-f]+$/i.test(spelling({ text }, node)) ? String(value) : undefined;
  return String(value);
}

/** ASCII only: every other unit of UTF-16 is escaped. */
export const pythonString = (text: string): string =>
  JSON.stringify(text).replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
