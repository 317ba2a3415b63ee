import assert from 'node:assert/strict';
import { at, get, type Node, plain, type Tree } from '../../server/src/text/tree';
import { parseYaml } from '../../server/src/text/yaml';
import { sequence } from '../random';

const codes = (text: string): string[] => parseYaml(text).issues.map(({ code }) => code);
const value = (text: string): unknown => plain(parseYaml(text).root);
const source = (tree: Tree, node: Node | undefined): string => tree.text.slice(node?.span.start, node?.span.end);

describe('text/yaml', () => {
  it('gives every value the place it was read from', () => {
    const tree = parseYaml('\ufeffname: orders\r\nlist:\r\n  - "a b"\r\n  - {x: 1}\r\n');
    assert.equal(source(tree, get(tree.root, 'name')), 'orders');
    assert.equal(source(tree, at(tree.root, ['list', 0])), '"a b"');
    assert.equal(source(tree, at(tree.root, ['list', 1, 'x'])), '1');
    assert.deepEqual(tree.issues, []);
  });

  it('keeps the place after the colon of a key without a value', () => {
    const empty = get(parseYaml('a:\nb: 1').root, 'a');
    assert.deepEqual(empty, { kind: 'scalar', value: null, span: { start: 2, end: 2 } });
  });

  it('reads JSON, indented by tabs too', () => {
    assert.deepEqual(value('{\n\t"a": [1, 2.5, true, null],\n\t"b": {"c": "d"}\n}'), {
      a: [1, 2.5, true, null],
      b: { c: 'd' },
    });
  });

  it('reads an empty text, a comment and a lone mark as no document', () => {
    for (const text of ['', '\n', '# nothing\n', '\ufeff']) assert.equal(parseYaml(text).root, undefined, text);
  });

  it('spells every key as the text does', () => {
    assert.deepEqual(Object.keys(value('true: a\n1.0: b\n? {x: 1}\n: c\n') as object), ['true', '1.0', '{x: 1}']);
  });

  it('keeps integers past 2⁵³ exact, and dates as their text', () => {
    assert.deepEqual(value('a: 12345678901234567890\nb: 2024-01-01'), { a: 12345678901234567890n, b: '2024-01-01' });
  });

  it('marks the second of two equal keys', () => {
    const [issue] = parseYaml('a: 1\nb: 2\na: 3').issues;
    assert.equal(issue?.code, 'yaml/duplicate-key');
    assert.deepEqual(issue?.span, { start: 10, end: 11 });
    assert.deepEqual(value('a: 1\nb: 2\na: 3'), { a: 3, b: 2 });
  });

  it('resolves aliases to their anchor and applies merge keys', () => {
    const tree = parseYaml('base: &b {x: 1, y: 2}\nsame: *b\nmore: {<<: *b, y: 3}\nboth:\n  <<: [*b, {z: 4}]\n');
    assert.equal(get(tree.root, 'same'), get(tree.root, 'base'));
    assert.deepEqual(plain(get(tree.root, 'more')), { y: 3, x: 1 });
    assert.deepEqual(plain(get(tree.root, 'both')), { x: 1, y: 2, z: 4 });
  });

  it('names an alias without an anchor, its own anchor included', () => {
    assert.deepEqual(codes('a: *nowhere'), ['yaml/unknown-anchor']);
    assert.deepEqual(codes('a: &a [*a]'), ['yaml/unknown-anchor']);
  });

  it('cuts a bomb of aliases', () => {
    const names = [...'abcdefghij'];
    const lines = names.slice(1).map((name, i) => `${name}: &${name} [${Array(10).fill(`*${names[i]}`).join(', ')}]`);
    const tree = parseYaml(['a: &a [x, x, x, x, x, x, x, x, x, x]', ...lines].join('\n'));
    assert.deepEqual(
      tree.issues.map(({ code }) => code),
      ['yaml/too-many-aliases'],
    );
  });

  it('cuts what is nested too deep and reads the rest', () => {
    for (const text of ['['.repeat(100_000), `${'- '.repeat(5000)}a`, '{a: '.repeat(50_000)]) {
      assert.ok(codes(text).includes('yaml/too-deep'), text.slice(0, 10));
    }
    assert.deepEqual((value(`a: 1\nb: ${'['.repeat(300)}${']'.repeat(300)}\nc: 3`) as { c: number }).c, 3);
  });

  it('reads the first of several documents', () => {
    assert.deepEqual(value('a: 1\n---\nb: 2\n'), { a: 1 });
    assert.deepEqual(parseYaml('a: 1\n---\nb: 2\n').issues, [
      {
        code: 'yaml/multiple-documents',
        message: 'Another document starts here; only the first one of a file is read.',
        span: { start: 5, end: 8 },
      },
    ]);
  });

  it('reads around a broken line', () => {
    assert.deepEqual(codes('a:\n\tb: 1\nc: 2'), ['yaml/tab-as-indent']);
    assert.ok(codes('a: "open\nb: 2').includes('yaml/missing-char'));
    assert.deepEqual(value('a: [1, 2\nb: 3'), { a: [1, 2], b: 3 });
    assert.deepEqual(codes('a: x: y'), ['yaml/block-as-implicit-key']);
  });

  it('does not read a text of unreasonable size', () => {
    assert.deepEqual(codes('a'.repeat(4_000_001)), ['yaml/too-large']);
  });

  it('never throws, and every place lies inside the text', () => {
    const random = sequence(20_240_501);
    const pieces = ['a', ': ', '- ', '\n', '  ', '[', ']', '{', '}', ',', '"', "'", '&a ', '*a', '<<: ', '|', '>', '#'];
    const more = [
      '\t',
      '%',
      '---\n',
      '...\n',
      '? ',
      '!!str ',
      '!x ',
      '\\',
      '\r\n',
      '\ufeff',
      '🙂',
      '\0',
      '1e400',
      '@',
      '`',
    ];
    const all = [...pieces, ...more];
    for (let round = 0; round < 4000; round++) {
      const length = 1 + Math.floor(random() * 40);
      const text = Array.from({ length }, () => all[Math.floor(random() * all.length)]).join('');
      const tree = parseYaml(text);
      for (const { span } of tree.issues) assertInside(span, text);
      if (tree.root) plain(tree.root);
      walk(tree.root, (node) => assertInside(node.span, text));
    }
  });
});

function assertInside({ start, end }: { start: number; end: number }, text: string): void {
  assert.ok(start >= 0 && start <= end && end <= text.length, `${start}–${end} in ${JSON.stringify(text)}`);
}

function walk(node: Node | undefined, visit: (node: Node) => void): void {
  if (!node) return;
  visit(node);
  if (node.kind === 'list') for (const item of node.items) walk(item, visit);
  if (node.kind === 'map') for (const { value } of node.entries) walk(value, visit);
}
