import { columnsOf } from '../contract/model';
import { type Engine, QueryFailed } from '../sql/engine';
import { text } from '../sql/fragment';
import { elementsOf, type Field, type Scope, type Source } from './source';
import { list } from './words';

/** Why a filter cannot be followed, for its author. */
export interface FilterComplaint {
  readonly complaint: string;
}

export const isFilterComplaint = (found: object): found is FilterComplaint => 'complaint' in found;

/**
 * The source with only the rows for which a condition is true. Columns go by their names in the contract and have its
 * types; numbers of rows stay those of the file. The condition is one expression by the engine's own parser, without a
 * query inside, so it reads nothing but its row. Rejects when the engine died.
 */
export async function filteredBy(condition: string, source: Source, engine: Engine): Promise<Source | FilterComplaint> {
  const names = await namesIn(condition, engine);
  const sql = typeof names === 'string' ? names : sqlOf(condition, names, source);
  if (typeof sql === 'string') return { complaint: sql };
  const wrong = await complaintAbout(sql.sql, source, engine);
  return wrong === undefined ? rowsOf(source, sql.sql) : { complaint: `The filter ${quoted(condition)} ${wrong}` };
}

const quoted = (condition: string): string => `"${condition.trim().replaceAll(/\s+/g, ' ')}"`;

/** A name in a condition, and where it begins, in bytes of what was parsed. */
interface Name {
  readonly parts: readonly string[];
  readonly at: number;
}

const BEFORE = 'SELECT (\n';

type Syntax = { readonly [key: string]: unknown };

const isSyntax = (value: unknown): value is Syntax => typeof value === 'object' && value !== null;

/** The columns that a condition names, or what makes it no condition. The engine parses it and runs nothing of it. */
async function namesIn(condition: string, engine: Engine): Promise<readonly Name[] | string> {
  const no = (why: string) => `The filter ${quoted(condition)} ${why}`;
  if (condition.includes('\0')) return no('holds a character that SQL cannot.');
  const [row] = await engine.rows(`SELECT json_serialize_sql(${text(`${BEFORE}${condition}\n)`)}) AS syntax`);
  const syntax: unknown = JSON.parse(String(row?.syntax));
  const words = isSyntax(syntax) ? syntax : {};
  if (words.error) return no(`is not valid SQL: ${String(words.error_message)}.`);
  const [expression, ...others] = expressionsOf(words);
  if (!isSyntax(expression) || others.length > 0) return no('must be one condition, such as "amount > 0".');
  const names: Name[] = [];
  return collect(expression, new Set(), names) ? names : no('may look at the columns of its row and at nothing else.');
}

/** The expressions that a bare SELECT gives; none when it is more than that. */
function expressionsOf({ statements }: Syntax): readonly unknown[] {
  const [statement, ...others] = Array.isArray(statements) ? statements : [];
  const node: unknown = isSyntax(statement) ? statement.node : undefined;
  if (!isSyntax(node) || others.length > 0 || node.type !== 'SELECT_NODE') return [];
  const { select_list, from_table, where_clause, group_expressions, having, qualify, sample, modifiers } = node;
  const bare = [where_clause, having, qualify, sample].every((part) => part === null);
  const alone = [group_expressions, modifiers].every((part) => Array.isArray(part) && part.length === 0);
  const fromNothing = isSyntax(from_table) && from_table.type === 'EMPTY';
  return bare && alone && fromNothing && Array.isArray(select_list) ? select_list : [];
}

/** What an expression on one row cannot hold. */
const refused: ReadonlySet<unknown> = new Set(['SUBQUERY', 'STAR', 'PARAMETER', 'WINDOW']);

/** Whether all of an expression is about its row; its columns are put into `names`, the variables of lambdas are not. */
function collect(part: unknown, variables: ReadonlySet<string>, names: Name[]): boolean {
  if (Array.isArray(part)) return part.every((inner) => collect(inner, variables, names));
  if (!isSyntax(part)) return true;
  if (refused.has(part.class)) return false;
  if (part.class === 'LAMBDA') {
    const bound: Name[] = [];
    collect(part.lhs, new Set(), bound);
    return collect(part.expr, new Set([...variables, ...bound.map(({ parts: [first = ''] }) => first)]), names);
  }
  if (part.class === 'COLUMN_REF' && Array.isArray(part.column_names)) {
    const parts = part.column_names.map(String);
    if (!variables.has(parts[0] ?? '')) names.push({ parts, at: Number(part.query_location) });
    return true;
  }
  return Object.values(part).every((inner) => collect(inner, variables, names));
}

