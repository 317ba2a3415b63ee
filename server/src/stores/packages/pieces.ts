import { setImmediate } from 'node:timers/promises';
import { parseToml } from '../../text/toml';
import {
  type Entry,
  entryOf,
  type Issue,
  itemsOf,
  type Node,
  type ScalarNode,
  type Span,
  type Tree,
} from '../../text/tree';
import { parseYaml } from '../../text/yaml';

/** Characters that are parsed at once: some 50 ms of YAML, less of TOML, before others get their turn. */
const piece = 60_000;

/** TOML whose length is in `[[list]]`: read piece by piece, so that megabytes of it hold up nobody. */
export async function parseLongToml(text: string, list: string): Promise<Tree> {
  const ends = cutsOf(text, new RegExp(`^\\[\\[${list}\\]\\]`, 'gm'), 0, text.length);
  const trees = await treesOf(text, ends, parseToml);
  const items = trees.flatMap((tree) => itemsOf(entryOf(tree.root, list)?.value));
  return joined(text, list, trees, items);
}

/** YAML whose length is in the list under the key `list` at its top: read item by item of that list. */
export async function parseLongYaml(text: string, list: string): Promise<Tree> {
  const from = new RegExp(`^${list}:[ \\t]*\\r?\\n(?= *- )`, 'm').exec(text);
  if (text.length <= 2 * piece || !from) return parseYaml(text);
  const start = from.index + from[0].length;
  const after = /^[^\s#-]/gm;
  after.lastIndex = start;
  const end = after.exec(text)?.index ?? text.length;
  const indent = /^ */.exec(text.slice(start, start + 100))?.[0] ?? '';
  const heads = await treesOf(
    text,
    [
      [0, from.index],
      [end, text.length],
    ],
    parseYaml,
  );
  const trees = await treesOf(text, cutsOf(text, new RegExp(`^${indent}- `, 'gm'), start, end), parseYaml);
  return joined(
    text,
    list,
    [...heads, ...trees],
    trees.flatMap((tree) => itemsOf(tree.root)),
  );
}

type Piece = readonly [start: number, end: number];

/** Pieces that each begin where `heading` matches, as long as wanted or as one match makes them. */
function cutsOf(text: string, heading: RegExp, start: number, end: number): Piece[] {
  const pieces: Piece[] = [];
  let from = start;
  for (heading.lastIndex = start + 1; ; ) {
    const next = heading.exec(text)?.index ?? end;
    if (next >= end) return [...pieces, [from, end]];
    if (next - from < piece) continue;
    pieces.push([from, next]);
    from = next;
  }
}

async function treesOf(text: string, pieces: readonly Piece[], parse: (text: string) => Tree): Promise<Tree[]> {
  const trees: Tree[] = [];
  for (const [start, end] of pieces) {
    const tree = parse(text.slice(start, end));
    const issues = tree.issues.map((issue): Issue => ({ ...issue, span: moved(issue.span, start) }));
    trees.push({ text, root: tree.root && movedNode(tree.root, start), issues });
    if (pieces.length > 1) await setImmediate();
  }
  return trees;
}

function joined(text: string, list: string, trees: readonly Tree[], items: readonly Node[]): Tree {
  const others = trees.flatMap(({ root }) => (root?.kind === 'map' ? root.entries : []));
  const span = { start: items[0]?.span.start ?? 0, end: items.at(-1)?.span.end ?? 0 };
  const key: ScalarNode = { kind: 'scalar', span, value: list };
  const own: Entry[] = items.length > 0 ? [{ key, value: { kind: 'list', span, items } }] : [];
  const entries = [...others.filter((entry) => own.length === 0 || entry.key.value !== list), ...own];
  return {
    text,
    root: { kind: 'map', span: { start: 0, end: text.length }, entries },
    issues: trees.flatMap(({ issues }) => issues),
  };
}

const moved = ({ start, end }: Span, by: number): Span => ({ start: start + by, end: end + by });

function movedNode(node: Node, by: number): Node {
  if (by === 0) return node;
  const span = moved(node.span, by);
  if (node.kind === 'scalar') return { ...node, span };
  if (node.kind === 'list') return { ...node, span, items: node.items.map((item) => movedNode(item, by)) };
  const entries = node.entries.map(({ key, value }) => ({
    key: { ...key, span: moved(key.span, by) },
    value: movedNode(value, by),
  }));
  return { kind: 'map', span, entries };
}
