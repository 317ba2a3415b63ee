import type { Datum, Sample } from '../protocol';
import type { Engine, Row } from '../sql/engine';
import { answered } from './ask';
import type { Failing } from './check';
import { countsByFile, FILE, type Field, ROW, type Scope, type Source } from './source';
import { datum } from './words';

/** What stands for a value that a report must not repeat. */
export const MASK = '•••';

/** Up to `limit` rows that fail a check, the first ones, with the values of its columns and the table's key. */
export async function samplesOf(
  engine: Engine,
  source: Source,
  scope: Scope,
  failing: Failing,
  limit: number,
): Promise<readonly Sample[]> {
  if (limit <= 0) return [];
  const { sql, fields } = samplesSql(source, scope, failing, limit);
  const rows = await answered(() => engine.rows(sql));
  if ('error' in rows) return [];
  const parts = countsByFile(source.dataset) ? undefined : await partsOf(engine, source);
  return rows.value.map((row) => sampleOf(row, fields, source, parts));
}

/** The statement that gives the first rows which fail a check, and the columns that it shows. */
export function samplesSql(
  source: Source,
  scope: Scope,
  failing: Failing,
  limit: number,
): { readonly sql: string; readonly fields: readonly Field[] } {
  const fields = [...failing.fields, ...keysBeside(source, scope, failing.fields)];
  const shown = fields.flatMap(({ value, stored, text }, index) => [
    `${value === stored ? stored : text} AS s${index}`,
    ...(value === stored ? [] : [`${value} AS v${index}`]),
  ]);
  const sql =
    `SELECT ${ROW} AS row, ${FILE} AS file, ${shown.join(', ')} FROM ${scope.numbered} ` +
    `WHERE ${failing.predicate} LIMIT ${Math.trunc(limit)}`;
  return { sql, fields };
}

/** Elements of an array have no key of their own beside them. */
const keysBeside = ({ keys, scope: whole }: Source, scope: Scope, fields: readonly Field[]): readonly Field[] =>
  scope === whole ? keys.filter((key) => !fields.includes(key)) : [];

function sampleOf(row: Row, fields: readonly Field[], { dataset }: Source, parts: readonly Part[] | undefined): Sample {
  const file = typeof row.file === 'string' ? row.file : undefined;
  const number = typeof row.row === 'number' ? row.row : undefined;
  const part = number === undefined ? undefined : parts?.findLast(({ before }) => before < number);
  return {
    row: number === undefined ? null : number - (part?.before ?? 0),
    ...(dataset.paths.length > 1 && file !== undefined ? { file: part?.name ?? calledBy(dataset, file) } : {}),
    values: Object.fromEntries(fields.map((field, index) => [field.column.path, shownValue(row, field, index)])),
  };
}

/** The store of a tracker calls a file by its hash. */
const calledBy = ({ paths, names }: Source['dataset'], file: string): string => names[paths.indexOf(file)] ?? file;

/** The value in its type, else as it is written. */
const shownValue = (row: Row, { masked }: Field, index: number): Datum => {
  const value = row[`v${index}`] ?? row[`s${index}`] ?? null;
  return masked && value !== null ? MASK : value;
};

/** One file of a dataset. */
interface Part {
  readonly name: string;
  /** Rows of the files before it: the engine counts over all files of a dataset. */
  readonly before: number;
}

/** In reading order. Files of one content are one in the store of a tracker, so a path may stand there several times. */
async function partsOf(engine: Engine, { all, dataset }: Source): Promise<readonly Part[]> {
  const counted = await answered(() =>
    engine.rows(`SELECT filename AS file, count(*) AS n FROM ${all.relation} GROUP BY filename`),
  );
  const counts = new Map('value' in counted ? counted.value.map(({ file, n }) => [String(file), Number(n)]) : []);
  const copies = new Map<string, number>();
  for (const path of dataset.paths) copies.set(path, (copies.get(path) ?? 0) + 1);
  let before = 0;
  return dataset.paths.map((path, i) => {
    const part = { name: dataset.names[i] ?? path, before };
    before += (counts.get(path) ?? 0) / (copies.get(path) ?? 1);
    return part;
  });
}

/** `First: row 17 (1,137).` */
export function firstWords([first]: readonly Sample[], [field]: readonly Field[]): string {
  if (!first || first.row === null) return '';
  const value = field && first.values[field.column.path];
  const file = first.file === undefined ? '' : ` of ${first.file.split(/[\\/]/).at(-1)}`;
  const shown = value === undefined || value === null ? '' : ` (${datum(value)})`;
  return ` First: row ${first.row.toLocaleString('en-US')}${file}${shown}.`;
}
