import type { DriftColumn } from '../../../server/src/protocol';
import { effectOf } from './effect';
import { segmentName } from './windows';

/** A part of the rows, with what drifted in it. */
export interface Segment {
  readonly name: string;
  /** Rows of the current side. */
  readonly rows: number;
  /** Those that went furthest first. */
  readonly columns: readonly DriftColumn[];
  readonly drifted: number;
  /** Of all that went beyond a limit in any segment, what this one carries: 0 … 1. */
  readonly share: number;
}

/** One column far beyond its limit must not outweigh everything else. */
const mostEffect = 10;

/** The segments of a report, those first that carry most of the drift. */
export function segmentsOf(columns: readonly DriftColumn[]): readonly Segment[] {
  const parts = new Map<string, DriftColumn[]>();
  for (const column of columns) {
    if (!column.segment || column.window) continue;
    const name = segmentName(column.segment);
    const known = parts.get(name);
    if (known) known.push(column);
    else parts.set(name, [column]);
  }
  const weights = new Map([...parts].map(([name, own]) => [name, weightOf(own)]));
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  const segments = [...parts].map(([name, own]) => ({
    name,
    rows: rowsOf(own),
    columns: own.toSorted((a, b) => (effectOf(b) ?? -1) - (effectOf(a) ?? -1)),
    drifted: own.filter(({ drifted }) => drifted).length,
    share: total > 0 ? (weights.get(name) ?? 0) / total : 0,
  }));
  return segments.toSorted((a, b) => b.share - a.share || b.rows - a.rows);
}

/** How far its drifted columns are beyond their limits, weighted by its rows. */
function weightOf(columns: readonly DriftColumn[]): number {
  const beyond = columns.map((column) =>
    column.drifted ? Math.max(0, Math.min(mostEffect, effectOf(column) ?? 0) - 1) : 0,
  );
  return beyond.reduce((sum, effect) => sum + effect, 0) * rowsOf(columns);
}

const rowsOf = (columns: readonly DriftColumn[]) => Math.max(0, ...columns.map(({ current }) => current.rows));
