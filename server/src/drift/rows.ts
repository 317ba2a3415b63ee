import type { Engine } from '../sql/engine';
import { identifier } from '../sql/fragment';
import type { Side } from './column';
import type { Description } from './describe';
import { labelOf, numberOf, type Wanted } from './summary';

/** Of what is looked at row by row, about so many rows of a side are read, spread over all of them. */
export const MOST_ROWS = 100_000;
/** Of texts fewer: a classifier of them walks all their words fifty times. */
const MOST_TEXTS = 20_000;

/** A side with its rows in their order. */
export async function withRows(
  side: Side,
  engine: Engine,
  description: Description,
  { name, storage }: Wanted,
): Promise<Side> {
  const column = identifier(name);
  const most = side.sample.kind === 'values' ? MOST_ROWS : MOST_TEXTS;
  const relation = description.rows > most ? spread(description, most) : description.relation;
  const from = `SELECT ${column} AS v FROM ${relation}`;
  if (side.sample.kind === 'values') {
    const [inOrder] = await engine.numbers(`SELECT ${numberOf({ name: 'v', storage })} AS v FROM (${from}) AS rows`);
    return { ...side, sample: { ...side.sample, inOrder } };
  }
  const rows = await engine.rows(`SELECT v::VARCHAR AS v FROM (${from}) AS rows`);
  const inOrder = rows.map(({ v }) => labelOf(v));
  return { ...side, sample: { ...side.sample, inOrder } };
}

/** About `most` of the rows of a side, spread over all of them, in their order: a relation. */
export const spread = ({ relation, rows }: Description, most: number): string =>
  `(SELECT * EXCLUDE (plumbline_place) FROM (SELECT *, row_number() OVER () AS plumbline_place FROM ${relation}) AS placed
    WHERE hash(plumbline_place) % ${rows} < ${most}) AS sampled`;
