import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sequence } from '../random';

/** Normal values by Box and Muller. */
export function normal(size: number, mean: number, deviation: number, seed: number): number[] {
  const random = sequence(seed);
  return Array.from(
    { length: size },
    () => mean + deviation * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()),
  );
}

/** So many of each label, in turn. */
export const repeated = (counts: Readonly<Record<string, number>>): string[] =>
  Object.entries(counts).flatMap(([label, count]) => Array<string>(count).fill(label));

type Cell = string | number | boolean | null;

/** A CSV file of those columns in a folder of its own; its path. A null is an empty cell. */
export function csv(columns: Readonly<Record<string, readonly Cell[]>>): string {
  const rows = Math.max(0, ...Object.values(columns).map((values) => values.length));
  const lines = Array.from({ length: rows }, (_, row) =>
    Object.values(columns)
      .map((values) => values[row] ?? '')
      .join(','),
  );
  const path = join(mkdtempSync(join(tmpdir(), 'plumbline-samples-')), 'data.csv');
  writeFileSync(path, `${[Object.keys(columns).join(','), ...lines].join('\n')}\n`);
  return path;
}
