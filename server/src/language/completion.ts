import { type Contract, columnsOf, type Table } from '../contract/model';
import { type KeyInfo, keysAt, schemaAt, type ValueKind, valuesAt } from '../schema/walk';
import { written } from '../text/edit';
import { at, type Span } from '../text/tree';
import type { Document } from '../workspace/document';
import { type Place, placeAt } from './place';

/** Something that may be written at the cursor. */
export interface Completion {
  readonly label: string;
  readonly kind: 'key' | 'value' | 'reference';
  readonly detail: string;
  /** Markdown. */
  readonly documentation: string;
  /** What the text takes the place of. */
  readonly span: Span;
  readonly text: string;
  /** Whether the text has tab stops. */
  readonly snippet: boolean;
  readonly deprecated: boolean;
}

/** What can be written at the cursor, best first. */
export function completionsAt(document: Document, offset: number): readonly Completion[] {
  const { contract, schema: id } = document;
  const place = id === undefined ? undefined : placeAt(document, offset);
  if (id === undefined || !place) return [];
  const keys = place.kind === 'key' ? keyCompletions(id, place, isJson(document)) : [];
  if (keys.length > 0) return keys;
  const names = contract ? references(contract, place, isJson(document)) : [];
  const own = new Set(names.map(({ label }) => label));
  return [...names, ...valueCompletions(id, place, isJson(document)).filter(({ label }) => !own.has(label))];
}

const isJson = ({ path }: Document): boolean => /\.json$/i.test(path);

// --------------------------------------------------------------------------------------------------------- keys

function keyCompletions(id: string, place: Place, json: boolean): readonly Completion[] {
  const here = place.tree.text.slice(place.span.start, place.span.end).replaceAll(/["']/g, '');
  return keysAt(id, place.tree, place.path)
    .filter(({ key, present }) => !present || (place.hasColon && key === here))
    .map((info) => ({
      label: info.key,
      kind: 'key',
      detail: [info.schema.title, info.required ? 'required' : ''].filter(Boolean).join(', '),
      documentation: documentationOf(info),
      span: place.span,
      ...insertion(info, place, json),
      deprecated: info.deprecated,
    }));
}

const documentationOf = ({ description, schema }: KeyInfo): string =>
  schema.examples?.length ? `${description}\n\nExample: \`${JSON.stringify(schema.examples[0])}\`` : description;

function insertion({ key, kind, schema }: KeyInfo, place: Place, json: boolean): { text: string; snippet: boolean } {
  const written = json ? JSON.stringify(key) : key;
  if (place.hasColon) return { text: written, snippet: false };
  const choices = kind === 'boolean' ? [true, false] : (schema.enum ?? []);
  if (choices.length > 0) return { text: `${written}: ${choice(choices, json)}`, snippet: true };
  const tails = json || place.flow ? flowTails : blockTails;
  const tail = (tails[kind] ?? ' $0').replaceAll('\n', `\n${' '.repeat(place.inset)}`);
  return { text: `${written}:${json && kind === 'text' ? ' "$0"' : tail}`, snippet: true };
}

/** What follows the colon of a key, with the cursor at `$0`. */
const blockTails: Partial<Readonly<Record<ValueKind, string>>> = {
  list: '\n  - $0',
  'list-of-objects': '\n  - $0',
  object: '\n  $0',
};
const flowTails: Partial<Readonly<Record<ValueKind, string>>> = {
  list: ' [$0]',
  'list-of-objects': ' [{$0}]',
  object: ' {$0}',
};

/** The values as a choice of the snippet; more than an editor shows at once are left to the completion of values. */
function choice(values: readonly unknown[], json: boolean): string {
  const words = values.map((value) => writtenAs(value, json).replaceAll(/[\\,|$}]/g, '\\$&'));
  return words.length > 12 ? '$0' : `\${1|${words.join(',')}|}`;
}

// ------------------------------------------------------------------------------------------------------- values

function valueCompletions(id: string, place: Place, json: boolean): readonly Completion[] {
  return valuesAt(id, place.tree, place.path)
    .filter(({ value }) => value === null || typeof value !== 'object')
    .map(({ value, description, source }) => ({
      label: String(value),
      kind: 'value',
      detail: source === 'allowed' ? '' : source,
      documentation: description || (schemaAt(id, place.tree, place.path)?.description ?? ''),
      span: place.span,
      text: writtenAs(value, json),
      snippet: false,
      deprecated: false,
    }));
}

const writtenAs = (value: unknown, json: boolean): string => written(value, json ? '"' : '');

// --------------------------------------------------------------------------------------------------- references

/** Names that the contract itself has: ends of relationships, elements of service levels, columns that are unique together. */
function references(contract: Contract, place: Place, json: boolean): readonly Completion[] {
  const { path } = place;
  const key = path.findLast((step) => typeof step === 'string');
  const own = contract.tables.find(
    ({ node }) => path[0] === 'schema' && node === at(contract.tree.root, path.slice(0, 2)),
  );
  const offered =
    key === 'properties' && path.includes('arguments')
      ? namesOf(own ? [own] : [], ({ path: column }) => column)
      : key === 'from'
        ? namesOf(own ? [own] : [], qualified)
        : (key === 'to' && path.includes('relationships')) || (key === 'element' && path[0] === 'slaProperties')
          ? namesOf(contract.tables, qualified)
          : [];
  return offered.map(({ name, type }) => ({
    label: name,
    kind: 'reference',
    detail: type,
    documentation: '',
    span: place.span,
    text: writtenAs(name, json),
    snippet: false,
    deprecated: false,
  }));
}

type NamedColumn = { readonly table: string; readonly path: string };

const qualified = ({ table, path }: NamedColumn): string => `${table}.${path}`;

const namesOf = (tables: readonly Table[], name: (column: NamedColumn) => string) =>
  tables.flatMap((table) =>
    columnsOf(table)
      .filter(({ path }) => path !== '')
      .map(({ path, logicalType }) => ({ name: name({ table: table.name, path }), type: logicalType ?? '' })),
  );
