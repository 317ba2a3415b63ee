import type { Rule } from './model';

/** The dialect's id, and the engine of its rules. */
export const JSON_SCHEMA = 'json-schema';

export type Schema = Readonly<Record<string, unknown>>;

/** What a rule of the engine `json-schema` asks. */
export interface Asked {
  /** The keyword that says it, or the first of those that speak together. */
  readonly keyword: string;
  /** The keywords with what they refer to; none for a property that has to be there. */
  readonly schema: Schema;
  /** Whether it is about whole rows. */
  readonly ofRows?: boolean;
  /** The schema of each property: how its cells become JSON. */
  readonly properties?: Readonly<Record<string, unknown>>;
}

export const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a rule asks; undefined when it names no keyword. */
export function askedBy({ implementation }: Rule): Asked | undefined {
  if (!isSchema(implementation)) return undefined;
  const { keyword, schema } = implementation;
  return typeof keyword === 'string' && isSchema(schema) ? (implementation as unknown as Asked) : undefined;
}

/** Whether a rule asks that the property be there, and not what is required within it. */
export const isPresence = ({ keyword, schema }: Asked): boolean => keyword === 'required' && !('required' in schema);

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The types that a schema names at its top. */
export function typesOf(schema: unknown): readonly string[] {
  if (!isSchema(schema)) return [];
  const own = [schema.type].flat().filter((type): type is string => typeof type === 'string');
  if (own.length > 0) return own;
  return [...listOf(schema.anyOf), ...listOf(schema.oneOf)].flatMap(typesOf);
}

/** Whether a schema says by its type, its values or one of its alternatives that a null is a value. */
export function allowsNull(schema: unknown): boolean {
  if (!isSchema(schema)) return false;
  if (typesOf(schema).includes('null')) return true;
  return listOf(schema.enum).includes(null) || ('const' in schema && schema.const === null);
}

/** Formats that both JSON Schema and ODCS have a word for. */
export const formats: readonly string[] = ['email', 'uuid', 'uri', 'hostname', 'ipv4', 'ipv6'];

/** Formats of texts that are a logical type of ODCS. */
export const typedFormats: Readonly<Record<string, string>> = { date: 'date', 'date-time': 'timestamp', time: 'time' };
