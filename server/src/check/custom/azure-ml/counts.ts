import type { Quality, QualityMetric } from '../../../contract/azure-ml';
import { identifier, text } from '../../../sql/fragment';
import type { Figures } from '../../check';
import { type Family, familyOf } from '../../logical-type';

export type Kind = 'numerical' | 'categorical';

/** A column that both sides have. */
export interface Column {
  readonly name: string;
  /** The engine's words for its types. */
  readonly now: string;
  readonly before: string;
  readonly families: { readonly now: Group; readonly before: Group };
  readonly asked: Kind | undefined;
  readonly isText: boolean;
  readonly isNumber: boolean;
  /** Whether the side's own kind of value is the reference's, without which there are no bounds for it. */
  readonly isBounded: boolean;
}

/** Types that Spark tells apart here. */
type Group = 'integer' | 'number' | 'string' | 'boolean' | 'date' | 'timestamp';

const groups: Partial<Readonly<Record<Family, Group>>> = {
  integer: 'integer',
  number: 'number',
  string: 'string',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamp',
};

/** A text says why the component leaves the column out. */
export function columnIn(name: string, now: string, before: string, asked: Kind | undefined): Column | string {
  const [one, other] = [now, before].map((type) =>
    /^decimal/i.test(type) ? undefined : groups[familyOf(type) ?? 'json'],
  );
  if (!one || !other) return `Column "${name}" is ${one ? before : now}, a type that Azure ML leaves out.`;
  const isText = other === 'string';
  const isNumber = isNumeric(other);
  return {
    name,
    now,
    before,
    families: { now: one, before: other },
    asked,
    isText,
    isNumber,
    isBounded: isText ? one === 'string' : isNumeric(one),
  };
}

const isNumeric = (group: Group): boolean => group === 'integer' || group === 'number';

/** Names that no column of the data has. */
const FEW_NAME = identifier('plumbline few');
const FILL_NAME = identifier('plumbline fill');
/** Below this share of distinct values, of which null is one, integers are categories. */
const FEW = 0.05;

interface Relations {
  readonly now: string;
  readonly before: string;
}

/** One row with the counts of both sides of all columns, which `countsOf` reads. */
export function comparedSql(columns: readonly Column[], relations: Relations, segment: Quality['segment']): string {
  const cut = (relation: string): string =>
    segment === undefined
      ? relation
      : `(SELECT * FROM ${relation} WHERE CAST(${identifier(segment.column)} AS VARCHAR) IN (${segment.values.map(text).join(', ')}))`;
  const [now, before] = [cut(relations.now), cut(relations.before)];
  const parts = columns.flatMap((column, index) => [
    `(${sideSql(column, column.families.now, now, before)}) AS n${index}`,
    `(${sideSql(column, column.families.before, before, before)}) AS b${index}`,
  ]);
  const names = columns.flatMap((_, index) =>
    ['n', 'b'].flatMap((side) => counted.map((count) => `${side}${index}.${count} AS ${side}${index}_${count}`)),
  );
  return `SELECT ${names.join(', ')} FROM ${parts.join(', ')}`;
}

const counted = ['kept', 'gaps', 'empty', 'few', 'errors', 'outside'] as const;

/** One row of counts of a side: by its own kind of column it is filled, by the reference's type and bounds judged. */
function sideSql(column: Column, own: Group, relation: string, reference: string): string {
  const c = identifier(column.name);
  const isFloat = own === 'number';
  const gap = isFloat ? `(${c} IS NULL OR isnan(${c}))` : `${c} IS NULL`;
  const few =
    column.asked === undefined
      ? `(count(DISTINCT ${c}) + CAST(count(*) > count(${c}) AS INTEGER)) / count(*) < ${FEW}`
      : String(column.asked === 'categorical');
  const isFew = own === 'integer' ? few : 'false';
  // Without an aggregate of numbers there is one row of facts, not one a row of the data.
  const facts = `(SELECT ${isFew} AS ${FEW_NAME}, ${fillOf(own, c, gap, relation)} AS ${FILL_NAME}${isNumeric(own) ? ` FROM ${relation}` : ''})`;
  const isFilled = own === 'string' || isNumeric(own);
  const filled = isFilled ? `CASE WHEN ${gap} AND NOT ${FEW_NAME} THEN ${FILL_NAME} ELSE ${c} END` : c;
  const rows = `(SELECT ${c} AS stored, ${gap} AS gap, ${FEW_NAME} AS few, ${filled} AS v FROM ${relation}, ${facts})`;
  const outside = outsideOf(column, own, c, reference);
  return `SELECT count(*) AS kept, count(*) FILTER (WHERE stored IS NULL) AS gaps, count(*) FILTER (WHERE gap) AS empty, coalesce(bool_or(few), false)::INTEGER AS few, count(*) FILTER (WHERE ${errorOf(column.families.before, own)}) AS errors, ${outside.count} AS outside FROM ${rows} AS side${outside.join}`;
}

