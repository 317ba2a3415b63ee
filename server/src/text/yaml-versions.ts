import { isScalar, isSeq, type ParsedNode, type YAMLParseError, type YAMLSeq } from 'yaml';
import type { Entry, Issue, ListNode, MapNode, Node, Scalar, ScalarNode, Span, Tree } from './tree';
import { documentsOf, firstOf, longestText, parseYaml, Reading } from './yaml';
import { type Run, runsIn } from './yaml-runs';

/** Characters below which a part is read as a whole. */
const smallest = 1_500;
/** How often a part may be split again. */
const deepest = 4;
/** Levels of nesting that a part may have: all parts together then stay within what `parseYaml` reads. */
const deepestPart = 40;

/**
 * Reads the versions of one text, one after another. A text is a pure function of its parts: the items of its longer
 * block lists are read each by itself, and what is left with a placeholder in place of each list. So a version costs as
 * much as the parts that the version before it has not, and the nodes of all others are the same as before: they know
 * their places from their part, which is moved. A tree therefore gives its nodes up to the next version's.
 *
 * What the parser sees around a part is what it would see in the whole text: an item before and one after it. Where that
 * cannot be told (aliases, several documents, errors between the items, a list that turns out to be none), the text is
 * read by `parseYaml`, whose tree every other equals.
 */
export class YamlVersions {
  #root: Part | undefined;

  read(text: string): Tree {
    if (text.length > longestText) return parseYaml(text);
    try {
      const root = partOf(text, { level: 0, column: -1 }, this.#root);
      root.moveTo(0);
      this.#root = root;
      return { text, root: root.node, issues: firstOf(root.allIssues()) };
    } catch {
      return parseYaml(text);
    }
  }
}

/** What is read of a part depends on more than the part. */
class Doubt extends Error {}

function assured(holds: boolean): asserts holds {
  if (!holds) throw new Doubt();
}

interface Spot {
  readonly level: number;
  /** Of the dash that the part starts with; −1 for a whole text. */
  readonly column: number;
}

/** A list of parts, and the line in the rest of the text that stands for it. */
interface Hole {
  readonly parts: readonly Part[];
  readonly column: number;
  readonly from: number;
  readonly to: number;
  /** Characters that the list is longer than the line. */
  readonly growth: number;
}

const placeholder = (column: number): string => `${' '.repeat(column)}- x\n`;

class Part {
  node: Node | undefined;
  issues: readonly Issue[] = [];
  /** Whether the parser is done with the item where the part ends, and not before. */
  ends = false;
  /** Characters after the part that the parser counts to it: the blanks before the next dash, after a key without a colon. */
  reach = 0;
  #start = 0;

  constructor(
    public text: string,
    readonly holes: readonly Hole[],
  ) {}

  /** Place in the whole text of an offset in what is left of this part. */
  place(offset: number): number {
    let grown = offset;
    for (const { to, growth } of this.holes) {
      if (offset < to) break;
      grown += growth;
    }
    return this.#start + Math.min(grown, this.text.length + this.reach);
  }

  span(from: number, to: number): Span {
    return { start: this.place(from), end: this.place(to) };
  }

  moveTo(start: number): void {
    this.#start = start;
    for (const { from, parts } of this.holes) {
      let next = this.place(from);
      for (const part of parts) {
        part.moveTo(next);
        next += part.text.length;
      }
    }
  }

  allIssues(): readonly Issue[] {
    const own = this.issues.map((issue) => ({ ...issue, span: this.span(issue.span.start, issue.span.end) }));
    return [...own, ...this.holes.flatMap(({ parts }) => parts.flatMap((part) => part.allIssues()))];
  }
}

function partOf(text: string, spot: Spot, before: Part | undefined): Part {
  if (before?.text === text) {
    // The same words of the new text: else a part would hold on to the whole text that it was first read in.
    before.text = text;
    return before;
  }
  const { holes, rest } = split(text, spot, before);
  const part = new Part(text, holes);
  new PartReading(rest, part, spot).read();
  return part;
}

function split(text: string, spot: Spot, before: Part | undefined): { readonly holes: readonly Hole[]; rest: string } {
  const from = spot.column < 0 ? 0 : text.indexOf('\n') + 1;
  const isWhole = text.length < smallest || spot.level >= deepest || (spot.column >= 0 && from === 0);
  const runs = isWhole ? [] : runsIn(text, from, spot.column);
  const pieces: string[] = [];
  const holes: Hole[] = [];
  let done = 0;
  let length = 0;
  for (const [index, run] of runs.entries()) {
    const [start = run.end] = run.starts;
    const line = placeholder(run.column);
    pieces.push(text.slice(done, start), line);
    const at = length + start - done;
    const parts = partsOf(text, run, spot.level + 1, before?.holes[index]);
    holes.push({ parts, column: run.column, from: at, to: at + line.length, growth: run.end - start - line.length });
    done = run.end;
    length = at + line.length;
  }
  return { holes, rest: pieces.join('') + text.slice(done) };
}

/** The parts of a run: those at its start and at its end that were there before are the same. */
function partsOf(text: string, { column, starts, end }: Run, level: number, hole: Hole | undefined): readonly Part[] {
  const texts = starts.map((start, index) => text.slice(start, starts[index + 1] ?? end));
  const old = hole?.column === column ? hole.parts : [];
  const least = Math.min(old.length, texts.length);
  let head = 0;
  while (head < least && old[head]?.text === texts[head]) head++;
  let tail = 0;
  while (tail < least - head && old.at(-1 - tail)?.text === texts.at(-1 - tail)) tail++;
  const shift = old.length - texts.length;
  return texts.map((one, index) => {
    const isTail = index >= texts.length - tail;
    return partOf(one, { level, column }, old[isTail ? index + shift : Math.min(index, old.length - tail - 1)]);
  });
}

/** Reads what is left of a part, with the parts that were taken out of it in their places. */
class PartReading extends Reading {
  readonly #part: Part;
  readonly #spot: Spot;
  #filled = 0;

