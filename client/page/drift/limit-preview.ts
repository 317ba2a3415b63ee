import type { DriftColumn, DriftReport } from '../../../server/src/protocol';
import { decidesByP, decisive } from './effect';

/** What another limit would make of a comparison. */
export interface Preview {
  /** Of the column that the limit is for. */
  readonly drifts: boolean;
  /** Columns judged by the same method, if the limit were theirs as well. */
  readonly alike: { readonly drifted: number; readonly columns: number };
  /** The dataset then: its columns, and whether they are enough to make it drift. */
  readonly dataset: { readonly drifted: number; readonly columns: number; readonly isDrifted: boolean };
}

/** The figure of a column and its limit, as a person states them. */
export interface Judged {
  readonly figure: number;
  readonly limit: number;
}

/** Undefined for a column that is not judged, to which a limit says nothing. */
export function judgedOf(column: DriftColumn): Judged | undefined {
  const figure = decisive(column);
  if (column.threshold === null || column.drifted === null || figure === undefined || !Number.isFinite(figure))
    return undefined;
  const unit = unitOf(column);
  const { effectThreshold } = column.parameters;
  const stated = unit !== 1 && typeof effectThreshold === 'number' ? effectThreshold : column.threshold / unit;
  return { figure: figure / unit, limit: stated };
}

/** What figures of a column are divided by to be as a person states them: a normalised distance is told in the column's unit, and its limit is stated in multiples of the normaliser. */
export function unitOf({ parameters: { normaliser, effectThreshold } }: DriftColumn): number {
  return typeof normaliser === 'number' && normaliser > 0 && effectThreshold !== undefined ? normaliser : 1;
}

/** @param limit as a person states it. */
export function previewOf(report: DriftReport, column: DriftColumn, limit: number): Preview {
  const whole = report.columns.filter(
    ({ column: name, segment, window, drifted }) => name !== null && !segment && !window && drifted !== null,
  );
  const alike = whole.filter((other) => isAlike(other, column));
  const drifted = whole.filter((other) => (isAlike(other, column) ? driftsAt(other, limit) : other.drifted)).length;
  return {
    drifts: driftsAt(column, limit),
    alike: { drifted: alike.filter((other) => driftsAt(other, limit)).length, columns: alike.length },
    dataset: { drifted, columns: whole.length, isDrifted: datasetDrifts(report, drifted, whole.length) },
  };
}

/** By its share of drifted columns where the preset goes by it, by any of them where it does not, or by all together. */
function datasetDrifts({ dataset, columns }: DriftReport, drifted: number, judged: number): boolean {
  if (columns.some(({ column, drifted: together }) => column === null && together)) return true;
  return drifted > 0 && (dataset.method !== 'share' || drifted / judged >= dataset.threshold);
}

const isAlike = (a: DriftColumn, b: DriftColumn) => a.method === b.method && a.decidedBy === b.decidedBy;

/** Whether a column would drift at another limit; a move that chance may have made stays one. */
export function driftsAt(column: DriftColumn, limit: number): boolean {
  const judged = judgedOf(column);
  if (!judged) return column.drifted ?? false;
  const isBeyond = decidesByP(column) ? judged.figure <= limit : judged.figure >= limit;
  return isBeyond && !isChance(column);
}

function isChance({ parameters: { adjustedPValue, level } }: DriftColumn): boolean {
  return typeof adjustedPValue === 'number' && typeof level === 'number' && adjustedPValue > level;
}

/** Where the slider ends, and how its places become limits. */
export interface LimitScale {
  readonly steps: number;
  limitAt(step: number): number;
  stepOf(limit: number): number;
}

const steps = 200;
/** The smallest p-value that makes sense as a limit, as a power of ten. */
const leastPower = -6;

/** From nothing to beyond the limit and everything that is held against it; p-values by orders of magnitude. */
export function scaleFor(column: DriftColumn, alike: readonly DriftColumn[]): LimitScale {
  if (decidesByP(column)) return powers;
  const own = judgedOf(column);
  const figures = alike.flatMap((other) => judgedOf(other)?.figure ?? []);
  const limit = own?.limit ?? 1;
  const most = roundUp(
    Math.max(3 * limit, 1.1 * (own?.figure ?? 0), Math.min(10 * limit, 1.1 * Math.max(0, ...figures))),
  );
  return {
    steps,
    limitAt: (step) => rounded((most * Math.max(step, 1)) / steps),
    stepOf: (value) => Math.round((value / most) * steps),
  };
}

const powers: LimitScale = {
  steps,
  limitAt: (step) => rounded(10 ** (leastPower * (1 - step / steps))),
  stepOf: (limit) => Math.round((1 - Math.log10(Math.max(limit, 10 ** leastPower)) / leastPower) * steps),
};

/** Two digits, as a person would write a limit. */
const rounded = (value: number) => Number(value.toPrecision(2));

function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * ([1, 2, 5, 10].find((factor) => factor * power >= value * (1 - Number.EPSILON)) ?? 10);
}
