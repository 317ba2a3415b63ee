import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Numbers in [0, 1) that are the same on every run (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Normal values by Box and Muller. */
export function normal(size: number, mean: number, deviation: number, seed: number): number[] {
  const random = randomFrom(seed);
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
