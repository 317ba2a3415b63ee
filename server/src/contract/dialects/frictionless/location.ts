import { get, itemsOf, type MapNode, type Node, wordOf } from '../../../text/tree';

/** Where a resource's data are, as a dataset reference that starts at the file, or why they are not read. */
export interface Location {
  readonly data?: string;
  readonly unread?: { readonly node: Node; readonly why: string };
}

/** `path`, one or several; data that stand in the file itself, and those behind an address, are not read. */
export function locationOf(resource: MapNode): Location {
  const inline = get(resource, 'data');
  if (inline)
    return { unread: { node: inline, why: 'Data that stand in the file itself are not read: keep them in a file.' } };
  const path = get(resource, 'path');
  const word = wordOf(path);
  const paths = word === undefined ? itemsOf(path).flatMap((item) => wordOf(item) ?? []) : [word];
  const base = wordOf(get(resource, 'basepath'));
  const compressed = wordOf(get(resource, 'compression'));
  if (path && compressed === 'zip')
    return { unread: { node: path, why: 'Data in a ZIP archive are not read: unpack it, or compress with gzip.' } };
  if (paths.length === 0) return {};
  const placed = paths.map((one) => (base === undefined ? one : `${base}/${one}`));
  return { data: placed.length === 1 ? placed[0] : `{${placed.join(',')}}` };
}
