import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { ErrorObject } from 'ajv';
import catalog from '../../../schemas/catalog.json';
import type { JsonSchema } from './json-schema';

/** A compiled schema: false when it refuses the value, and then says why in `errors`. */
export interface Validator {
  (value: unknown): boolean;
  readonly errors?: readonly ErrorObject[] | null;
}

/**
 * Id of the schema for files of `dialect` that say they are of `apiVersion`: the version itself, else the nearest known
 * one, the newest for a version that cannot be read. Undefined for an unknown dialect, and for a generation older than
 * any schema here.
 */
export function schemaFor(dialect: string, apiVersion: string | undefined): string | undefined {
  const known = catalog.schemas.filter((entry) => entry.dialect === dialect);
  const exact = known.find(({ versions }) => versions.includes(apiVersion ?? ''));
  if (exact) return exact.id;
  const wanted = numbersOf(apiVersion);
  if (!wanted) return known.at(-1)?.id;
  const atMost = known.filter(({ versions }) => versions.some((version) => compare(numbersOf(version), wanted) <= 0));
  const sameGeneration = known.filter(({ versions }) => versions.some((it) => numbersOf(it)?.[0] === wanted[0]));
  return atMost.at(-1)?.id ?? sameGeneration[0]?.id;
}

/** Ids of the same dialect that came after `id`, oldest first. */
export function newerThan(id: string): readonly string[] {
  const here = catalog.schemas.findIndex((entry) => entry.id === id);
  const dialect = catalog.schemas[here]?.dialect;
  return catalog.schemas.filter((entry, index) => index > here && entry.dialect === dialect).map((entry) => entry.id);
}

/** The newest `apiVersion` that the schema is for. */
export const versionOf = (id: string): string | undefined =>
  catalog.schemas.find((entry) => entry.id === id)?.versions.at(-1);

/** The schema, read when first asked for. Throws for an id that catalog.json does not name. */
export const schemaOf = remembered((id): JsonSchema => JSON.parse(readFileSync(schemaFile(id), 'utf8')));

/** The compiled schema, loaded when first asked for. Throws for an id that catalog.json does not name. */
export const validatorOf = remembered((id): Validator => load(join(__dirname, 'validators', `${id}.js`)));

/** Bundles lie one folder below the package's root, in dist/ and in out/ alike. */
const schemaFile = (id: string): string => join(__dirname, '..', 'schemas', `${id}.schema.json`);

/** A `require` that the bundler does not follow: every validator stays a file of its own. */
const load = createRequire(__filename);

function remembered<T>(make: (id: string) => T): (id: string) => T {
  const made = new Map<string, T>();
  return (id) => {
    const before = made.get(id);
    if (before) return before;
    if (!catalog.schemas.some((entry) => entry.id === id)) throw new Error(`No schema is called ${id}.`);
    const value = make(id);
    made.set(id, value);
    return value;
  };
}

/** `v3.1.0`, `3.1` → numbers; undefined when the text holds none. */
const numbersOf = (version: string | undefined): readonly number[] | undefined =>
  /\d+(?:\.\d+)*/
    .exec(version ?? '')?.[0]
    .split('.')
    .map(Number);

/** Missing places count as the highest, so that `3.0` is 3.0.x. */
function compare(a: readonly number[] | undefined, b: readonly number[]): number {
  if (!a) return 1;
  for (const place of [0, 1, 2]) {
    const difference = (a[place] ?? Number.MAX_SAFE_INTEGER) - (b[place] ?? Number.MAX_SAFE_INTEGER);
    if (difference !== 0) return difference;
  }
  return 0;
}
