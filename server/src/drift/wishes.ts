import type { ColumnType, DriftJob } from '../protocol';
import { Unreadable } from '../world';
import { type Description, described } from './describe';
import { members as metrics } from './metrics';
import type { Asked, Profile } from './profile';
import { members as profiles } from './profiles';
import { members as tableMetrics } from './table-metrics';
import { members as textMetrics } from './text-metrics';

const TYPES: readonly string[] = ['numerical', 'categorical', 'text'] satisfies readonly ColumnType[];

/** Stands for all columns together where a column is named. */
const TABLE = '*';

/** What a person asks for beyond the preset, read and found to exist. */
export interface Wishes {
  readonly columns: readonly string[] | undefined;
  readonly methods: ReadonlyMap<string, Asked>;
  /** What is measured of all columns together, asked for under the name `*`. */
  readonly table: Asked | undefined;
  readonly types: ReadonlyMap<string, ColumnType>;
}

/** Rejects with `Unreadable`, as everything here does, naming what there is. */
export function profileOf(preset: string): Profile {
  const profile = profiles.find(({ names }) => names.includes(preset));
  if (profile) return profile;
  const known = profiles.flatMap(({ names }) => names).join(', ');
  throw new Unreadable(`There is no preset "${preset}". Presets are ${known}.`, preset);
}

export function wishesOf({ columns, methods = {}, types = {} }: DriftJob, profile: Profile): Wishes {
  return {
    columns,
    methods: new Map(
      Object.entries(methods)
        .filter(([column]) => column !== TABLE)
        .map(([column, wish]) => [column, askedOf(column, wish, methodsOf(profile))]),
    ),
    table: methods[TABLE] === undefined ? undefined : askedOf(TABLE, methods[TABLE], tableMethodsOf(profile)),
    types: new Map(Object.entries(types).map(([column, type]) => [column, typeNamed(column, type)])),
  };
}

interface Methods {
  /** For what they are, in a sentence. */
  readonly of: (column: string) => string;
  readonly known: readonly string[];
  readonly had: readonly string[];
  readonly profile: Profile;
}

const ids = (metrics: readonly { readonly id: string }[]): readonly string[] => metrics.map(({ id }) => id);

const methodsOf = (profile: Profile): Methods => ({
  of: (column) => `column ${column}`,
  known: [...new Set([...ids(metrics), ...ids(textMetrics)])],
  had: profile.methods,
  profile,
});

const tableMethodsOf = (profile: Profile): Methods => ({
  of: () => 'all columns together',
  known: ids(tableMetrics),
  had: profile.tableMethods ?? [],
  profile,
});

function askedOf(column: string, wish: string, { of, known, had, profile }: Methods): Asked {
  const [method = '', limit] = wish.split(':');
  if (!known.includes(method))
    throw new Unreadable(`There is no method "${method}" for ${of(column)}. Methods are ${known.join(', ')}.`, column);
  if (!had.includes(method))
    throw new Unreadable(
      `${profile.id} has no ${method} for ${of(column)}. It has ${had.length > 0 ? had.join(', ') : 'none'}.`,
      column,
    );
  const threshold = limit === undefined ? undefined : Number(limit);
  if (threshold !== undefined && (limit?.trim() === '' || !Number.isFinite(threshold)))
    throw new Unreadable(`The threshold of ${of(column)} must be a number, and "${limit}" is none.`, column);
  return { method, threshold };
}

function typeNamed(column: string, type: string): ColumnType {
  if (TYPES.includes(type)) return type as ColumnType;
  throw new Unreadable(`There is no type "${type}" for column ${column}. Types are ${TYPES.join(', ')}.`, column);
}

/** The columns asked for, else all, in the reference's order with the current side's own ones last. */
export function chosen(reference: Description, current: Description, wishes: Wishes): readonly string[] {
  const all = new Set([...reference.columns, ...current.columns].map(({ name }) => name));
  const named = [...(wishes.columns ?? []), ...wishes.methods.keys(), ...wishes.types.keys()];
  const unknown = named.find((name) => !all.has(name));
  if (unknown !== undefined)
    throw new Unreadable(`Neither side has a column "${unknown}". Columns are ${[...all].join(', ')}.`, unknown);
  return [...new Set(wishes.columns ?? all)];
}

export const has = (description: Description, name: string): boolean => described(description, name) !== undefined;
