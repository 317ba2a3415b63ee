import { parse, posix } from 'node:path';
import type { Datum, ProfileColumn, ProfileReport } from '../protocol';
import type { MapNode, Scalar } from '../text/tree';
import { type Column, type Contract, plainColumn, plainRule, type Rule, type Table } from './model';

/** The profile of a table's data, and what a contract is told of them. */
export interface Sample {
  readonly table: string;
  readonly profile: ProfileReport;
  /** Path of the data from the folder of the contract, where a local server can name them. */
  readonly path?: string | undefined;
  /** `parquet`, `csv`. */
  readonly format?: string | undefined;
}

/** Texts of at most so many values, each in this many rows or more on average, are taken for a list. */
const MOST_VALUES = 10;
const ROWS_A_VALUE = 20;
/** In fewer rows a column whose name is no key's may hold no value twice by chance. */
const ROWS_TO_BELIEVE = 100;

/**
 * A first contract for data: which columns there are and of which types, which are never empty, which never repeat a
 * value, the key when a column is called one, texts that come from a short list, and that there are rows at all. Bounds
 * are left out: what the data of today happen to span is no promise for those of tomorrow.
 */
export function inferContract(samples: readonly Sample[]): Contract {
  const [first] = samples;
  const path = samples.length === 1 ? first?.path : undefined;
  return {
    dialect: 'odcs',
    tree: { text: '', root: undefined, issues: [] },
    apiVersion: undefined,
    id: undefined,
    name: first?.table,
    version: '0.1.0',
    status: 'draft',
    tables: samples.map(tableOf),
    servers:
      path === undefined
        ? []
        : [{ name: 'local', type: 'local', properties: { path, format: first?.format ?? 'csv' }, node: nowhere }],
    sla: [],
    slaDefaultElement: undefined,
  };
}

/** What a table is called whose data a reference names: the name of the file or folder, without suffixes and revision. */
export function tableNameOf(ref: string): string {
  const path = ref.replace(/^(.+)@[^@]+$/, '$1').replaceAll('\\', '/');
  const steps = path.split('/').filter((step) => step !== '' && !/[*?]/.test(step));
  const last = steps.at(-1) ?? 'table';
  const stem = parse(last.replace(/\.(gz|zst|bz2)$/i, '')).name;
  const name = stem.replaceAll(/\W+/g, '_').replaceAll(/^_+|_+$/g, '') || 'table';
  return /^\d/.test(name) ? `t_${name}` : name;
}

/** Whether a reference is a path of this machine. */
export const isPlainPath = (ref: string): boolean => !/^[a-z][a-z0-9+.-]+:/i.test(ref) && !/@[^@/\\]+$/.test(ref);

/** How a contract names its data from its folder. */
export const asPosix = (path: string): string => posix.normalize(path.replaceAll('\\', '/'));

const nowhere: MapNode = { kind: 'map', span: { start: 0, end: 0 }, entries: [] };

function tableOf({ table, profile }: Sample): Table {
  const { rows } = profile;
  const columns = profile.columns.map((column) => columnOf(column, rows));
  const key = keyOf(columns, table);
  return {
    name: table,
    physicalName: table,
    columns: columns.map((column) => (column === key ? { ...column, primaryKey: true, unique: false } : column)),
    rules: rows > 0 ? [notEmpty] : [],
    relationships: [],
    node: nowhere,
    nameNode: nowhere,
  };
}

const notEmpty: Rule = {
  ...plainRule('library', nowhere),
  metric: 'rowCount',
  operators: [{ keyword: 'mustBeGreaterThan', value: 0, node: nowhere }],
};

function columnOf(profile: ProfileColumn, rows: number): Column {
  const { column: name, physicalType } = profile;
  const shape = shapeOf(name, name, physicalType);
  return {
    ...shape,
    required: rows > 0 && profile.nulls === 0,
    unique: isUnique(profile, shape, rows),
    values: shape.logicalType === 'string' ? valuesOf(profile, rows) : undefined,
  };
}

