import { booleanOf, get, type Node, numberOf, type Tree } from '../../text/tree';
import type { About, Column, ColumnAbout, Relationship, Table, Word } from '../model';
import { type Change, canonical, change, inWords, isEqual, type Shift } from './change';
import type { ChangeKind } from './kinds';
import { limitsBetween } from './limits';
import { columnPairs } from './pairs';
import { type Holder, ruleChanges } from './rules';
import { shiftOfLogical, shiftOfPhysical } from './types';

/** The columns of a table or object, before and after. */
interface Level {
  readonly before: readonly Column[];
  readonly after: readonly Column[];
  /** `schema/orders`. */
  readonly path: string;
  /** What is marked when a column is gone. */
  readonly node: Node;
  readonly trees: readonly [Tree, Tree];
}

/** What has changed of the columns of a table or object, and of all below them. */
export function columnChanges({ before, after, path, node, trees }: Level): readonly Change[] {
  const { kept, gone, added } = columnPairs(before, after);
  return [
    ...gone.map((column) =>
      change('column-removed', {
        path: `${path}/${column.name}`,
        node,
        message: `Column "${column.path}" is gone.`,
        before: typeWords(column),
      }),
    ),
    ...kept.flatMap(([old, now]) => between(old, now, `${path}/${now.name}`, trees)),
    ...added.map((column) =>
      change('column-added', {
        path: `${path}/${column.name}`,
        node: column.nameNode,
        message: `Column "${column.path}" is new.`,
        after: typeWords(column),
      }),
    ),
  ];
}

const typeWords = ({ logicalType, physicalType }: Column): string | undefined => logicalType ?? physicalType;

function between(before: Column, after: Column, path: string, trees: readonly [Tree, Tree]): readonly Change[] {
  if (isUntouched(before, after, trees)) return [];
  const holder: Holder = { path, what: `Column "${after.path}"`, node: after.nameNode };
  return [
    ...nameChanges(before, after, holder),
    ...aspects.flatMap((aspect) => aspect(before, after, holder)),
    ...ruleChanges(before.rules, after.rules, holder),
    ...relationshipChanges(before.relationships, after.relationships, holder),
    ...columnChanges({ before: before.columns, after: after.columns, path, node: after.nameNode, trees }),
    ...itemChanges(before, after, path, trees),
    ...wordChanges(before.about, after.about, holder, after.node),
  ];
}

/** Most columns are as they were, letter by letter, so that nothing of them need be compared. */
function isUntouched({ node: old }: Column, { node: now }: Column, [before, after]: readonly [Tree, Tree]): boolean {
  const [from, to] = [old.span, now.span];
  if (from.end - from.start !== to.end - to.start) return false;
  if (isAliased(after)) return false;
  return before.text.slice(from.start, from.end) === after.text.slice(to.start, to.end);
}

