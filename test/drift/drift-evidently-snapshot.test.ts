import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DriftReport } from '../../server/src/protocol';
import { Unreadable } from '../../server/src/world';
import { columnOf, drift } from './drifting';
import { csv, normal } from './samples';

const SNAPSHOTS = 'test/fixtures/drift/evidently-snapshot';
const PAIRS = 'test/fixtures/drift/pairs';
const kinds = ['snapshot', 'legacy'];

const kept = (pair: string, kind: string, preset: string): Promise<DriftReport> =>
  drift(`${SNAPSHOTS}/${pair}.${kind}.json`, `${PAIRS}/${pair}/current.parquet`, { preset });

const data = (pair: string, preset: string): Promise<DriftReport> =>
  drift(`${PAIRS}/${pair}/reference.parquet`, `${PAIRS}/${pair}/current.parquet`, { preset });

const refused = (message: RegExp) => (error: unknown) => error instanceof Unreadable && message.test(error.message);

describe("drift against Evidently's snapshot", function () {
  this.timeout(60_000);

  for (const [pair, columns, those] of [
    ['cat_low', ['two', 'three', 'week', 'rare'], kinds],
    ['bools_dates', ['same', 'shift', 'always'], kinds],
    ['ints_ref_1000', ['binary', 'five', 'six', 'ten'], ['snapshot']],
  ] as const)
    it(`says of categories and few whole numbers of ${pair} what it says of the data`, async () => {
      for (const preset of ['evidently', 'plumbline']) {
        const whole = await data(pair, preset);
        for (const kind of those) {
          const report = await kept(pair, kind, preset);
          for (const name of columns) {
            const [own, known] = [columnOf(report, name), columnOf(whole, name)];
            const figures = ({ method, statistic, pValue, drifted }: typeof own) => [
              method,
              statistic,
              pValue,
              drifted,
            ];
            assert.deepEqual(figures(own), figures(known), `${kind} ${preset} ${name}: ${own.reason}`);
            assert.deepEqual([own.reference.rows, own.reference.nulls], [known.reference.rows, 0]);
          }
        }
      }
    });

  it('gives of a histogram a figure and its error, and no verdict', async () => {
    for (const kind of kinds) {
      const near = columnOf(await kept('ties', kind, 'plumbline'), 'rounded');
      const exact = columnOf(await data('ties', 'plumbline'), 'rounded');
      assert.equal(near.method, 'wasserstein');
      assert.equal(near.drifted, null);
      assert.deepEqual([near.reference.mean, near.reference.median, near.moved], [null, null, null]);
      assert.match(near.reason ?? '', /off by \d\d % of the rows/);
      // Half of the bins' width is the most by which evenly spread values are off on average.
      assert.ok(Math.abs(Number(near.statistic) - Number(exact.statistic)) < 0.27);
    }
  });

  it('has no rank further off than it says', async () => {
    for (const kind of kinds)
      for (const name of ['rounded', 'zero_inflated', 'half']) {
        const path = `${SNAPSHOTS}/ties.${kind}.json`;
        const report = await drift(path, `${PAIRS}/ties/reference.parquet`, { methods: { [name]: 'ks' } });
        const { statistic, parameters } = columnOf(report, name);
        assert.ok(Number(statistic) <= Number(parameters.referenceRankError), `${kind} ${name}: ${statistic}`);
      }
  });

  it('sends figures without distributions back with what would do', async () => {
    const current = `${PAIRS}/cat_low/current.parquet`;
    for (const kind of ['report', 'legacy-report'])
      await assert.rejects(
        drift(`${SNAPSHOTS}/cat_low.${kind}.json`, current),
        refused(/keeps figures and no distributions\. Save the snapshot/),
      );
  });

  it('tells a snapshot of another kind and broken parts', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'plumbline-evidently-'));
    const written = (content: unknown) => {
      const path = join(folder, 'one.json');
      writeFileSync(path, JSON.stringify(content));
      return path;
    };
    const current = csv({ two: normal(50, 0, 1, 1) });
    await assert.rejects(
      drift(written({ suite: { metric_results: [{ type: 'evidently:metric_result:Summary' }] } }), current),
      refused(/without the drift of any column/),
    );
    await assert.rejects(drift(written({ report: {}, metric_results: {} }), current), refused(/without the drift/));
    const legacy = JSON.parse(readFileSync(`${SNAPSHOTS}/cat_low.legacy.json`, 'utf8'));
    for (const result of legacy.suite.metric_results)
      if (result.drift_by_columns) {
        result.drift_by_columns.two.reference.distribution = { x: ['a'], y: ['many'] };
        result.drift_by_columns.week.reference = null;
      }
    const report = await drift(written(legacy), `${PAIRS}/cat_low/current.parquet`);
    for (const name of ['two', 'week'])
      assert.match(columnOf(report, name).reason ?? '', /keeps no values of this column/);
    assert.equal(columnOf(report, 'three').drifted !== null, true);
  });
});
