import type { KeptColumn, ProfileColumn } from '../../protocol';
import { Unreadable } from '../../world';
import type { Side, Storage } from '../column';
import { storageOf } from '../describe';
import type { Reference, SavedColumn } from '../reference';

/** What `plumbline profile REF --save FILE` writes. */
export const baseline: Reference = {
  id: 'baseline',
  read({ json: content }, path) {
    if (!isProfile(content)) return undefined;
    if (content.baseline === undefined)
      throw new Unreadable(
        `${path} is a profile that keeps no distributions. Make a baseline with: plumbline profile DATA --save FILE`,
        path,
      );
    if (content.baseline !== 1)
      throw new Unreadable(
        `${path} is a baseline of version ${content.baseline}, and this Plumbline reads version 1. Update it, or save the baseline anew.`,
        path,
      );
    const { rows, columns } = content;
    return { title: 'a saved baseline', rows, columns: columns.map((column) => savedColumn(column, rows, path)) };
  },
};

interface Profile {
  readonly rows: number;
  readonly columns: readonly ProfileColumn[];
  readonly baseline?: number;
}

function isProfile(content: unknown): content is Profile {
  if (typeof content !== 'object' || content === null) return false;
  const { verb, rows, columns } = content as Readonly<Record<string, unknown>>;
  return verb === 'profile' && typeof rows === 'number' && Array.isArray(columns);
}

function savedColumn(column: ProfileColumn, rows: number, path: string): SavedColumn {
  const { column: name, physicalType, nulls, distinct, kept } = column;
  const storage = storageOf(physicalType);
  const described = { name, physicalType, storage, nulls, nan: kept?.nan ?? 0, categories: distinct, distinct };
  if (!kept) return { ...described, side: undefined };
  if (kept.values.length !== kept.counts.length || (kept.between ?? kept.values).length !== kept.values.length)
    throw new Unreadable(`${path} is damaged: column ${name} has not as many counts as values.`, path);
  return { ...described, side: sideOf(column, kept, storage, rows) };
}

function sideOf({ nulls: empty, distinct }: ProfileColumn, kept: KeptColumn, storage: Storage, rows: number): Side {
  const [below, above] = kept.infinite;
  const held = [...kept.counts, ...(kept.between ?? []), kept.others?.rows ?? 0].reduce((sum, count) => sum + count, 0);
  // An infinite time is none, as where data are read.
  const nulls = storage === 'datetime' ? rows - held : empty;
  const size = rows - nulls - kept.nan - below - above;
  if (held !== size) throw new RangeError(`The counts are of ${held} rows, and the column has ${size} values.`);
  const side = { rows, nulls, nan: kept.nan, infinite: below + above, positiveInfinite: above, size, distinct };
  if (storage === 'text' || storage === 'boolean') {
    const counts = new Map(kept.values.map((value, i) => [String(value), kept.counts[i] ?? 0]));
    return { ...side, sample: { kind: 'categories', counts, complete: kept.others === undefined } };
  }
  const most = Math.max(0, ...(kept.between ?? []));
  return {
    ...side,
    ...(kept.between ? {} : { distinct: kept.values.length }),
    sample: {
      kind: 'values',
      sorted: spread(kept, size, storage === 'integer'),
      ...(most > 0 ? { rankError: most / size } : {}),
    },
  };
}

/** Every row again; those between two values lie evenly there, which is as good a guess as any. */
function spread({ values, counts, between = [] }: KeptColumn, size: number, whole: boolean): Float64Array {
  const sorted = new Float64Array(size);
  let at = 0;
  let last = Number(values[0] ?? 0);
  values.forEach((kept, i) => {
    const value = Number(kept);
    const unknown = between[i] ?? 0;
    for (let step = 1; step <= unknown; step++) {
      const guess = last + ((value - last) * step) / (unknown + 1);
      sorted[at++] = whole ? Math.round(guess) : guess;
    }
    const count = counts[i] ?? 0;
    sorted.fill(value, at, at + count);
    at += count;
    last = value;
  });
  return sorted;
}
