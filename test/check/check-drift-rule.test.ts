import assert from 'node:assert/strict';
import { checkText, tableContract } from './checking';

const rule = (drift: string): string =>
  `- name: v\n  logicalType: integer\n  quality:\n    - {id: moved, type: custom, engine: plumbline, implementation: ${drift}}`;
const csv = (from: number, count: number): string =>
  `v\n${Array.from({ length: count }, (_, i) => from + (i % 50)).join('\n')}\n`;

describe('a drift rule of a contract', () => {
  const outcome = async (drift: string, files: Readonly<Record<string, string>>) => {
    const { one } = await checkText(tableContract(rule(drift)), files);
    return one({ id: 'moved' });
  };
  const asked = '{drift: {reference: before.csv, method: jensen-shannon, threshold: 0.1}}';

  it('holds for data as before, with the figure and its limit', async () => {
    const check = await outcome(asked, { 't.csv': csv(0, 500), 'before.csv': csv(0, 500) });
    assert.deepEqual(
      [check.status, check.observed, check.expected],
      ['passed', 0, 'jensen-shannon < 0.1 against before.csv'],
    );
    assert.match(check.message, /Column "v" is as in before\.csv: jensen-shannon 0, limit 0\.1/);
  });

  it('fails for data that moved, and says what did', async () => {
    const check = await outcome(asked, { 't.csv': csv(100, 500), 'before.csv': csv(0, 500) });
    assert.deepEqual([check.status, check.observed], ['failed', 1]);
    assert.match(
      check.message,
      /should be as in before\.csv, but it drifted: jensen-shannon 1, limit 0\.1 \(median 24\.5 → 125/,
    );
  });

  it('decides by the p-value where its method gives one', async () => {
    const check = await outcome('{drift: {reference: before.csv, preset: evidently}}', {
      't.csv': csv(100, 500),
      'before.csv': csv(0, 500),
    });
    assert.equal(check.status, 'failed');
    assert.match(check.message, /ks p-value/);
  });

  it('is an error, with the mend, when it cannot be judged', async () => {
    const files = { 't.csv': csv(0, 50), 'before.csv': csv(0, 50) };
    const cases: readonly (readonly [string, RegExp])[] = [
      ['{drift: {reference: gone.csv}}', /no data at .*gone\.csv/],
      ['{drift: {}}', /needs "implementation: \{drift: \{reference: FILE\}\}"/],
      ['{}', /needs "implementation/],
      ['{drift: {reference: before.csv, threshold: 0.1}}', /name the "method" beside it/],
      ['{drift: {reference: before.csv, method: ks, threshold: much}}', /must be a number, and "much" is none/],
      ['{drift: {reference: before.csv, method: nope}}', /no method "nope"/],
      ['{drift: {reference: before.csv, preset: nope}}', /no preset "nope"/],
    ];
    for (const [drift, message] of cases) {
      const check = await outcome(drift, files);
      assert.equal(check.status, 'error', drift);
      assert.match(check.message, message);
    }
  });

  it('compares all columns when it stands on the table', async () => {
    const contract = tableContract(
      '- name: v\n- name: w',
      '- {id: moved, type: custom, engine: plumbline, implementation: {drift: {reference: before.csv}}}',
    );
    const two = (from: number) =>
      csv(from, 500)
        .replaceAll(/^(\d+)$/gm, '$1,$1')
        .replace('v\n', 'v,w\n');
    const { one } = await checkText(contract, { 't.csv': two(100), 'before.csv': two(0) });
    assert.equal(one({ id: 'moved' }).status, 'failed');
    assert.match(one({ id: 'moved' }).message, /2 of 2 columns drifted: v, w\./);
  });
});
