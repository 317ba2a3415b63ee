import type { KeptColumn, ProfileColumn } from '../protocol';
import type { Engine } from '../sql/engine';
import { identifier } from '../sql/fragment';

/** Up to so many distinct values, or categories, all of them are kept. */
const KEPT_VALUES = 2050;
/** Of more, a value is kept at the end of each such part of the rows: the distribution function is exact there. */
const PARTS = 2048;

/**
 * What a baseline keeps of a column: all values with their counts where they are few; else the values at every 2,048th part
 * of the rows, with the exact number of rows up to each. Undefined for nested and binary columns.
 */
export async function keptOf(
  column: ProfileColumn,
  rows: number,
  relation: string,
  engine: Engine,
): Promise<KeptColumn | undefined> {
  if (/\]$|^(STRUCT|MAP|UNION|BLOB|BIT)/.test(column.physicalType)) return undefined;
  return column.type === 'numerical' || /^(DATE|TIMESTAMP)/.test(column.physicalType)
    ? numbers(column, relation, engine)
    : categories(column, rows, relation, engine);
}

async function numbers({ column, physicalType }: ProfileColumn, relation: string, engine: Engine): Promise<KeptColumn> {
  const name = identifier(column);
  const isTime = /^(DATE|TIMESTAMP)/.test(physicalType);
  const value = isTime ? `CASE WHEN isfinite(${name}) THEN epoch_ms(${name}) END` : `${name}::DOUBLE`;
  const values = `(SELECT ${value} AS v FROM ${relation} WHERE ${name} IS NOT NULL)`;
  const [ends = {}] = await engine.rows(
    `SELECT count(*) FILTER (isnan(v)) AS nan, count(*) FILTER (v = '-Infinity') AS below,
       count(*) FILTER (v = 'Infinity') AS above FROM (SELECT v::DOUBLE AS v FROM ${values})`,
  );
  // A value that many rows have stands alone, so that the others of its part keep their places before or after it.
  const found = await engine.rows(
    `WITH counted AS (SELECT v::DOUBLE AS v, count(*) AS n FROM ${values} WHERE isfinite(v::DOUBLE) GROUP BY 1),
     ranked AS (SELECT v, n, sum(n) OVER (ORDER BY v) AS r, row_number() OVER (ORDER BY v) AS k,
       count(*) OVER () AS d, sum(n) OVER () AS total FROM counted)
     SELECT arg_max(v, r) AS v, arg_max(n, r)::DOUBLE AS n, max(r)::DOUBLE AS r FROM ranked
     GROUP BY CASE WHEN d <= ${KEPT_VALUES} OR k = 1 OR n * ${PARTS} > total THEN k ELSE -1 - (r - 1) * ${PARTS} // total END
     ORDER BY r`,
  );
  const counts = found.map(({ n }) => Number(n));
  const between = found.map(({ n, r }, i) => Number(r) - Number(n) - Number(found[i - 1]?.r ?? 0));
  return {
    nan: Number(ends.nan ?? 0),
    infinite: [Number(ends.below ?? 0), Number(ends.above ?? 0)],
    values: found.map(({ v }) => Number(v)),
    counts,
    ...(between.some((count) => count > 0) ? { between } : {}),
  };
}

async function categories(
  { column, distinct, nulls }: ProfileColumn,
  rows: number,
  relation: string,
  engine: Engine,
): Promise<KeptColumn> {
  const found = await engine.rows(
    `SELECT ${identifier(column)}::VARCHAR AS v, count(*) AS n FROM ${relation} WHERE ${identifier(column)} IS NOT NULL
     GROUP BY 1 ORDER BY n DESC, 1 LIMIT ${KEPT_VALUES}`,
  );
  const counts = found.map(({ n }) => Number(n));
  const rest = rows - nulls - counts.reduce((sum, count) => sum + count, 0);
  return {
    nan: 0,
    infinite: [0, 0],
    values: found.map(({ v }) => String(v)),
    counts,
    ...(rest > 0 ? { others: { categories: Math.max(1, distinct - found.length), rows: rest } } : {}),
  };
}
