import assert from 'node:assert/strict';
import { parsePbtxt } from '../../server/src/text/pbtxt';
import { at, get, type Node, plain, spelling } from '../../server/src/text/tree';
import { sequence } from '../random';

/** Fields in the order of the text, since a repeated one stands there several times. */
const shown = (node: Node | undefined): unknown =>
  node?.kind === 'map'
    ? node.entries.map(({ key, value }) => [key.value, shown(value)])
    : node?.kind === 'list'
      ? node.items.map(shown)
      : plain(node);

describe('text/pbtxt', () => {
  const cases: readonly (readonly [what: string, text: string, fields: unknown])[] = [
    [
      'a scalar of each kind',
      'a: 1 b: -0.5 c: "x" d: BYTES e: true',
      [
        ['a', 1],
        ['b', -0.5],
        ['c', 'x'],
        ['d', 'BYTES'],
        ['e', true],
      ],
    ],
    [
      'numbers as C writes them',
      'a: 1e-3 b: .5 c: 2f d: 0x10 e: 1.',
      [
        ['a', 0.001],
        ['b', 0.5],
        ['c', 2],
        ['d', 16],
        ['e', 1],
      ],
    ],
    [
      'infinities and what is no number',
      'a: inf b: -inf c: nan',
      [
        ['a', Infinity],
        ['b', -Infinity],
        ['c', NaN],
      ],
    ],
    ['an integer past 2⁵³', 'a: 9223372036854775807', [['a', 9223372036854775807n]]],
    [
      'messages in braces and in angles, with and without a colon',
      'a { b: 1 } a: { b: 2 } a < b: 3 >',
      [
        ['a', [['b', 1]]],
        ['a', [['b', 2]]],
        ['a', [['b', 3]]],
      ],
    ],
    [
      'lists, and what separates',
      'a: [1, 2]; b: [{c: 1}, {c: 2}], d: []',
      [
        ['a', [1, 2]],
        ['b', [[['c', 1]], [['c', 2]]]],
        ['d', []],
      ],
    ],
    ['comments', '# a: 1\nb: 2 # c: 3\n', [['b', 2]]],
    [
      'strings in parts, with escapes and the bytes of other alphabets',
      `a: "x\\n" 'y"' b: "\\303\\274\\x41"`,
      [
        ['a', 'x\ny"'],
        ['b', 'üA'],
      ],
    ],
    ['names of extensions', '[pkg.ext] { a: 1 }', [['[pkg.ext]', [['a', 1]]]]],
    ['names that JavaScript has for itself', 'toString { constructor: 1 }', [['toString', [['constructor', 1]]]]],
  ];
  for (const [what, text, fields] of cases) {
    it(`reads ${what}`, () => {
      const tree = parsePbtxt(text);
      assert.deepEqual(tree.issues, []);
      assert.deepEqual(shown(tree.root), fields);
    });
  }

  it('knows the place of each field', () => {
    const tree = parsePbtxt('feature {\n  name: "ä" # one\n  type: INT\n}\n');
    const feature = get(tree.root, 'feature');
    assert.equal(feature && spelling(tree, feature), '{\n  name: "ä" # one\n  type: INT\n}');
    const name = at(tree.root, ['feature', 'name']);
    assert.equal(name && spelling(tree, name), '"ä"');
  });

  const broken: readonly (readonly [what: string, text: string, code: string, fields: unknown])[] = [
    ['a message that is not closed', 'a { b: 1', 'pbtxt/unclosed', [['a', [['b', 1]]]]],
    [
      'a string that is not closed',
      'a: "x\nb: 2',
      'pbtxt/unclosed',
      [
        ['a', 'x'],
        ['b', 2],
      ],
    ],
    ['a list that is not closed', 'a: [1 }', 'pbtxt/unclosed', [['a', [1]]]],
    ['a field without a value', 'a b: 1', 'pbtxt/no-value', [['b', 1]]],
    ['a value without a field', '} "x" b: 1', 'pbtxt/no-name', [['b', 1]]],
  ];
  for (const [what, text, code, fields] of broken) {
    it(`reads on after ${what}`, () => {
      const tree = parsePbtxt(text);
      assert.equal(tree.issues[0]?.code, code);
      assert.deepEqual(shown(tree.root), fields);
    });
  }

  it('neither throws nor hangs, whatever the text', () => {
    const random = sequence(7);
    const pieces = [
      '{',
      '}',
      '<',
      '>',
      '[',
      ']',
      ':',
      ',',
      ';',
      '"',
      "'",
      '\\',
      '#',
      '\n',
      ' ',
      'a',
      '1',
      '.5',
      'ü',
      '\0',
    ];
    for (let text = 0; text < 500; text++) {
      const written = Array.from({ length: 40 }, () => pieces[Math.floor(random() * pieces.length)]).join('');
      const tree = parsePbtxt(written);
      assert.ok(tree.issues.every(({ span }) => span.start <= span.end && span.end <= written.length + 1));
    }
    assert.equal(
      parsePbtxt('a{'.repeat(100_000)).issues.some(({ code }) => code === 'pbtxt/too-deep'),
      true,
    );
    assert.equal(parsePbtxt('').root, undefined);
  });
});
