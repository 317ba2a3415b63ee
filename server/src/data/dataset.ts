import { createHash } from 'node:crypto';
import { basename, dirname, extname, isAbsolute, join, resolve } from 'node:path';
import { Cancelled, type Engine, type EngineColumn, QueryFailed } from '../sql/engine';
import { text } from '../sql/fragment';
import { type Moment, outputAt, type Stored, storedOf } from '../stores/dvc/outputs';
import { contentOf, isPointer, POINTER_BYTES } from '../stores/git-lfs';
import { Unreadable, type World } from '../world';
import type { Address, AddressContext, DataVersion } from './address';
import { members as addresses } from './addresses';
import { dataAmong, dataSuffixes, type Format, formatOf, plainSuffixes, telling } from './formats';
import { type CsvForm, delimiterOf, raggedWords } from './written-text';

/** Local data, found and ready to be read. */
export interface Dataset {
  /** As the person wrote it. */
  readonly ref: string;
  /** Absolute paths, in reading order, at least one. */
  readonly paths: readonly string[];
  /** The same files as a person names them; the store of a tracker has names of its own. */
  readonly names: readonly string[];
  readonly format: Format;
  /** How text is compressed, where the paths do not tell it. */
  readonly compression?: Compression | undefined;
  /** Folders that an engine must be allowed to read. */
  readonly folders: readonly string[];
  /** The file or folder that a person would open. */
  readonly path: string;
  /** Bytes of all files as they are stored. */
  readonly sizeBytes: number;
  /** What was read of data that have versions of their own. */
  readonly version?: DataVersion | undefined;
  /** How the cells of its texts are written, where it is known. */
  readonly form?: CsvForm;
  /** What a person should know of how the files were read, in sentences. */
  readonly notes?: readonly string[];
}

/** The same before it is asked whether it is data: `format` is undefined when the name of its one file tells none. */
export type Files = Omit<Dataset, 'format'> & { readonly format: Format | undefined };

type Compression = 'gzip' | 'zstd' | 'none';

/** Whether a reference begins with a scheme, so that it is no path. A drive of Windows has one letter. */
export const isAddress = (ref: string): boolean => /^[a-z][a-z0-9+.-]+:/i.test(ref);

/** How the reference is read that is no path; undefined for paths and for schemes that nobody reads. */
export const addressFor = (ref: string): Address | undefined =>
  addresses.find(({ prefix }) => ref.toLowerCase().startsWith(prefix));

/**
 * The files behind a dataset reference: a path, a pattern, a folder, a path at a Git revision (`path@REV`), or an address.
 * What Git LFS or DVC keep in place of a file is found in their stores on this machine. A file that has the whole reference
 * as its name wins over a revision. Rejects with `Unreadable`, which says which step failed and what would mend it, and
 * with `Cancelled`.
 *
 * @param folder Absolute; where relative references start.
 */
export async function resolveDataset(
  ref: string,
  folder: string,
  world: World,
  signal?: AbortSignal,
): Promise<Dataset> {
  return dataIn(await resolveFiles(ref, folder, world, signal));
}

/** Rejects with `Unreadable` what is no data by its name. */
export function dataIn({ format, ...files }: Files): Dataset {
  if (format !== undefined) return { ...files, format };
  if (/\.(arrow|feather|ipc)$/i.test(files.names[0] ?? ''))
    throw new Unreadable(
      `${files.path} is an Arrow file, which Plumbline does not read yet. Write it as Parquet, for instance with pandas: read_feather(path).to_parquet(new_path)`,
      files.path,
    );
  throw new Unreadable(
    `${files.path} is in no format that Plumbline reads. Give it a suffix of ${plainSuffixes.join(', ')}.`,
    files.path,
  );
}

