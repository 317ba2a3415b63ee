import { type Asked, type FieldSpec, type FieldsMatch, matchOf } from '../../../contract/frictionless';
import { text, tuple } from '../../../sql/fragment';
import { amount, number } from '../../../text/words';
import {
  counting,
  type Data,
  type Figures,
  type Measure,
  nothing,
  type Outcome,
  type Subject,
  skipped,
  unjudged,
} from '../../check';
import { orphansOf } from '../../orphans';
import type { Scope, Source } from '../../source';
import { withArticle } from '../../words';
import { type Cells, pairingOf } from './cells';

const isByPlace = (match: FieldsMatch, { table }: Source): boolean =>
  match === 'exact' || table.named?.form?.header === false;

/** The cells of the subject's field. What is not in the data is told of the header, and then nothing else is. */
export function ofCells(
  { column }: Subject,
  match: FieldsMatch,
  { source }: Data,
  measure: (cells: Cells) => Measure,
): Measure {
  if (!column) return unjudged('This check is about a field.');
  const cells = pairingOf(source, isByPlace(match, source))(column.name);
  if (!cells)
    return nothing({
      verdict: 'holds',
      observed: 0,
      message: `Field "${column.name}" is not in the data, as missing-label says.`,
    });
  return typeof cells === 'string' ? skipped(cells) : measure(cells);
}

/** What is wrong with a cell. */
interface Fault {
  /** SQL. */
  readonly broken: string;
  readonly be: string;
  readonly are: readonly [one: string, several: string];
  /** Whether it is true of blank rows too, of which nothing is said: a cell with a value is in none. */
  readonly ofBlank?: boolean;
}

/** Counts rows that are at fault, of those that are not blank as a whole. The count of these is one figure of all checks. */
export function counted(cells: Cells, source: Source, match: FieldsMatch, fault: Fault): Measure {
  const { field } = cells;
  const blank = fault.ofBlank ? blankRow(source, match) : undefined;
  return {
    via: 'scan',
    of: field.scope,
    figures: { broken: counting(fault.broken), ...(blank === undefined ? {} : { blank: counting(blank) }) },
    judge: ({ broken = 0, blank: blanks = 0 }: Figures, rows) =>
      countOutcome(broken - blanks, rows, field.column.name, fault),
    failing: {
      predicate: blank === undefined ? fault.broken : `${fault.broken} AND NOT ${blank}`,
      fields: [field],
    },
  };
}

function countOutcome(count: number, rows: number, name: string, { be, are }: Fault): Outcome {
  const observed = { observed: count, unexpected: count };
  if (count === 0)
    return { verdict: 'holds', ...observed, message: `Field "${name}" is ${be} in all ${amount(rows, 'row')}.` };
  const message = `Field "${name}" should be ${be}, but ${number(count)} of ${amount(rows, 'row')} ${are[count === 1 ? 0 : 1]}.`;
  return { verdict: 'fails', ...observed, message };
}

/** A row of many columns is a long condition, made once for each of the data. */
const blankRows = new WeakMap<Source, string>();

/** Of a row without any value nothing else is said. A value that cannot be read is one too. */
function blankRow(source: Source, match: FieldsMatch): string {
  const known = blankRows.get(source) ?? blankCondition(source, match);
  blankRows.set(source, known);
  return known;
}

function blankCondition(source: Source, match: FieldsMatch): string {
  const pair = pairingOf(source, isByPlace(match, source));
  const own = source.table.columns.map(({ name }) => pair(name));
  const presents = own.flatMap((cells) => (cells && typeof cells === 'object' ? [cells.present] : []));
  const paired = new Set(own.flatMap((cells) => (cells && typeof cells === 'object' ? [cells.field.name] : [])));
  const others = source.columns.filter(({ name }) => !paired.has(name)).flatMap(({ name }) => source.named(name) ?? []);
  const more = others.map(({ text: cell }) => `coalesce(${cell}, '') <> ''`);
  return `NOT (${[...presents, ...more].join(' OR ') || 'false'})`;
}

export const typeMeasure = (subject: Subject, { type, format }: FieldSpec, match: FieldsMatch, data: Data): Measure =>
  ofCells(subject, match, data, (cells) =>
    counted(cells, data.source, match, {
      broken: `${cells.present} AND NOT ${cells.reads}`,
      be: withArticle(format === 'default' ? type : `${type} of the format ${format}`),
      are: ['cannot be read as one', 'cannot be read as one'],
    }),
  );

export function blankMeasure(match: FieldsMatch, { source }: Data): Measure {
  const blank = blankRow(source, match);
  return {
    via: 'scan',
    of: source.scope,
    figures: { blank: counting(blank) },
    judge: ({ blank: count = 0 }, rows) => ({
      verdict: count === 0 ? 'holds' : 'fails',
      observed: count,
      unexpected: count,
      message:
        count === 0
          ? `All ${amount(rows, 'row')} have a value.`
          : `${number(count)} of ${amount(rows, 'row')} ${count === 1 ? 'is' : 'are'} blank.`,
    }),
    failing: { predicate: blank, fields: [] },
  };
}

/** Rows beyond the first of each value are at fault. */
export const uniqueMeasure = (subject: Subject, match: FieldsMatch, { source, ...data }: Data): Measure =>
  ofCells(subject, match, { source, ...data }, (cells) =>
    repeated(cells.field.scope, [cells], `${cells.value} IS NOT NULL`, `Field "${cells.field.column.name}"`, false),
  );