/** What gaps are filled with: the lower of two middle numbers, the most frequent text, which may be none. */
function fillOf(own: Group, c: string, gap: string, relation: string): string {
  if (isNumeric(own)) return `quantile_disc(${c}, 0.5) FILTER (WHERE NOT ${gap})`;
  if (own !== 'string') return 'NULL';
  return `(SELECT ${c} FROM ${relation} GROUP BY ${c} ORDER BY count(*) DESC, ${c} NULLS LAST LIMIT 1)`;
}

/** SQL that is true for a filled value that Spark casts to null, as it does without ANSI mode. */
function errorOf(to: Group, own: Group): string {
  if (own !== 'string') return 'v IS NULL';
  return `(v IS NULL OR NOT coalesce(${castable[to]}, false))`;
}

const trimmed = "regexp_replace(v, '^\\s+|\\s+$', '', 'g')";

/** SQL that is true for a text that Spark can cast to a type. */
const castable: Readonly<Record<Group, string>> = {
  integer: `regexp_full_match(${trimmed}, '[-+]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)') AND TRY_CAST(trunc(TRY_CAST(${trimmed} AS DOUBLE)) AS BIGINT) IS NOT NULL`,
  number: `TRY_CAST(${trimmed} AS DOUBLE) IS NOT NULL`,
  string: 'true',
  boolean: `lower(${trimmed}) IN ('t', 'true', 'y', 'yes', '1', 'f', 'false', 'n', 'no', '0')`,
  date: `(regexp_full_match(${trimmed}, '[0-9]{4}(-[0-9]{1,2})?') OR try_strptime(regexp_extract(${trimmed}, '^([0-9]{4}-[0-9]{1,2}-[0-9]{1,2})([ T].*)?$', 1), '%Y-%m-%d') IS NOT NULL)`,
  timestamp: `TRY_CAST(${trimmed} AS TIMESTAMP) IS NOT NULL`,
};

interface Outside {
  readonly count: string;
  readonly join: string;
}

/**
 * Numbers beyond the reference's least and greatest. Texts that are not of its set, which the component hands on as one
 * text: brackets go, commas divide, blanks around them too.
 */
function outsideOf(
  { isText, isNumber, isBounded, families }: Column,
  own: Group,
  c: string,
  reference: string,
): Outside {
  if (!isBounded) return { count: '0', join: '' };
  if (isNumber) {
    // Spark's greatest is a NaN where there is one; DuckDB's is not, where the file's own statistics answer.
    const open = families.before === 'number' ? `coalesce(bool_or(isnan(${c})), false)` : 'false';
    const bounds = `(SELECT min(${c}) AS low, max(${c}) AS high, ${open} AS open FROM ${reference}) AS bounds`;
    return { count: 'count(*) FILTER (WHERE v < low OR (v > high AND NOT open))', join: `, ${bounds}` };
  }
  if (!isText || own !== 'string') return { count: '0', join: '' };
  const known = `(SELECT DISTINCT trim(unnest(string_split(regexp_replace(${c}, '[\\[\\]]', '', 'g'), ','))) AS member FROM ${reference} WHERE ${c} IS NOT NULL) AS domain`;
  return {
    count: 'count(*) FILTER (WHERE v IS NOT NULL AND member IS NULL)',
    join: ` LEFT JOIN ${known} ON v = member`,
  };
}

type Counts = Readonly<Record<QualityMetric, number>> & {
  readonly kind: Kind;
  readonly rows: number;
  /** Rows without a value, NaN included. */
  readonly empty: number;
};

export function countsOf(
  column: Column,
  figures: Figures,
  index: number,
): { readonly now: Counts; readonly before: Counts } {
  const of = (side: 'n' | 'b', group: Group): Counts => {
    const figure = (count: (typeof counted)[number]): number => figures[`${side}${index}_${count}`] ?? 0;
    const isCategorical = !isNumeric(group) || (group === 'integer' && figure('few') === 1);
    return {
      kind: isCategorical ? 'categorical' : 'numerical',
      rows: figure('kept'),
      empty: figure('empty'),
      NullValueRate: figure('gaps'),
      DataTypeErrorRate: figure('errors'),
      OutOfBoundsRate: figure('outside'),
    };
  };
  return { now: of('n', column.families.now), before: of('b', column.families.before) };
}
