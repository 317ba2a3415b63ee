import assert from 'node:assert/strict';
import { checkText, tableContract } from './checking';

const ROWS = [
  'country,amount,tax,day,flag',
  'DE,10,1,2026-01-01,true',
  'DE,20,2,2026-01-02,true',
  'DE,30,3,2026-01-03,false',
  'US,40,4.5,2026-01-04,true',
  'US,50,5,2026-01-04,true',
  ',,,,',
  '',
].join('\n');

const types = { country: 'string', amount: 'integer', tax: 'number', day: 'date', flag: 'boolean' } as const;

/** The rule on a column, or on the table. */
async function outcome(on: keyof typeof types | undefined, implementation: string, more = '') {
  const rule = `{id: own, type: custom, engine: plumbline, implementation: ${implementation}${more}}`;
  const properties = Object.entries(types)
    .map(([name, type]) => `- name: ${name}\n  logicalType: ${type}${name === on ? `\n  quality:\n    - ${rule}` : ''}`)
    .join('\n');
  const { one } = await checkText(tableContract(properties, on === undefined ? `- ${rule}` : ''), { 't.csv': ROWS });
  return one({ id: 'own' });
}

describe('an aggregate of a contract', function () {
  this.timeout(20_000);
  // By hand, and by pandas for the deviation.
  const figures: readonly (readonly [keyof typeof types, string, number])[] = [
    ['amount', 'function: mean', 30],
    ['amount', 'function: median', 30],
    ['amount', 'function: sum', 150],
    ['amount', 'function: min', 10],
    ['amount', 'function: max', 50],
    ['amount', 'function: stddev', Math.sqrt(250)],
    ['amount', 'function: variance', 250],
    ['amount', 'function: quantile, quantile: 0.95', 48],
    ['amount', 'function: correlation, with: tax', 105 / Math.sqrt(1000 * 11.2)],
    ['flag', 'function: mean', 0.8],
    ['country', 'function: count', 5],
    ['country', 'function: distinct', 2],
    ['day', 'function: distinctShare', 0.8],
    ['amount', 'function: mean, where: "country = \'US\'"', 45],
  ];
  for (const [column, words, figure] of figures) {
    it(`takes the ${words} of ${column}`, async () => {
      const check = await outcome(column, `{aggregate: {${words}, mustBeGreaterThan: -1000}}`);
      assert.equal(check.status, 'passed', check.message);
      assert.ok(typeof check.observed === 'number' && Math.abs(check.observed - figure) < 1e-9, check.message);
    });
  }

  it('is held against any operator, and says what it found', async () => {
    const holds = async (operator: string) =>
      (await outcome('amount', `{aggregate: {function: mean, ${operator}}}`)).status;
    const cases: readonly (readonly [string, string])[] = [
      ['mustBe: 30', 'passed'],
      ['mustNotBe: 30', 'failed'],
      ['mustBeGreaterThan: 30', 'failed'],
      ['mustBeGreaterOrEqualTo: 30', 'passed'],
      ['mustBeLessThan: 30', 'failed'],
      ['mustBeLessOrEqualTo: 30', 'passed'],
      ['mustBeBetween: [29, 31]', 'passed'],
      ['mustNotBeBetween: [29, 31]', 'failed'],
      ['mustBeGreaterThan: 20, mustBeLessThan: 25', 'failed'],
    ];
    for (const [operator, status] of cases) assert.equal(await holds(operator), status, operator);
    const check = await outcome('amount', '{aggregate: {function: mean, mustBeBetween: [1, 20]}}');
    assert.deepEqual([check.kind, check.expected], ['custom', 'mean between 1 and 20']);
    assert.equal(check.message, 'Column "amount": the mean is 30, but the rule says between 1 and 20.');
    assert.deepEqual(check.limits, [{ operator: 'mustBeBetween', values: [1, 20], unit: null }]);
  });

  it('is of an expression over the columns of each row, in the types of the contract', async () => {
    const check = await outcome(undefined, '{aggregate: {function: max, expression: amount * 2 + tax, mustBe: 105}}');
    assert.deepEqual([check.status, check.observed], ['passed', 105]);
    const filtered = await outcome(
      undefined,
      '{aggregate: {function: sum, expression: amount - tax, where: tax < 3, mustBe: 27}}',
      ', customProperties: [{property: filter, value: flag}]',
    );
    assert.deepEqual([filtered.status, filtered.observed], ['passed', 27]);
  });

  it('is an error, with the mend, when it cannot be judged', async () => {
    const cases: readonly (readonly [keyof typeof types | undefined, string, RegExp])[] = [
      ['amount', 'function: average, mustBe: 1', /"function" of an aggregate is one of mean, median/],
      ['amount', 'mustBe: 1', /"function" of an aggregate is one of/],
      ['amount', 'function: mean', /names no bound/],
      ['amount', 'function: quantile, mustBe: 1', /needs "quantile" between 0 and 1/],
      ['amount', 'function: quantile, quantile: 95, mustBe: 1', /needs "quantile" between 0 and 1/],
      ['amount', 'function: correlation, mustBe: 1', /needs the other column under "with"/],
      ['amount', 'function: correlation, with: nope, mustBe: 1', /Column "nope" is not in the data/],
      ['amount', 'function: correlation, with: country, mustBe: 1', /Column "country" is VARCHAR/],
      ['country', 'function: mean, mustBe: 1', /Column "country" is VARCHAR, and this is of numbers/],
      ['amount', 'function: mean, mustBe: 1, where: amount >', /The filter .* is not valid SQL/],
      ['amount', 'function: mean, mustBe: 1, where: amount > 1000', /too few values to take the mean of/],
      ['amount', 'function: mean, mustBe: 1, unit: percent', /has no "unit"\. It takes function/],
      [undefined, 'function: mean, mustBe: 1', /needs an "expression"/],
      [undefined, 'function: mean, expression: nope + 1, mustBe: 1', /cannot run: .*nope/],
      [undefined, 'function: sum, expression: "1) FROM t; DELETE FROM t --", mustBe: 1', /cannot run/],
    ];
    for (const [on, words, message] of cases) {
      const check = await outcome(on, `{aggregate: {${words}}}`);
      assert.equal(check.status, 'error', words);
      assert.match(check.message, message);
    }
  });
});

