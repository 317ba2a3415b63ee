import assert from 'node:assert/strict';
import type { CheckResult } from '../../server/src/protocol';
import { sequence } from '../random';
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

  describe('beside others', function () {
    this.timeout(30_000);

    const files = () => {
      const random = sequence(7);
      const table = (shift: number) =>
        `a,b,c,d\n${Array.from({ length: 300 }, (_, i) =>
          [
            Math.floor(random() * 50) + shift,
            random() < 0.1 ? '' : (random() * 3).toFixed(3),
            ['DE', 'US', 'é', '😀'][Math.floor(random() * (shift ? 2 : 4))],
            i % 2 === 0,
          ].join(','),
        ).join('\n')}\n`;
      return { 't.csv': table(30), 'before.csv': table(0), 'other.csv': table(0) };
    };
    const wishes = (preset: string): readonly (readonly [string, string])[] => [
      ['a', `{reference: before.csv, preset: ${preset}}`],
      ['b', `{reference: before.csv, preset: ${preset}}`],
      ['c', `{reference: before.csv, preset: ${preset}}`],
      ['d', `{reference: before.csv, preset: ${preset}}`],
      ['a', `{reference: before.csv, preset: ${preset}, method: nope}`],
      ['a', `{reference: other.csv, preset: ${preset}}`],
    ];
    const contractOf = (rules: readonly (readonly [string, string])[]) =>
      tableContract(
        rules
          .map(
            ([column, drift], at) =>
              `- name: ${column}\n  quality:\n    - {id: rule ${at}, type: custom, engine: plumbline, implementation: {drift: ${drift}}}`,
          )
          .join('\n'),
      );
    const told = (checks: readonly CheckResult[]) =>
      checks
        .filter(({ kind }) => kind === 'custom')
        .map(({ status, observed, message, limit }) => ({ status, observed, message, limit }));

    for (const preset of [
      'plumbline',
      'evidently',
      'tfdv',
      'azure',
      'alibi',
      'alibi-fdr',
      'nannyml',
      'sagemaker',
      'vertex',
    ]) {
      it(`says of each column what it says of it alone, by ${preset}`, async () => {
        const data = files();
        const together = await checkText(contractOf(wishes(preset)), data);
        const alone = [];
        for (const wish of wishes(preset))
          alone.push(...told((await checkText(contractOf([wish]), data)).report.checks));
        assert.deepEqual(told(together.report.checks), alone);
      });
    }

    it('reads both sides once for all columns that a preset judges by themselves', async () => {
      const opened = async (preset: string, count: number) =>
        (await checkText(contractOf(wishes(preset).slice(0, count)), files())).opened;
      for (const preset of ['evidently', 'plumbline'])
        assert.equal((await opened(preset, 4)) - (await opened(preset, 1)), 0, preset);
      assert.equal((await opened('alibi', 4)) - (await opened('alibi', 1)), 3);
    });

    it('compares a column twice where two methods are asked of it', async () => {
      const by = (method: string) => ['a', `{reference: before.csv, method: ${method}}`] as const;
      const { report, opened } = await checkText(contractOf([by('psi'), by('jensen-shannon'), by('psi')]), files());
      assert.equal(opened, 3);
      assert.deepEqual(
        told(report.checks).map(({ message }) => /before\.csv, but it drifted: ([\w-]+)/.exec(message)?.[1]),
        ['psi', 'jensen-shannon', 'psi'],
      );
    });
  });
});
