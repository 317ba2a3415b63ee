import type { ProfileReport } from '../protocol';

/** A profile as a baseline that is committed: one line a column, so that a diff tells which columns changed. */
export function baselineText({ columns, ...head }: ProfileReport): string {
  const lines = columns.map(({ sketch: _, ...column }) => JSON.stringify(column, jsonValue)).join(',\n');
  return `${JSON.stringify(head, jsonValue).slice(0, -1)},"columns":[\n${lines}\n]}\n`;
}

/** JSON has no word for NaN and the infinities. */
const jsonValue = (_key: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
