import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProfile } from '../../server/src/data/profile';
import { sketchOf } from '../../server/src/drift/sketches/sketch';
import type { ProfileColumn } from '../../server/src/protocol';
import type { Engine } from '../../server/src/sql/engine';
import { openDuckDB } from '../../server/src/sql/engines/duckdb';
import { identifier, text } from '../../server/src/sql/fragment';
import { Unreadable } from '../../server/src/world';
import { columnOf, drift, sessionOf } from './drifting';
import { csv, normal, repeated } from './samples';

const folder = mkdtempSync(join(tmpdir(), 'plumbline-statistics-'));
let files = 0;

function written(content: unknown): string {
  const path = join(folder, `${files++}`.concat('.json'));
  writeFileSync(path, JSON.stringify(content));
  return path;
}

/** A statistics.json as Model Monitor's baseline job writes it, without what nobody compares. */
async function statisticsOf(ref: string): Promise<string> {
  const { rows, columns } = await runProfile({ kind: 'profile', ref, folder: process.cwd(), keep: true }, sessionOf());
  const engine = await openDuckDB({ folders: [join(ref, '..')], ...sessionOf().world.places });
  try {
    const features = [];
    for (const column of columns) features.push(await featureOf(column, rows, ref, engine));
    return written({ version: 0, dataset: { item_count: rows }, features });
  } finally {
    engine.close();
  }
}

async function featureOf(
  { column: name, type, nulls, kept }: ProfileColumn,
  rows: number,
  ref: string,
  engine: Engine,
) {
  const common = { num_present: rows - nulls, num_missing: nulls };
  if (type !== 'numerical') {
    const buckets = kept?.values.map((value, i) => ({ value, count: kept.counts[i] }));
    const string_statistics = {
      common,
      distinct_count: kept?.values.length,
      distribution: { categorical: { buckets } },
    };
    return { name, inferred_type: 'String', string_statistics };
  }
  const [values = new Float64Array()] = await engine.numbers(
    `SELECT ${identifier(name)} FROM ${text(ref)} WHERE ${identifier(name)} IS NOT NULL`,
  );
  const data = sketchOf(values).levels.map((level) => Array.from(level));
  const sketch = { parameters: { c: 0.64, k: 2048 }, data };
  return { name, inferred_type: 'Fractional', numerical_statistics: { common, distribution: { kll: { sketch } } } };
}

describe("drift against SageMaker's statistics.json", function () {
  this.timeout(60_000);

  for (const pair of ['ties', 'cat_low', 'nulls', 'model_scores', 'constants'])
    it(`says of ${pair} what it says of the data`, async () => {
      const [reference, current] = ['reference', 'current'].map(
        (side) => `test/fixtures/drift/pairs/${pair}/${side}.parquet`,
      );
      if (!reference || !current) return assert.fail();
      const statistics = await statisticsOf(reference);
      for (const preset of ['sagemaker', 'sagemaker@2.1']) {
        const kept = await drift(statistics, current, { preset });
        const data = await drift(reference, current, { preset });
        assert.equal(kept.columns.length, data.columns.length);
        const figures = ({ columns }: typeof data) =>
          columns.map(({ column, method, statistic, drifted, parameters }) => [
            column,
            method,
            statistic,
            drifted,
            parameters,
          ]);
        assert.deepEqual(figures(kept), figures(data));
        assert.deepEqual(kept.dataset, data.dataset);
      }
    });

  it('compares its sketches item by item, and tells the error of anything else', async () => {
    const [reference, current] = [csv({ x: normal(5000, 0, 1, 1) }), csv({ x: normal(5000, 0.3, 1, 2) })];
    const statistics = await statisticsOf(reference);
    const x = async (ref: string, preset: string) => columnOf(await drift(ref, current, { preset }), 'x');
    const [kept, data] = [await x(statistics, 'sagemaker'), await x(reference, 'sagemaker')];
    assert.equal(kept.statistic, data.statistic);
    assert.ok(Number(kept.statistic) > 0.05);
    const [near, exact] = [await x(statistics, 'plumbline'), await x(reference, 'plumbline')];
    assert.ok(Number(near.parameters.referenceRankError) > 0);
    assert.ok(Math.abs(Number(near.statistic) - Number(exact.statistic)) < 0.01);
  });

  it('says of a feature without a distribution that nothing is kept, and refuses constraints', async () => {
    const current = csv({ x: normal(50, 0, 1, 1), kind: repeated({ a: 50 }) });
    const features = [{ name: 'x', inferred_type: 'Fractional', numerical_statistics: { mean: 0 } }];
    const report = await drift(written({ dataset: { item_count: 50 }, features }), current, { preset: 'sagemaker' });
    assert.match(columnOf(report, 'x').reason ?? '', /keeps no values of this column/);
    assert.match(columnOf(report, 'kind').reason ?? '', /Only the current side/);
    await assert.rejects(
      drift(written({ version: 0, features: [{ name: 'x', inferred_type: 'Fractional' }] }), current),
      (error) => error instanceof Unreadable && /statistics\.json beside it/.test(error.message),
    );
  });
});
