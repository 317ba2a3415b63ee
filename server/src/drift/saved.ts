import type { Files } from '../data/dataset';
import { Unreadable, type World } from '../world';
import { type ColumnPair, isGuess, type Side } from './column';
import type { Description } from './describe';
import { type Measured, notJudged, type Profile } from './profile';
import type { Content, Saved } from './reference';
import { members as references } from './references';
import type { Slicing } from './slices';
import { isNumeric, type Wanted } from './summary';

/** A larger JSON file is data; what is kept of data is small. Bytes. */
const LARGEST = 2 ** 26;

/** Methods of numbers that need no more than the distribution function, and so are as exact as that is kept. */
const approximate: ReadonlySet<string> = new Set([
  'hellinger',
  'jensen-shannon',
  'jensen-shannon-divergence',
  'kl-divergence',
  'ks',
  'l-infinity',
  'psi',
  'quantile-sketch',
  'total-variation',
  'wasserstein',
  'wasserstein-normalized',
]);

/**
 * What the file keeps of a dataset, when it is such a file and not the data itself: one of JSON, or one whose name tells no
 * format of data. Rejects with `Unreadable`.
 */
export async function savedAt(files: Files, world: World): Promise<Saved | undefined> {
  const { paths, names, format, sizeBytes } = files;
  const [path = ''] = paths;
  const isData = format !== undefined && !/\.json$/i.test(names[0] ?? path);
  if (isData || paths.length > 1 || sizeBytes > LARGEST) return undefined;
  const content = contentOf(await world.read(path));
  try {
    for (const reference of references) {
      const saved = reference.read(content, files.path);
      if (saved) return saved;
    }
  } catch (error) {
    if (error instanceof Unreadable) throw error;
    throw new Unreadable(
      `${files.path} is damaged: it has not the parts that such a file has. Make it anew.`,
      files.path,
    );
  }
  return undefined;
}

function contentOf(bytes: Uint8Array): Content {
  const text = textOf(bytes);
  return { bytes, text, json: text === undefined ? undefined : parsed(text) };
}

/** Undefined for bytes that are no UTF-8. A byte order mark is removed. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function parsed(text: string): unknown {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The file as a described dataset. A column of it takes the current one's type where the format has no word for that. */
export function descriptionOf(saved: Saved, dataset: Files, current: Description): Description {
  const columns = saved.columns.map((column) => {
    const other = current.columns.find(({ name }) => name === column.name);
    return other && column.alike?.includes(other.storage) ? { ...column, storage: other.storage } : column;
  });
  return { dataset, relation: '', rows: saved.rows, columns, saved };
}

/** The sides of the columns of a batch, as they were kept. */
export const savedSides = (saved: Saved, batch: readonly Wanted[]): ReadonlyMap<string, Side> =>
  new Map(
    batch.flatMap(({ name, storage }) => {
      const { side, flags } = saved.columns.find((column) => column.name === name) ?? {};
      if (storage === 'boolean' && flags) return [[name, flags] as const];
      return side ? [[name, isNumeric(storage) ? side : asCategories(side)] as const] : [];
    }),
  );

/** Numbers that are compared with text: their digits. */
function asCategories(side: Side): Side {
  if (side.sample.kind === 'categories') return side;
  const counts = new Map<string, number>();
  for (const value of side.sample.sorted) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1);
  return { ...side, sample: { kind: 'categories', counts, complete: side.sample.rankError === undefined } };
}

/** Rejects with `Unreadable` for what needs the rows of the reference. */
export function assertUncut({ segmentBy, window }: Slicing, { title }: Saved, ref: string): void {
  const needs = segmentBy.length > 0 ? '--segment-by' : '--season';
  if (segmentBy.length > 0 || (window && window.season !== 'none'))
    throw new Unreadable(`${ref} is ${title} and keeps no rows, which ${needs} needs. Compare with the data.`, ref);
}

/**
 * A profile that leaves out rows with a gap: of a single column they can be left out of what was kept, of several it is
 * not known which rows they share.
 */
export function withoutGaps(description: Description, names: readonly string[]): Description {
  const { saved, columns } = description;
  const gaps = columns.some(({ name, nulls, nan }) => names.includes(name) && nulls + nan > 0);
  if (!saved || !gaps) return description;
  const [name] = names;
  const single = names.length === 1 ? saved.columns.find((column) => column.name === name) : undefined;
  const kept = single?.side && wholeRows(single.side);
  if (!single || !kept) return { ...description, saved: { ...saved, joined: true } };
  const column = { ...single, nulls: 0, nan: 0, side: kept };
  return {
    ...description,
    rows: kept.rows,
    columns: columns.map((one) => (one.name === name ? { ...one, nulls: 0, nan: 0 } : one)),
    saved: { ...saved, rows: kept.rows, columns: [column] },
  };
}

const wholeRows = (side: Side): Side => ({ ...side, rows: side.size + side.infinite, nulls: 0, nan: 0 });

/** Why a column cannot be compared with what was kept. */
export function savedObstacle(
  saved: Saved,
  pair: ColumnPair,
  profile: Profile,
  readsRows: boolean,
): string | undefined {
  const column = saved.columns.find(({ name }) => name === pair.name);
  if (saved.joined)
    return `${profile.id} leaves out rows with a gap in any compared column, and ${saved.title} does not know which rows share a gap. Compare one column at a time with --columns, or with the data.`;
  if (column?.side === undefined)
    return `The reference is ${saved.title}, which keeps ${column?.lacks ?? 'no values of this column'}.`;
  if (profile.takesKept?.(pair.reference.sample)) return undefined;
  if (profile.inOrder === true)
    return `${profile.id} cuts the reference into chunks of rows in their order, which ${saved.title} does not keep. Compare with the data.`;
  if (readsRows)
    return `${profile.id} looks at this column row by row, and ${saved.title} keeps no rows. Compare with the data.`;
  const { sample } = column.side;
  if (sample.kind === 'categories' && !sample.complete)
    return `The reference is ${saved.title}, which keeps only the ${sample.counts.size} most frequent values of this column. Compare with the data.`;
  return undefined;
}

/**
 * A figure that was measured against a distribution that is known but for an error: the error is told, or the figure
 * refused; where the error is so large that it decides, the figure stands without a verdict.
 */
export function withError(measured: Measured, { reference }: ColumnPair, profile: Profile): Measured {
  const error = reference.sample.kind === 'values' ? reference.sample.rankError : undefined;
  if (error === undefined || measured.method === undefined || profile.takesKept?.(reference.sample)) return measured;
  if (!approximate.has(measured.method) || measured.parameters.categories !== undefined)
    return notJudged(
      `${measured.method} needs every value of the reference, of which the file keeps only some. Compare with the data, or choose ks or wasserstein.`,
    );
  const parameters = { ...measured.parameters, referenceRankError: error };
  if (!isGuess(reference)) return { ...measured, parameters };
  const { method, statistic } = measured;
  const reason = `The file keeps so little of this column that its distribution may be off by ${Math.ceil(100 * error)} % of the rows, too much for a verdict. Compare with the data, or as the system of the file does.`;
  return { method, statistic, parameters, reason };
}
