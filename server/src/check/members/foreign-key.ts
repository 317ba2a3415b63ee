import type { Column, Contract, Relationship, Table } from '../../contract/model';
import { tuple } from '../../sql/fragment';
import { get } from '../../text/tree';
import {
  absentWords,
  type Check,
  type CheckKind,
  type Data,
  type Measure,
  type Subject,
  skipped,
  unjudged,
} from '../check';
import { orphansOf } from '../orphans';
import { columnOf, type Target } from '../references';
import type { Field, Source } from '../source';
import { isNumeric } from '../values';

/** Every value, or tuple, is one of the other table's. A tuple with a NULL refers to nothing, so it is no orphan. */
export const foreignKey: CheckKind = {
  id: 'foreignKey',
  checks: (subject) =>
    (subject.column ?? subject.table).relationships
      .filter(({ type }) => type === 'foreignKey')
      .map((relationship) => keyCheck(subject, relationship)),
};

interface Ends {
  readonly from: readonly Column[];
  readonly to: readonly Column[];
  readonly table: Table;
}

function keyCheck({ contract, table, column }: Subject, relationship: Relationship): Check {
  const ends = endsOf(contract, table, column, relationship);
  const names = typeof ends === 'string' ? [] : ends.from.map(({ path }) => path);
  const from =
    names.length > 0 ? names.join(', ') : (column?.path ?? relationship.from.map(({ text }) => text).join(', '));
  const to = relationship.to.map(({ text }) => text).join(', ');
  return {
    kind: 'foreignKey',
    own: undefined,
    name: `${from} → ${to}`,
    column: column?.path ?? (names.length === 1 ? names[0] : undefined),
    dimension: 'consistency',
    severity: 'error',
    expected: `in ${to}`,
    node: get(relationship.node, 'to') ?? relationship.node,
    measure: (data) => (typeof ends === 'string' ? unresolved(ends) : keyMeasure(data, ends, from, to)),
  };
}

const unresolved = (why: string): Measure => (why.includes('another contract') ? skipped(why) : unjudged(why));

/** The columns of both ends, equally many, or a text that says what is wrong with the relationship. */
function endsOf(
  contract: Contract,
  table: Table,
  column: Column | undefined,
  { from, to }: Relationship,
): Ends | string {
  const sources = column ? [column] : from.map(({ text }) => ownColumn(contract, table, text));
  const targets = to.map(({ text }) => columnOf(contract, text));
  const wrong = [...sources, ...targets].find((end) => typeof end === 'string');
  if (wrong !== undefined) return wrong;
  const columns = sources.filter((end) => typeof end !== 'string');
  const found: readonly Target[] = targets.filter((end) => typeof end !== 'string');
  const [first] = found;
  if (!first || columns.length !== found.length) {
    return `A relationship needs equally many columns on both sides; here are ${columns.length} and ${found.length}.`;
  }
  if (found.some((target) => target.table !== first.table))
    return 'A relationship leads to one table; here are several.';
  return { from: columns, to: found.map((target) => target.column), table: first.table };
}

function ownColumn(contract: Contract, table: Table, text: string): Column | string {
  const own = table.columns.find(({ name, path }) => path === text || name === text);
  if (own) return own;
  const target = columnOf(contract, text);
  if (typeof target === 'string') return target;
  return target.table === table ? target.column : `"${text}" is a column of another table than "${table.name}".`;
}

function keyMeasure(data: Data, ends: Ends, from: string, to: string): Measure {
  const target = data.sourceOf(ends.table);
  if (typeof target === 'string') return unjudged(`Table "${ends.table.name}" cannot be compared with: ${target}`);
  const pairs = pairsOf(data.source, target, ends);
  return typeof pairs === 'string' ? unjudged(pairs) : orphans(pairs, target, from, to);
}

interface Pair {
  readonly from: Field;
  readonly to: Field;
}

function pairsOf(source: Source, target: Source, { from, to }: Ends): readonly Pair[] | string {
  const pairs: Pair[] = [];
  for (const [index, column] of from.entries()) {
    const other = to[index];
    const one = source.field(column);
    const two = other && target.field(other);
    if (!one) return absentWords(column);
    if (!two)
      return `Column "${other?.path}" is not in the data of table "${target.table.name}", so this cannot be checked.`;
    pairs.push({ from: one, to: two });
  }
  const scopes = new Set(pairs.map((pair) => pair.from.scope));
  return scopes.size > 1 ? 'Columns inside an array and outside of it make no key together.' : pairs;
}

function orphans(pairs: readonly Pair[], target: Source, from: string, to: string): Measure {
  const fields = pairs.map((pair) => pair.from);
  const of = fields[0]?.scope ?? target.scope;
  const keys = pairs.map(comparable);
  const within = pairs[0]?.to.scope ?? target.scope;
  const there = pairs.map((pair) => `${pair.to.stored} IS NOT NULL`).join(' AND ');
  const parents = `SELECT ${tuple(keys.map((key) => key.to))} FROM ${within.relation} WHERE ${there}`;
  const complete = fields.map(({ stored }) => `${stored} IS NOT NULL`).join(' AND ');
  const predicate = `${complete} AND coalesce(${tuple(keys.map((key) => key.from))} NOT IN (${parents}), true)`;
  return orphansOf(of, { predicate, fields }, from, to);
}

/** Both sides in one type: their own where the families agree, else as they are written. */
function comparable({ from, to }: Pair): { readonly from: string; readonly to: string } {
  const alike = from.family === to.family || (isNumeric(from) && isNumeric(to));
  return alike ? { from: from.value, to: to.value } : { from: from.text, to: to.text };
}
