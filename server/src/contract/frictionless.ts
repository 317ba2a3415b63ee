import type { Column, Rule, Table } from './model';

/** The dialect's id, and the engine of its rules. */
export const FRICTIONLESS = 'frictionless';

/** How the fields of a schema are held against the columns of the data, as Data Package 2 names it. */
export const fieldMatches = ['exact', 'equal', 'subset', 'superset', 'partial'] as const;
export type FieldsMatch = (typeof fieldMatches)[number];

/** How the cells of a field are read. */
export interface FieldSpec {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  /** Texts that stand for no value. */
  readonly missing: readonly string[];
  readonly decimalChar?: string;
  readonly groupChar?: string;
  readonly bareNumber?: boolean;
  readonly trueValues?: readonly string[];
  readonly falseValues?: readonly string[];
  /** Of a list: what parts its items, and what each is. */
  readonly delimiter?: string;
  readonly itemType?: string;
}

/** What a rule of the engine `frictionless` asks, by the error that frictionless would report. */
export type Asked =
  | { readonly check: 'type-error' | 'unique-error'; readonly field: FieldSpec }
  | {
      readonly check: 'constraint-error';
      readonly field: FieldSpec;
      readonly constraint: string;
      readonly value: unknown;
    }
  | { readonly check: HeaderCheck; readonly match: FieldsMatch; readonly isDemanded?: boolean }
  | { readonly check: 'blank-row' }
  | { readonly check: 'primary-key' | 'unique-key'; readonly fields: readonly string[] }
  | {
      readonly check: 'foreign-key';
      readonly fields: readonly string[];
      /** An empty name is the table itself. */
      readonly resource: string;
      readonly to: readonly string[];
    }
  /** Of a part that cannot be read from this file. */
  | { readonly check: 'schema-error'; readonly why: string };

export type HeaderCheck = 'missing-label' | 'extra-label' | 'incorrect-label' | 'unmatched-header';

/** The constraints that frictionless takes for each type; any other is an error of the schema. */
const bounds = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'];
const lengths = ['minLength', 'maxLength'];
const constraintsOf: Readonly<Record<string, readonly string[]>> = {
  string: [...lengths, 'pattern', 'enum'],
  integer: [...bounds, 'enum'],
  number: [...bounds, 'enum'],
  date: [...bounds, 'enum'],
  datetime: [...bounds, 'enum'],
  time: [...bounds, 'enum'],
  year: [...bounds, 'enum'],
  yearmonth: [...bounds, 'enum'],
  object: [...lengths, 'enum'],
  array: [...lengths, 'enum'],
  list: lengths,
  boolean: ['enum'],
  any: ['enum'],
  geopoint: ['enum'],
  geojson: ['enum'],
  duration: ['enum'],
};

/** Whether a field of the type may have the constraint, as frictionless 5.21 says. */
export const takesConstraint = (type: string, constraint: string): boolean =>
  constraint === 'required' || constraint === 'unique' || (constraintsOf[type] ?? []).includes(constraint);

/** Every type of Table Schema. */
export const fieldTypes: readonly string[] = Object.keys(constraintsOf);

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const checks: readonly string[] = [
  ...['type-error', 'unique-error', 'constraint-error', 'missing-label', 'extra-label', 'incorrect-label'],
  ...['unmatched-header', 'blank-row', 'primary-key', 'unique-key', 'foreign-key', 'schema-error'],
];

const isWords = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((word) => typeof word === 'string');

const anyField: Omit<FieldSpec, 'name'> = { type: 'any', format: 'default', missing: [''] };

/** A field as a rule holds it; what is left out is as in a file that says nothing. */
function fieldIn(value: unknown): FieldSpec {
  const { name, type, format, missing, ...more } = isMap(value) ? value : {};
  return {
    ...(more as Partial<FieldSpec>),
    name: typeof name === 'string' ? name : '',
    type: typeof type === 'string' && fieldTypes.includes(type) ? type : 'any',
    format: typeof format === 'string' ? format : 'default',
    missing: isWords(missing) ? missing : [''],
  };
}

