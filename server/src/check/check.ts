import type { Column, Contract, Rule, Table } from '../contract/model';
import type { CheckLimit, CheckResult, Datum, DriftReport, Severity } from '../protocol';
import { get, itemsOf, type MapNode, type Node, wordOf } from '../text/tree';
import type { Counts } from './earlier';
import type { Field, Scope, Source } from './source';
import type { Verb } from './words';

/** What a kind of check looks at: a table, or one of its columns. */
export interface Subject {
  readonly contract: Contract;
  readonly table: Table;
  readonly column: Column | undefined;
}

/** One kind of check, which finds in a part of the contract the checks that follow from it. */
export interface CheckKind {
  readonly id: string;
  /** Whether it follows from the mere declaration of a column. */
  readonly byDeclaration?: true;
  checks(subject: Subject): readonly Check[];
}

/** One wish of a contract's author about data, known without any data. */
export interface Check {
  /** The dialect's own word for it: a metric, an option, `columnPresent`, … */
  readonly kind: string;
  /** The author's id or name of the rule. */
  readonly own: string | undefined;
  readonly name: string;
  /** Path of the column; undefined for a check of the whole table. */
  readonly column: string | undefined;
  readonly dimension: string | undefined;
  readonly severity: Severity;
  /** What the author should know of the rule whatever the data say. */
  readonly note?: string | undefined;
  /** The rule in words: `≥ 3`, `between 0 and 5 %`. */
  readonly expected: string;
  /** The same in numbers, where what is observed is held against some. */
  readonly limits?: readonly CheckLimit[] | undefined;
  readonly node: Node;
  /** What must be asked of the data, now that they are known. */
  measure(data: Data): Measure;
  /** When it is to be run, as its author wrote it. */
  readonly schedule?: string | undefined;
  /** Of its rule alone. */
  readonly tags?: readonly string[];
  /** A condition in SQL: only rows for which it is true are looked at. */
  readonly filter?: string | undefined;
}

/** The data a check is about, and what else it may compare with. */
export interface Data {
  readonly source: Source;
  /** Another table of the contract; a text says why it cannot be read. */
  sourceOf(table: Table): Source | string;
  /** What the person gave to compare the table with; a text says why there is nothing, or what is wrong with it. */
  readonly reference: Source | string;
  /** Of those that a TFDV schema tells apart, the one that the data are from. */
  readonly environment: string | undefined;
  readonly now: Date;
}

export type Measure =
  /** Known without a look at a single row. */
  | { readonly via: 'nothing'; readonly outcome: Outcome }
  /** Aggregates over the rows of a scope: all checks of one scope share one statement, equal aggregates one figure. */
  | (Counted & { readonly via: 'scan'; readonly figures: Readonly<Record<string, string>> })
  /** One statement that gives one row. Checks with the same statement share it. */
  | (Counted & { readonly via: 'statement'; readonly sql: string })
  /**
   * What only JavaScript can judge, over the distinct values. `broken` counts rows; `figures` are of the shared scan.
   */
  | (Counted & ValuesTest & { readonly via: 'values'; readonly figures?: Readonly<Record<string, string>> })
  /** A comparison with other data. */
  | { readonly via: 'drift'; readonly wish: DriftWish; judge(report: DriftReport): Outcome }
  /** Rows counted beside those of another version of the data: the one before theirs when `reference` is left out. */
  | {
      readonly via: 'versions';
      readonly of: Scope;
      readonly reference: string | undefined;
      judge(counted: Counts): Outcome;
    }
  /** A statement that the author wrote, or one whose answer is more than figures. */
  | { readonly via: 'query'; readonly sql: string; judge(answer: Answer): Outcome };

/** What the table's data are compared with, and how. */
export interface DriftWish {
  /** Dataset reference; a relative one starts at the contract. */
  readonly reference: string;
  readonly preset: string | undefined;
  /** Name in the data; undefined for all columns. */
  readonly column: string | undefined;
  readonly method: string | undefined;
  readonly threshold: number | undefined;
  /** What the column is compared as, where that is not its type in the data. */
  readonly type?: string;
}

