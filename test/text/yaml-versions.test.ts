import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Node, Tree } from '../../server/src/text/tree';
import { parseYaml } from '../../server/src/text/yaml';
import { YamlVersions } from '../../server/src/text/yaml-versions';
import { dealt, fuzz } from '../fuzz';
import { sequence } from '../random';

/** A tree as words: of what kind each node is, where, and what it holds. */
function told(node: Node | undefined): unknown {
  if (!node) return null;
  const place = `${node.kind} ${node.span.start}–${node.span.end}`;
  if (node.kind === 'scalar') return `${place} ${typeof node.value} ${node.value}`;
  if (node.kind === 'list') return [place, ...node.items.map(told)];
  return [place, ...node.entries.map(({ key, value }) => [told(key), told(value)])];
}

const whole = ({ root, issues }: Tree): unknown => ({ root: told(root), issues });

const columns = (count: number, indent = '      '): string =>
  Array.from({ length: count }, (_, i) =>
    [`- name: c${i}`, '  logicalType: integer', '  quality:', '    - metric: nullValues', '      mustBe: 0']
      .map((line) => `${indent}${line}\n`)
      .join(''),
  ).join('');

const wide = `apiVersion: v3.1.0\nschema:\n  - name: one\n    properties:\n${columns(60)}  - name: two\n    properties:\n${columns(40)}status: active\n`;

/** Lists as people lay them out: with comments, with texts of several lines, under other ends of lines, at the very edge. */
const lists = [
  ...[wide, wide.replaceAll('\n', '\r\n'), wide.trimEnd(), columns(40, '')],
  wide.replaceAll('logicalType: integer\n', 'logicalType: integer # why\n\n'),
  wide.replaceAll('  logicalType: integer\n', '  description: |\n          - a\n\n          b\n'),
];

/** What people type, and what breaks parsers. */
const typed = [
  ...[
    'x',
    ' ',
    '\n',
    ': ',
    '- ',
    '- a\n',
    '#',
    ' # note\n',
    '"',
    "'",
    '|\n',
    '>-\n',
    '[',
    ']',
    '{',
    '}',
    '&a ',
    '*a',
    '\t',
  ],
  ...[
    '!!str ',
    '<<: ',
    '---\n',
    '...\n',
    '? ',
    '\r\n',
    'key: value\n',
    '  - name: n\n',
    '      - name: n\n',
    '        k: |\n',
  ],
  ...['description: |\n    - one\n    - two\n', '      # told\n', '\n\n', '%YAML\n', '-\n', '"a\n  - b"', '    '],
];

/** Holds versions of texts, made by so many random edits of all, against a parser that never saw the version before. */
function hold(texts: readonly string[], edits: number, seed: number): void {
  const random = sequence(seed);
  const pick = (below: number): number => Math.floor(random() * below);
  for (const [original, rounds] of dealt(texts, edits)) {
    const versions = new YamlVersions();
    let text = original;
    for (let round = 0; round < rounds; round++) {
      const where = `seed ${seed}, round ${round}`;
      if (round % 12 === 0) {
        text = original;
        same(versions, text, where);
      }
      const at = pick(text.length + 1);
      const line = text.lastIndexOf('\n', at) + 1;
      const from = random() < 0.4 ? line : at;
      const put = random() < 0.8 ? (typed[pick(typed.length)] ?? '') : '';
      const gone = put === '' || random() < 0.3 ? 1 + pick(random() < 0.2 ? 400 : 8) : 0;
      text = text.slice(0, from) + put + text.slice(from + gone);
      same(versions, text, where);
    }
  }
}

const same = (versions: YamlVersions, text: string, where: string): void =>
  assert.deepEqual(whole(versions.read(text)), whole(parseYaml(text)), `${where}:\n${text}`);

/** Every text below a folder that is long enough to be read in parts. */
function textsIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name))
    .toSorted()
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .filter((text) => text.length > 1_500 && text.length < 60_000);
}

describe('text/yaml-versions', () => {
  it('keeps the nodes that an edit does not touch, and moves them', () => {
    const versions = new YamlVersions();
    const list = (tree: Tree, table: number): readonly Node[] => {
      const schema = tree.root?.kind === 'map' ? tree.root.entries[1]?.value : undefined;
      const one = schema?.kind === 'list' ? schema.items[table] : undefined;
      const properties = one?.kind === 'map' ? one.entries[1]?.value : undefined;
      return properties?.kind === 'list' ? properties.items : [];
    };
    const before = versions.read(wide);
    const [first, second] = [list(before, 0), list(before, 1)];
    const start = first[40]?.span.start ?? 0;
    const after = versions.read(wide.replace('name: c30\n', 'name: column30\n'));
    assert.equal(first.length, 60);
    assert.deepEqual(
      list(after, 0).map((node, index) => node === first[index]),
      Array.from({ length: 60 }, (_, index) => index !== 30),
    );
    assert.equal(list(after, 1)[39], second[39]);
    assert.equal(list(after, 0)[40]?.span.start, start + 5);
  });

  it('equals a fresh parse after any edit', function () {
    this.timeout(60_000);
    const fixtures = textsIn('test/fixtures').slice(0, 25);
    hold(lists, 60 * lists.length, 11);
    hold(fixtures, 12 * fixtures.length, 12);
  });
});

const corpus = '../shared/corpus/odcs';
const corpora = existsSync(corpus) ? textsIn(corpus) : [];
if (corpora.length > 0) {
  describe('text/yaml-versions over the corpus', () => {
    it('equals a fresh parse after any edit', function () {
      this.timeout(120_000);
      hold(corpora, 6 * corpora.length, 13);
    });
  });
}

if (fuzz) {
  const { edits, seed } = fuzz;
  describe(`text/yaml-versions by ${edits} edits from seed ${seed}`, () => {
    it('equals a fresh parse after any edit', function () {
      this.timeout(0);
      hold([...lists, ...textsIn('test/fixtures'), ...corpora], edits, seed);
    });
  });
}
