import { type Entry, entryOf, itemsOf, type Node, type Path, type Span, type Tree } from '../text/tree';

/** A node with the entry that holds it, when one does. */
export interface Place {
  readonly path: Path;
  readonly node: Node | undefined;
  readonly entry: Entry | undefined;
}

/** The place that a JSON pointer names. A number is an index only where the tree has a list. */
export function placeOf(root: Node | undefined, pointer: string): Place {
  const path: (string | number)[] = [];
  let node = root;
  let entry: Entry | undefined;
  for (const step of pointer.split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (node?.kind === 'list') {
      entry = undefined;
      path.push(Number(key));
      node = itemsOf(node)[Number(key)];
    } else {
      entry = entryOf(node, key);
      path.push(key);
      node = entry?.value;
    }
  }
  return { path, node, entry };
}

/** Where a wrong value is shown: itself when it stands on one line, else its key, else its first line. */
export function valueSpan({ text }: Tree, { node, entry }: Place): Span {
  if (node && node.span.end > node.span.start && !text.slice(node.span.start, node.span.end).includes('\n')) {
    return node.span;
  }
  return entry?.key.span ?? startOf(node);
}

/** Where something missing is shown: the key that holds the object, else the object's first key. */
export const objectSpan = ({ node, entry }: Place): Span => entry?.key.span ?? startOf(node);

function startOf(node: Node | undefined): Span {
  if (!node) return { start: 0, end: 0 };
  if (node.kind === 'map' && node.entries[0]) return node.entries[0].key.span;
  return { start: node.span.start, end: Math.min(node.span.end, node.span.start + 1) };
}
