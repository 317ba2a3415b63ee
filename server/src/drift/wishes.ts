import type { ColumnType, DriftJob } from '../protocol';
import { Unreadable } from '../world';
import { type Description, described } from './describe';
import { members as metrics } from './metrics';
import type { Asked, Profile } from './profile';
import { members as profiles } from './profiles';

const TYPES: readonly string[] = ['numerical', 'categorical', 'text'] satisfies readonly ColumnType[];

/** What a person asks for beyond the preset, read and found to exist. */
export interface Wishes {
  readonly columns: readonly string[] | undefined;
  readonly methods: ReadonlyMap<string, Asked>;
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
    methods: new Map(Object.entries(methods).map(([column, wish]) => [column, askedOf(column, wish, profile)])),
    types: new Map(Object.entries(types).map(([column, type]) => [column, typeNamed(column, type)])),
  };
}

function askedOf(column: string, wish: string, profile: Profile): Asked {
  const [method = '', limit] = wish.split(':');
  const known = metrics.map(({ id }) => id);
  if (!known.includes(method))
    throw new Unreadable(
      `There is no method "${method}" for column ${column}. Methods are ${known.join(', ')}.`,
      column,
    );
  if (!profile.methods.includes(method))
    throw new Unreadable(`${profile.id} has no ${method}. It has ${profile.methods.join(', ')}.`, column);
  const threshold = limit === undefined ? undefined : Number(limit);
  if (threshold !== undefined && (limit?.trim() === '' || !Number.isFinite(threshold)))
    throw new Unreadable(`The threshold of column ${column} must be a number, and "${limit}" is none.`, column);
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