/** As `resolveDataset`, for whoever reads files of other kinds too. */
export async function resolveFiles(ref: string, folder: string, world: World, signal?: AbortSignal): Promise<Files> {
  const address = addressFor(ref);
  if (address) return elsewhere(address, ref, { folder, world, signal });
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(ref))
    throw new Unreadable(
      `Plumbline reads local files, and "${ref}" is not one. Download it and give the path of the file.`,
      ref,
    );
  const path = isAbsolute(ref) ? ref : resolve(folder, ref);
  const found = await onDisk(ref, path, world);
  if (found) return found;
  const revision = /^(.+)@([^@]+)$/.exec(path);
  if (revision?.[1] && revision[2]) return atRevision(ref, revision[1], revision[2], world);
  const output = await outputAt(path, world);
  if (output) return ofStores(ref, path, dataOf(await storedOf(output, path, world)), world);
  throw new Unreadable(`There is no data at ${path}. Check the path.`, path);
}

async function onDisk(ref: string, path: string, world: World): Promise<Files | undefined> {
  const paths = await filesAt(path, world);
  if (paths.length === 0) return undefined;
  return ofStores(ref, path, await Promise.all(paths.map((file) => smudged(file, world))), world);
}

async function elsewhere(address: Address, ref: string, context: AddressContext): Promise<Files> {
  try {
    const placed = await address.place(ref, context);
    if ('files' in placed)
      return { ...(await filesOf(ref, ref, placed.files, context.world)), version: placed.version };
    const found = await onDisk(ref, placed.path, context.world);
    if (found) return found;
    throw new Unreadable(`${ref} stands for ${placed.path}, where there is no data. Check the path.`, ref);
  } catch (error) {
    throw context.signal?.aborted ? new Cancelled() : error;
  }
}

const dataOf = (files: readonly Stored[]): readonly Stored[] => dataAmong(files, ({ name }) => name);

