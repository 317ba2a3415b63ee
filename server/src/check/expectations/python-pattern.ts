import { compile, re2Of } from '../pattern';

/** A regular expression of Python's in the words of ECMA-262 and, where it is certain to mean the same, of RE2. */
export interface PythonPattern {
  readonly ecma: string;
  readonly re2: string | undefined;
}

/** Pieces that Python writes otherwise; all that fits none stays. Classes are walked by themselves. */
const outside: readonly (readonly [RegExp, string | ((text: string) => string)])[] = [
  [/^\(\?P</, '(?<'],
  [/^\(\?P=(\w+)\)/, (text) => `\\k<${text.slice(4, -1)}>`],
  [/^\\A/, '^'],
  [/^\\Z/, '$'],
  // Before a line end that closes the text Python's `$` stands too.
  [/^\$/, '(?:\\n?$)'],
  // Letters and digits of all scripts, where ECMA-262 knows ASCII only.
  [/^\\w/, '[\\p{L}\\p{N}_]'],
  [/^\\W/, '[^\\p{L}\\p{N}_]'],
  [/^\\d/, '\\p{Nd}'],
  [/^\\D/, '[^\\p{Nd}]'],
  [/^\\[\s\S]/, (text) => text],
];

const inClass: Readonly<Record<string, string>> = { '\\w': '\\p{L}\\p{N}_', '\\d': '\\p{Nd}' };

/** Undefined for what is no pattern, or says flags that ECMA-262 has no words for. */
export function pythonPattern(source: string): PythonPattern | undefined {
  const [flags = '', letters = ''] = /^\(\?([a-z]+)\)/.exec(source) ?? [];
  if (/[^iu]/.test(letters)) return undefined;
  const ecma = translated(source.slice(flags.length));
  if (!compile(ecma)) return undefined;
  const re2 = engineForm(ecma);
  if (!letters.includes('i')) return { ecma, re2 };
  return re2 === undefined ? undefined : { ecma, re2: `(?i)${re2}` };
}

/** Classes of letters and digits, of which both engines know the same names, and what stands for each meanwhile. */
const classes: readonly (readonly [string, string])[] = [
  ['\\p{L}', '\uE000'],
  ['\\p{N}', '\uE001'],
  ['\\p{Nd}', '\uE002'],
];

function engineForm(ecma: string): string | undefined {
  if (classes.some(([, letter]) => ecma.includes(letter))) return undefined;
  const veiled = classes.reduce((form, [name, letter]) => form.replaceAll(name, letter), ecma);
  const re2 = re2Of(veiled);
  return re2 && classes.reduce((form, [name, letter]) => form.replaceAll(letter, name), re2);
}

function translated(source: string): string {
  const parts: string[] = [];
  let at = 0;
  while (at < source.length) {
    const rest = source.slice(at);
    const [known] = /^\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]/.exec(rest) ?? [];
    if (known !== undefined) {
      parts.push(known.replace(/\\[\s\S]/g, (escaped) => inClass[escaped] ?? escaped));
      at += known.length;
      continue;
    }
    const form = outside.find(([pattern]) => pattern.test(rest));
    const text = form?.[0].exec(rest)?.[0] ?? rest.charAt(0);
    const written = form?.[1] ?? text;
    parts.push(typeof written === 'string' ? written : written(text));
    at += text.length;
  }
  return parts.join('');
}
