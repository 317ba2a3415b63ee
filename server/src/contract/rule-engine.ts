import type { Column, Relationship, Rule, Table } from './model';

/** A tool whose checks stand in contracts as custom rules, and mean what ODCS can say in its own terms too. */
export interface RuleEngine {
  readonly id: string;
  /** Whether a rule's `engine` names it, however it is spelt; the word comes in small letters without dashes. */
  readonly names: readonly string[];
  /** What a rule of it says. `column` is the one that the rule stands at. */
  meaningOf(rule: Rule, table: Table, column: Column | undefined): Meaning;
}

/** `kind` is the tool's own word for the check. */
export type Meaning =
  | (Terms & { readonly kind: string })
  /** What makes the rule one that nobody can run: an argument that is missing, a check that does not exist. */
  | { readonly kind: string; readonly complaint: string; readonly column?: string }
  /** Why it is nothing for Plumbline, though it is sound. */
  | { readonly kind: string; readonly skipped: string; readonly column?: string };

/** A rule in terms of the model. One of `facts`, `rule`, `relationship` and `primaryKey` is there. */
export interface Terms {
  /** Path of the column that it is about, when the rule does not stand at it already. */
  readonly column?: string;
  /** What the schema itself can say of the column. */
  readonly facts?: Partial<Pick<Column, 'required' | 'unique' | 'values' | 'options' | 'logicalType' | 'physicalType'>>;
  /** A rule of another type or engine that says the same. */
  readonly rule?: Rule;
  readonly relationship?: Relationship;
  /** Columns that make the table's primary key together, by name. */
  readonly primaryKey?: readonly string[];
}

/** How an engine's name is told from another, however it is spelt: `great-expectations`, `greatExpectations`. */
export const engineName = (engine: string): string => engine.toLowerCase().replaceAll(/[-_ ]/g, '');
