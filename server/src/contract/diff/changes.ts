import { get, type Node, type Tree } from '../../text/tree';
import type { Contract, Table } from '../model';
import { type Change, change } from './change';
import { columnChanges, keyChanges, relationshipChanges, wordChanges } from './columns';
import type { Impact } from './kinds';
import { tablePairs } from './pairs';
import { type Holder, ruleChanges } from './rules';
import { serverChanges } from './servers';
import { slaChanges } from './sla';
import { versionNode } from './version';

/**
 * What has changed from one contract to another, in the terms of the model, so of any two dialects; the gravest changes
 * first, else in the order of the later text. Every place is one of the later text.
 */
export function changesBetween(before: Contract, after: Contract): readonly Change[] {
  const place = versionNode(after) ?? firstNode(after);
  if (!place) return [];
  return [
    ...contractChanges(before, after, place),
    ...tableChanges(before, after, place),
    ...slaChanges(before, after, place),
    ...serverChanges(before, after, place),
  ].toSorted((one, other) => ranks[one.impact] - ranks[other.impact] || one.span.start - other.span.start);
}

const ranks: Readonly<Record<Impact, number>> = { breaking: 0, compatible: 1, cosmetic: 2 };

/** Where a contract begins, for what is gone from it. */
const firstNode = ({ tree: { root } }: Contract): Node | undefined =>
  root?.kind === 'map' ? root.entries[0]?.key : root;

function contractChanges(before: Contract, after: Contract, place: Node): readonly Change[] {
  const { root } = after.tree;
  const said = (key: 'id' | 'status', kind: 'id-changed' | 'status-changed'): readonly Change[] => {
    const [old, now] = [before[key], after[key]];
    // Files of one dialect alone say the same by saying nothing.
    if (old === now || (key === 'id' && old === undefined)) return [];
    const message = `The ${key} of the contract is ${now ?? 'gone'}${old === undefined ? '' : `, where it was ${old}`}.`;
    return [change(kind, { path: key, node: get(root, key) ?? place, message, before: old, after: now })];
  };
  const holder: Holder = { path: 'contract', what: 'The contract', node: place };
  return [
    ...said('id', 'id-changed'),
    ...said('status', 'status-changed'),
    ...wordChanges({ ...before.about, ...nameIn(before) }, { ...after.about, ...nameIn(after) }, holder, root ?? place),
  ];
}

const nameIn = ({ name }: Contract): object => (name === undefined ? {} : { name });

function tableChanges(before: Contract, after: Contract, place: Node): readonly Change[] {
  const { kept, gone, added } = tablePairs(before.tables, after.tables);
  const trees = [before.tree, after.tree] as const;
  return [
    ...gone.map(({ name }) =>
      change('table-removed', {
        path: `schema/${name}`,
        node: place,
        message: `Table "${name}" is gone.`,
        before: name,
      }),
    ),
    ...kept.flatMap(([old, now]) => between(old, now, trees)),
    ...added.map(({ name, nameNode }) =>
      change('table-added', {
        path: `schema/${name}`,
        node: beginning(nameNode),
        message: `Table "${name}" is new.`,
        after: name,
      }),
    ),
  ];
}

/** Where a part has no name of its own its first key is its place, not all of its lines. */
const beginning = (node: Node): Node => (node.kind === 'map' ? (node.entries[0]?.key ?? node) : node);

function between(before: Table, after: Table, trees: readonly [Tree, Tree]): readonly Change[] {
  const path = `schema/${after.name}`;
  const node = beginning(after.nameNode);
  const holder: Holder = { path, what: `Table "${after.name}"`, node };
  return [
    ...nameChanges(before, after, holder),
    ...columnChanges({ before: before.columns, after: after.columns, path, node, trees }),
    ...keyChanges(before, after, holder, trees),
    ...ruleChanges(before.rules, after.rules, holder),
    ...relationshipChanges(before.relationships, after.relationships, holder),
    ...wordChanges(before.about, after.about, holder, after.node),
  ];
}

function nameChanges(before: Table, after: Table, { path, node }: Holder): readonly Change[] {
  if (before.name !== after.name) {
    const message = `Table "${before.name}" is called "${after.name}".`;
    return [change('table-renamed', { path, node, message, before: before.name, after: after.name })];
  }
  if (before.physicalName === after.physicalName) return [];
  return [
    change('table-renamed', {
      path: `${path}/physicalName`,
      node: get(after.node, 'physicalName') ?? node,
      message: `Table "${after.name}" is called "${after.physicalName}" in the store, where it was "${before.physicalName}".`,
      before: before.physicalName,
      after: after.physicalName,
    }),
  ];
}
