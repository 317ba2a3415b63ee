import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
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
  const near = Math.abs(Number(statistic) - golden.value) <= Math.max(1e-9 * golden.value, 1e-13);
  assert.ok(statistic !== null && near, `${where}: ${statistic} for ${golden.value}`);
  assert.equal(drifted, threshold === 0.05 ? golden.high : golden.value > threshold, where);
}
