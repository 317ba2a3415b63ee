import type { Engine } from '../sql/engine';
import { identifier } from '../sql/fragment';
import { byCodePoint, type Side } from './column';
import type { Description } from './describe';
import { numberOf, type Wanted } from './summary';

/** Of a column that is looked at row by row, about so many rows of a side are read, spread over all of them. */
const MOST_ROWS = 100_000;

/** A side with its rows in their order. */
export async function withRows(
  side: Side,
  engine: Engine,
  description: Description,
  { name, storage }: Wanted,
): Promise<Side> {
  const column = identifier(name);
  const all = `SELECT ${column} AS v FROM ${description.relation}`;
  const from = description.rows > MOST_ROWS ? spread(column, description) : all;
  if (side.sample.kind === 'values') {
    const [inOrder] = await engine.numbers(`SELECT ${numberOf({ name: 'v', storage })} AS v FROM (${from}) AS rows`);
    return { ...side, sample: { ...side.sample, inOrder } };
  }
  const rows = await engine.rows(`SELECT v::VARCHAR AS v FROM (${from}) AS rows`);
  const inOrder = rows.map(({ v }) => (v === null || v === undefined ? null : String(v)));
  return { ...side, sample: { ...side.sample, inOrder } };
}

const spread = (column: string, { relation, rows }: Description): string =>
  `SELECT v FROM (SELECT ${column} AS v, row_number() OVER () AS place FROM ${relation}) AS placed
   WHERE hash(place) % ${rows} < ${MOST_ROWS}`;

/** Its values in the order of their rows; where that was not read, ascending. */
export function rowsOf({ sample }: Side): readonly string[] {
  if (sample.kind === 'values')
    return Array.from((sample.inOrder ?? sample.sorted).filter(Number.isFinite), (value) => String(value));
  if (sample.inOrder) return sample.inOrder.filter((value) => value !== null);
  const labels = [...sample.counts.keys()].sort(byCodePoint);
  return labels.flatMap((label) => Array<string>(sample.counts.get(label) ?? 0).fill(label));
}