interface Counted {
  readonly of: Scope;
  /** @param rows Rows of the scope. */
  judge(figures: Figures, rows: number): Outcome;
  readonly failing?: Failing | undefined;
}

export interface ValuesTest {
  /** SQL of the value as text. */
  readonly text: string;
  /** SQL of what makes a value bad whatever the test says. */
  readonly bad: string;
  readonly test: ValueTest;
}

export type ValueTest =
  /** An ECMA-262 pattern that must be found in a value, as when `wanted` is left out, or must not be. */
  | { readonly by: 'pattern'; readonly pattern: string; readonly wanted?: 'found' | 'absent' }
  /** The value is JSON that fits a JSON Schema. */
  | { readonly by: 'json-schema'; readonly schema: Readonly<Record<string, unknown>> }
  /** Python's dateutil makes a date of the value, with what it leaves out taken from `now`. */
  | { readonly by: 'dateutil'; readonly now: Date };

/** Figures by name; NULL is NaN. */
export type Figures = Readonly<Record<string, number>>;

/** What an author's query gave; at most the first two rows. */
export interface Answer {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Datum[])[];
}

/** Which rows of the scope to show when the check fails, and what of them. */
export interface Failing {
  readonly predicate: string;
  readonly fields: readonly Field[];
}

export interface Outcome {
  readonly verdict: 'holds' | 'fails' | 'unjudged' | 'skipped';
  readonly observed?: CheckResult['observed'];
  /** Rows, or elements of an array, that are not as expected. */
  readonly unexpected?: number;
  /** Share of them where it is not of all rows of the scope; null where a share says nothing. */
  readonly unexpectedPercent?: number | null;
  readonly limit?: CheckResult['limit'];
  /** How bad this outcome is, where a check has several bounds of which each is as bad as it says. */
  readonly severity?: Severity;
  readonly message: string;
}

/** Rows that are looked at one by one, all of which must be as the contract says. */
export interface Demand {
  /** After "should be" and "is": `at most 1,000`. */
  readonly be: string;
  /** After "3 rows": `are above`. */
  readonly broken: Verb;
  /** SQL that is true for a row that is not as it should be. */
  readonly predicate: string;
}

export const nothing = (outcome: Outcome): Measure => ({ via: 'nothing', outcome });
export const unjudged = (message: string): Measure => nothing({ verdict: 'unjudged', message });
export const skipped = (message: string): Measure => nothing({ verdict: 'skipped', message });

/** SQL that counts the rows for which `predicate` is true. */
export const counting = (predicate: string): string => `count(*) FILTER (WHERE ${predicate})`;

/** What to measure of a column; a column that the data lack makes every check of it an error but `columnPresent`. */
export function measureOf(data: Data, column: Column, measure: (field: Field) => Measure): Measure {
  const field = data.source.field(column);
  if (field) return measure(field);
  return column.optional ? skipped(optionalWords(column)) : unjudged(absentWords(column));
}

/** Why nothing is said of a column that the data may lack. */
export const optionalWords = ({ path }: Column): string => `Column "${path}" is not in the data, and need not be.`;

/** Why nothing can be said of a column that the data lack. */
export const absentWords = ({ path }: Column): string =>
  `Column "${path}" is not in the data, so this cannot be checked.`;

/** Parts of a check that an author's rule has in common, whatever its kind. */
export type RuleCheck = Pick<
  Check,
  'kind' | 'own' | 'name' | 'column' | 'dimension' | 'severity' | 'note' | 'expected' | 'limits' | 'node'
>;

/** The rules that stand on the subject itself. */
export const rulesOf = ({ table, column }: Subject): readonly Rule[] => (column ?? table).rules;

/** The words under `tags` of a part of the contract. */
export const tagsAt = (node: MapNode): readonly string[] =>
  itemsOf(get(node, 'tags')).flatMap((item) => wordOf(item) ?? []);
