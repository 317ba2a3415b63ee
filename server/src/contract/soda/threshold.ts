/** What a figure must be: operators of ODCS, all of which hold. */
export type Limit = readonly (readonly [keyword: string, value: unknown])[];

/** A comparison as SodaCL writes it behind a metric: `= 0`, `between 10 and (20`, `< 5 %`. */
const comparison = /^(=|!=|<>|>=|<=|>|<)\s*(-?[\d.]+(?:e-?\d+)?)\s*%?$/i;
const range = /^(not\s+)?between\s+([[(]?)\s*(-?[\d.]+)\s*%?\s+and\s+(-?[\d.]+)\s*%?\s*([\])]?)$/i;

const operators: Readonly<Record<string, string>> = {
  '=': 'mustBe',
  '!=': 'mustNotBe',
  '<>': 'mustNotBe',
  '>': 'mustBeGreaterThan',
  '>=': 'mustBeGreaterOrEqualTo',
  '<': 'mustBeLessThan',
  '<=': 'mustBeLessOrEqualTo',
};

const opposites: Readonly<Record<string, string>> = {
  mustBe: 'mustNotBe',
  mustNotBe: 'mustBe',
  mustBeGreaterThan: 'mustBeLessOrEqualTo',
  mustBeGreaterOrEqualTo: 'mustBeLessThan',
  mustBeLessThan: 'mustBeGreaterOrEqualTo',
  mustBeLessOrEqualTo: 'mustBeGreaterThan',
  mustBeBetween: 'mustNotBeBetween',
  mustNotBeBetween: 'mustBeBetween',
};

/** What a comparison of SodaCL says; a text about what is wrong with one that says nothing. */
export function limitIn(words: string): Limit | string {
  const text = words.trim();
  const [, sign = '', bound = ''] = comparison.exec(text) ?? [];
  const keyword = operators[sign];
  if (keyword !== undefined && Number.isFinite(Number(bound))) return [[keyword, Number(bound)]];
  const between = range.exec(text);
  if (!between) return `"${text}" is no comparison. Write "= 0", "> 10" or "between 1 and 9".`;
  const [, not, opens, from, to, closes] = between;
  const [low, high] = [Number(from), Number(to)];
  if (!(low <= high)) return `"${text}" has its lower end last: nothing is between ${from} and ${to}.`;
  return not === undefined ? inside(low, opens === '(', high, closes === ')') : outside(low, opens, high, closes);
}

/** Ends count as inside unless they are said not to. */
function inside(low: number, isAbove: boolean, high: number, isBelow: boolean): Limit {
  if (!isAbove && !isBelow) return [['mustBeBetween', [low, high]]];
  return [
    [isAbove ? 'mustBeGreaterThan' : 'mustBeGreaterOrEqualTo', low],
    [isBelow ? 'mustBeLessThan' : 'mustBeLessOrEqualTo', high],
  ];
}

const outside = (low: number, opens = '', high: number, closes = ''): Limit | string =>
  opens === '(' || closes === ')'
    ? 'A range outside of which figures must be has no open ends here.'
    : [['mustNotBeBetween', [low, high]]];

/** The opposite of what an alert says: `when > 5` fails above five. */
export function limitOfAlert(alert: unknown): Limit | string {
  const [, words] = typeof alert === 'string' ? (/^\s*when\s+(.+)$/is.exec(alert) ?? []) : [];
  if (words === undefined) return `An alert begins with "when", as in "when > 5", not ${JSON.stringify(alert)}.`;
  const limit = limitIn(words);
  if (typeof limit === 'string') return limit;
  const [only, ...others] = limit;
  const keyword = only && opposites[only[0]];
  return only && keyword !== undefined && others.length === 0
    ? [[keyword, only[1]]]
    : 'An alert on a range with open ends is nothing that Plumbline can say.';
}

/** Operators of contracts with those of ODCS; version 3 has two longer spellings. */
export const contractOperators: Readonly<Record<string, string>> = {
  must_be: 'mustBe',
  must_not_be: 'mustNotBe',
  must_be_greater_than: 'mustBeGreaterThan',
  must_be_greater_than_or_equal: 'mustBeGreaterOrEqualTo',
  must_be_greater_than_or_equal_to: 'mustBeGreaterOrEqualTo',
  must_be_less_than: 'mustBeLessThan',
  must_be_less_than_or_equal: 'mustBeLessOrEqualTo',
  must_be_less_than_or_equal_to: 'mustBeLessOrEqualTo',
  must_be_between: 'mustBeBetween',
  must_be_not_between: 'mustNotBeBetween',
};

const bounds: readonly (readonly [key: string, operator: string])[] = [
  ['greater_than', 'mustBeGreaterThan'],
  ['greater_than_or_equal', 'mustBeGreaterOrEqualTo'],
  ['less_than', 'mustBeLessThan'],
  ['less_than_or_equal', 'mustBeLessOrEqualTo'],
];

/** The limit that keys `must_be…` say; undefined where there are none, a text about what is wrong. */
export function limitOfKeys(keys: Readonly<Record<string, unknown>>): Limit | string | undefined {
  const said = Object.entries(keys).filter(([key]) => Object.hasOwn(contractOperators, key));
  if (said.length > 1)
    return `A threshold has one comparison, and this has ${said.map(([key]) => `"${key}"`).join(' and ')}.`;
  const [first] = said;
  if (!first) return undefined;
  const [key, value] = first;
  if (!/between$/.test(key)) {
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isFinite(number))
      return `"${key}" needs a number, not ${JSON.stringify(value)}.`;
    return [[contractOperators[key] ?? key, number]];
  }
  return rangeOf(key, value);
}

function rangeOf(key: string, value: unknown): Limit | string {
  const isInner = key === 'must_be_between';
  if (Array.isArray(value)) {
    const [low, high] = value.map(Number);
    if (value.length !== 2 || low === undefined || high === undefined || !(low <= high))
      return `"${key}" needs two numbers, the lower first, as in [1, 9].`;
    return [[contractOperators[key] ?? key, [low, high]]];
  }
  if (typeof value !== 'object' || value === null) return `"${key}" needs a lower and an upper bound.`;
  const given = bounds.flatMap(([bound, operator]) => {
    const number = (value as Readonly<Record<string, unknown>>)[bound];
    return typeof number === 'number' ? [[operator, number] as const] : [];
  });
  const [above, below, ...others] = given;
  if (!above || !below || others.length > 0 || !/Greater/.test(above[0]) || !/Less/.test(below[0]))
    return `"${key}" needs one of greater_than and greater_than_or_equal, and one of less_than and less_than_or_equal.`;
  if (isInner && above[1] >= below[1])
    return `Nothing is above ${above[1]} and below ${below[1]}: swap the bounds of "${key}".`;
  if (isInner) {
    const isClosed = above[0] === 'mustBeGreaterOrEqualTo' && below[0] === 'mustBeLessOrEqualTo';
    return isClosed ? [['mustBeBetween', [above[1], below[1]]]] : [above, below];
  }
  if (above[1] <= below[1])
    return `"${key}" says where figures must be: above the upper end or below the lower, so greater_than is the larger.`;
  return above[0] === 'mustBeGreaterThan' && below[0] === 'mustBeLessThan'
    ? [['mustNotBeBetween', [below[1], above[1]]]]
    : `"${key}" takes greater_than and less_than here: a range with open ends is nothing that Plumbline can say.`;
}
