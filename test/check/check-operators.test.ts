import assert from 'node:assert/strict';
import { answerHolds, boundOf, compareNumber, comparePercent, limitsOf } from '../../server/src/check/operators';
import type { Operator, Rule } from '../../server/src/contract/model';
import { parseYaml } from '../../server/src/text/yaml';

function ruleOf(yaml: string): Pick<Rule, 'operators' | 'node'> {
  const { root } = parseYaml(yaml);
  if (root?.kind !== 'map') throw new Error('The rule must be a map.');
  const plain = (node: unknown): unknown => {
    const { kind, items, value } = node as { kind: string; items: unknown[]; value: unknown };
    return kind === 'list' ? items.map(plain) : value;
  };
  const known = /^must(Not)?Be/;
  const operators: Operator[] = root.entries
    .filter(({ key }) => known.test(String(key.value)) && !/ThanOrEqualTo$/.test(String(key.value)))
    .map(({ key, value }) => ({ keyword: String(key.value), value: plain(value), node: value }));
  return { operators, node: root };
}

function bound(yaml: string, unit: 'rows' | 'percent' = 'rows') {
  const found = boundOf(ruleOf(yaml), unit);
  if (typeof found === 'string') throw new Error(found);
  return found;
}

describe('operators', () => {
  for (const [yaml, expected, passing, failing] of [
    ['mustBe: 3', '= 3', [3], [2, 4]],
    ['mustNotBe: 3', '≠ 3', [2, 4], [3]],
    ['mustBeGreaterThan: 3', '> 3', [3.0000001, 4], [3, 2]],
    ['mustBeGreaterOrEqualTo: 3', '≥ 3', [3, 4], [2]],
    ['mustBeLessThan: 3', '< 3', [2, -1], [3, 4]],
    ['mustBeLessOrEqualTo: 3', '≤ 3', [3, 2], [4]],
    ['mustBeBetween: [3, 5]', 'between 3 and 5', [3, 4, 5], [2, 6]],
    ['mustNotBeBetween: [3, 5]', 'not between 3 and 5', [2, 6], [3, 4, 5]],
    ['mustBeBetween: [5, 5]', 'between 5 and 5', [5], [4, 6]],
    ['{mustBeGreaterThan: 1, mustBeLessThan: 4}', '> 1 and < 4', [2, 3], [1, 4]],
    ['mustBe: "7"', '= 7', [7], [8]],
    ['mustBe: 1234567', '= 1,234,567', [1234567], [1]],
  ] as const) {
    it(`${yaml} is ${expected}`, () => {
      const { expected: words, holds } = bound(yaml);
      assert.equal(words, expected);
      for (const value of passing) assert.equal(holds(compareNumber(value)), true, String(value));
      for (const value of failing) assert.equal(holds(compareNumber(value)), false, String(value));
    });
  }

  it('writes percent into the words', () => {
    assert.equal(bound('mustBeBetween: [0, 5]', 'percent').expected, 'between 0 and 5 %');
  });

  it('gives its numbers beside the words', () => {
    assert.deepEqual(bound('{mustBeGreaterThan: 1, mustBeBetween: [0, "5"]}', 'percent').limits, [
      { operator: 'mustBeGreaterThan', values: [1], unit: 'percent' },
      { operator: 'mustBeBetween', values: [0, 5], unit: 'percent' },
    ]);
    assert.deepEqual(limitsOf(ruleOf('{mustBe: often, mustBeLessThan: 3}').operators), [
      { operator: 'mustBeLessThan', values: [3], unit: null },
    ]);
  });

  it('says when a figure lies on the end of a range, where readings differ', () => {
    assert.match(String(bound('mustBeBetween: [6, 10]').edge(compareNumber(6))), /^6 is an end of the range/);
    assert.equal(bound('mustBeBetween: [6, 10]').edge(compareNumber(7)), undefined);
    assert.equal(bound('mustBeLessThan: 6').edge(compareNumber(6)), undefined);
  });

  for (const [yaml, message] of [
    ['metric: rowCount', 'The rule names no bound. Add one, for instance "mustBe: 0".'],
    ['mustBeGreaterThanOrEqualTo: 3', '"mustBeGreaterThanOrEqualTo" is no operator. Write "mustBeGreaterOrEqualTo".'],
    ['must_be_less_than: 3', '"must_be_less_than" is no operator. Write "mustBeLessThan".'],
    ['mustBe: many', '"mustBe" needs a number here, not "many".'],
    ['mustBe: null', '"mustBe" needs a number here, not null.'],
    ['mustBeBetween: 5', '"mustBeBetween" needs a list of two numbers, for instance [0, 10].'],
    ['mustBeBetween: [1]', '"mustBeBetween" needs a list of two numbers, for instance [0, 10].'],
    ['mustBeBetween: [1, x]', '"mustBeBetween" needs a list of two numbers, for instance [0, 10].'],
    ['mustBeBetween: [5, 1]', '"mustBeBetween" needs the lower end first: [1, 5].'],
  ] as const) {
    it(`refuses ${yaml}`, () => assert.equal(boundOf(ruleOf(yaml)), message));
  }
});

describe('percent', () => {
  it('never decides by rounding', () => {
    assert.equal(comparePercent(1, 3)(33.33333333333333), 1);
    assert.equal(comparePercent(1, 3)(33.333333333333336), -1);
    assert.equal(comparePercent(334, 1000)(33.4), 0);
    assert.equal(comparePercent(3, 1000)(0.3), 0);
    assert.equal(comparePercent(29, 100)(29), 0);
    assert.equal(comparePercent(7, 100)(7.000000000000001), -1);
    assert.equal(comparePercent(1, 10_000_000_000)(1e-8), 0);
    assert.equal(comparePercent(1, 1)(1e2), 0);
    assert.equal(comparePercent(9007199254740991, 9007199254740991)(100), 0);
  });

  it('takes a share of no rows for 0', () => {
    assert.equal(comparePercent(0, 0)(0), 0);
    assert.equal(comparePercent(0, 0)(5), -1);
    assert.equal(comparePercent(0, 0)(-5), 1);
  });
});

describe('the answer of a query', () => {
  for (const [yaml, answer, holds] of [
    ['mustBe: 210', 210, true],
    ['mustBe: 210', '210', true],
    ['mustBe: 210', '210.00', true],
    ['mustBe: true', true, true],
    ['mustBe: true', false, false],
    ['mustNotBe: true', false, true],
    ['mustBe: ok', 'ok', true],
    ['mustBe: ok', 'no', false],
    ['mustBeLessThan: 15', 14.9, true],
    ['mustBeBetween: [0, 1]', 1.5, false],
  ] as const) {
    it(`${JSON.stringify(answer)} against ${yaml}: ${holds}`, () =>
      assert.equal(answerHolds(ruleOf(yaml), answer), holds));
  }

  it('says when there is nothing to compare', () => {
    assert.equal(answerHolds(ruleOf('mustBeLessThan: 3'), 'x'), 'The query gave "x", which is no number to compare.');
    assert.equal(answerHolds(ruleOf('type: sql'), 3), 'The rule names no bound. Add one, for instance "mustBe: 0".');
  });
});
