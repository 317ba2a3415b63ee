import type { DriftDiagnosis, NamedColumn } from '../protocol';
import { type ColumnPair, valuesOf } from './column';
import { benjaminiHochberg } from './numerics/benjamini-hochberg';
import { normalTail } from './numerics/distributions';
import { lowest } from './numerics/lowest';

/** Segments that are named of each column. */
const NAMED_SEGMENTS = 3;
/** A share of empty values that changed by less is no news. */
const LEAST_CHANGE = 0.005;
const LEVEL = 0.05;
/** Of fewer windows no point of change can be told. */
const LEAST_WINDOWS = 4;
/** A p-value that underflows counts as this one. */
const LEAST_P = 1e-300;

/** What a column's values say that its row does not. */
export type Outside = DriftDiagnosis['range'][number];

/** Current values below or above all of the reference; nothing when there are none, or no numbers. */
export function outsideOf(pair: ColumnPair): Outside | undefined {
  const { sample } = pair.reference;
  if (sample.kind === 'values' && sample.openEnds) return undefined;
  const [reference, current] = valuesOf(pair) ?? [];
  const [low, high] = [reference?.[0], reference?.at(-1)];
  if (!current || low === undefined || high === undefined || pair.storage === 'datetime') return undefined;
  const below = lowest(current.length, (i) => (current[i] ?? low) >= low);
  const above = current.length - lowest(current.length, (i) => (current[i] ?? high) > high);
  if (below + above === 0) return undefined;
  const range = { column: pair.name, low, high, below, above, share: (below + above) / current.length };
  return { ...range, smallest: current[0] ?? low, largest: current.at(-1) ?? high };
}

/** The row of a single column, and not of many together. */
type ColumnRow = NamedColumn & { readonly column: string };

const isOfOne = (row: NamedColumn): row is ColumnRow => row.column !== null;

/** What a diagnosis is made of: the rows of a report, and what was found beside them. */
export interface Findings {
  readonly rows: readonly NamedColumn[];
  readonly outside: readonly Outside[];
  readonly dependencies: DriftDiagnosis['dependencies'];
  readonly roles: { readonly prediction?: string | undefined; readonly target?: string | undefined };
}

/** Why a dataset drifted: which columns and segments carry it, since when, and what else changed. */
export function diagnose({ rows: all, outside, dependencies, roles }: Findings): DriftDiagnosis {
  const rows = all.filter(isOfOne);
  const columns = rows.filter(({ segment, window }) => !segment && !window);
  return {
    columns: ranked(columns),
    segments: carriers(columns, rows),
    starts: startsOf(rows),
    dependencies,
    missing: missingOf(columns),
    range: [...outside].sort((a, b) => b.share - a.share),
    roles: rolesOf(columns, roles),
  };
}

/**
 * How many times its limit a column moved: 1 is just drift. Of a test, how many times as many digits its p-value has.
 * Undefined for what is not judged, or has no limit.
 */
export function effectOf({
  decidedBy,
  statistic,
  pValue,
  threshold,
}: Pick<ColumnRow, 'decidedBy' | 'statistic' | 'pValue' | 'threshold'>): number | undefined {
  if (threshold === null || threshold <= 0) return undefined;
  if (decidedBy === 'statistic') return typeof statistic === 'number' ? Math.abs(statistic) / threshold : undefined;
  if (decidedBy !== 'pValue' || typeof pValue !== 'number' || threshold >= 1) return undefined;
  return Math.log(Math.max(pValue, LEAST_P)) / Math.log(threshold);
}

function ranked(columns: readonly ColumnRow[]): DriftDiagnosis['columns'] {
  const effects = columns.flatMap((column) => {
    const effect = effectOf(column);
    return effect === undefined ? [] : [{ column, effect }];
  });
  const sum = effects.reduce((total, { effect }) => total + effect, 0);
  return effects
    .sort((a, b) => b.effect - a.effect)
    .map(({ column: { column, drifted, moved }, effect }) => ({
      column,
      drifted: drifted === true,
      effect,
      contribution: sum > 0 ? effect / sum : 0,
      moved,
    }));
}

