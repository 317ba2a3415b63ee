import type { ColumnType, DriftSide, Figure, NamedColumn } from '../protocol';
import { isGuess, type Side, typeOfStorage } from './column';
import { columnOf, type Description, has } from './describe';
import { mean, quantile } from './numerics/moments';
import type { Measured } from './profile';

/** The row with the last word on it. */
export function withVerdict(column: NamedColumn, measured: Measured): NamedColumn {
  return {
    ...column,
    method: measured.method ?? null,
    statistic: figure(measured.statistic),
    pValue: figure(measured.pValue),
    threshold: measured.threshold ?? null,
    drifted: measured.drifted ?? null,
    decidedBy: measured.decidedBy ?? null,
    reason: measured.reason ?? null,
    parameters: measured.parameters,
  };
}

const emptySide = (rows: number): DriftSide => ({ histogram: null, rows, nulls: 0, mean: null, median: null });

/** A row of which only the name and type are known. */
export const unmeasured = (name: string, type: ColumnType): NamedColumn => ({
  column: name,
  type,
  method: null,
  statistic: null,
  pValue: null,
  threshold: null,
  drifted: null,
  decidedBy: null,
  reason: null,
  segment: null,
  window: null,
  parameters: {},
  moved: null,
  reference: emptySide(0),
  current: emptySide(0),
});

/** A column that only one side has cannot be measured, and is not passed over in silence. */
export function oneSided(name: string, reference: Description, current: Description): NamedColumn {
  const isGone = has(reference, name);
  const storage = columnOf(isGone ? reference : current, name).storage;
  return {
    ...unmeasured(name, typeOfStorage[storage]),
    reason: isGone ? 'Only the reference has this column.' : 'Only the current side has this column.',
    moved: isGone ? 'column gone' : 'column new',
    reference: emptySide(isGone ? reference.rows : 0),
    current: emptySide(isGone ? 0 : current.rows),
  };
}

/** What a report says of one side. */
export function sideOf(side: Side, type: ColumnType, histogram: DriftSide['histogram']): DriftSide {
  const { rows, nulls, size, sample, kept } = side;
  const values = sample.kind === 'values' && type !== 'datetime' && size > 0 ? sample.sorted : undefined;
  const whole = kept || isGuess(side) ? undefined : values;
  return {
    histogram,
    rows,
    nulls,
    mean: figure(whole ? mean(whole) : values && kept?.mean),
    median: figure(whole ? quantile(whole, 0.5) : values && kept?.median),
    ...(values && { quantiles: QUANTILES.map((share) => quantile(values, share)) }),
  };
}

/** Close enough that a line through them shows where two sides part, few enough to travel with every column. */
const QUANTILES: readonly number[] = Array.from({ length: 41 }, (_, step) => step / 40);

/** NaN and the infinities as JSON can hold them. */
function figure(value: number | undefined): Figure {
  if (value === undefined || Number.isFinite(value)) return value ?? null;
  return String(value) as 'NaN' | 'Infinity' | '-Infinity';
}
