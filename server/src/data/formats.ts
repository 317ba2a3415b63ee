/** How a data file is written, whatever its compression. */
export type Format = 'parquet' | 'csv' | 'json';

const suffixes: Readonly<Record<string, Format>> = {
  parquet: 'parquet',
  pq: 'parquet',
  csv: 'csv',
  tsv: 'csv',
  json: 'json',
  jsonl: 'json',
  ndjson: 'json',
};

/** Suffixes of data files without those of compression. */
export const plainSuffixes: readonly string[] = Object.keys(suffixes);

/** Suffixes of data files, the likeliest first. Parquet compresses its own pages, so only text comes compressed. */
export const dataSuffixes: readonly string[] = Object.entries(suffixes).flatMap(([suffix, format]) =>
  format === 'parquet' ? [suffix] : [suffix, `${suffix}.gz`, `${suffix}.zst`],
);
const suffixPattern = new RegExp(`\\.(${dataSuffixes.join('|').replaceAll('.', '\\.')})$`, 'i');

/** Format that the name of a file tells; undefined for names that tell none. */
export function formatOf(path: string): Format | undefined {
  const suffix = suffixPattern.exec(path)?.[1]?.toLowerCase().split('.')[0];
  return suffix === undefined ? undefined : suffixes[suffix];
}

/** Those that are data. JSON is also what contracts, settings and the like are written in: it is data where no other is. */
export function telling<T>(files: readonly T[], nameOf: (file: T) => string): readonly T[] {
  const sure = files.filter((file) => !/\.json$/i.test(nameOf(file)));
  return sure.length > 0 ? sure : files.filter((file) => !/\.(odcs|experiment)\.json$/i.test(nameOf(file)));
}

/** Data files among those that a store has of a folder. A file that was named is taken whatever its suffix. */
export function dataAmong<T>(files: readonly T[], nameOf: (file: T) => string): readonly T[] {
  if (files.length === 1) return files;
  return telling(
    files.filter((file) => formatOf(nameOf(file)) !== undefined),
    nameOf,
  );
}