/** Whether an alias or merged key may stand for what is written elsewhere, so that the same letters may say something else. */
function isAliased(tree: Tree): boolean {
  const known = aliased.get(tree) ?? /[:\-,[{]\s+\*|<<\s*:/.test(tree.text);
  aliased.set(tree, known);
  return known;
}

const aliased = new WeakMap<Tree, boolean>();

function nameChanges(before: Column, after: Column, { path, node }: Holder): readonly Change[] {
  if (before.name !== after.name) {
    const message = `Column "${before.path}" is called "${after.path}".`;
    return [change('column-renamed', { path, node, message, before: before.name, after: after.name })];
  }
  if (before.physicalName === after.physicalName) return [];
  return [
    change('column-renamed', {
      path: `${path}/physicalName`,
      node: get(after.node, 'physicalName') ?? node,
      message: `Column "${after.path}" is called "${after.physicalName}" in the store, where it was "${before.physicalName}".`,
      before: before.physicalName,
      after: after.physicalName,
    }),
  ];
}

type Aspect = (before: Column, after: Column, holder: Holder) => readonly Change[];

const typeKinds: Readonly<Record<Exclude<Shift, 'same'>, readonly [ChangeKind, string]>> = {
  looser: ['type-widened', 'takes more values than'],
  tighter: ['type-narrowed', 'takes fewer values than'],
  other: ['type-changed', 'takes other values than'],
};

function typeShift(before: string | undefined, after: string | undefined, shiftOf: typeof shiftOfLogical): Shift {
  if (before === undefined || after === undefined) return before === after ? 'same' : after ? 'tighter' : 'looser';
  return shiftOf(before, after);
}

const typeAspect =
  (key: 'logicalType' | 'physicalType', shiftOf: typeof shiftOfLogical): Aspect =>
  (before, after, { path, what, node }) => {
    const [old, now] = [before[key], after[key]];
    const shift = typeShift(old, now, shiftOf);
    if (shift === 'same') return [];
    const [kind, words] = typeKinds[shift];
    const place = get(after.node, key) ?? get(after.node, 'type') ?? node;
    const message = `${what} ${words} before: its type is ${inWords(now)}, where it was ${inWords(old)}.`;
    return [change(kind, { path: `${path}/${key}`, node: place, message, before: old, after: now })];
  };

const limitKinds: Readonly<Record<Exclude<Shift, 'same'>, readonly [ChangeKind, string]>> = {
  looser: ['limit-loosened', 'allows more'],
  tighter: ['limit-tightened', 'allows less'],
  other: ['limit-changed', 'is another one'],
};

const limits: Aspect = (before, after, { path, what, node }) =>
  limitsBetween(before.options, after.options).flatMap(({ option, shift, ...values }) => {
    if (shift === 'same') return [];
    const [kind, words] = limitKinds[shift];
    return [
      change(kind, {
        path: `${path}/${option}`,
        node: after.optionNodes[option] ?? node,
        message: `The ${option} of ${what.replace('Column', 'column')} ${words}: ${inWords(values.after)}, where it was ${inWords(values.before)}.`,
        ...values,
      }),
    ];
  });

/** A demand that a column makes or not. */
const flag =
  (
    key: 'required' | 'unique',
    [dropped, made]: readonly [ChangeKind, ChangeKind],
    [no, yes]: readonly [string, string],
  ): Aspect =>
  (before, after, { path, what, node }) => {
    const [old, now] = [before[key], after[key]];
    if (old === now) return [];
    return [
      change(now ? made : dropped, {
        path: `${path}/${key}`,
        node: get(after.node, key) ?? node,
        message: `${what} ${now ? yes : no}.`,
        before: old,
        after: now,
      }),
    ];
  };

const values: Aspect = (before, after, { path, what, node }) => {
  const [old, now] = [before.values, after.values];
  if (!old && !now) return [];
  const place = get(after.node, 'enum') ?? node;
  const about = { path: `${path}/enum`, node: place, before: old, after: now };
  if (!now)
    return [change('values-added', { ...about, message: `${what} may have any value, where it had a list of them.` })];
  if (!old) return [change('values-removed', { ...about, message: `${what} may have the values of a list only.` })];
  const added = now.filter((value) => !old.includes(value));
  const gone = old.filter((value) => !now.includes(value));
  return [
    ...(added.length > 0
      ? [change('values-added', { ...about, message: `${what} may have new values: ${shortList(added)}.` })]
      : []),
    ...(gone.length > 0
      ? [
          change('values-removed', {
            ...about,
            message: `${what} may not have values any more that it had: ${shortList(gone)}.`,
          }),
        ]
      : []),
  ];
};

const shortList = (list: readonly unknown[]): string =>
  `${list.slice(0, 5).map(inWords).join(', ')}${list.length > 5 ? ` and ${list.length - 5} more` : ''}`;

/** From open to guarded, in the words that most houses have. */
const guarded: readonly string[] = ['public', 'internal', 'confidential', 'restricted', 'secret'];

const classification: Aspect = (before, after, { path, what, node }) => {
  const [old, now] = [before.about?.classification, after.about?.classification];
  if (old?.toLowerCase() === now?.toLowerCase()) return [];
  const [from, to] = [old, now].map((word) => guarded.indexOf(word?.toLowerCase() ?? ''));
  const isRaised = from !== undefined && to !== undefined && from >= 0 && to > from;
  return [
    change(isRaised ? 'classification-raised' : 'classification-changed', {
      path: `${path}/classification`,
      node: get(after.node, 'classification') ?? node,
      message: `${what} is classified as ${inWords(now)}, where it was ${inWords(old)}.`,
      before: old,
      after: now,
    }),
  ];
};

const aspects: readonly Aspect[] = [
  typeAspect('logicalType', shiftOfLogical),
  typeAspect('physicalType', shiftOfPhysical),
  limits,
  flag(
    'required',
    ['column-optional', 'column-required'],
    ['may be empty, and was required', 'may not be empty any more'],
  ),
  flag('unique', ['unique-removed', 'unique-added'], ['need not be unique any more', 'must be unique']),
  values,
  classification,
];

function itemChanges(before: Column, after: Column, path: string, trees: readonly [Tree, Tree]): readonly Change[] {
  const [old, now] = [before.items, after.items];
  // An item has no name of its own, so that it is never another one.
  const named = old && now ? [{ ...old, name: now.name, physicalName: now.physicalName }] : old ? [old] : [];
  return columnChanges({ before: named, after: now ? [now] : [], path, node: after.nameNode, trees });
}

/** What has changed of the columns that point at other tables. */
export function relationshipChanges(
  before: readonly Relationship[],
  after: readonly Relationship[],
  { path, what, node }: Holder,
): readonly Change[] {
  // Of a column its table's name goes before it, and a table may be called otherwise by now.
  const own = ({ text }: Word): string => text.slice(text.indexOf('.') + 1);
  const said = ({ from, to }: Relationship): string => canonical([from.map(own), to.map(({ text }) => text)]);
  const target = ({ to }: Relationship): string => to.map(({ text }) => text).join(', ');
  const [old, now] = [new Set(before.map(said)), new Set(after.map(said))];
  const place = `${path}/relationships`;
  return [
    ...before
      .filter((one) => !now.has(said(one)))
      .map((one) =>
        change('relationship-removed', {
          path: place,
          node,
          message: `${what} does not point at ${target(one)} any more.`,
          before: target(one),
        }),
      ),
    ...after
      .filter((one) => !old.has(said(one)))
      .map((one) =>
        change('relationship-added', {
          path: place,
          node: one.to[0]?.node ?? node,
          message: `${what} points at ${target(one)}.`,
          after: target(one),
        }),
      ),
  ];
}

/** What people are told, as one change a part: nobody's program reads it. */
export function wordChanges(
  before: About | undefined,
  after: About | undefined,
  { path, what, node }: Holder,
  map: Node,
): readonly Change[] {
  const [old, now] = [wordsIn(before), wordsIn(after)];
  const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])].filter((key) => !isEqual(old[key], now[key]));
  const [key] = keys;
  if (key === undefined) return [];
  return [
    change('words-changed', {
      path: `${path}/${key}`,
      node: get(map, key) ?? node,
      message: `${what} says other words to people: ${keys.join(', ')}.`,
      before: old[key],
      after: now[key],
    }),
  ];
}