/** The cells of several fields; undefined when one is not in the data, a text when one cannot be read. */
function together(names: readonly string[], match: FieldsMatch, source: Source): readonly Cells[] | string | undefined {
  const pair = pairingOf(source, isByPlace(match, source));
  const found = names.map(pair);
  if (found.includes(undefined)) return undefined;
  const unread = found.find((cells) => typeof cells === 'string');
  if (typeof unread === 'string') return unread;
  return found.filter((cells): cells is Cells => typeof cells === 'object');
}

const notThere = (names: readonly string[]): Measure =>
  nothing({
    verdict: 'holds',
    observed: 0,
    message: `Not all of ${names.map((name) => `"${name}"`).join(', ')} are in the data, as missing-label says.`,
  });

export function keyMeasure(
  { fields, check }: Extract<Asked, { readonly check: 'primary-key' | 'unique-key' }>,
  match: FieldsMatch,
  { source }: Data,
): Measure {
  const cells = together(fields, match, source);
  if (cells === undefined) return notThere(fields);
  if (typeof cells === 'string') return skipped(cells);
  const some = cells.map(({ value }) => `${value} IS NOT NULL`).join(' OR ');
  return repeated(source.scope, cells, some, `The key ${fields.join(', ')}`, check === 'primary-key');
}

/**
 * @param counts SQL of whether a row has a key at all.
 * @param isDemanded Whether a row without any is at fault too.
 */
function repeated(scope: Scope, cells: readonly Cells[], counts: string, who: string, isDemanded: boolean): Measure {
  const keys = cells.map(({ value }) => value);
  const groups = `SELECT count(*) AS n, bool_or(${counts}) AS counts FROM ${scope.relation} GROUP BY ${keys.join(', ')}`;
  const named = keys.map((key, index) => `${key} AS k${index}`).join(', ');
  const twice = `(SELECT ${named} FROM ${scope.relation} WHERE ${counts} GROUP BY ALL HAVING count(*) > 1)`;
  const same = keys.map((key, index) => `${key} IS NOT DISTINCT FROM k${index}`).join(' AND ');
  return {
    via: 'statement',
    of: scope,
    sql: `SELECT coalesce(sum(n - 1) FILTER (WHERE counts), 0) AS surplus, coalesce(sum(n) FILTER (WHERE NOT counts), 0) AS empty FROM (${groups})`,
    judge: ({ surplus = 0, empty = 0 }, rows) => {
      const broken = surplus + (isDemanded ? empty : 0);
      const parts = [
        ...(surplus > 0 ? [`${amount(surplus, 'row')} ${surplus === 1 ? 'repeats' : 'repeat'} an earlier one`] : []),
        ...(isDemanded && empty > 0 ? [`${amount(empty, 'row')} ${empty === 1 ? 'has' : 'have'} none`] : []),
      ];
      return {
        verdict: broken === 0 ? 'holds' : 'fails',
        observed: broken,
        unexpected: broken,
        message:
          broken === 0
            ? `${who} is unique in all ${amount(rows, 'row')}.`
            : `${who} should be unique${isDemanded ? ' and not empty' : ''}, but ${parts.join(', and ')}.`,
      };
    },
    failing: {
      predicate: `((${counts}) AND EXISTS (SELECT 1 FROM ${twice} WHERE ${same}))${isDemanded ? ` OR NOT (${counts})` : ''}`,
      fields: cells.map(({ field }) => field),
    },
  };
}

export function foreignMeasure(
  { contract, table }: Subject,
  { fields, resource, to }: Extract<Asked, { readonly check: 'foreign-key' }>,
  match: FieldsMatch,
  data: Data,
): Measure {
  if (fields.length !== to.length)
    return unjudged(
      `A foreign key needs equally many fields on both sides; here are ${fields.length} and ${to.length}.`,
    );
  const other =
    resource === '' || resource === table.name ? table : contract.tables.find(({ name }) => name === resource);
  if (!other) return unjudged(`There is no resource "${resource}" in this file.`);
  const target = other === table ? data.source : data.sourceOf(other);
  if (typeof target === 'string') return unjudged(`Resource "${other.name}" cannot be compared with: ${target}`);
  const cells = together(fields, match, data.source);
  const parents = together(to, matchOf(other), target);
  if (cells === undefined) return notThere(fields);
  if (parents === undefined) return unjudged(`Resource "${other.name}" lacks ${to.join(', ')}.`);
  if (typeof cells === 'string') return skipped(cells);
  if (typeof parents === 'string') return skipped(parents);
  return orphans(
    data.source.scope,
    cells,
    parents,
    target.scope,
    `${fields.join(', ')}`,
    `${resource || table.name}.${to.join(', ')}`,
  );
}

/** A tuple of nothing refers to nothing; one that is empty in part is looked for as it is. */
function orphans(
  scope: Scope,
  cells: readonly Cells[],
  parents: readonly Cells[],
  within: Scope,
  from: string,
  to: string,
): Measure {
  // A null is no partner of another to the engine, so each key is one text.
  const key = (one: readonly Cells[]) =>
    tuple(one.map(({ value }) => `coalesce(CAST(${value} AS VARCHAR), ${text('\uE000')})`));
  const some = (one: readonly Cells[]) => `(${one.map(({ value }) => `${value} IS NOT NULL`).join(' OR ')})`;
  const predicate = `${some(cells)} AND ${key(cells)} NOT IN (SELECT ${key(parents)} FROM ${within.relation} WHERE ${some(parents)})`;
  return orphansOf(scope, { predicate, fields: cells.map(({ field }) => field) }, from, to);
}
