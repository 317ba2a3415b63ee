import { createHash } from 'node:crypto';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { type Engine, type EngineColumn, QueryFailed } from '../sql/engine';
import { text } from '../sql/fragment';
import { Unreadable, type World } from '../world';

/** Local data, found and ready to be read. */
export interface Dataset {
  /** As the person wrote it. */
  readonly ref: string;
  /** Absolute paths, in reading order, at least one. */
  readonly paths: readonly string[];
  readonly format: Format;
  /** Folders that an engine must be allowed to read. */
  readonly folders: readonly string[];
  /** The file or folder that a person would open. */
  readonly path: string;
  /** Bytes of all files as they are stored. */
  readonly sizeBytes: number;
}

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
/** Suffixes of data files, the likeliest first. Parquet compresses its own pages, so only text comes compressed. */
export const dataSuffixes: readonly string[] = Object.entries(suffixes).flatMap(([suffix, format]) =>
  format === 'parquet' ? [suffix] : [suffix, `${suffix}.gz`, `${suffix}.zst`],
);
const suffixPattern = new RegExp(`\\.(${dataSuffixes.join('|').replaceAll('.', '\\.')})$`, 'i');

/** Whether a reference begins with a scheme, so that it is no path. A drive of Windows has one letter. */
export const isAddress = (ref: string): boolean => /^[a-z][a-z0-9+.-]+:/i.test(ref);

