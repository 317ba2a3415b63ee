import type { Data, Measure } from '../../check';
import type { Field } from '../../source';

/** A test with all that its SQL is made of. */
export interface Call {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** SQL of the table that it is about. */
  readonly model: string;
  /** SQL of the column that it stands at; of none for a test of a table. */
  readonly column: string;
  /** The same column as it is found in the data. */
  readonly field: Field | undefined;
  readonly data: Data;
  /** SQL of the model that an argument names, with all its rows. */
  other(argument: string): string;
  /** The column of that model which another argument names. */
  otherField(model: string, column: string): Field | undefined;
}

/** What a test looks for: the rows that its query gives are failures. */
export interface Failing {
  /** A SELECT, after WITH if need be. */
  readonly rows: string;
  /** SQL over those rows that gives the number of failures, where dbt does not simply count them. */
  readonly calc?: string;
  /** The same number without a query of its own, and with samples: `judge` is given `failures`. */
  readonly counted?: Counted;
  /** The same number where it is known without a look at rows. */
  readonly known?: number;
}

/** How failures are counted by aggregates over the rows of the table, or by a statement that needs nothing of the author's SQL. */
export type Counted =
  | Pick<Extract<Measure, { via: 'scan' }>, 'via' | 'of' | 'figures' | 'failing'>
  | Pick<Extract<Measure, { via: 'statement' }>, 'via' | 'of' | 'sql' | 'failing'>;

/** Tests by their names. */
export type Tests = Readonly<Record<string, (call: Call) => Failing>>;

/** SQL of an argument as the author wrote it. */
export const written = ({ arguments: given }: Call, name: string): string => String(given[name]);

/** The texts of a list; empty where the argument is left out. */
export const listed = ({ arguments: given }: Call, name: string): readonly string[] =>
  Array.isArray(given[name]) ? given[name].map(String) : [];

/** Rows of the scan for which `predicate` is true. */
export const rowsWith = (field: Field, predicate: string): Counted => ({
  via: 'scan',
  of: field.scope,
  figures: { failures: `count(*) FILTER (WHERE ${predicate})` },
  failing: { predicate, fields: [field] },
});

/** A value of a list as dbt puts it into SQL: in quotes unless it is told not to. */
export const valueSql = (value: unknown, isQuoted: boolean): string =>
  isQuoted ? `'${String(value).replaceAll("'", "''")}'` : String(value);
