import type { Datum } from '../../server/src/protocol';

/** What a browser has; tests of figures run without one. */
const page = globalThis as {
  readonly document?: { readonly documentElement: { readonly lang: string } };
  readonly navigator?: { readonly language: string };
};

/** The language of the editor's window, which the panel writes on the page. */
export const language = [page.document?.documentElement.lang, page.navigator?.language].find(isLanguage) ?? 'en';

/** Systems without a locale name theirs `en-US@posix`, which Intl refuses. */
function isLanguage(tag: string | undefined): tag is string {
  try {
    return tag !== undefined && Intl.NumberFormat.supportedLocalesOf(tag).length > 0;
  } catch {
    return false;
  }
}

const formats = new Map<string, Intl.NumberFormat>();

/** Intl's formatters are slow to make and a table asks for thousands of figures. */
function formatted(value: number, options: Intl.NumberFormatOptions): string {
  const key = JSON.stringify(options);
  const format = formats.get(key) ?? new Intl.NumberFormat(language, options);
  formats.set(key, format);
  return format.format(value).replace(/^-/, minus).replace('E-', 'e−');
}

const minus = '−';
const space = '\u00a0';
const mostDigits = 17;

/** The number with every digit it has, for hover and detail; a power of ten where it would be mostly zeros. */
export function full(value: number): string {
  const size = Math.abs(value);
  const notation = size > 0 && (size < 1e-6 || size >= 1e21) ? 'scientific' : 'standard';
  return formatted(value, { maximumSignificantDigits: mostDigits, notation });
}

/** `29,425` */
export function count(value: number): string {
  return formatted(value, { maximumFractionDigits: 0 });
}

/** A number as short as six digits let it be; integers whole. */
export function short(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e15 ? count(value) : significant(value, 6);
}

/** Very large and very small ones in scientific notation. */
export function significant(value: number, digits: number): string {
  const size = Math.abs(value);
  const notation = size !== 0 && (size >= 1e15 || size < 1e-4) ? 'scientific' : 'standard';
  return formatted(value, { maximumSignificantDigits: digits, notation });
}

/**
 * Digits after the point that a share of `rows` carries: its standard error is at most ½ ∕ √rows.
 * 100 rows carry one, 10,000 two, 27,000 three.
 */
export function shareDigits(rows: number): number {
  return Math.min(6, Math.max(1, Math.ceil(Math.log10(Math.sqrt(Math.max(rows, 1))))));
}

/** With exactly so many digits after the point. */
export function decimals(value: number, digits: number): string {
  return formatted(value, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** A mean or a statistic over `rows`, with one digit more than its share of the rows' noise. */
export function measured(value: number, rows: number): string {
  return significant(value, shareDigits(rows) + 1);
}

/** `4.9 %` of a share between 0 and 1, with the digits that `rows` carry; what is there is never told as 0. */
export function share(value: number, rows: number): string {
  const digits = Math.max(0, shareDigits(rows) - 2);
  const least = 10 ** -digits;
  if (value === 0) return `0${space}%`;
  if (value > 0 && value * 100 < least / 2) return `< ${formatted(least, {})}${space}%`;
  return `${formatted(value * 100, { minimumFractionDigits: digits, maximumFractionDigits: digits })}${space}%`;
}

/** A counted per cent, which is exact: two digits when it is small. */
export function percent(value: number): string {
  if (value === 0) return `0${space}%`;
  const options = value < 1 ? { maximumSignificantDigits: 2 } : { maximumFractionDigits: 1 };
  // Rounding up to 100 would tell that all rows do what some do not.
  const shown = value > 99.9 && value < 100 ? Math.floor(value * 100) / 100 : value;
  return `${formatted(shown, shown === value ? options : { maximumFractionDigits: 2 })}${space}%`;
}

/** `+1.3 points` between two shares of `rows`. */
export function points(difference: number, rows: number): string {
  const digits = Math.max(0, shareDigits(rows) - 2);
  return formatted(difference * 100, {
    signDisplay: 'exceptZero',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** A p-value: small ones as a bound, since their digits say nothing. */
export function pValue(value: number): string {
  return value < 0.001 ? `< ${formatted(0.001, {})}` : formatted(value, { maximumSignificantDigits: 2 });
}

/** A value as other programs read it, for the clipboard. */
export function plain(value: Datum): string {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Rows of a table as tab-separated text, one line a row; tabs and line ends within a value become spaces. */
export function tabSeparated(rows: readonly (readonly string[])[]): string {
  return `${rows.map((row) => row.map((cell) => cell.replace(/[\t\r\n]+/g, ' ')).join('\t')).join('\n')}\n`;
}
