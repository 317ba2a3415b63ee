import type { Span } from '../../text/tree';

/** How a language writes what can name something. */
interface Syntax {
  /** Where a comment begins; it ends with the line, or with what is given. */
  readonly comments: Readonly<Record<string, string>>;
  /** Opening quote → what closes it. Those that begin alike: the longer first. */
  readonly strings: Readonly<Record<string, Closing>>;
  /** What stands for itself without quotes. */
  readonly words?: string;
}

interface Closing {
  readonly close: string;
  /** Left out: a backslash keeps the next character from closing. */
  readonly escapes?: 'none' | 'doubled';
  /** Ends with the line even where it is not closed. */
  readonly oneLine?: boolean;
}

/** A text that stands for itself, without its quotes. */
export interface Literal {
  readonly span: Span;
  readonly quoted: boolean;
}

const LINE = '\n';
const line = (close: string): Closing => ({ close, oneLine: true });

/** By the id that VS Code has for the language. */
const syntaxes: Readonly<Record<string, Syntax>> = {
  python: {
    comments: { '#': LINE },
    strings: { '"""': { close: '"""' }, "'''": { close: "'''" }, '"': line('"'), "'": line("'") },
  },
  r: {
    comments: { '#': LINE },
    strings: {
      'r"(': { close: ')"', escapes: 'none' },
      "r'(": { close: ")'", escapes: 'none' },
      'R"(': { close: ')"', escapes: 'none' },
      "R'(": { close: ")'", escapes: 'none' },
      '"': { close: '"' },
      "'": { close: "'" },
    },
  },
  sql: {
    comments: { '--': LINE, '/*': '*/' },
    strings: { "'": { close: "'", escapes: 'doubled' }, '"': { close: '"', escapes: 'doubled' } },
    words: '[\\w.@:]+(?:/[\\w.@:]+)+',
  },
  shellscript: {
    comments: { '#': LINE },
    strings: { "'": { close: "'", escapes: 'none' }, '"': { close: '"' } },
    words: '\\\\[\\s\\S]|[^\\s"\'#;|&<>()=,`\\\\][^\\s"\';|&<>()=,`\\\\]*',
  },
  dockerfile: {
    comments: { '#': LINE },
    strings: { "'": { close: "'", escapes: 'none' }, '"': line('"') },
    words: '\\\\[\\s\\S]|[^\\s"\'#;|&<>()=,`\\\\\\[\\]][^\\s"\';|&<>()=,`\\\\\\[\\]]*',
  },
};

/** Languages whose texts are looked at, beside YAML and JSON. */
export const codeLanguages: readonly string[] = Object.keys(syntaxes);

interface Scanner extends Syntax {
  /** Finds the next comment, string or word. */
  readonly next: RegExp;
}

const scanners = new Map<string, Scanner>();

function scannerOf(language: string): Scanner | undefined {
  const known = scanners.get(language);
  const syntax = syntaxes[language];
  if (known || !syntax) return known;
  const { comments, strings, words } = syntax;
  const openings = [...Object.keys(comments), ...Object.keys(strings)].map(escaped);
  const next = new RegExp([...openings, ...(words ? [words] : [])].join('|'), 'g');
  scanners.set(language, { ...syntax, next });
  return scanners.get(language);
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');

/** The strings of a code text, and the bare words of languages that have paths without quotes. In the order of the text. */
export function* literalsIn(text: string, language: string): Generator<Literal> {
  const scanner = scannerOf(language);
  if (!scanner) return;
  const { comments, strings } = scanner;
  // A copy, since two texts may be scanned in turns.
  const next = new RegExp(scanner.next);
  for (let match = next.exec(text); match; match = next.exec(text)) {
    const [found] = match;
    const start = match.index + found.length;
    const comment = comments[found];
    const closing = strings[found];
    if (comment !== undefined) {
      const end = text.indexOf(comment, start);
      next.lastIndex = end < 0 ? text.length : end + comment.length;
    } else if (closing) {
      const end = endOfString(text, start, closing);
      next.lastIndex = end.after;
      if (end.closed) yield { span: { start, end: end.at }, quoted: true };
    } else {
      yield { span: { start: match.index, end: start }, quoted: false };
    }
  }
}

/** Where a string ends, and where the text goes on after it. */
function endOfString(text: string, start: number, { close, escapes, oneLine }: Closing) {
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (character === '\\' && escapes === undefined) at++;
    else if (oneLine && (character === '\n' || character === '\r')) return { at, after: at, closed: false };
    else if (character === close[0] && text.startsWith(close, at)) {
      if (escapes !== 'doubled' || text[at + 1] !== close) return { at, after: at + close.length, closed: true };
      at++;
    }
  }
  return { at: text.length, after: text.length, closed: false };
}