const keyName = /(^|[_-]|[a-z])(id|key|uuid|guid|code|number|no)$/i;

function isUnique(
  { distinct, distinctExact, column, nulls }: ProfileColumn,
  { logicalType }: Column,
  rows: number,
): boolean {
  if (!distinctExact || nulls > 0 || distinct !== rows || rows < 2) return false;
  return (logicalType === 'integer' || logicalType === 'string') && (keyName.test(column) || rows >= ROWS_TO_BELIEVE);
}

function valuesOf({ distinct, distinctExact, top, nulls }: ProfileColumn, rows: number): readonly Scalar[] | undefined {
  const isShort = distinctExact && distinct > 0 && distinct <= MOST_VALUES && top.length === distinct;
  if (!isShort || rows - nulls < ROWS_A_VALUE * distinct) return undefined;
  const values = top.map(({ value }) => value);
  return values.every(isText) ? values.toSorted() : undefined;
}

const isText = (value: Datum): value is string => typeof value === 'string';

/** `id`, `order_id` of a table `orders`, else the first column that is called a key and is one. */
function keyOf(columns: readonly Column[], table: string): Column | undefined {
  const able = columns.filter(
    ({ required, unique, name }) => required && unique && /(^|[_-]|[a-z])(id|key|uuid|guid)$/i.test(name),
  );
  const stem = table.toLowerCase().replace(/s$/, '');
  const named = able.find(({ name }) => ['id', `${stem}_id`, `${stem}id`].includes(name.toLowerCase()));
  return named ?? able[0];
}

const logicalTypes: readonly (readonly [RegExp, string])[] = [
  [/^DECIMAL\(\d+,\s*0\)/, 'integer'],
  [/^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/, 'integer'],
  [/^(FLOAT|DOUBLE|DECIMAL)/, 'number'],
  [/^BOOLEAN$/, 'boolean'],
  [/^DATE$/, 'date'],
  [/^TIMESTAMP/, 'timestamp'],
  [/^TIME/, 'time'],
  [/^MAP\(/, 'object'],
  [/^(VARCHAR|UUID|ENUM|BLOB)/, 'string'],
];

/** A column by the engine's type alone, with the columns in it. */
function shapeOf(name: string, path: string, type: string): Column {
  const list = /^(.*)\[\d*\]$/s.exec(type);
  const isStruct = !list && /^STRUCT\(/.test(type);
  return {
    ...plainColumn(name, nowhere, nowhere, path),
    logicalType: list ? 'array' : isStruct ? 'object' : logicalTypes.find(([form]) => form.test(type))?.[1],
    physicalType: list || isStruct ? undefined : type,
    columns: isStruct ? fieldsOf(type).map(([field, inner]) => shapeOf(field, `${path}.${field}`, inner)) : [],
    items: list ? shapeOf(`${name}[]`, `${path}[]`, list[1] ?? '') : undefined,
  };
}

/** The names and types of `STRUCT(city VARCHAR, "the zip" STRUCT(…))`. */
function fieldsOf(type: string): readonly (readonly [name: string, type: string])[] {
  const fields: string[] = [''];
  let depth = 0;
  let quoted = false;
  for (const letter of type.slice('STRUCT('.length, -1)) {
    if (letter === '"') quoted = !quoted;
    if (!quoted && letter === '(') depth++;
    if (!quoted && letter === ')') depth--;
    if (!quoted && depth === 0 && letter === ',') fields.push('');
    else fields[fields.length - 1] += letter;
  }
  return fields.flatMap((field) => {
    const [, name, bare, rest] = /^\s*(?:"((?:[^"]|"")*)"|(\S+))\s+(.+)$/s.exec(field) ?? [];
    return rest === undefined ? [] : [[name?.replaceAll('""', '"') ?? bare ?? '', rest] as const];
  });
}
