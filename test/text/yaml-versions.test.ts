import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Node, Tree } from '../../server/src/text/tree';
import { parseYaml } from '../../server/src/text/yaml';
import { YamlVersions } from '../../server/src/text/yaml-versions';
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

/** Holds versions of texts that random edits make against a parser that never saw the version before. */
function hold(texts: readonly string[], rounds: number, seed: number): void {
  const random = sequence(seed);
  const pick = (below: number): number => Math.floor(random() * below);
  for (const original of texts) {
    const versions = new YamlVersions();
    let text = original;
    for (let round = 0; round < rounds; round++) {
      if (round % 12 === 0) text = original;
      else {
        const at = pick(text.length + 1);
        const line = text.lastIndexOf('\n', at) + 1;
        const from = random() < 0.4 ? line : at;
        const gone = random() < 0.3 ? pick(random() < 0.2 ? 400 : 8) : 0;
        text =
          text.slice(0, from) + (random() < 0.8 ? (typed[pick(typed.length)] ?? '') : '') + text.slice(from + gone);
      }
      assert.deepEqual(whole(versions.read(text)), whole(parseYaml(text)), `seed ${seed}, round ${round}:\n${text}`);
    }
  }
}

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
    const comments = wide.replaceAll('logicalType: integer\n', 'logicalType: integer # why\n\n');
    const blocks = wide.replaceAll('  logicalType: integer\n', '  description: |\n          - a\n\n          b\n');
    hold([wide, comments, blocks, wide.replaceAll('\n', '\r\n'), wide.trimEnd(), columns(40, '')], 60, 11);
    hold(fixtures, 12, 12);
  });
});

const corpus = '../shared/corpus/odcs';
if (existsSync(corpus)) {
  describe('text/yaml-versions over the corpus', () => {
    it('equals a fresh parse after any edit', function () {
      this.timeout(120_000);
      hold(textsIn(corpus), Number(process.env.FUZZ ?? 6), 13);
    });
  });
}