/** The condition with every column in the contract's type; a text says which column is not there. */
function sqlOf(condition: string, names: readonly Name[], source: Source): { readonly sql: string } | string {
  const bytes = Buffer.from(condition);
  const pieces: string[] = [];
  let done = 0;
  for (const { parts, at } of names.toSorted((one, other) => one.at - other.at)) {
    const start = at - BEFORE.length;
    const found = fieldNamed(parts, source);
    const written = writtenAt(bytes.subarray(start).toString(), found ? found.parts : parts.length);
    if (!found) {
      const known = list(source.columns.map(({ name }) => name));
      return `The filter ${quoted(condition)} names "${parts.join('.')}", which is no column of the data; they have ${known}.`;
    }
    if (found.field.scope !== source.scope)
      return `The filter ${quoted(condition)} names "${parts.join('.')}", which has several values in a row.`;
    pieces.push(bytes.subarray(done, start).toString(), found.field.value);
    done = start + Buffer.byteLength(written);
  }
  // A comment at the end of the condition must not swallow what comes after.
  return { sql: `(${[...pieces, bytes.subarray(done).toString()].join('')}\n)` };
}

/** The first so many parts of a dotted name, as they are written. */
function writtenAt(rest: string, parts: number): string {
  const part = /\s*\.?\s*(?:"(?:[^"]|"")*"|[\p{L}\p{N}_$]+)/uy;
  let end = 0;
  for (let i = 0; i < parts; i++) {
    part.lastIndex = end;
    end += part.exec(rest)?.[0].length ?? 0;
  }
  return rest.slice(0, end);
}

/** The column that a dotted name means, and how many of its parts name it: the others are fields inside of it. */
function fieldNamed(parts: readonly string[], source: Source): { field: Field; parts: number } | undefined {
  const { name, physicalName } = source.table;
  const isTable = [name, physicalName].some((word) => word.toLowerCase() === parts[0]?.toLowerCase());
  for (const first of isTable && parts.length > 1 ? [1, 0] : [0]) {
    for (let end = parts.length; end > first; end--) {
      const field = columnCalled(parts.slice(first, end).join('.'), source);
      if (field) return { field, parts: end };
    }
  }
  return undefined;
}

function columnCalled(name: string, source: Source): Field | undefined {
  const lower = name.toLowerCase();
  const known = [...columnsOf(source.table).map(({ path }) => path), ...source.columns.map((column) => column.name)];
  const other = known.find((word) => word.toLowerCase() === lower);
  return source.named(name) ?? (other === undefined ? undefined : source.named(other));
}

/** What is wrong with an expression that the engine would have to look at rows with. It reads none for that. */
async function complaintAbout(sql: string, { scope }: Source, engine: Engine): Promise<string | undefined> {
  try {
    const [kept] = await engine.columns(`(SELECT ${sql} AS kept FROM ${scope.relation} WHERE ${sql})`);
    return kept?.type === 'BOOLEAN' ? undefined : `gives ${kept?.type}, and must give true or false.`;
  } catch (error) {
    if (error instanceof QueryFailed) return `cannot be used: ${error.message}`;
    throw error;
  }
}

/** The same source, every scope of it with only the rows for which `sql` is true. */
function rowsOf(source: Source, sql: string): Source {
  const scopes = new Map<Scope, Scope>();
  const fields = new Map<Field, Field>();
  const scopeOf = (scope: Scope): Scope => {
    const known = scopes.get(scope);
    if (known) return known;
    const { relation, numbered, unit, within } = scope;
    const kept: Scope = within
      ? elementsOf(scopeOf(within.scope), within.list)
      : { relation: keeping(sql, relation), numbered: keeping(sql, numbered), unit };
    scopes.set(scope, kept);
    return kept;
  };
  const fieldOf = (field: Field | undefined): Field | undefined => {
    if (!field) return undefined;
    const known = fields.get(field) ?? { ...field, scope: scopeOf(field.scope) };
    fields.set(field, known);
    return known;
  };
  return {
    ...source,
    scope: scopeOf(source.scope),
    keys: source.keys.flatMap((key) => fieldOf(key) ?? []),
    field: (column) => fieldOf(source.field(column)),
    named: (name) => fieldOf(source.named(name)),
  };
}

const keeping = (sql: string, relation: string): string => `(SELECT * FROM ${relation} WHERE ${sql})`;
