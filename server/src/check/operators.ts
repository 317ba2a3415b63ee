import type { Operator, Rule } from '../contract/model';
import type { CheckLimit, Datum } from '../protocol';
import { number } from '../text/words';

/** Sign of what was observed less `bound`: −1, 0 or 1. */
export type Compare = (bound: number) => number;

interface Form {
  /** Numbers that the operator takes. */
  readonly takes: 1 | 2;
  words(values: readonly string[]): string;
  holds(compare: Compare, values: readonly number[]): boolean;
}

const one = (sign: string, holds: (sign: number) => boolean): Form => ({
  takes: 1,
  words: ([value]) => `${sign} ${value}`,
  holds: (compare, [value = 0]) => holds(compare(value)),
});

/** Both ends count as inside: every runner reads it so, though the standard's prose says otherwise. */
const within = (compare: Compare, [low = 0, high = 0]: readonly number[]): boolean =>
  compare(low) >= 0 && compare(high) <= 0;

const forms: Readonly<Record<CheckLimit['operator'], Form>> = {
  mustBe: one('=', (sign) => sign === 0),
  mustNotBe: one('≠', (sign) => sign !== 0),
  mustBeGreaterThan: one('>', (sign) => sign > 0),
  mustBeGreaterOrEqualTo: one('≥', (sign) => sign >= 0),
  mustBeLessThan: one('<', (sign) => sign < 0),
  mustBeLessOrEqualTo: one('≤', (sign) => sign <= 0),
  mustBeBetween: { takes: 2, words: ([low, high]) => `between ${low} and ${high}`, holds: within },
  mustNotBeBetween: {
    takes: 2,
    words: ([low, high]) => `not between ${low} and ${high}`,
    holds: (compare, values) => !within(compare, values),
  },
};

/** What other contract languages call an operator. */
const misspelt: Readonly<Record<string, string>> = {
  mustBeGreaterThanOrEqualTo: 'mustBeGreaterOrEqualTo',
  mustBeLessThanOrEqualTo: 'mustBeLessOrEqualTo',
  must_be: 'mustBe',
  must_not_be: 'mustNotBe',
  must_be_greater_than: 'mustBeGreaterThan',
  must_be_greater_than_or_equal: 'mustBeGreaterOrEqualTo',
  must_be_less_than: 'mustBeLessThan',
  must_be_less_than_or_equal: 'mustBeLessOrEqualTo',
  must_be_between: 'mustBeBetween',
  must_not_be_between: 'mustNotBeBetween',
};

/** The operators of one rule, all of which must hold. */
export interface Bound {
  /** `≥ 3`, `between 0 and 5 %`. */
  readonly expected: string;
  readonly limits: readonly CheckLimit[];
  holds(compare: Compare): boolean;
  /** What to know when the observed lies on an end of a range, where readings of the standard differ. */
  edge(compare: Compare): string | undefined;
}

/** The part of a rule that says what must be; its node shows words that were meant to. */
type OperatorsOf = Pick<Rule, 'operators' | 'node'>;

/** The bound that a rule states in numbers, or a text that says what is wrong with it. */
export function boundOf({ operators, node }: OperatorsOf, unit: 'rows' | 'percent' = 'rows'): Bound | string {
  if (operators.length === 0) return noBound(node);
  const parts: (readonly [Form, readonly number[]])[] = [];
  const limits: CheckLimit[] = [];
  for (const { keyword, value } of operators) {
    const form = formOf(keyword);
    if (typeof form === 'string') return form;
    const values = numbersOf(keyword, form, value);
    if (typeof values === 'string') return values;
    parts.push([form, values]);
    if (isOperator(keyword)) limits.push({ operator: keyword, values, unit });
  }
  const suffix = unit === 'percent' ? ' %' : '';
  return {
    expected: parts.map(([form, values]) => form.words(values.map(number)) + suffix).join(' and '),
    limits,
    holds: (compare) => parts.every(([form, values]) => form.holds(compare, values)),
    edge: (compare) => edgeOf(compare, parts),
  };
}

function noBound({ entries }: Rule['node']): string {
  const keys = entries.map(({ key }) => String(key.value));
  const wrong = keys.find((key) => Object.hasOwn(misspelt, key) || /^must/i.test(key));
  const message = wrong === undefined ? undefined : formOf(wrong);
  return typeof message === 'string' ? message : 'The rule names no bound. Add one, for instance "mustBe: 0".';
}

const isOperator = (keyword: string): keyword is CheckLimit['operator'] => Object.hasOwn(forms, keyword);

