import type { DriftColumn } from '../protocol';
import type { Engine } from '../sql/engine';
import { identifier } from '../sql/fragment';
import type { Description } from './describe';
import { type Asked, type Measured, notJudged } from './profile';
import { unmeasured, withVerdict } from './row';
import { MOST_ROWS, spread } from './rows';
import { isNumeric, labelOf, numberOf, type Wanted } from './summary';
import type { Table } from './table-metric';
import { members as metrics } from './table-metrics';

/** Doubles of one side that are held at a time: 128 MB. */
const MOST_CELLS = 2 ** 24;

/** The row of a report about all columns together. Times and nested columns are left out: they move on, or are no one value. */
export async function tableRow(
  engine: Engine,
  [reference, current]: readonly [Description, Description],
  columns: readonly Wanted[],
  asked: Asked,
): Promise<DriftColumn> {
  const taken = columns.filter(({ storage }) => storage !== 'datetime' && storage !== 'other');
  const row = {
    ...unmeasured('', 'numerical'),
    reference: { ...unmeasured('', 'numerical').reference, rows: reference.rows },
    current: { ...unmeasured('', 'numerical').current, rows: current.rows },
  };
  const measured = await measuredOf(engine, [reference, current], taken, asked);
  return { ...withVerdict(row, measured), column: null };
}

async function measuredOf(
  engine: Engine,
  sides: readonly [Description, Description],
  columns: readonly Wanted[],
  { method, threshold }: Asked,
): Promise<Measured> {
  const metric = metrics.find(({ id }) => id === method);
  if (!metric) return notJudged(`There is no method ${method} for all columns together.`);
  if (sides.some(({ rows }) => rows === 0)) return notJudged('A side has no rows.');
  if (sides.some(({ saved }) => saved)) return notJudged('The reference keeps statistics, and this needs its rows.');
  if (columns.length === 0) return notJudged('No column holds numbers or categories.');
  const most = Math.min(MOST_ROWS, Math.floor(MOST_CELLS / columns.length));
  const before = await tableOf(engine, sides[0], columns, most);
  const after = await tableOf(engine, sides[1], columns, most);
  const measurement = metric.measure(before, after, { threshold });
  if ('refusal' in measurement) return notJudged(measurement.refusal);
  const { parameters, ...figures } = measurement;
  return {
    method,
    ...figures,
    decidedBy: 'statistic',
    parameters: {
      columns: columns.length,
      ...(before.rows < sides[0].rows ? { referenceRows: before.rows } : {}),
      ...(after.rows < sides[1].rows ? { currentRows: after.rows } : {}),
      ...parameters,
    },
  };
}

async function tableOf(engine: Engine, side: Description, columns: readonly Wanted[], most: number): Promise<Table> {
  const from = side.rows > most ? spread(side, most) : side.relation;
  const numeric = columns.filter(({ storage }) => isNumeric(storage));
  const numbers =
    numeric.length > 0 ? await engine.numbers(`SELECT ${numeric.map(numberOf).join(', ')} FROM ${from}`) : [];
  const read = new Map<Wanted, Table['columns'][number]>();
  numeric.forEach((column, i) => {
    read.set(
      column,
      (numbers[i] ?? new Float64Array()).map((value) => (Number.isFinite(value) ? value : Number.NaN)),
    );
  });
  for (const column of columns.filter(({ storage }) => !isNumeric(storage))) {
    const rows = await engine.rows(`SELECT ${identifier(column.name)}::VARCHAR AS v FROM ${from}`);
    read.set(
      column,
      rows.map(({ v }) => labelOf(v)),
    );
  }
  const all = columns.map((column) => read.get(column) ?? []);
  return { rows: all[0]?.length ?? 0, columns: all };
}
