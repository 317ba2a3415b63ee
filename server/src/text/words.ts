/** `29,425`; at most four decimals. */
export const number = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 4 });

/** `1 row`, `3 rows`. */
export const amount = (count: number, singular: string, plural = `${singular}s`): string =>
  `${number(count)} ${count === 1 ? singular : plural}`;

/** `A, B and 3 more`: at most so many are named. */
export function listed(words: readonly string[], most: number): string {
  const more = words.length - most;
  return more > 0 ? `${words.slice(0, most).join(', ')} and ${number(more)} more` : words.join(', ');
}

/** `"a", "b" or "c"`. */
export function quotedList(words: readonly string[], joint: 'and' | 'or'): string {
  const quoted = words.map((word) => `"${word}"`);
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} ${joint} ${quoted.at(-1)}`;
}

/** The words on one line, and of at most so many characters. */
export function cut(words: string, length: number): string {
  const letters = [...words.replace(/\s+/g, ' ')];
  return letters.length > length ? `${letters.slice(0, length - 1).join('')}…` : letters.join('');
}

export const capitalised = (sentence: string): string => sentence.charAt(0).toUpperCase() + sentence.slice(1);