/** Of each drifted column the segments that carry most of it: what a segment moved, weighed by its share of the rows. */
function carriers(columns: readonly ColumnRow[], rows: readonly ColumnRow[]): DriftDiagnosis['segments'] {
  const bySegment = grouped(rows.filter(({ segment }) => segment !== null));
  return columns
    .filter(({ drifted }) => drifted)
    .flatMap(({ column, current }) => {
      const weighed = (bySegment.get(column) ?? []).flatMap((row) => {
        const effect = effectOf(row);
        const share = current.rows > 0 ? row.current.rows / current.rows : 0;
        return effect === undefined || !row.segment
          ? []
          : [{ segment: row.segment, share, weight: effect * share, row }];
      });
      const sum = weighed.reduce((total, { weight }) => total + weight, 0);
      return weighed
        .filter(({ weight }) => weight > 0)
        .sort((a, b) => b.weight - a.weight)
        .slice(0, NAMED_SEGMENTS)
        .map(({ segment, share, weight, row }) => ({
          column,
          segment,
          contribution: weight / sum,
          share,
          drifted: row.drifted === true,
          moved: row.moved,
        }));
    });
}

/** Since when a column drifts: the first window from which all that are judged do, and where its level changed most. */
function startsOf(rows: readonly ColumnRow[]): DriftDiagnosis['starts'] {
  return [...grouped(rows.filter(({ window }) => window !== null))].flatMap(([column, windows]) => {
    const judged = windows.filter(({ drifted }) => drifted !== null);
    const lastFine = judged.findLastIndex(({ drifted }) => drifted === false);
    const stays = judged[lastFine + 1];
    const levels = judged.flatMap((row) => {
      const level = effectOf(row);
      return level === undefined ? [] : [{ row, level }];
    });
    const change = levels[changePoint(levels.map(({ level }) => level)) ?? -1]?.row;
    if (!stays) return [];
    return [
      { column, since: stays.window?.start ?? '', estimate: change?.window?.start ?? null, windows: judged.length },
    ];
  });
}

/**
 * Index of the first value of the new level: where the cumulative sum of deviations from the mean is largest, as the
 * estimate of a CUSUM chart has it (W. A. Taylor, 2000). Undefined for few values, and where the level did not rise.
 */
export function changePoint(levels: readonly number[]): number | undefined {
  if (levels.length < LEAST_WINDOWS) return undefined;
  const mean = levels.reduce((sum, level) => sum + level, 0) / levels.length;
  let sum = 0;
  let lowest = 0;
  let place: number | undefined;
  levels.forEach((level, i) => {
    sum += level - mean;
    if (sum >= lowest || i === levels.length - 1) return;
    lowest = sum;
    place = i + 1;
  });
  return place;
}

/** Shares of empty values that changed by more than chance, by a z-test of two proportions, over all columns. */
function missingOf(columns: readonly ColumnRow[]): DriftDiagnosis['missing'] {
  const compared = columns.flatMap(({ column, reference, current }) => {
    if (reference.rows === 0 || current.rows === 0 || reference.nulls + current.nulls === 0) return [];
    const [before, after] = [reference.nulls / reference.rows, current.nulls / current.rows];
    const both = (reference.nulls + current.nulls) / (reference.rows + current.rows);
    const error = Math.sqrt(both * (1 - both) * (1 / reference.rows + 1 / current.rows));
    const pValue = error > 0 ? 2 * normalTail(Math.abs(before - after) / error) : 1;
    return [{ column, reference: before, current: after, pValue }];
  });
  const adjusted = benjaminiHochberg(compared.map(({ pValue }) => pValue));
  return compared
    .map((one, i) => ({ ...one, adjustedPValue: adjusted[i] ?? 1 }))
    .filter((one) => Math.abs(one.current - one.reference) >= LEAST_CHANGE && one.adjustedPValue <= LEVEL)
    .sort((a, b) => Math.abs(b.current - b.reference) - Math.abs(a.current - a.reference));
}

function rolesOf(columns: readonly ColumnRow[], roles: Findings['roles']): DriftDiagnosis['roles'] {
  return (['prediction', 'target'] as const).flatMap((role) => {
    const row = columns.find(({ column }) => column === roles[role]);
    return row ? [{ role, column: row.column, drifted: row.drifted, moved: row.moved }] : [];
  });
}

function grouped(rows: readonly ColumnRow[]): ReadonlyMap<string, readonly ColumnRow[]> {
  const groups = new Map<string, ColumnRow[]>();
  for (const row of rows) {
    const group = groups.get(row.column);
    if (group) group.push(row);
    else groups.set(row.column, [row]);
  }
  return groups;
}
