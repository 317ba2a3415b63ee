import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProfile } from '../../server/src/data/profile';
import { sketchIn } from '../../server/src/drift/sketch-column';
import { sagemaker } from '../../server/src/report/sagemaker';
import { drift, sessionOf } from './drifting';
import { csv, normal } from './samples';

interface Bucket {
  readonly lower_bound: number;
  readonly upper_bound: number;
  readonly count: number;
}

interface Feature {
  readonly name: string;
  readonly inferred_type: string;
  readonly numerical_statistics?: {
    readonly common: { readonly num_present: number; readonly num_missing: number };
    readonly mean: number;
    readonly sum: number;
    readonly std_dev: number;
    readonly min: number;
    readonly max: number;
    readonly distribution: {
      readonly kll: {
        readonly buckets: readonly Bucket[];
        readonly sketch: { readonly parameters: object; readonly data: readonly (readonly number[])[] };
      };
    };
  };
  readonly string_statistics?: {
    readonly common: { readonly num_present: number; readonly num_missing: number };
    readonly distinct_count: number;
    readonly distribution?: {
      readonly categorical: { readonly buckets: readonly { readonly value: string; readonly count: number }[] };
    };
  };
}

interface Statistics {
  readonly version: number;
  readonly dataset: { readonly item_count: number };
  readonly features: readonly Feature[];
}

const PAIRS = 'test/fixtures/drift/pairs';
const folder = mkdtempSync(join(tmpdir(), 'plumbline-written-'));
let files = 0;

/** What `plumbline profile REF --format sagemaker` writes. */
async function writtenOf(ref: string): Promise<{ readonly path: string; readonly statistics: Statistics }> {
  const job = { kind: 'profile', ref, folder: process.cwd(), keep: true, sketch: true } as const;
  const text = sagemaker.write(await runProfile(job, sessionOf(), sketchIn), { color: false, quiet: false });
  const path = join(folder, `${files++}.json`);
  writeFileSync(path, text);
  return { path, statistics: JSON.parse(text) };
}

/** What deequ says of a column of the pairs; numbers have buckets. */
interface Golden {
  readonly case: string;
  readonly side: 'reference' | 'current';
  readonly column: string;
  readonly Completeness: number;
  readonly CountDistinct: number;
  readonly Mean?: number | 'NaN';
  readonly Sum?: number;
  readonly StandardDeviation?: number;
  readonly Minimum?: number;
  readonly Maximum?: number;
  readonly buckets?: readonly (readonly [number, number, number])[];
}

const golden: readonly Golden[] = JSON.parse(readFileSync('test/fixtures/drift/deequ-statistics.json', 'utf8'));

const close = (got: unknown, wanted: unknown, where: string): void =>
  assert.ok(
    Math.abs(Number(got) - Number(wanted)) <= 1e-9 * Math.max(1, Math.abs(Number(wanted))),
    `${where}: ${got} for ${wanted}`,
  );

describe("SageMaker's statistics.json, written", function () {
  this.timeout(120_000);

  // Of columns with NaN or infinities deequ's figures are those values, and JSON has no word for them.
  for (const pair of new Set(golden.map((one) => one.case).filter((name) => name !== 'nan_inf')))
    it(`says of ${pair} what deequ says`, async () => {
      for (const side of ['reference', 'current'] as const) {
        const { statistics } = await writtenOf(`${PAIRS}/${pair}/${side}.parquet`);
        for (const known of golden.filter((one) => one.case === pair && one.side === side)) {
          const where = `${pair}.${side}.${known.column}`;
          const feature = statistics.features.find(({ name }) => name === known.column);
          assert.ok(feature, where);
          const { numerical_statistics: numbers, string_statistics: strings } = feature;
          const common = (numbers ?? strings)?.common;
          assert.equal((common?.num_present ?? 0) / statistics.dataset.item_count, known.Completeness, where);
          if (strings) assert.equal(strings.distinct_count, known.CountDistinct, where);
          if (!numbers || !known.buckets) continue;
          close(numbers.mean, known.Mean, `${where} mean`);
          close(numbers.sum, known.Sum, `${where} sum`);
          close(numbers.std_dev, known.StandardDeviation, `${where} deviation`);
          assert.deepEqual([numbers.min, numbers.max], [known.Minimum, known.Maximum], where);
          const { buckets } = numbers.distribution.kll;
          assert.equal(buckets.length, known.buckets.length, where);
          known.buckets.forEach(([low, high, count], i) => {
            close(buckets[i]?.lower_bound, low, `${where} bucket ${i}`);
            close(buckets[i]?.upper_bound, high, `${where} bucket ${i}`);
            assert.equal(buckets[i]?.count, count, `${where} bucket ${i}`);
          });
        }
      }
    });

  it('has the keys of the service in their order', async () => {
    const { statistics } = await writtenOf(`${PAIRS}/nulls/reference.parquet`);
    assert.deepEqual(Object.keys(statistics), ['version', 'dataset', 'features']);
    assert.equal(statistics.version, 0);
    const [number] = statistics.features;
    assert.deepEqual(Object.keys(number ?? {}), ['name', 'inferred_type', 'numerical_statistics']);
    assert.deepEqual(Object.keys(number?.numerical_statistics ?? {}), [
      'common',
      'mean',
      'sum',
      'std_dev',
      'min',
      'max',
      'distribution',
    ]);
    assert.deepEqual(number?.numerical_statistics?.distribution.kll.sketch.parameters, { c: 0.64, k: 2048 });
    assert.deepEqual(
      statistics.features.map(({ name, inferred_type }) => [name, inferred_type]),
      [
        ['x', 'Fractional'],
        ['k', 'Integral'],
        ['label', 'String'],
        ['flag', 'String'],
        ['mostly_null', 'Fractional'],
      ],
    );
  });

  for (const pair of ['ties', 'cat_low', 'nulls', 'model_scores', 'constants', 'nan_inf'])
    it(`gives as a reference the figures of ${pair} itself`, async () => {
      const [reference, current] = [`${PAIRS}/${pair}/reference.parquet`, `${PAIRS}/${pair}/current.parquet`];
      const { path } = await writtenOf(reference);
      for (const preset of ['sagemaker', 'sagemaker@2.1']) {
        const [kept, data] = [await drift(path, current, { preset }), await drift(reference, current, { preset })];
        assert.deepEqual(
          kept.columns.map(({ column, statistic, drifted, parameters }) => [column, statistic, drifted, parameters]),
          data.columns.map(({ column, statistic, drifted, parameters }) => [column, statistic, drifted, parameters]),
        );
        assert.ok(kept.columns.some(({ statistic }) => statistic !== null));
      }
    });

  it('keeps of more values a sketch, which compares as the data do', async () => {
    const [reference, current] = [csv({ x: normal(30_000, 0, 1, 3) }), csv({ x: normal(30_000, 0.2, 1, 4) })];
    const { path, statistics } = await writtenOf(reference);
    const sketch = statistics.features[0]?.numerical_statistics?.distribution.kll.sketch.data ?? [];
    assert.ok(sketch.length > 3);
    assert.equal(
      sketch.reduce((sum, level, i) => sum + level.length * 2 ** i, 0),
      30_000,
    );
    const [kept, data] = [
      await drift(path, current, { preset: 'sagemaker' }),
      await drift(reference, current, { preset: 'sagemaker' }),
    ];
    assert.equal(kept.columns[0]?.statistic, data.columns[0]?.statistic);
    assert.ok(Number(data.columns[0]?.statistic) > 0);
  });
});
