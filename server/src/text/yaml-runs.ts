/** Items of one block list that stand on lines of their own: whole lines, one item after another. */
export interface Run {
  /** Blanks before each dash. */
  readonly column: number;
  /** Where the line of each item starts. */
  readonly starts: readonly number[];
  /** Where the line after the last one starts. */
  readonly end: number;
}

const SPACE = 32;
const HASH = 35;
const DASH = 45;

/** Characters below which taking a run out of its text costs more than it saves. */
const shortest = 600;

/**
 * The outermost block lists of a text, as far as its lines tell: what looks like a list may still be part of a longer
 * scalar, so that whoever takes runs out has to see whether a parser finds lists there. Only what is indented deeper than
 * `above` counts, from the line that starts at `from`.
 */
export function runsIn(text: string, from: number, above: number): readonly Run[] {
  const runs: Run[] = [];
  const hasScalars = text.includes('|') || text.includes('>');
  let open: Open | undefined;
  let scalar = Number.MAX_SAFE_INTEGER;
  const close = (end: number): void => {
    const run = open && closed(open, end);
    if (run) runs.push(run);
    open = undefined;
  };
  for (let start = from, next = from; start < text.length; start = next) {
    const feed = text.indexOf('\n', start);
    next = feed < 0 ? text.length : feed + 1;
    const first = firstIn(text, start);
    const indent = first - start;
    if (isLineEnd(text, first)) {
      if (open) open.tail ??= start;
      continue;
    }
    if (indent > scalar) {
      if (open) Object.assign(open, content, { inScalar: true });
      continue;
    }
    scalar = Number.MAX_SAFE_INTEGER;
    const sign = text.charCodeAt(first);
    if (sign === HASH) {
      if (open) open.tail ??= start;
      if (open) open.isTold = true;
      continue;
    }
    const isItem = sign === DASH && (text.charCodeAt(first + 1) === SPACE || isLineEnd(text, first + 1));
    if (open && (indent < open.column || (indent === open.column && !isItem))) close(start);
    if (isItem && indent === open?.column) open.starts.push(start);
    else if (isItem && !open && indent > above) open = { column: indent, starts: [start], ...content };
    if (open?.tail !== undefined || open?.inScalar) Object.assign(open, content);
    if (hasScalars && beginsScalar(text, first, next)) scalar = indent;
  }
  close(text.length);
  return runs;
}

interface Open {
  readonly column: number;
  readonly starts: number[];
  /** Where the blank lines and comments start that nothing has followed yet. */
  tail: number | undefined;
  /** Whether there are comments among them. */
  isTold: boolean;
  /** Whether the last line of content is one of a block scalar. */
  inScalar: boolean;
}

const content: Pick<Open, 'tail' | 'isTold' | 'inScalar'> = { tail: undefined, isTold: false, inScalar: false };

/** A comment, or blank lines of a block scalar, may belong to the last item or to what follows: that item stays where it is. */
function closed({ column, starts, tail, isTold, inScalar }: Open, end: number): Run | undefined {
  const isDoubtful = isTold || inScalar;
  const kept = isDoubtful ? starts.slice(0, -1) : starts;
  const run = { column, starts: kept, end: isDoubtful ? (starts.at(-1) ?? end) : (tail ?? end) };
  return kept[0] !== undefined && run.end - kept[0] >= shortest ? run : undefined;
}

function firstIn(text: string, start: number): number {
  let at = start;
  while (text.charCodeAt(at) === SPACE) at++;
  return at;
}

function isLineEnd(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return at >= text.length || code === 10 || (code === 13 && text.charCodeAt(at + 1) === 10);
}

const header = /(?:^|[:\-?]\s+|\s[&!]\S*\s+)[|>][-+\d]*\s*(?:#.*)?$/;

/** Whether a line ends with the header of a block scalar. */
function beginsScalar(text: string, first: number, next: number): boolean {
  const line = text.slice(first, next);
  return (line.includes('|') || line.includes('>')) && header.test(line.trimEnd());
}