async function filesAt(path: string, world: World): Promise<readonly string[]> {
  const stat = await world.stat(path);
  if (stat?.kind === 'file') return [path];
  if (stat?.kind === 'folder') return filesBelow(path, world);
  if (!/[*?[{]/.test(path)) return [];
  const fixed = path.slice(0, path.search(/[*?[{]/));
  const base = fixed.endsWith('/') ? fixed : dirname(fixed);
  return world.glob([path.slice(base.length).replace(/^\//, '')], base);
}

async function filesBelow(folder: string, world: World): Promise<readonly string[]> {
  const files = await world.glob(
    dataSuffixes.map((suffix) => `**/*.${suffix}`),
    folder,
  );
  return telling(files, (file) => file);
}

/** The content that a pointer of Git LFS in the work tree stands for; every other file is itself. */
async function smudged(path: string, world: World): Promise<Stored> {
  const stat = await world.stat(path);
  if (stat?.kind !== 'file' || stat.size >= POINTER_BYTES) return { name: path, path };
  const bytes = await world.read(path).catch(() => new Uint8Array());
  return { name: path, path: isPointer(bytes) ? await contentOf(bytes, { path }, world) : path };
}

/** Files of this machine, of which a store of Git LFS or DVC may keep some. */
async function ofStores(ref: string, path: string, files: readonly Stored[], world: World): Promise<Files> {
  if (files.some(({ name, path: stored }) => name !== stored && partition.test(name.slice(path.length))))
    throw new Unreadable(
      `${path} has columns in the names of its folders, which the store of Git LFS or DVC does not keep. Check it out first.`,
      path,
    );
  return filesOf(ref, path, files, world);
}

async function filesOf(ref: string, path: string, files: readonly Stored[], world: World): Promise<Files> {
  if (files.length === 0) throw new Unreadable(`${ref} has no data files. Name a file or folder that has.`, path);
  const paths = files.map((file) => file.path);
  const names = files.map((file) => file.name);
  const formats = new Set(names.map(formatOf));
  const [format] = formats;
  if (formats.size > 1)
    throw new Unreadable(
      `${path} mixes ${[...formats].map((one) => one ?? 'other').join(' and ')} files. Name the files of one format.`,
      path,
    );
  const stats = await Promise.all(paths.map((file) => world.stat(file)));
  const empty = stats.findIndex((stat) => stat?.size === 0);
  if (empty >= 0 && paths.length === 1) throw new Unreadable(`${path} is empty: it has not even a header.`, path);
  return {
    ref,
    path,
    paths,
    names,
    format,
    compression: format === 'parquet' ? undefined : compressionOf(path, files),
    folders: [...new Set(paths.map((file) => dirname(file)))],
    sizeBytes: stats.reduce((sum, stat) => sum + (stat?.size ?? 0), 0),
  };
}

/** A folder of a Hive partition, `year=2013`, in a path. */
const partition = /[\\/][^\\/=]+=[^\\/]*[\\/]/;

/** Undefined where each path tells its own. Rejects what an engine cannot be told for a list of files. */
function compressionOf(path: string, files: readonly Stored[]): Compression | undefined {
  if (files.every((file) => suffixOf(file.path) === suffixOf(file.name))) return undefined;
  const [first, ...others] = new Set(files.map(({ name }) => compressions[suffixOf(name)] ?? 'none'));
  if (others.length === 0) return first;
  throw new Unreadable(
    `${path} mixes compressed and other files, which the store of Git LFS or DVC keeps without their suffixes. Check them out first.`,
    path,
  );
}

const compressions: Readonly<Record<string, Compression>> = { gz: 'gzip', zst: 'zstd' };
const suffixOf = (path: string): string => extname(path).slice(1).toLowerCase();

/** The file as of that revision: Git's own, else what Git LFS or DVC keep for it. */
async function atRevision(ref: string, path: string, revision: string, world: World): Promise<Files> {
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
  const files = bytes
    ? [await written(bytes, path, revision, world)]
    : await ofDvc(path, { root, commit, revision }, world);
  if (!files)
    throw new Unreadable(
      `${name} is not in Git at revision "${revision}". See where it is with: git log --oneline -- ${name}`,
      path,
    );
  return { ...(await ofStores(ref, path, files, world)), path };
}

async function ofDvc(path: string, moment: Moment, world: World): Promise<readonly Stored[] | undefined> {
  const output = await outputAt(path, world, moment);
  return output && dataOf(await storedOf(output, path, world, moment));
}

/** A blob as a temporary file, since an engine reads files; what a pointer stands for is a file already. */
async function written(bytes: Uint8Array, path: string, revision: string, world: World): Promise<Stored> {
  if (isPointer(bytes)) return { name: path, path: await contentOf(bytes, { path, revision }, world) };
  // Two files of one name, in two folders, are two copies.
  const place = createHash('sha256').update(path).digest('hex').slice(0, 16);
  const folder = join(world.places.temporary, 'revisions', revision.replaceAll(/[^\w.-]/g, '_'), place);
  const copy = join(folder, basename(path));
  await world.write(copy, bytes);
  return { name: path, path: copy };
}

export interface RelationOptions {
  /**
   * Every column of a CSV file as text, and of a JSON file as its syntax says, so that a value of the wrong type is one
   * more value and not the end.
   */
  readonly text?: boolean;
  /** Numbers and booleans of a CSV file as such, found in all its rows, and all else as text, as pandas reads it. */
  readonly plain?: boolean;
  /** A column `filename` with the path of each row's file. */
  readonly filename?: boolean;
}

/** Types from all rows and not the first ones; formats that no text has keep texts from being taken for dates. */
const jsonAsWritten = ['sample_size = -1', "dateformat = '#%Y'", "timestampformat = '#%Y'"];

/** What pandas takes for a missing value. */
const missing = [
  ...['', '#N/A', '#N/A N/A', '#NA', '-1.#IND', '-1.#QNAN', '-NaN', '-nan', '1.#IND', '1.#QNAN', '<NA>', 'N/A', 'NA'],
  ...['NULL', 'NaN', 'None', 'n/a', 'nan', 'null'],
];
const plainTypes = [
  'sample_size = -1',
  "auto_type_candidates = ['BOOLEAN', 'BIGINT', 'DOUBLE', 'VARCHAR']",
  `nullstr = [${missing.map(text).join(', ')}]`,
];

/** SQL that stands after FROM and gives the rows of the dataset. Columns of Hive partitions (`year=2013/`) are among them. */
export function relationOf({ paths, format, compression, form }: Dataset, options: RelationOptions = {}): string {
  const files = `[${paths.map(text).join(', ')}]`;
  const shared = [
    files,
    ...(paths.length > 1 ? ['union_by_name = true'] : []),
    ...(options.filename ? ['filename = true'] : []),
    ...(compression ? [`compression = ${text(compression)}`] : []),
  ];
  const readers: Readonly<Record<Format, () => string>> = {
    parquet: () => `read_parquet(${shared.join(', ')})`,
    csv: () => `read_csv(${[...shared, ...formOf(form), ...typesOf(options)].join(', ')})`,
    json: () => `read_json(${[...shared, ...(options.text ? jsonAsWritten : [])].join(', ')})`,
  };
  return readers[format]();
}

const typesOf = ({ text: asText, plain }: RelationOptions): readonly string[] =>
  asText ? ['all_varchar = true'] : plain ? plainTypes : [];

function formOf(form: CsvForm | undefined): readonly string[] {
  if (!form) return [];
  const { delimiter, quote = '"', header = true, comment } = form;
  return [
    ...(delimiter === undefined ? [] : [`delim = ${text(delimiter)}`]),
    `quote = ${text(quote)}`,
    `escape = ${text(form.escape ?? quote)}`,
    `header = ${header}`,
    ...(comment === undefined ? [] : [`comment = ${text(comment)}`]),
  ];
}

/** Columns of the dataset. Rejects with `Unreadable` for a file that is not what its suffix says, or is damaged. */
export async function columnsOf(
  dataset: Dataset,
  engine: Engine,
  options: RelationOptions = {},
): Promise<readonly EngineColumn[]> {
  try {
    const columns = await engine.columns(relationOf(dataset, options));
    const [only, ...others] = columns;
    if (dataset.format === 'csv' && only && others.length === 0) await refuseRagged(dataset, only.name, engine);
    return columns;
  } catch (error) {
    if (!(error instanceof QueryFailed)) throw error;
    throw new Unreadable(
      `${dataset.path} cannot be read as ${names[dataset.format]}: ${why(dataset, error)}`,
      dataset.path,
    );
  }
}

/** A header that is one column with commas in it was not understood: the rows below it are not like it. */
async function refuseRagged(dataset: Dataset, header: string, engine: Engine): Promise<void> {
  const delimiter = delimiterOf(header);
  if (delimiter === undefined) return;
  const names = header.split(delimiter).map((_, at) => `c${at}: 'VARCHAR'`);
  const told = [`columns = {${names.join(', ')}}`, 'auto_detect = false', ...formOf({ delimiter })];
  await engine.rows(`SELECT count(*) FROM read_csv([${dataset.paths.map(text).join(', ')}], ${told.join(', ')})`);
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
function why({ paths, names: called, format }: Dataset, { message }: QueryFailed): string {
  const [, , complaint] = complaints.find(([said, about]) => (about ?? format) === format && said.test(message)) ?? [];
  const ragged = raggedWords(message);
  if (ragged !== undefined) return `${ragged} Mend that line.`.replace(/([^.]) Mend/, '$1. Mend');
  const part = paths.length > 1 ? called[paths.findIndex((path) => message.includes(path))] : undefined;
  if (complaint) return `${part ? basename(part) : 'it'} ${complaint}`;
  const bare = paths.reduce((words, path, i) => words.replaceAll(path, basename(called[i] ?? path)), message);
  return bare.replace(/^[A-Z][\w ]* Error: /, '').replace(/([^.!?])$/, '$1.');
}

const names: Readonly<Record<Format, string>> = { parquet: 'Parquet', csv: 'CSV', json: 'JSON' };
