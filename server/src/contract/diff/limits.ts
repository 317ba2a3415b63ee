import type { Scalar } from '../../text/tree';
import { isEqual, type Shift } from './change';
import { shiftOfPhysical } from './types';

type Options = Readonly<Record<string, Scalar>>;

/** A limit of a type's values, which one option or two of them state. */
export interface Limit {
  /** The option by which it is named and found. */
  readonly option: string;
  readonly before: Scalar | undefined;
  readonly after: Scalar | undefined;
  readonly shift: Shift;
}

/** What a greater value of an option allows. */
const greater: Readonly<Record<string, 'more' | 'less'>> = {
  minLength: 'less',
  maxLength: 'more',
  minItems: 'less',
  maxItems: 'more',
  minProperties: 'less',
  maxProperties: 'more',
  minimum: 'less',
  exclusiveMinimum: 'less',
  maximum: 'more',
  exclusiveMaximum: 'more',
  precision: 'more',
  scale: 'more',
};

/** Options of which one stands in for the other. */
const pairs: Readonly<Record<string, string>> = { exclusiveMinimum: 'minimum', exclusiveMaximum: 'maximum' };

/** The limits that differ between the options of two types. */
export function limitsBetween(before: Options, after: Options): readonly Limit[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  // Both spellings of a bound are one limit.
  const bounds = new Set(names.map((name) => pairs[name] ?? name));
  return [...bounds].flatMap((name) => {
    const exclusive = Object.keys(pairs).find((key) => pairs[key] === name);
    const [old, now] = [boundIn(before, name, exclusive), boundIn(after, name, exclusive)];
    const shift = shiftOfOption(name, old, now);
    const option = now?.option ?? old?.option ?? name;
    return shift === 'same' ? [] : [{ option, before: old?.value, after: now?.value, shift }];
  });
}

interface Bound {
  readonly option: string;
  readonly value: Scalar;
  readonly exclusive: boolean;
}

function boundIn(options: Options, name: string, exclusive: string | undefined): Bound | undefined {
  const strict = exclusive === undefined ? undefined : options[exclusive];
  if (exclusive !== undefined && strict !== undefined) return { option: exclusive, value: strict, exclusive: true };
  const value = options[name];
  return value === undefined ? undefined : { option: name, value, exclusive: false };
}

function shiftOfOption(name: string, before: Bound | undefined, after: Bound | undefined): Shift {
  if (!before || !after) return before ? 'looser' : after ? 'tighter' : 'same';
  if (isEqual(before.value, after.value))
    return before.exclusive === after.exclusive ? 'same' : after.exclusive ? 'tighter' : 'looser';
  if (name === 'uniqueItems') return after.value === true ? 'tighter' : 'looser';
  if (name === 'multipleOf') return shiftOfSteps(Number(before.value), Number(after.value));
  if (name === 'format') return shiftOfPhysical(String(before.value), String(after.value));
  const order = orderOf(before.value, after.value);
  const allows = greater[name];
  if (order === undefined || allows === undefined) return 'other';
  return order > 0 === (allows === 'more') ? 'looser' : 'tighter';
}

function shiftOfSteps(before: number, after: number): Shift {
  const isMultiple = (one: number, of: number) => Math.abs(one / of - Math.round(one / of)) < 1e-9;
  if (isMultiple(after, before)) return 'tighter';
  return isMultiple(before, after) ? 'looser' : 'other';
}

/** Above zero when the second is greater; days and moments of ISO 8601 are ordered as texts. Undefined for what has no order. */
function orderOf(before: Scalar, after: Scalar): number | undefined {
  const numbers = [before, after].map((value) =>
    typeof value === 'boolean' || value === null ? Number.NaN : Number(value),
  );
  const [old = Number.NaN, now = Number.NaN] = numbers;
  if (!Number.isNaN(old) && !Number.isNaN(now)) return now - old;
  const isMoment = (value: Scalar): value is string =>
    typeof value === 'string' && /^(?:\d{4}-\d\d-\d\d|\d\d:\d\d)/.test(value);
  return isMoment(before) && isMoment(after) ? (after > before ? 1 : -1) : undefined;
}