describe('a distribution of a contract', function () {
  this.timeout(20_000);
  it('holds each share against the one that is expected, and the rest against what they leave', async () => {
    const exact = await outcome('country', '{distribution: {shares: {DE: 0.6, US: 0.4}, tolerance: 0}}');
    assert.deepEqual([exact.status, exact.observed], ['passed', 0]);
    assert.equal(exact.expected, 'DE 60 %, US 40 %, each within 0 points');
    const far = await outcome('country', '{distribution: {shares: {DE: 0.5, FR: 0.2}, tolerance: 0.15}}');
    assert.equal(far.status, 'failed');
    assert.match(far.message, /of 5 values, FR 0 % instead of 20 %; the rule says each within 15 points\./);
    const others = await outcome('country', '{distribution: {shares: {DE: 0.6}, tolerance: 0.01}}');
    assert.equal(others.status, 'passed');
    const unexpected = await outcome('country', '{distribution: {shares: {DE: 1}, tolerance: 0.1}}');
    assert.match(unexpected.message, /DE 60 % instead of 100 %, other values 40 % instead of 0 %/);
  });

  it('takes keys for what the column holds', async () => {
    const numbers = await outcome('amount', '{distribution: {shares: {10: 0.2, 20: 0.2}, tolerance: 0}}');
    assert.equal(numbers.status, 'passed', numbers.message);
    const flags = await outcome('flag', '{distribution: {shares: {true: 0.8, false: 0.2}, tolerance: 0}}');
    assert.equal(flags.status, 'passed', flags.message);
    const days = await outcome('day', '{distribution: {shares: {"2026-01-04": 0.4}, tolerance: 0}}');
    assert.equal(days.status, 'passed', days.message);
  });

  // Of 3 and 2 against 0.5 and 0.5, written out; the p-value below is that of SciPy's chisquare([3, 2]).
  const distances: readonly (readonly [string, number])[] = [
    ['total-variation', 0.1],
    ['l-infinity', 0.1],
    [
      'jensen-shannon',
      Math.sqrt(
        0.5 *
          (0.5 * Math.log2(0.5 / 0.55) +
            0.5 * Math.log2(0.5 / 0.45) +
            0.6 * Math.log2(0.6 / 0.55) +
            0.4 * Math.log2(0.4 / 0.45)),
      ),
    ],
    ['psi', 0.1 * Math.log(0.6 / 0.5) - 0.1 * Math.log(0.4 / 0.5)],
    ['kl-divergence', 0.5 * Math.log2(0.5 / 0.6) + 0.5 * Math.log2(0.5 / 0.4)],
    ['hellinger', Math.sqrt(1 - Math.sqrt(0.3) - Math.sqrt(0.2))],
  ];
  for (const [method, figure] of distances) {
    it(`measures ${method} as drift does`, async () => {
      const at = (threshold: number) =>
        outcome('country', `{distribution: {shares: {DE: 0.5, US: 0.5}, method: ${method}, threshold: ${threshold}}}`);
      const above = await at(figure + 1e-6);
      assert.equal(above.status, 'passed', above.message);
      assert.ok(Math.abs(Number(above.observed) - figure) < 1e-9, above.message);
      assert.equal((await at(figure - 1e-6)).status, 'failed');
    });
  }

  it('tests by chi-square with a p-value that must not be small', async () => {
    const at = (threshold: number) =>
      outcome('country', `{distribution: {shares: {DE: 0.5, US: 0.5}, method: chi-square, threshold: ${threshold}}}`);
    const check = await at(0.05);
    assert.equal(check.status, 'passed', check.message);
    assert.ok(Math.abs(Number(check.observed) - 0.6547208460185768) < 1e-9, check.message);
    assert.equal((await at(0.7)).status, 'failed');
    const impossible = await outcome(
      'country',
      '{distribution: {shares: {DE: 1}, method: chi-square, threshold: 0.05}}',
    );
    assert.deepEqual([impossible.status, impossible.observed], ['failed', 0]);
  });

  it('holds quantiles against their ranges', async () => {
    const check = await outcome('amount', '{distribution: {quantiles: {0.5: [20, 40], 0.95: [null, 40]}}}');
    assert.equal(check.status, 'failed');
    assert.deepEqual(check.observed, { 0.5: 30, 0.95: 48 });
    assert.equal(check.expected, '0.5 quantile between 20 and 40, 0.95 quantile ≤ 40');
    assert.match(check.message, /the 0\.95 quantile is 48, but the rule says 0\.95 quantile ≤ 40\./);
    const held = await outcome('amount', '{distribution: {quantiles: {0.25: [20, null]}, where: amount > 10}}');
    assert.deepEqual([held.status, held.observed], ['passed', { 0.25: 27.5 }]);
  });

  it('is an error, with the mend, when it cannot be judged', async () => {
    const cases: readonly (readonly [keyof typeof types | undefined, string, RegExp])[] = [
      [undefined, 'shares: {DE: 1}, tolerance: 0', /Move the rule to a property/],
      ['country', 'tolerance: 0.1', /needs either "shares" of values or "quantiles"/],
      ['country', 'shares: {DE: 1}', /need either a "tolerance", such as 0\.05, or a "method"/],
      ['country', 'shares: {DE: 60, US: 40}, tolerance: 5', /shares from 0 to 1/],
      ['country', 'shares: {DE: 0.8, US: 0.4}, tolerance: 0.1', /add up to 1\.2, and cannot be more than 1/],
      ['country', 'shares: {DE: 1}, tolerance: 5', /"tolerance" is a share/],
      ['country', 'shares: {DE: 1}, method: ks, threshold: 0.1', /is one of total-variation, jensen-shannon/],
      ['country', 'shares: {DE: 1}, method: psi', /"psi" needs a "threshold"/],
      ['country', 'quantiles: {0.5: [1, 2]}', /is VARCHAR, and quantiles are of numbers/],
      ['amount', 'quantiles: {50: [1, 2]}', /needs places from 0 to 1/],
      ['amount', 'quantiles: {0.5: 3}', /needs places from 0 to 1/],
      ['amount', 'quantiles: {0.5: [1, 2]}, where: amount > 1000', /no values to take quantiles of/],
      ['country', 'shares: {DE: 1}, tolerance: 0, where: amount > 1000', /no values whose shares/],
    ];
    for (const [on, words, message] of cases) {
      const check = await outcome(on, `{distribution: {${words}}}`);
      assert.equal(check.status, 'error', words);
      assert.match(check.message, message);
    }
  });

  it('tells the forms that there are for one that is not', async () => {
    const check = await outcome('country', '{distributon: {shares: {DE: 1}}}');
    assert.equal(check.status, 'error');
    assert.match(
      check.message,
      /needs "implementation" with one of drift, rowCountChange, aggregate, distribution.* Did you mean/,
    );
  });
});
