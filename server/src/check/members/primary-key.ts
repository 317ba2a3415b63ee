import { type Column, primaryKeyOf, type Table } from '../../contract/model';
import { get } from '../../text/tree';
import { amount } from '../../text/words';
import { type Check, type CheckKind, type Data, type Measure, type Outcome, unjudged } from '../check';
import { type Duplicates, duplicatesIn, duplicatesSql, duplicateWords, isRepeated } from '../duplicates';
import type { Field } from '../source';

/** All columns of the key together: none empty, no two rows alike. One check for the whole key. */
export const primaryKey: CheckKind = {
  id: 'primaryKey',
  checks: ({ table, column }) => {
    const key = column ? [] : primaryKeyOf(table);
    return key[0] ? [keyCheck(table, key[0], key)] : [];
  },
};

const keyCheck = (table: Table, first: Column, key: readonly Column[]): Check => ({
  kind: 'primaryKey',
  own: undefined,
  name: `${key.map(({ path }) => path).join(', ')} primaryKey`,
  column: key.length === 1 ? first.path : undefined,
  dimension: 'uniqueness',
  severity: 'error',
  expected: 'not null and unique',
  node: get(first.node, 'primaryKey') ?? first.nameNode,
  measure: (data) => keyMeasure(data, table, key),
});

function keyMeasure({ source }: Data, table: Table, key: readonly Column[]): Measure {
  const fields = key.flatMap((column) => source.field(column) ?? []);
  const absent = key.filter((column) => !source.field(column)).map(({ path }) => `"${path}"`);
  if (absent.length > 0)
    return unjudged(
      `The key of table "${table.name}" cannot be checked: ${absent.join(', ')} ${absent.length === 1 ? 'is' : 'are'} not in the data.`,
    );
  const incomplete = fields.map(({ stored }) => `${stored} IS NULL`).join(' OR ');
  return {
    via: 'statement',
    of: source.scope,
    sql: duplicatesSql(source.scope, fields),
    judge: (figures, rows) => keyOutcome(duplicatesIn(figures), fields, rows),
    failing: { predicate: `(${incomplete}) OR (${isRepeated(source.scope, fields)})`, fields },
  };
}

function keyOutcome(found: Duplicates, fields: readonly Field[], rows: number): Outcome {
  const name = fields.map(({ column }) => column.path).join(', ');
  const observed = {
    nulls: found.incomplete,
    keys: found.keys,
    surplus: found.surplus,
    rows: found.rows,
    used: 'keys',
  };
  const broken = [
    found.incomplete > 0
      ? `${amount(found.incomplete, 'row')} ${found.incomplete === 1 ? 'has' : 'have'} an empty key`
      : '',
    found.keys > 0 ? duplicateWords(found, 'key') : '',
  ].filter(Boolean);
  if (broken.length === 0) {
    return {
      verdict: 'holds',
      observed,
      unexpected: 0,
      message: `Key "${name}" is filled and unique in all ${amount(rows, 'row')}.`,
    };
  }
  const message = `Key "${name}" should be filled and unique, but ${broken.join(' and ')}.`;
  return { verdict: 'fails', observed, unexpected: found.incomplete + found.rows, message };
}
