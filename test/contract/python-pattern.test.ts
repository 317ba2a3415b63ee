import assert from 'node:assert/strict';
import { ecmaOf, pythonOf } from '../../server/src/contract/python-pattern';

describe('regular expressions of Python and of ECMA-262', () => {
  const both: readonly (readonly [python: string, ecma: string])[] = [
    ['^[A-Z]{2}\\Z', '^[A-Z]{2}$'],
    ['\\d+', '\\p{Nd}+'],
    ['[\\w-]x', '[\\p{L}\\p{N}_-]x'],
    ['a\\.b|c(?:d)?', 'a\\.b|c(?:d)?'],
    ['(?=x)y', '(?=x)y'],
  ];
  for (const [python, ecma] of both)
    it(`${python} is ${ecma}, and back`, () => {
      assert.equal(ecmaOf(python), ecma);
      assert.equal(pythonOf(ecma), python);
    });

  it('digits and letters of ECMA-262 are those of ASCII', () => {
    assert.equal(pythonOf('^\\d\\w[\\d]$'), '^[0-9][A-Za-z0-9_][0-9]\\Z');
  });

  it('what the two read otherwise has no words in the other', () => {
    for (const python of ['(?i)a', '(?P<x>a)', 'a\\b', '\\s', '(?<=a)b', '(a)\\1', '[\\W]'])
      assert.equal(ecmaOf(python), undefined, python);
    for (const ecma of ['(?<x>a)', '\\s', '\\p{Lu}', '\\u{1F600}', '[\\D]', '(a)\\1'])
      assert.equal(pythonOf(ecma), undefined, ecma);
  });
});
