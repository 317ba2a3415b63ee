import type { ColumnType, DriftJob } from '../protocol';
import { identifier, text } from '../sql/fragment';
import { Unreadable } from '../world';
import type { Description } from './describe';
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
  /** Of the columns of a type that `methods` does not name. */
  readonly methodOfType: Readonly<Partial<Record<string, Asked>>>;
  /** Limits of columns whose method is that of their type. */
  readonly limits: ReadonlyMap<string, number>;
  /** What is measured of all columns together, asked for under the name `*`. */
  readonly table: Asked | undefined;
  readonly types: ReadonlyMap<string, ColumnType>;
  /** SQL that is true for the rows that are looked at; undefined for all. */
  readonly only?: string | undefined;
  /** Columns that the diagnosis tells apart. */
  readonly prediction?: string | undefined;
  readonly target?: string | undefined;
}

/** Rejects with `Unreadable`, as everything here does, naming what there is. */
export function profileOf(preset: string): Profile {
  const profile = profiles.find(({ names }) => names.includes(preset));
  if (profile) return profile;
  const known = profiles.flatMap(({ names }) => names).join(', ');
  throw new Unreadable(`There is no preset "${preset}". Presets are ${known}.`, preset);
}

/** What a job asks for. Rejects with `Unreadable` for a method, limit or type that there is not. */
export function wishesOf(job: DriftJob, profile: Profile): Wishes {
  const { columns, methods: given = {}, types = {}, methodOfType = {}, prediction, target } = job;
  const isLimit = ([, wish]: readonly [string, string]): boolean => wish.startsWith(':');
  const methods = Object.fromEntries(Object.entries(given).filter((entry) => !isLimit(entry)));
  const ofType = Object.entries(methodOfType).map(
    ([type, wish]) => [type, askedOf(type, wish, methodsOf(profile))] as const,
  );
  return {
    prediction,
    target,
    columns,
    methods: new Map(
      Object.entries(methods)
        .filter(([column]) => column !== TABLE)
        .map(([column, wish]) => [column, askedOf(column, wish, methodsOf(profile))]),
    ),
    table: methods[TABLE] === undefined ? undefined : askedOf(TABLE, methods[TABLE], tableMethodsOf(profile)),
    methodOfType: Object.fromEntries(ofType),
    only: job.only && `CAST(${identifier(job.only.column)} AS VARCHAR) IN (${job.only.values.map(text).join(', ')})`,
    limits: new Map(
      Object.entries(given)
        .filter(isLimit)
        .map(([column, wish]) => [column, limitOf(column, wish.slice(1))]),
    ),
    types: new Map(Object.entries(types).map(([column, type]) => [column, typeNamed(column, type)])),
  };
}

/** What is asked for a column of a type: by its name, else by its type; undefined when the preset is to choose. */
export function askedFor({ methods, methodOfType, limits }: Wishes, name: string, type: ColumnType): Asked | undefined {
  const ofType =
    methods.get(name) ?? methodOfType[type] ?? (type === 'numerical' ? undefined : methodOfType.categorical);
  const limit = limits.get(name);
  return ofType && limit !== undefined ? { ...ofType, threshold: limit } : ofType;
}

function limitOf(column: string, limit: string): number {
  const number = Number(limit);
  if (limit.trim() !== '' && Number.isFinite(number)) return number;
  throw new Unreadable(`The threshold of column ${column} must be a number, and "${limit}" is none.`, column);
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
  const named = [...(wishes.columns ?? []), ...wishes.methods.keys(), ...wishes.limits.keys(), ...wishes.types.keys()];
  named.push(...[wishes.prediction, wishes.target].filter((name) => name !== undefined));
  const unknown = named.find((name) => !all.has(name));
  if (unknown !== undefined)
    throw new Unreadable(`Neither side has a column "${unknown}". Columns are ${[...all].join(', ')}.`, unknown);
  return [...new Set(wishes.columns ?? all)];
}
