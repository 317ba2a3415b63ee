import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isRefusal } from '../../server/src/drift/metric';
import { jensenShannon } from '../../server/src/drift/metrics/jensen-shannon';
import { lInfinity } from '../../server/src/drift/metrics/l-infinity';
import { sharesOf } from '../../server/src/drift/numerics/shares';
import { alignedHistograms, approximateHistogram } from '../../server/src/drift/sketches/approximate-histogram';
import { rankHistogram, sketched } from '../../server/src/drift/sketches/frequent-values';
import type { DriftJob, DriftReport } from '../../server/src/protocol';
import { columnOf, drift } from '../drift/drifting';

/** What `validate_statistics` measures under a comparator of 0.05 on every feature. Type 1 is L-infinity, 2 Jensen–Shannon. */
interface Golden {
  readonly case: string;
  readonly column: string;
  readonly type: 1 | 2;
  readonly value: number;
  /** Whether it reports the comparator's anomaly. */
  readonly high: boolean;
}

interface Goldens {
  readonly results: readonly Golden[];
}

/** As in the package's file. */
interface GoldenCase {
  readonly case: string;
  readonly drift: Readonly<Record<string, readonly [{ readonly type: 1 | 2; readonly value: number }]>>;
  readonly anomalies: Readonly<Record<string, { readonly reasons: readonly { readonly type: string }[] }>>;
}

const ids = { 1: 'l-infinity', 2: 'jensen-shannon' } as const;

const COPIED = 'test/fixtures/drift/pairs';
const EXPECTED = 'test/fixtures/drift/tfdv-1.16.1.json';
const copied = new Set(readdirSync(COPIED));
const SHARED = '../shared/golden';

describe('the tfdv preset says what TensorFlow Data Validation 1.16.1 says', function () {
  this.timeout(60_000);
  const { results }: Goldens = JSON.parse(readFileSync(EXPECTED, 'utf8'));
  suite(COPIED, results);

  it('on enough columns for both measures', () => {
    assert.deepEqual(
      [1, 2].map((type) => results.filter((golden) => golden.type === type).length),
      [23, 56],
    );
  });
});

/**
 * Rows that any language computes to the same bit, and more of them than the sketches hold: 60,000 and
 * 45,001 of them, `i * 7919 % 60013` squared over 1e5 against `i * 104729 % 50021` squared over 9e4, and 5,003 texts.
 */
describe('the sketches of the tfdv preset lose what those of TensorFlow Data Validation 1.16.1 lose', () => {
  it('of 60,000 distinct numbers', () => {
    const [before, after] = [squares(60_000, 7_919, 60_013, 1e5), squares(45_001, 104_729, 50_021, 9e4)].map(
      approximateHistogram,
    );
    assert.ok(before && after);
    near(before[3]?.count ?? 0, 5083.184989735726, 'rows of the fourth bucket');
    const [p, q] = alignedHistograms(before, after);
    const distance = jensenShannon.measure(sharesOf(p), sharesOf(q), { base: 2 });
    assert.ok(!isRefusal(distance));
    near(distance.statistic ** 2, 0.07064172443397405, 'divergence');
  });

  it('of 2,502 texts', () => {
    const [before, after] = [texts(60_000, 31), texts(45_001, 37)].map((rows) => rankHistogram(sketched(rows)));
    assert.ok(before && after);
    assert.equal(before.size, 1000);
    const labels = [...new Set([...before.keys(), ...after.keys()])];
    const [p, q] = [before, after].map((counts) =>
      sharesOf(Float64Array.from(labels, (label) => counts.get(label) ?? 0)),
    );
    const distance = lInfinity.measure(p ?? new Float64Array(), q ?? new Float64Array(), {});
    assert.ok(!isRefusal(distance));
    near(distance.statistic, 0.0010076857386848847, 'L-infinity');
  });
});

function squares(rows: number, step: number, period: number, divisor: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, i) => ((i * step) % period) ** 2 / divisor);
}

function texts(rows: number, step: number): readonly string[] {
  return Array.from({ length: rows }, (_, i) => `v${(i * i * step) % 5003}`);
}

if (existsSync(SHARED))
  describe('the tfdv preset says what TensorFlow Data Validation 1.16.1 says on the golden pairs that are not copied here', function () {
    this.timeout(60_000);
    const { results }: { results: readonly GoldenCase[] } = JSON.parse(
      readFileSync(`${SHARED}/expected/tfdv-1.16.1.json`, 'utf8'),
    );
    suite(`${SHARED}/data`, results.filter((golden) => !copied.has(golden.case)).flatMap(flattened));
  });

function flattened({ case: pair, drift: measures, anomalies }: GoldenCase): readonly Golden[] {
  return Object.entries(measures).map(([column, [measure]]) => ({
    case: pair,
    column,
    ...measure,
    high: anomalies[column]?.reasons.some(({ type }) => type.endsWith('_HIGH')) ?? false,
  }));
}

function suite(data: string, results: readonly Golden[]): void {
  const compare = (pair: string, wishes: Partial<DriftJob>): Promise<DriftReport> =>
    drift(`${data}/${pair}/reference.parquet`, `${data}/${pair}/current.parquet`, { preset: 'tfdv', ...wishes });

  for (const pair of new Set(results.map((golden) => golden.case)))
    it(pair, async () => {
      const wanted = results.filter((golden) => golden.case === pair);
      const methods = Object.fromEntries(wanted.map(({ column, type }) => [column, `${ids[type]}:0.05`]));
      const [own, bare, vertex] = [
        await compare(pair, { methods }),
        await compare(pair, {}),
        await compare(pair, { preset: 'vertex' }),
      ];
      for (const golden of wanted) {
        hold(own, golden, 0.05);
        hold(bare, golden, 0.3);
        hold(vertex, golden, 0.3);
      }
      assert.equal(
        own.dataset.drifted,
        wanted.some(({ high }) => high),
        pair,
      );
      assert.equal(
        vertex.dataset.drifted,
        wanted.some(({ value }) => value > 0.3),
        pair,
      );
    });
}

function hold(report: DriftReport, golden: Golden, threshold: number): void {
  const where = `${golden.case}.${golden.column}`;
  const { method, statistic, threshold: limit, drifted } = columnOf(report, golden.column);
  assert.deepEqual([method, limit], [ids[golden.type], threshold], where);
  near(Number(statistic ?? Number.NaN), golden.value, where);
  assert.equal(drifted, threshold === 0.05 ? golden.high : golden.value > threshold, where);
}

function near(got: number, wanted: number, where: string): void {
  assert.ok(Math.abs(got - wanted) <= Math.max(1e-9 * wanted, 1e-13), `${where}: ${got} for ${wanted}`);
}