function formOf(keyword: string): Form | string {
  if (isOperator(keyword)) return forms[keyword];
  const meant = misspelt[keyword];
  return `"${keyword}" is no operator.${meant ? ` Write "${meant}".` : ` Write one of ${Object.keys(forms).join(', ')}.`}`;
}

function numbersOf(keyword: string, { takes }: Form, value: unknown): readonly number[] | string {
  const given = takes === 1 ? [value] : Array.isArray(value) ? value : [];
  const numbers = given.map(numberOf);
  if (numbers.length !== takes || numbers.some(Number.isNaN)) {
    return takes === 1
      ? `"${keyword}" needs a number here, not ${JSON.stringify(value)}.`
      : `"${keyword}" needs a list of two numbers, for instance [0, 10].`;
  }
  const [low = 0, high = 0] = numbers;
  return takes === 2 && low > high ? `"${keyword}" needs the lower end first: [${high}, ${low}].` : numbers;
}

/** Numbers, and texts that are one; NaN for all else. */
function numberOf(value: unknown): number {
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
}

function edgeOf(compare: Compare, parts: readonly (readonly [Form, readonly number[]])[]): string | undefined {
  const end = parts
    .filter(([form]) => form.takes === 2)
    .flatMap(([, values]) => values)
    .find((value) => compare(value) === 0);
  return end === undefined
    ? undefined
    : `${number(end)} is an end of the range, which Plumbline and other runners count as inside, though the standard's text can be read the other way.`;
}

export const compareNumber =
  (observed: number): Compare =>
  (bound) =>
    Math.sign(observed - bound);

/**
 * Compares 100 · count / total with a bound in whole numbers, so that 33.333… never decides by rounding. A share of
 * nothing is 0.
 */
export function comparePercent(count: number, total: number): Compare {
  return (bound) => {
    const [digits, scale] = decimalOf(bound);
    if (total === 0) return Math.sign(0 - bound);
    const difference = 100n * BigInt(count) * scale - digits * BigInt(total);
    return difference > 0n ? 1 : difference < 0n ? -1 : 0;
  };
}

/** A number as the decimal that its author wrote: 33.4 → 334 / 10. */
function decimalOf(value: number): readonly [digits: bigint, scale: bigint] {
  const [mantissa = '0', exponent = '0'] = String(value).split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  const power = fraction.length - Number(exponent);
  const digits = BigInt(whole + fraction);
  return power >= 0 ? [digits, 10n ** BigInt(power)] : [digits * 10n ** BigInt(-power), 1n];
}

/** Whether a value that is not counted, the answer of a query, meets the operators; a text says why none can be told. */
export function answerHolds({ operators, node }: OperatorsOf, answer: Exclude<Datum, null>): boolean | string {
  if (operators.length === 0) return noBound(node);
  const observed = numberOf(answer);
  const verdicts = operators.map((operator): boolean | string => {
    const { keyword, value } = operator;
    const isEquality = keyword === 'mustBe' || keyword === 'mustNotBe';
    if (isEquality && (Number.isNaN(observed) || Number.isNaN(numberOf(value)))) {
      return equals(answer, value) === (keyword === 'mustBe');
    }
    const bound = boundOf({ operators: [operator], node });
    if (typeof bound === 'string') return bound;
    if (Number.isNaN(observed)) return `The query gave ${JSON.stringify(answer)}, which is no number to compare.`;
    return bound.holds(compareNumber(observed));
  });
  return verdicts.find((verdict) => typeof verdict === 'string') ?? verdicts.every(Boolean);
}

const equals = (answer: Datum, wanted: unknown): boolean => String(answer) === String(wanted);

/** The operators whose values are numbers, in the unit of whatever a query gives. */
export const limitsOf = (operators: readonly Operator[]): readonly CheckLimit[] =>
  operators.flatMap(({ keyword, value }) => {
    if (!isOperator(keyword)) return [];
    const values = numbersOf(keyword, forms[keyword], value);
    return typeof values === 'string' ? [] : [{ operator: keyword, values, unit: null }];
  });

/** The operators in words, whatever their values are. */
export const wordsOf = (operators: readonly Operator[]): string =>
  operators
    .map(({ keyword, value }) => {
      const form = formOf(keyword);
      const values = (Array.isArray(value) ? value : [value]).map((item) =>
        typeof item === 'number' ? number(item) : typeof item === 'string' ? item : (JSON.stringify(item) ?? ''),
      );
      return typeof form === 'string' ? `${keyword} ${values.join(', ')}` : form.words(values);
    })
    .join(' and ');