/** What a rule asks; undefined when it names no check, or lacks what its check needs. */
export function askedBy({ implementation }: Rule): Asked | undefined {
  if (!isMap(implementation)) return undefined;
  const { check, field, match } = implementation;
  if (typeof check !== 'string' || !checks.includes(check)) return undefined;
  if (field !== undefined) {
    if (check === 'constraint-error' && typeof implementation.constraint !== 'string') return undefined;
    return { ...implementation, field: fieldIn(field) } as unknown as Asked;
  }
  const needs: Readonly<Record<string, boolean>> = {
    'blank-row': true,
    'primary-key': isWords(implementation.fields),
    'unique-key': isWords(implementation.fields),
    'foreign-key': isWords(implementation.fields) && isWords(implementation.to),
    'schema-error': typeof implementation.why === 'string',
  };
  const isWhole = needs[check] ?? fieldMatches.some((one) => one === match);
  return isWhole ? (implementation as unknown as Asked) : undefined;
}

/** How the cells of a column are read: by its rule about types, else as they stand. */
export function fieldOf(column: Column): FieldSpec {
  for (const rule of column.rules) {
    const asked = askedBy(rule);
    if (asked?.check === 'type-error') return asked.field;
  }
  return { name: column.name, ...anyField };
}

/** How the fields of a table are held against the columns of its data. */
export function matchOf({ rules, columns }: Table): FieldsMatch {
  // A rule of each column says it, so that the first does.
  for (const rule of [...rules, ...(columns[0]?.rules ?? [])]) {
    const asked = askedBy(rule);
    if (asked && 'match' in asked) return asked.match;
  }
  return 'equal';
}

/** Types whose cells ODCS reads alike when the field says nothing more. */
const logicalTypes: Readonly<Record<string, string>> = {
  string: 'string',
  integer: 'integer',
  number: 'number',
  boolean: 'boolean',
  date: 'date',
  datetime: 'timestamp',
  time: 'time',
  year: 'integer',
  object: 'object',
  array: 'array',
};

/** Formats of texts with ODCS's word for them. */
export const textFormats: Readonly<Record<string, string>> = {
  email: 'email',
  uri: 'uri',
  uuid: 'uuid',
  binary: 'byte',
};

/** Directives of Python's strptime and letters of the JDK's, as ODCS writes formats. */
const directives: readonly (readonly [python: string, jdk: string])[] = [
  ['%Y', 'yyyy'],
  ['%m', 'MM'],
  ['%d', 'dd'],
  ['%H', 'HH'],
  ['%M', 'mm'],
  ['%S', 'ss'],
  ['%y', 'yy'],
];

/** `%d/%m/%Y` → `dd/MM/yyyy`; undefined where a directive, or a letter between them, has no plain counterpart. */
export function jdkFormatOf(format: string): string | undefined {
  const parts = format.match(/%.|[^%]+/gs) ?? [];
  const written = parts.map((part) =>
    part.startsWith('%')
      ? directives.find(([python]) => python === part)?.[1]
      : /[A-Za-z']/.test(part)
        ? undefined
        : part,
  );
  return written.includes(undefined) ? undefined : written.join('');
}

/** `dd/MM/yyyy` → `%d/%m/%Y`. */
export function pythonFormatOf(format: string): string | undefined {
  const parts = format.match(/([A-Za-z])\1*|[^A-Za-z]+/g) ?? [];
  const written = parts.map((part) =>
    /[A-Za-z]/.test(part) ? directives.find(([, jdk]) => jdk === part)?.[0] : /['%]/.test(part) ? undefined : part,
  );
  return written.includes(undefined) ? undefined : written.join('');
}

/** What ODCS says of a field's type and format; undefined where it has no words for how the cells are read. */
export function inOdcs(field: FieldSpec): { readonly logicalType?: string; readonly format?: string } | undefined {
  const {
    type,
    format,
    missing,
    decimalChar = '.',
    groupChar = '',
    bareNumber = true,
    trueValues,
    falseValues,
  } = field;
  if (type === 'any') return {};
  const logicalType = logicalTypes[type];
  const isPlain = decimalChar === '.' && groupChar === '' && bareNumber && !trueValues && !falseValues;
  if (!logicalType || !isPlain || missing.some((text) => text !== '')) return undefined;
  if (format === 'default') return { logicalType };
  if (type === 'string') return textFormats[format] ? { logicalType, format: textFormats[format] } : undefined;
  const written = ['date', 'datetime', 'time'].includes(type) && format !== 'any' ? jdkFormatOf(format) : undefined;
  return written === undefined ? undefined : { logicalType, format: written };
}
