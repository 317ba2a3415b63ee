import type { Finding, Location, Range } from '../protocol';
import { Lines } from '../text/lines';
import { at, get, itemsOf, type Node, type ScalarNode, stringOf } from '../text/tree';
import { parseYaml } from '../text/yaml';
import { Unreadable, type World } from '../world';
import { type Codes, findingAt, type Reading } from './finding';

/** A Jupyter notebook: what it was run with as far as it records it, and what its cells say. */
export interface Notebook {
  /** Absolute. */
  readonly path: string;
  /** Name of the kernel: `python3`, `ir`. */
  readonly kernel: string | undefined;
  /** `python`, `R`, lower case as the notebook spells it or not. */
  readonly language: string | undefined;
  /** Version of the language that it was last run with. */
  readonly version: string | undefined;
  readonly libraries: readonly NotebookLibrary[];
  readonly cells: readonly NotebookCell[];
}

export interface NotebookLibrary {
  readonly name: string;
  /** Undefined where a cell installs whatever is newest. */
  readonly version: string | undefined;
  /** Whether a cell asks for it, or its output says that it was there. */
  readonly from: 'install' | 'output';
  readonly location: Location;
}

export interface NotebookCell {
  readonly kind: 'code' | 'markdown' | 'raw';
  /** The cell as its author sees it. */
  readonly source: string;
  /** Where its text stands in the file, in order. JSON escapes are one character of the text and several of the file. */
  readonly lines: readonly NotebookLine[];
}

/** A string of the file that holds a part of a cell, which as a rule is one line of it. */
export interface NotebookLine {
  /** Offset in `source`. */
  readonly offset: number;
  readonly text: string;
  /** In the file, without its quotes. */
  readonly range: Range;
}

export const notebookCodes = {
  'notebook/broken-json': ['warning', 'A notebook is no valid JSON; what could be read of it is used.'],
  'notebook/unreadable': ['warning', 'A notebook may not be read, or is too large.'],
} as const satisfies Codes;

/** Bytes. Larger ones hold images in their outputs, and would hold up everything else. */
const LARGEST = 4_000_000;
const MOST_CELLS = 10_000;

/** Reads a notebook of format 3 or 4. Never throws: what is wrong is one problem. */
export async function readNotebook(path: string, world: World): Promise<Reading<Notebook>> {
  try {
    const size = (await world.stat(path))?.size ?? 0;
    if (size > LARGEST)
      throw new Unreadable(`${path} has ${size} bytes, too many to be searched; clear its outputs.`, path);
    return notebookIn(path, await world.readText(path));
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { found: empty(path), problems: [findingAt(notebookCodes, 'notebook/unreadable', error.message, path)] };
  }
}

const empty = (path: string): Notebook => ({
  path,
  kernel: undefined,
  language: undefined,
  version: undefined,
  libraries: [],
  cells: [],
});

/** The same of a text that an editor may have changed. */
export function notebookIn(path: string, text: string): Reading<Notebook> {
  const { root, issues } = parseYaml(text);
  const places = new Places(path, text);
  const metadata = get(root, 'metadata');
  const nodes = cellNodes(root).slice(0, MOST_CELLS);
  const cells = nodes.map((node) => cellOf(node, places));
  const language = get(metadata, 'language_info');
  const found: Notebook = {
    path,
    kernel: stringOf(at(metadata, ['kernelspec', 'name'])),
    language: stringOf(get(language, 'name')) ?? stringOf(at(metadata, ['kernelspec', 'language'])),
    version: stringOf(get(language, 'version')),
    libraries: nodes.flatMap((node, index) => librariesOf(node, cells[index], places)),
    cells,
  };
  return { found, problems: brokenIn(places, root, issues[0]) };
}

function brokenIn(places: Places, root: Node | undefined, issue: { readonly message: string } | undefined): Finding[] {
  const wrong = jsonErrorIn(places.text);
  if (wrong === undefined && root?.kind === 'map') return [];
  const message = `${places.path} is not a notebook that Jupyter opens: ${issue?.message ?? 'its JSON is broken.'} Restore it from a commit where it is whole.`;
  const offset = wrong ?? 0;
  return [findingAt(notebookCodes, 'notebook/broken-json', message, places.of({ start: offset, end: offset }))];
}

/** Offset of what no JSON has; 0 when the parser does not say where. */
function jsonErrorIn(text: string): number | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    const position = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
    return position === undefined ? 0 : Number(position);
  }
}

class Places {
  readonly #lines: Lines;

  constructor(
    readonly path: string,
    readonly text: string,
  ) {
    this.#lines = new Lines(text);
  }

  range(span: { readonly start: number; readonly end: number }): Range {
    return this.#lines.range(span);
  }

  of(span: { readonly start: number; readonly end: number }): Location {
    return { path: this.path, range: this.range(span) };
  }
}