/** What stands in place of a path, and what reads it, for references that are not files of this machine. */
const elsewhere: readonly (readonly [RegExp, string])[] = [
  [/^runs:\//, 'Download the artifact of that MLflow run and give the path of the file'],
  [/^lakefs:\/\//, 'Download the object with lakectl and give the path of the file'],
  [/^server:/, 'Export the table to a Parquet or CSV file and give its path'],
  [/^[a-z][a-z0-9+.-]+:\/\//i, 'Download it and give the path of the file'],
];

/** Format that the name of a file tells; undefined for names that tell none. */
export function formatOf(path: string): Format | undefined {
  const suffix = suffixPattern.exec(path)?.[1]?.toLowerCase().split('.')[0];
  return suffix === undefined ? undefined : suffixes[suffix];
}

/**
 * The files behind a dataset reference: a path, a pattern, a folder, or any of them at a Git revision (`path@REV`).
 * A file that has the whole reference as its name wins over a revision. Rejects with `Unreadable`, which says which
 * step failed and what would mend it.
 *
 * @param folder Absolute; where relative references start.
 */
export async function resolveDataset(ref: string, folder: string, world: World): Promise<Dataset> {
  for (const [pattern, mend] of elsewhere) {
    if (pattern.test(ref)) throw new Unreadable(`Plumbline reads local files, and "${ref}" is not one. ${mend}.`, ref);
  }
  const path = isAbsolute(ref) ? ref : resolve(folder, ref);
  const paths = await filesAt(path, world);
  if (paths.length > 0) return datasetOf(ref, path, paths, world);
  const revision = /^(.+)@([^@]+)$/.exec(path);
  if (revision?.[1] && revision[2]) return atRevision(ref, revision[1], revision[2], world);
  throw new Unreadable(`There is no data at ${path}. Check the path.`, path);
}

async function filesAt(path: string, world: World): Promise<readonly string[]> {
  const stat = await world.stat(path);
  if (stat?.kind === 'file') return [path];
  if (stat?.kind === 'folder') return filesBelow(path, world);
  if (!/[*?[{]/.test(path)) return [];
  const fixed = path.slice(0, path.search(/[*?[{]/));
  const base = fixed.endsWith('/') ? fixed : dirname(fixed);
  return world.glob([path.slice(base.length).replace(/^\//, '')], base);
}

/** Data files of a folder. JSON is also what contracts, settings and the like are written in: it is data where no other is. */
async function filesBelow(folder: string, world: World): Promise<readonly string[]> {
  const files = await world.glob(
    dataSuffixes.map((suffix) => `**/*.${suffix}`),
    folder,
  );
  const telling = files.filter((file) => !/\.json$/i.test(file));
  return telling.length > 0 ? telling : files.filter((file) => !/\.(odcs|experiment)\.json$/i.test(file));
}

async function datasetOf(ref: string, path: string, paths: readonly string[], world: World): Promise<Dataset> {
  const formats = new Set(paths.map(formatOf));
  const [format] = formats;
  if (format === undefined) {
    throw new Unreadable(
      `${path} is in no format that Plumbline reads. Give it a suffix of ${Object.keys(suffixes).join(', ')}.`,
      path,
    );
  }
  if (formats.size > 1)
    throw new Unreadable(`${path} mixes ${[...formats].join(' and ')} files. Name the files of one format.`, path);
  const stats = await Promise.all(paths.map((file) => world.stat(file)));
  const empty = stats.findIndex((stat) => stat?.size === 0);
  if (empty >= 0 && paths.length === 1) throw new Unreadable(`${path} is empty: it has not even a header.`, path);
  return {
    ref,
    path,
    paths,
    format,
    folders: [...new Set(paths.map((file) => dirname(file)))],
    sizeBytes: stats.reduce((sum, stat) => sum + (stat?.size ?? 0), 0),
  };
}

/** The blob of that revision, put into a temporary file, since an engine reads files. */
async function atRevision(ref: string, path: string, revision: string, world: World): Promise<Dataset> {
  if (!world.git)
    throw new Unreadable(
      `"${ref}" needs Git, which does not run in an untrusted workspace. Trust the workspace first.`,
      path,
    );
  const root = await world.git.root(path);
  if (root === undefined)
    throw new Unreadable(`There is no file ${path}@${revision}, and ${dirname(path)} is in no Git repository.`, path);
  const name = basename(path);
  const commit = await world.git.commit(root, revision);
  if (commit === undefined)
    throw new Unreadable(
      `This repository has no revision "${revision}", which "${ref}" names. See its commits with: git log --oneline --all`,
      path,
    );
  const bytes = await world.git.show(root, commit, path);
  if (!bytes)
    throw new Unreadable(
      `${name} is not in Git at revision "${revision}". See where it is with: git log --oneline -- ${name}`,
      path,
    );
  if (Buffer.from(bytes.slice(0, 40)).toString('latin1').startsWith('version https://git-lfs')) {
    throw new Unreadable(
      `${name} at "${revision}" is a Git LFS pointer, not the data. Fetch it with: git lfs fetch origin ${revision}`,
      path,
    );
  }
  // Two files of one name, in two folders, are two copies.
  const place = createHash('sha256').update(path).digest('hex').slice(0, 16);
  const copy = join(world.places.temporary, 'revisions', revision.replaceAll(/[^\w.-]/g, '_'), place, name);
  await world.write(copy, bytes);
  return { ...(await datasetOf(ref, copy, [copy], world)), path };
}

export interface RelationOptions {
  /**
   * Every column of a CSV file as text, and of a JSON file as its syntax says, so that a value of the wrong type is one
   * more value and not the end.
   */
  readonly text?: boolean;
  /** A column `filename` with the path of each row's file. */
  readonly filename?: boolean;
}

/** Types from all rows and not the first ones; formats that no text has keep texts from being taken for dates. */
const jsonAsWritten = ['sample_size = -1', "dateformat = '#%Y'", "timestampformat = '#%Y'"];

/** SQL that stands after FROM and gives the rows of the dataset. Columns of Hive partitions (`year=2013/`) are among them. */
export function relationOf({ paths, format }: Dataset, options: RelationOptions = {}): string {
  const files = `[${paths.map(text).join(', ')}]`;
  const shared = [
    files,
    ...(paths.length > 1 ? ['union_by_name = true'] : []),
    ...(options.filename ? ['filename = true'] : []),
  ];
  const readers: Readonly<Record<Format, () => string>> = {
    parquet: () => `read_parquet(${shared.join(', ')})`,
    csv: () => `read_csv(${[...shared, ...(options.text ? ['all_varchar = true'] : [])].join(', ')})`,
    json: () => `read_json(${[...shared, ...(options.text ? jsonAsWritten : [])].join(', ')})`,
  };
  return readers[format]();
}

/** Columns of the dataset. Rejects with `Unreadable` for a file that is not what its suffix says, or is damaged. */
export async function columnsOf(
  dataset: Dataset,
  engine: Engine,
  options: RelationOptions = {},
): Promise<readonly EngineColumn[]> {
  try {
    return await engine.columns(relationOf(dataset, options));
  } catch (error) {
    if (!(error instanceof QueryFailed)) throw error;
    throw new Unreadable(
      `${dataset.path} cannot be read as ${names[dataset.format]}: ${why(dataset, error)}`,
      dataset.path,
    );
  }
}

const DAMAGED = 'is damaged, cut off or in another format. Write it anew, or bring back its last good version.';

/** An engine's words for a file that it cannot read, as a person would say them, with what mends it. */
const complaints: readonly (readonly [RegExp, Format | undefined, string])[] = [
  [/permission denied/i, undefined, 'is not yours to read. Ask its owner for the right to read it.'],
  [
    /not a GZIP stream|zstd|decompress/i,
    undefined,
    'is not compressed as its suffix says. Compress it anew, or rename it.',
  ],
  [/invalid unicode|not utf-8/i, undefined, 'is not text in UTF-8. Save it as UTF-8.'],
  [/./s, 'parquet', DAMAGED],
  [/sniffing/i, 'csv', 'is not text in rows and columns. Save it as CSV, or give it the suffix of what it is.'],
  [/Malformed JSON/, 'json', DAMAGED],
];

/** Which file is at fault and how; the engine's own words, but for its kind and the path, where they are not known here. */
function why({ paths, format }: Dataset, { message }: QueryFailed): string {
  const [, , complaint] = complaints.find(([said, about]) => (about ?? format) === format && said.test(message)) ?? [];
  const part = paths.length > 1 ? paths.find((path) => message.includes(path)) : undefined;
  if (complaint) return `${part ? basename(part) : 'it'} ${complaint}`;
  const bare = paths.reduce((words, path) => words.replaceAll(path, basename(path)), message);
  return bare.replace(/^[A-Z][\w ]* Error: /, '').replace(/([^.!?])$/, '$1.');
}

const names: Readonly<Record<Format, string>> = { parquet: 'Parquet', csv: 'CSV', json: 'JSON' };
