import { amount, number, quotedList } from '../../text/words';
import { counting, type Data, type Figures, type Measure, type Outcome } from '../check';
import type { Scope, Source } from '../source';
import { percent } from '../words';
import type { Operand } from './operand';

/** The arguments of an expectation. Those that its signature asks for are of their kind. */
export type Kwargs = Readonly<Record<string, unknown>>;

/** How one type of expectation is checked. */
export interface Expected {
  /** After "values are": `between 0 and 5`. For what is no value, after "should": `have 5 columns`. */
  words(kwargs: Kwargs): string;
  measure(call: Call): Measure;
}

/** Expectations of one family, by their type. */
export type Family = Readonly<Record<string, Expected>>;

/** An expectation with the data that it is about. */
export interface Call {
  readonly type: string;
  readonly kwargs: Kwargs;
  readonly data: Data;
  /** Rows that the row condition leaves. */
  readonly scope: Scope;
  /** The columns that it names: one, A and B, or those of the list. Empty for the whole table. */
  readonly operands: readonly Operand[];
  readonly words: string;
  /** Another table of the contract; a text says why it cannot be read. */
  tableNamed(name: string): Source | string;
}

/** `Column "x"`, `Columns "a" and "b"`, `Table "orders"`. */
export function subjectOf({ operands, data }: Call): string {
  const names = operands.map(({ name }) => name);
  if (names.length === 0) return `Table "${data.source.table.name}"`;
  return names.length === 1 ? `Column "${names[0]}"` : `Columns ${quotedList(names, 'and')}`;
}

/** The same within a sentence: `column "x"`. */
export function partOf(call: Call): string {
  const subject = subjectOf(call);
  return subject.charAt(0).toLowerCase() + subject.slice(1);
}

export const joined = (parts: readonly string[], joint: 'AND' | 'OR'): string =>
  parts.length === 0 ? String(joint === 'AND') : `(${parts.join(` ${joint} `)})`;

/** Rows that the expectation counts at all, and what is true for those that are as expected. */
export interface Judged {
  /** SQL, never NULL. */
  readonly considered: string;
  /** SQL; NULL is not as expected. */
  readonly holds: string;
}

export const brokenBy = ({ considered, holds }: Judged): string => `${considered} AND NOT coalesce(${holds}, false)`;

/** Counts in the shared scan the values that are not as expected. */
export function mapped(call: Call, judged: Judged): Measure {
  const predicate = brokenBy(judged);
  return {
    via: 'scan',
    of: call.scope,
    figures: { considered: counting(judged.considered), broken: counting(predicate) },
    judge: (figures) => mapOutcome(call, figures),
    failing: { predicate, fields: call.operands.map(({ field }) => field) },
  };
}

/** The same by a statement of its own, which gives `considered` and `broken`. */
export const mappedBy = (call: Call, sql: string, predicate?: string): Measure => ({
  via: 'statement',
  of: call.scope,
  sql,
  judge: (figures) => mapOutcome(call, figures),
  ...(predicate === undefined ? {} : { failing: { predicate, fields: call.operands.map(({ field }) => field) } }),
});

const mostlyOf = ({ mostly }: Kwargs): number => (typeof mostly === 'number' ? mostly : 1);

/** `values are between 0 and 5`, or the share of them that must be. */
export const mapWords = (be: string, kwargs: Kwargs): string =>
  mostlyOf(kwargs) === 1 ? be : `${be} in at least ${percent(100 * mostlyOf(kwargs))}`;

/** Holds when the share of values as expected is at least `mostly`; of no values at all everything holds. */
export function mapOutcome(call: Call, { considered, broken }: Figures): Outcome {
  const seen = considered || 0;
  const bad = broken || 0;
  const holds = seen === 0 || (seen - bad) / seen >= mostlyOf(call.kwargs);
  const noun = call.operands.length > 1 ? 'row' : 'value';
  // GX multiplies after it divides, which the last digit shows.
  const share = seen === 0 ? 0 : (bad / seen) * 100;
  const found =
    bad === 0
      ? `all ${amount(seen, noun)} are`
      : `${number(bad)} of ${amount(seen, noun)} (${percent(share)}) ${bad === 1 ? 'is' : 'are'} not`;
  return {
    verdict: holds ? 'holds' : 'fails',
    observed: bad,
    unexpected: bad,
    unexpectedPercent: share,
    message: `${subjectOf(call)} should be ${call.words}${holds ? ', and' : ', but'} ${found}.`,
  };
}

/** A number held against bounds. */
export function figureOutcome(call: Call, what: string, figure: number, shown: number | string = figure): Outcome {
  const should = `${what} of ${partOf(call)} should be ${call.words}`;
  if (Number.isNaN(figure)) {
    return { verdict: 'fails', message: `${should}, but there are no values to take it of.` };
  }
  const holds = within(call.kwargs, figure);
  const words = typeof shown === 'number' ? number(shown) : shown;
  return {
    verdict: holds ? 'holds' : 'fails',
    observed: shown,
    message: `${should}${holds ? ', and' : ', but'} is ${words}.`,
  };
}

/** Whether a figure is between `min_value` and `max_value`, which count as inside unless strict. */
export function within({ min_value, max_value, strict_min, strict_max }: Kwargs, figure: number): boolean {
  const above =
    min_value === undefined || (strict_min === true ? figure > Number(min_value) : figure >= Number(min_value));
  const below =
    max_value === undefined || (strict_max === true ? figure < Number(max_value) : figure <= Number(max_value));
  return above && below;
}

/** `between 0 and 5`, `≥ 0`, `> 0 and ≤ 5`. */
export function boundWords({ min_value: low, max_value: high, strict_min, strict_max }: Kwargs): string {
  const isStrict = strict_min === true || strict_max === true;
  if (low !== undefined && high !== undefined && !isStrict) return `between ${shown(low)} and ${shown(high)}`;
  const parts = [
    ...(low === undefined ? [] : [`${strict_min === true ? '>' : '≥'} ${shown(low)}`]),
    ...(high === undefined ? [] : [`${strict_max === true ? '<' : '≤'} ${shown(high)}`]),
  ];
  return parts.join(' and ') || 'within bounds';
}

const shown = (bound: unknown): string => (typeof bound === 'number' ? number(bound) : String(bound));
