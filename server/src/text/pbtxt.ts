import type { Entry, Issue, MapNode, Node, ScalarNode, Span, Tree } from './tree';

/** Levels of nesting. What lies deeper is left out, so that whoever walks the tree may recurse. */
const deepest = 100;
/** Issues of one text: garbage has one on every line, and nobody reads past the first few. */
const mostIssues = 100;
/** Characters. A text that is longer is not read: parsing it would hold up everything else. */
const longestText = 4_000_000;

/**
 * Reads the text format of protocol buffers without a schema: a message is a map, a field that is repeated stands in it
 * as often as in the text, a name without quotes (an enum's) is a string. Broken text gives what could be read, and issues.
 */
export function parsePbtxt(text: string): Tree {
  if (text.length > longestText) {
    const message = 'This file is too large to be read as a text of protocol buffers.';
    return { text, root: undefined, issues: [{ code: 'pbtxt/too-large', message, span: { start: 0, end: 1 } }] };
  }
  return new Reading(text).tree();
}

interface Token {
  readonly kind: 'mark' | 'string' | 'word' | 'end';
  readonly text: string;
  readonly span: Span;
}

/** Blanks and comments, then one token: a mark, a string with its escapes, or a run of anything else. */
const tokens = /(?:\s|#[^\n]*)*(?:([{}<>[\]:,;])|("(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?)|([^\s{}<>[\]:,;"'#]+))?/y;

const closers: ReadonlyMap<string, string> = new Map([
  ['{', '}'],
  ['<', '>'],
]);
const isSeparator = (token: Token): boolean => token.text === ',' || token.text === ';';

class Reading {
  readonly #issues: Issue[] = [];
  #next: Token;

  constructor(readonly text: string) {
    this.#next = this.#tokenAt(0);
  }

  tree(): Tree {
    const root = this.#fields(0, undefined, 0);
    return { text: this.text, root: root.entries.length > 0 ? root : undefined, issues: this.#issues };
  }

  #tokenAt(offset: number): Token {
    tokens.lastIndex = offset;
    const [all = '', mark, string, word] = tokens.exec(this.text) ?? [];
    const text = mark ?? string ?? word ?? '';
    const end = offset + all.length;
    const kind = mark ? 'mark' : string ? 'string' : word ? 'word' : 'end';
    return { kind, text, span: { start: end - text.length, end } };
  }

  #take(): Token {
    const token = this.#next;
    this.#next = this.#tokenAt(token.span.end);
    return token;
  }

  #issue(code: string, message: string, span: Span): void {
    if (this.#issues.length < mostIssues) this.#issues.push({ code: `pbtxt/${code}`, message, span });
  }

  /** Fields up to `closer`, or to the end of the text for the whole of it. */
  #fields(start: number, closer: string | undefined, depth: number): MapNode {
    const entries: Entry[] = [];
    for (;;) {
      const token = this.#next;
      if (token.kind === 'end') {
        if (closer) this.#issue('unclosed', `This message is not closed; add "${closer}".`, { start, end: start + 1 });
        return { kind: 'map', span: { start, end: token.span.end }, entries };
      }
      if (token.text === closer) return { kind: 'map', span: { start, end: this.#take().span.end }, entries };
      if (isSeparator(token)) this.#take();
      else entries.push(...this.#field(depth));
    }
  }

  #field(depth: number): readonly Entry[] {
    const name = this.#take();
    // An extension's or a type's name stands in brackets.
    const key = name.text === '[' ? this.#bracketed(name) : name;
    if (key.kind !== 'word') {
      this.#issue('no-name', `A name of a field is expected here, not ${key.text}.`, key.span);
      return [];
    }
    const hasColon = this.#next.text === ':';
    if (hasColon) this.#take();
    if (!hasColon && !closers.has(this.#next.text)) {
      this.#issue('no-value', `The field "${key.text}" has no value; write "${key.text}: …".`, key.span);
      return [];
    }
    const node: ScalarNode = { kind: 'scalar', span: key.span, value: key.text };
    return [{ key: node, value: this.#value(key, depth + 1) }];
  }

  #bracketed(open: Token): Token {
    let end = open.span.end;
    while (this.#next.kind === 'word') end = this.#take().span.end;
    if (this.#next.text === ']') end = this.#take().span.end;
    return { kind: 'word', text: this.text.slice(open.span.start, end), span: { start: open.span.start, end } };
  }

  #value(key: Token, depth: number): Node {
    const token = this.#next;
    if (depth > deepest) return this.#tooDeep(token);
    const closer = closers.get(token.text);
    if (closer) return this.#fields(this.#take().span.start, closer, depth);
    if (token.kind === 'mark' && token.text === '[') return this.#list(key, depth);
    if (token.kind === 'string') return this.#string();
    if (token.kind === 'word') return scalar(this.#take());
    this.#issue('no-value', `The field "${key.text}" has no value; write one after the colon.`, key.span);
    return { kind: 'scalar', span: { start: key.span.end, end: key.span.end }, value: null };
  }

  /** What lies too deep is passed over, bracket by bracket. */
  #tooDeep(token: Token): Node {
    this.#issue(
      'too-deep',
      `This is nested more than ${deepest} levels deep; only what lies above is read.`,
      token.span,
    );
    let open = 0;
    do {
      const { text, kind } = this.#take();
      if (kind === 'mark' && '{<['.includes(text)) open++;
      if (kind === 'mark' && '}>]'.includes(text)) open--;
    } while (open > 0 && this.#next.kind !== 'end');
    return { kind: 'scalar', span: token.span, value: null };
  }

  #list(key: Token, depth: number): Node {
    const { start } = this.#take().span;
    const items: Node[] = [];
    while (this.#next.kind !== 'end' && this.#next.text !== ']') {
      if (isSeparator(this.#next)) this.#take();
      else if (this.#next.kind === 'mark' && !closers.has(this.#next.text) && this.#next.text !== '[') break;
      else items.push(this.#value(key, depth + 1));
    }
    if (this.#next.text === ']') return { kind: 'list', span: { start, end: this.#take().span.end }, items };
    this.#issue('unclosed', 'This list is not closed; add "]".', { start, end: start + 1 });
    return { kind: 'list', span: { start, end: this.#next.span.start }, items };
  }

  /** Strings that follow each other are one. */
  #string(): ScalarNode {
    const { start } = this.#next.span;
    let end = start;
    const parts: Buffer[] = [];
    while (this.#next.kind === 'string') {
      const token = this.#take();
      end = token.span.end;
      const quote = token.text.charAt(0);
      const closed = token.text.length > 1 && token.text.endsWith(quote);
      if (!closed) this.#issue('unclosed', `This string is not closed; add ${quote}.`, token.span);
      parts.push(bytesOf(token.text.slice(1, closed ? -1 : undefined)));
    }
    return { kind: 'scalar', span: { start, end }, value: Buffer.concat(parts).toString('utf8') };
  }
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v' };

/** A string's bytes: other alphabets are written as the octal bytes of their UTF-8. */
function bytesOf(written: string): Buffer {
  const parts = written.match(/\\(?:[0-7]{1,3}|x[\da-f]{1,2}|.)|[^\\]+|\\/gis) ?? [];
  return Buffer.concat(
    parts.map((part) => {
      if (!part.startsWith('\\')) return Buffer.from(part);
      const code = /^\\([0-7]+)$/.exec(part)?.[1];
      const hex = /^\\x([\da-f]+)$/i.exec(part)?.[1];
      if (code !== undefined) return Buffer.of(Number.parseInt(code, 8) & 255);
      if (hex !== undefined) return Buffer.of(Number.parseInt(hex, 16));
      return Buffer.from(escapes[part.charAt(1)] ?? part.charAt(1));
    }),
  );
}

const words: Readonly<Record<string, boolean | number>> = {
  true: true,
  false: false,
  inf: Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
  nan: Number.NaN,
};

function scalar({ text, span }: Token): ScalarNode {
  const known = Object.hasOwn(words, text) ? words[text] : undefined;
  const digits = text.replace(/^([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)f$/i, '$1');
  const isNumber = known === undefined && /^[-+]?(\d+\.?\d*(e[-+]?\d+)?|\.\d+(e[-+]?\d+)?|0x[\da-f]+)$/i.test(digits);
  const number = isNumber ? Number(digits) : Number.NaN;
  const isLong = isNumber && /^-?\d+$/.test(digits) && !Number.isSafeInteger(number);
  return { kind: 'scalar', span, value: known ?? (isLong ? BigInt(digits) : isNumber ? number : text) };
}