/** Format 3 has worksheets around its cells. */
const cellNodes = (root: Node | undefined): readonly Node[] => [
  ...itemsOf(get(root, 'cells')),
  ...itemsOf(get(root, 'worksheets')).flatMap((sheet) => itemsOf(get(sheet, 'cells'))),
];

const kinds: Readonly<Record<string, NotebookCell['kind']>> = { code: 'code', markdown: 'markdown' };

function cellOf(node: Node, places: Places): NotebookCell {
  const lines = linesOf(get(node, 'source') ?? get(node, 'input'), places);
  return {
    kind: kinds[stringOf(get(node, 'cell_type')) ?? ''] ?? 'raw',
    source: lines.map(({ text }) => text).join(''),
    lines,
  };
}

/** A text of a notebook is a string, or a list of strings that are its lines. */
function linesOf(node: Node | undefined, places: Places): readonly NotebookLine[] {
  let offset = 0;
  return (node?.kind === 'list' ? node.items : node ? [node] : []).filter(isText).map((part) => {
    const text = String(part.value);
    const line = { offset, text, range: places.range({ start: part.span.start + 1, end: part.span.end - 1 }) };
    offset += text.length;
    return line;
  });
}

const isText = (node: Node): node is ScalarNode => stringOf(node) !== undefined;

/** Options of pip and conda that take a word after them. */
const valued =
  /^(-r|--requirement|-c|--constraint|-i|--index-url|--extra-index-url|-f|--find-links|-n|--name|-p|--prefix|--channel|-e|--editable|-t|--target)$/;
const install = /^\s*[%!]\s*(?:python3?\s+-m\s+|uv\s+)?(?:pip3?|conda|mamba)\s+install\s+(.*)$/;
/** `pandas==2.2.1`, `numpy=1.26` as conda has it, `scipy`. */
const requirement = /^["']?([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?(?:(={1,3})([0-9][\w.+!]*))?["']?$/;
const open = /^["']?([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?[<>!~]/;

function librariesOf(node: Node, cell: NotebookCell | undefined, places: Places): readonly NotebookLibrary[] {
  if (cell?.kind !== 'code') return [];
  const asked = cell.lines.flatMap((line) => line.text.split('\n').flatMap((text) => installed(text, line, places)));
  const printed = itemsOf(get(node, 'outputs')).flatMap((output) =>
    [get(output, 'text'), at(output, ['data', 'text/plain'])].flatMap((text) => printedIn(text, places)),
  );
  return [...asked, ...printed];
}

function installed(text: string, { range }: NotebookLine, { path }: Places): NotebookLibrary[] {
  const words =
    install
      .exec(text)?.[1]
      ?.replace(/\s#.*$/, '')
      .split(/\s+/) ?? [];
  return words.flatMap((word, index) => {
    if (word.startsWith('-') || valued.test(words[index - 1] ?? '')) return [];
    const [, name, , version] = requirement.exec(word) ?? open.exec(word) ?? [];
    return name === undefined ? [] : [{ name, version, from: 'install' as const, location: { path, range } }];
  });
}

/** Lines that are certainly of a list of packages: of `pip freeze`, and what pip says when it is done. */
const frozen = /^([A-Za-z][A-Za-z0-9._-]*)==([0-9][\w.+!]*)$/;
const done = /^Successfully installed (.+)$/;
const wheel = /^(.+)-([0-9][\w.+!]*)$/;

const printedIn = (node: Node | undefined, places: Places): readonly NotebookLibrary[] =>
  linesOf(node, places).flatMap(({ text, range }) =>
    text.split('\n').flatMap((line) => {
      const words = done.exec(line.trim())?.[1]?.split(/\s+/) ?? [];
      const pairs = [frozen.exec(line.trim()), ...words.map((word) => wheel.exec(word))];
      return pairs.flatMap((pair) =>
        pair?.[1] === undefined
          ? []
          : [{ name: pair[1], version: pair[2], from: 'output' as const, location: { path: places.path, range } }],
      );
    }),
  );

/** The place in the file of a part of a cell's source; undefined when it goes over several strings, or a JSON escape is near. */
export function placeIn(
  cell: NotebookCell,
  { start, end }: { readonly start: number; readonly end: number },
): Range | undefined {
  const line = cell.lines.findLast(({ offset }) => offset <= start);
  if (!line || end > line.offset + line.text.length) return undefined;
  const escaped = (text: string): number => JSON.stringify(text).length - 2;
  const width = line.range.end.character - line.range.start.character;
  const isPlain = line.range.start.line === line.range.end.line && width === escaped(line.text);
  if (!isPlain) return undefined;
  const column = (offset: number): number =>
    line.range.start.character + escaped(line.text.slice(0, offset - line.offset));
  const position = (offset: number) => ({ line: line.range.start.line, character: column(offset) });
  return { start: position(start), end: position(end) };
}