  constructor(rest: string, part: Part, spot: Spot) {
    super(rest);
    this.#part = part;
    this.#spot = spot;
  }

  read(): void {
    const isItem = this.#spot.column >= 0;
    const text = isItem ? this.text + this.#follower : this.text;
    const [first, second] = documentsOf(text, deepestPart, doubt);
    assured(second === undefined);
    for (const error of first?.errors ?? []) this.syntax(error);
    const content = (first?.contents ?? undefined) as ParsedNode | undefined;
    this.#part.node = isItem ? this.node(this.#only(content)) : content && this.node(content);
    assured(this.#filled === this.#part.holes.length);
    this.#part.issues = this.issues;
  }

  /** An item that follows, so that the part ends as it does in the whole text. */
  get #follower(): string {
    return (this.text.endsWith('\n') ? '' : '\n') + placeholder(this.#spot.column);
  }

  /** The one item that the part is, where the parser finds the following one as it was written. */
  #only(content: ParsedNode | undefined): ParsedNode {
    assured(isSeq(content) && content.items.length === 2 && content.range?.[0] === this.#spot.column);
    const [item, follower] = content.items as ParsedNode[];
    assured(item !== undefined && item !== null && isScalar(follower));
    assured(follower.range?.[0] === this.text.length + this.#follower.length - 2 && follower.value === 'x');
    const [, end = 0, next = 0] = item.range ?? [];
    this.#part.ends = next >= this.text.length;
    if (this.text.endsWith('\n')) this.#part.reach = Math.max(0, end - this.text.length);
    return item;
  }

  /** A list goes on after its last part where the parser goes on: only then the line stands for it. */
  #hole(item: unknown): Hole | undefined {
    if (!isScalar(item)) return undefined;
    const { range } = item;
    const hole = this.#part.holes.find(({ from, column }) => range?.[0] === from + column + 2);
    if (!hole) return undefined;
    const last = hole.parts.at(-1);
    assured(range?.[2] === hole.to && last?.ends === true && last.reach === 0);
    this.#filled++;
    return hole;
  }

  protected override items(node: YAMLSeq.Parsed): readonly Node[] {
    if (this.#part.holes.length === 0 || node.flow) return super.items(node);
    return node.items.flatMap((item) => {
      const hole = this.#hole(item);
      return hole ? hole.parts.flatMap((part) => part.node ?? []) : [this.node(item as ParsedNode)];
    });
  }

  /** Between parts an error may change what the parser makes of them. */
  protected override syntax(error: YAMLParseError): void {
    assured(this.#part.holes.length === 0 && this.#spot.column >= 0 && error.pos[0] < this.text.length);
    super.syntax(error);
  }

  protected override node(node: ParsedNode | null): Node {
    const isTagged = node !== null && !isScalar(node) && node.tag !== undefined;
    assured(node !== null && !(isTagged && this.#part.holes.length > 0));
    return super.node(node);
  }

  protected override key(key: ParsedNode | null, span: Span): ScalarNode {
    assured(key === null || isScalar(key));
    return super.key(key, span);
  }

  protected override alias(): Node {
    throw new Doubt();
  }

  protected override scalar(value: Scalar, { start, end }: Span): ScalarNode {
    return new PlacedScalar(this.#part, start, end, value);
  }

  protected override list(items: readonly Node[], { start, end }: Span): ListNode {
    return new PlacedList(this.#part, start, end, items);
  }

  protected override map(entries: readonly Entry[], { start, end }: Span): MapNode {
    return new PlacedMap(this.#part, start, end, entries);
  }
}

function doubt(): void {
  throw new Doubt();
}

/** A node that finds its place when it is asked for it. */
class Placed {
  constructor(
    readonly part: Part,
    readonly from: number,
    readonly to: number,
  ) {}

  get span(): Span {
    return this.part.span(this.from, this.to);
  }
}

class PlacedScalar extends Placed implements ScalarNode {
  readonly kind = 'scalar';

  constructor(
    part: Part,
    from: number,
    to: number,
    readonly value: Scalar,
  ) {
    super(part, from, to);
  }
}

class PlacedList extends Placed implements ListNode {
  readonly kind = 'list';

  constructor(
    part: Part,
    from: number,
    to: number,
    readonly items: readonly Node[],
  ) {
    super(part, from, to);
  }
}

class PlacedMap extends Placed implements MapNode {
  readonly kind = 'map';

  constructor(
    part: Part,
    from: number,
    to: number,
    readonly entries: readonly Entry[],
  ) {
    super(part, from, to);
  }
}
