import { readable } from './outcome';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** The one way of words into a page. */
export const escaped = (words: string): string =>
  readable(words).replace(/[&<>"']/g, (letter) => entities[letter] ?? letter);
