import { judgedApart, type Limit } from './thread';

/** Compiles as ECMA-262 with the flag `u`, else without it: older patterns escape letters that `u` refuses. */
export function compile(pattern: string): RegExp | undefined {
  for (const flags of ['u', '']) {
    try {
      return new RegExp(pattern, flags);
    } catch {
      // The next flags may take it.
    }
  }
  return undefined;
}

/** ECMA-262's white space, as the inside of an RE2 class; RE2's own `\s` knows only ASCII. */
const SPACE =
  '\\t\\n\\v\\f\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}';
/** ECMA-262's dot leaves out four line ends, RE2's one. */
const DOT = '[^\\n\\r\\x{2028}\\x{2029}]';
/** RE2 unrolls counted repetitions and refuses more than this many. */
const MOST_REPEATS = 1000;

/**
 * The pattern as RE2 reads it with the same meaning, or undefined when that is not certain: look-around, references back,
 * word boundaries of classes, property escapes, or anything that the two read differently. Then only JavaScript can run
 * it. `pattern` must compile.
 */
export function re2Of(pattern: string): string | undefined {
  // Without the flag `u` JavaScript sees halves of characters past U+FFFF, so only plain ASCII is certain.
  if (!compile(pattern)?.unicode && /[^ -~]|\\u/.test(pattern)) return undefined;
  const parts: string[] = [];
  let groups = 1;
  let single = 1;
  let at = 0;
  while (at < pattern.length) {
    const rest = pattern.slice(at);
    const token = tokens.find(([form]) => form.test(rest));
    const text = token?.[0].exec(rest)?.[0];
    const written = text === undefined ? undefined : token?.[1](text);
    if (text === undefined || written === undefined) return undefined;
    if (pattern[at - 1] === ')') groups *= repeatsOf(text);
    else single = Math.max(single, repeatsOf(text));
    parts.push(written);
    at += text.length;
  }
  return groups * single > MOST_REPEATS ? undefined : parts.join('');
}

type Write = (text: string) => string | undefined;
const asIs: Write = (text) => text;

/** Pieces that both engines know, each at the start of what is left. What fits none is not known to be alike. */
const tokens: readonly (readonly [RegExp, Write])[] = [
  [/^\[\^?(?:\\[\s\S]|[^\]\\])+\]/, (text) => classOf(text)],
  [/^\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|u\{[0-9a-fA-F]+\}|[\s\S])/, (text) => escapeOf(text, 'outside')],
  [/^\((?:\?:|\?<[A-Za-z_]\w*>)?(?!\?)/, () => '(?:'],
  [/^\)/, asIs],
  [/^\./, () => DOT],
  [/^(?:[*+?]|\{\d+(?:,\d*)?\})\??/, asIs],
  [/^[|^$]/, asIs],
  [/^[^\\()[\]{}.*+?|^$\uD800-\uDFFF]/, asIs],
  [/^[\uD800-\uDBFF][\uDC00-\uDFFF]/, asIs],
];

/** How often a counted repetition runs at most; 1 for all else. Those of groups multiply what is inside. */
function repeatsOf(token: string): number {
  const [, least = '1', most] = /^\{(\d+)(?:,(\d*))?\}/.exec(token) ?? [];
  return Math.max(1, Number(least), Number(most || 1));
}

function classOf(text: string): string | undefined {
  const negated = text.startsWith('[^');
  const inner = text.slice(negated ? 2 : 1, -1);
  const parts = inner.match(
    /\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|u\{[0-9a-fA-F]+\}|[\s\S])|[\uD800-\uDBFF][\uDC00-\uDFFF]|[\s\S]/g,
  );
  const written = parts?.map((part) =>
    part.startsWith('\\') ? escapeOf(part, 'class') : /[[\]&~]/.test(part) ? `\\${part}` : loneSurrogate(part),
  );
  // A range that ends in a class of characters, `[\w-z]`, is a dash to one engine and an error to the other.
  if (!written || written.includes(undefined) || /\\[dDwWsS]-|-\\[dDwWsS]/.test(inner)) return undefined;
  return `[${negated ? '^' : ''}${written.join('')}]`;
}

const loneSurrogate = (part: string): string | undefined =>
  part.length === 1 && /[\uD800-\uDFFF]/.test(part) ? undefined : part;

const sameEscapes = new Set([...'dDwWtnrfv']);

function escapeOf(text: string, where: 'class' | 'outside'): string | undefined {
  const letter = text[1] ?? '';
  const code = /^\\(?:x|u\{?)([0-9a-fA-F]{2,})\}?$/.exec(text)?.[1];
  if (code !== undefined) return codePoint(Number.parseInt(code, 16));
  if (sameEscapes.has(letter)) return text;
  if (letter === 's') return where === 'class' ? SPACE : `[${SPACE}]`;
  if (letter === 'S') return where === 'class' ? undefined : `[^${SPACE}]`;
  if (letter === 'b' || letter === 'B') return where === 'class' ? undefined : text;
  return /[!-/:-@[-`{-~]/.test(letter) ? text : undefined;
}

const codePoint = (code: number): string | undefined =>
  code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? undefined : `\\x{${code.toString(16)}}`;

const PROGRAM = `
const pattern = new RegExp(given.source, given.flags);
return (value) => pattern.test(value);
`;

/**
 * Tests each value in a thread of its own, which a pattern that never ends cannot outlive.
 *
 * @returns One byte a value, 1 where the pattern is found; undefined when `milliseconds` or the signal ended it.
 */
export const matchesOf = (
  { source, flags }: RegExp,
  values: readonly string[],
  limit: Limit,
): Promise<Uint8Array | undefined> => judgedApart({ program: PROGRAM, given: { source, flags } }, values, limit);