/** A classification is no word for people only. */
function wordsIn(about: ColumnAbout | undefined): Readonly<Record<string, unknown>> {
  const { classification: _guard, ...words } = about ?? {};
  return Object.fromEntries(Object.entries(words).filter(([, value]) => value !== undefined));
}

/** What has changed of the columns that data are found by: the primary key and the partitions. */
export function keyChanges(
  before: Table,
  after: Table,
  holder: Holder,
  trees: readonly [Tree, Tree],
): readonly Change[] {
  // Most contracts have no partitions, and a wide one is not asked for them column by column.
  const isPartitioned = trees.some(({ text }) => text.includes('partitioned'));
  return [
    ...keyChange('primaryKey', before, after, holder),
    ...(isPartitioned ? keyChange('partition', before, after, holder) : []),
  ];
}

const keys = {
  primaryKey: {
    of: (table: Table) =>
      ordered(
        table.columns.filter(({ primaryKey }) => primaryKey),
        ({ primaryKeyPosition }) => primaryKeyPosition,
      ),
    words: 'primary key',
    flag: 'primaryKey',
    changed: 'primary-key-changed',
    added: 'primary-key-added',
    reordered: 'primary-key-reordered',
  },
  partition: {
    of: (table: Table) =>
      ordered(
        table.columns.filter(({ node }) => booleanOf(get(node, 'partitioned')) === true),
        ({ node }) => numberOf(get(node, 'partitionKeyPosition')),
      ),
    words: 'partition key',
    flag: 'partitioned',
    changed: 'partition-changed',
    added: 'partition-added',
    reordered: 'partition-changed',
  },
} as const;

const ordered = (columns: readonly Column[], position: (column: Column) => number | undefined): readonly Column[] => {
  const at = (column: Column): number => {
    const given = position(column);
    return given !== undefined && given > 0 ? given : Number.MAX_SAFE_INTEGER;
  };
  return columns.toSorted((one, other) => at(one) - at(other));
};

function keyChange(
  name: keyof typeof keys,
  before: Table,
  after: Table,
  { path, what, node }: Holder,
): readonly Change[] {
  const { of, words, flag: key, changed, added, reordered } = keys[name];
  const columns = of(after);
  const now = columns.map((column) => column.name);
  // Names are looked for again only where the keys differ.
  const isKept = isEqual(
    of(before).map((column) => column.name),
    now,
  );
  const renamed = new Map(
    isKept ? [] : columnPairs(before.columns, after.columns).kept.map(([was, is]) => [was, is.name]),
  );
  const old = of(before).map((column) => renamed.get(column) ?? column.name);
  if (isEqual(old, now)) return [];
  const isSame = isEqual(old.toSorted(), now.toSorted());
  const kind = old.length === 0 ? added : isSame ? reordered : changed;
  const moved = columns.find((column) => !old.includes(column.name)) ?? columns[0];
  const message = `The ${words} of ${what.replace('Table', 'table')} is ${now.join(', ') || 'gone'}${old.length > 0 ? `, where it was ${old.join(', ')}` : ''}.`;
  const place = moved && (get(moved.node, key) ?? moved.nameNode);
  return [change(kind, { path: `${path}/${key}`, node: place ?? node, message, before: old, after: now })];
}
