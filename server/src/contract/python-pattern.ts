/** What ECMA-262 and Python write otherwise, outside of classes. */
const outside: readonly (readonly [python: string, ecma: string])[] = [
  ['\\A', '^'],
  ['\\Z', '$'],
  ['\\w', '[\\p{L}\\p{N}_]'],
  ['\\W', '[^\\p{L}\\p{N}_]'],
  ['\\d', '\\p{Nd}'],
  ['\\D', '\\P{Nd}'],
];
const inside: readonly (readonly [python: string, ecma: string])[] = [
  ['\\w', '\\p{L}\\p{N}_'],
  ['\\d', '\\p{Nd}'],
];

/** What only one of the two knows, or means otherwise: flags, names of groups, boundaries of words, look-behind. */
const alien = /\(\?(?![:=!])|\\[bBsSkpPuUNxc]|\\[1-9]|\[\^?\[/;

/**
 * A regular expression of Python's in ECMA-262. Undefined where the meanings part. Python's `$` also stands before a
 * line end that closes the text; whoever writes it means the end, so it stays.
 */
export function ecmaOf(python: string): string | undefined {
  return alien.test(python) ? undefined : rewritten(python, outside, inside);
}

/** A pattern of ECMA-262 in the words of Python. Undefined where the meanings part. */
export function pythonOf(ecma: string): string | undefined {
  const back = (pairs: typeof outside) => pairs.map(([python, other]) => [other, python] as const);
  if (alien.test(ecma.replaceAll(/\\p\{(?:L|Nd?)\}/g, ''))) return undefined;
  const written = rewritten(
    ecma,
    [
      ...back(outside.slice(2)),
      ['\\d', '[0-9]'],
      ['\\D', '[^0-9]'],
      ['\\w', '[A-Za-z0-9_]'],
      ['\\W', '[^A-Za-z0-9_]'],
      ['$', '\\Z'],
    ],
    [...back(inside), ['\\d', '0-9'], ['\\w', 'A-Za-z0-9_']],
  );
  return written !== undefined && /\\[pP]\{/.test(written) ? undefined : written;
}

type Pairs = readonly (readonly [from: string, to: string])[];

function rewritten(source: string, plain: Pairs, classes: Pairs): string | undefined {
  const parts: string[] = [];
  let inClass = false;
  let at = 0;
  while (at < source.length) {
    const pair = (inClass ? classes : plain).find(([from]) => source.startsWith(from, at));
    const length = pair ? pair[0].length : source[at] === '\\' ? 2 : 1;
    const piece = source.slice(at, at + length);
    if (!pair && piece === '[') inClass = true;
    if (!pair && piece === ']') inClass = false;
    // The opposite of a class has no word within another in Python's and ours alike.
    if (inClass && /^\\[WD]$/.test(piece)) return undefined;
    parts.push(pair ? pair[1] : piece);
    at += length;
  }
  return parts.join('');
}
