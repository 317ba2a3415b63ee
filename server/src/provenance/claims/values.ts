import type { Datum } from '../../protocol';

/** Whether two parameters are one, however a tracker wrote them: MLflow keeps texts, and Python spells True and None. */
export function sameValue(a: Datum, b: Datum): boolean {
  const [left, right] = [settled(a), settled(b)];
  if (typeof left === 'number' && typeof right === 'number') return closeTo(left, right);
  return JSON.stringify(left) === JSON.stringify(right);
}

const words: Readonly<Record<string, Datum>> = { true: true, false: false, none: null, null: null };

/** The value that a text spells. */
function settled(value: Datum): Datum {
  if (typeof value !== 'string') return Array.isArray(value) ? value.map(settled) : sorted(value);
  const text = value.trim();
  const word = words[text.toLowerCase()];
  if (word !== undefined) return word;
  if (/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text))
    return Number.isSafeInteger(Number(text)) || /[.e]/i.test(text) ? Number(text) : text;
  return /^[[{(]/.test(text) ? listed(text) : text;
}

function sorted(value: Datum): Datum {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]) => [key, settled(inner)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** A list as JSON or as Python prints it; the text itself when it is neither. */
function listed(text: string): Datum {
  const python = text
    .replace(/^\((.*?),?\)$/s, '[$1]')
    .replaceAll("'", '"')
    .replaceAll(/\b(True|False|None)\b/g, (word) => String(words[word.toLowerCase()]));
  for (const attempt of [text, python]) {
    try {
      return settled(JSON.parse(attempt) as Datum);
    } catch {
      // Then it is spelt the other way, or it is a text.
    }
  }
  return text;
}

/** Equal to nine digits, which is more than trackers lose. */
export const closeTo = (a: number, b: number): boolean =>
  Object.is(a, b) || a === b || Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));

/** Whether a figure is the one that is written, to as many decimals as it is written with: 0.81 is 0.8123, but 1 is not 0.8. */
export function writtenAs(spelt: string, written: number, actual: number): boolean {
  if (closeTo(written, actual)) return true;
  const [, decimals, exponent = '0'] = /\.(\d+)(?:e([-+]?\d+))?$/i.exec(spelt.trim()) ?? [];
  if (decimals === undefined) return false;
  return Math.abs(written - actual) <= 0.5 * 10 ** (Number(exponent) - decimals.length) * (1 + 1e-9);
}

/** The value of a name, or of the one dotted name that ends in it: `lr` for `train.lr`. Undefined when several do, or none. */
export function valueCalled<T>(name: string, values: Readonly<Record<string, T>>): T | undefined {
  if (Object.hasOwn(values, name)) return values[name];
  const ends = Object.keys(values).filter((key) => key.endsWith(`.${name}`));
  return ends.length === 1 && ends[0] !== undefined ? values[ends[0]] : undefined;
}

/** `>= 0.78` as a question about a figure; `%` is hundredths. Undefined when it is no condition. */
export function conditionOf(text: string): ((figure: number) => boolean) | undefined {
  const [, sign = '', digits, percent] =
    /^\s*(>=|<=|>|<|==|=|!=|≥|≤|≠)\s*(-?\d+(?:\.\d+)?(?:e[-+]?\d+)?)\s*(%?)\s*$/i.exec(text) ?? [];
  const holds = signs[sign];
  if (digits === undefined || !holds) return undefined;
  const limit = percent ? Number(digits) / 100 : Number(digits);
  return (figure) => holds(figure, limit);
}

const atLeast = (a: number, b: number): boolean => a >= b;
const atMost = (a: number, b: number): boolean => a <= b;
const unequal = (a: number, b: number): boolean => !closeTo(a, b);
const signs: Readonly<Record<string, (figure: number, limit: number) => boolean>> = {
  '>=': atLeast,
  '≥': atLeast,
  '<=': atMost,
  '≤': atMost,
  '>': (a, b) => a > b,
  '<': (a, b) => a < b,
  '=': closeTo,
  '==': closeTo,
  '!=': unequal,
  '≠': unequal,
};
