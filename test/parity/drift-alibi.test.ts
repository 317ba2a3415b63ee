import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isRefusal } from '../../server/src/drift/metric';
import { fisherExact } from '../../server/src/drift/metrics/fisher-exact';
import type { DriftColumn, DriftJob, DriftReport, DriftSide, Figure } from '../../server/src/protocol';
import { columnOf, drift } from '../drift/drifting';

type Number32 = number | 'NaN' | 'Infinity';

/** One detector on one column, with the values of that column alone. */
interface Golden {
  readonly case: string;
  readonly column: string;
  readonly metric: 'KSDrift' | 'CVMDrift' | 'ChiSquareDrift' | 'FETDrift';
  readonly params: { readonly alternative?: string; readonly dtype?: string };
  readonly p_value: readonly [number];
  readonly value: readonly [Number32];
  readonly threshold: number;
  readonly is_drift: number;
}

/** TabularDrift on all columns at once. */
interface GoldenTable {
  readonly case: string;
  readonly columns: readonly string[];
  readonly rows: readonly [number, number];
  readonly correction: 'bonferroni' | 'fdr';
  readonly drift_type: 'batch' | 'feature';
  readonly p_value: readonly number[];
  readonly value: readonly Number32[];
  /** Of `fdr`, when nothing drifts, one limit per rank. */
  readonly threshold: number | readonly number[];
  readonly is_drift: number | readonly number[];
}

interface Goldens {
  readonly results: readonly Golden[];
  readonly datasets: readonly GoldenTable[];
}

const ids: Readonly<Record<Golden['metric'], string>> = {
  KSDrift: 'ks',
  CVMDrift: 'cramer-von-mises',
  ChiSquareDrift: 'chi-square',
  FETDrift: 'fisher-exact',
};

/** What the presets do not have: FETDrift's other alternatives are held to the metric, KSDrift's and float32 data not at all. */
const isPreset = ({ metric, params }: Golden): boolean =>
  metric === 'FETDrift'
    ? params.alternative === 'greater'
    : params.dtype !== 'float32' && params.alternative !== 'less' && params.alternative !== 'greater';

const COPIED = 'test/fixtures/drift/pairs';
const EXPECTED = 'test/fixtures/drift/alibi-detect-0.13.0.json';
const copied = new Set(readdirSync(COPIED));
const SHARED = '../shared/golden';

describe('the alibi presets say what Alibi Detect 0.13.0 says', function () {
  this.timeout(60_000);
  suite(COPIED, EXPECTED);

  it('on enough columns for every detector', () => {
    const { results, datasets }: Goldens = JSON.parse(readFileSync(EXPECTED, 'utf8'));
    const count = (metric: string): number => results.filter((one) => one.metric === metric && isPreset(one)).length;
    assert.deepEqual(Object.keys(ids).map(count), [51, 51, 48, 9]);
    assert.equal(datasets.length, 64);
  });

  it('and Fisher’s exact test under the alternatives that the preset does not take', async () => {
    const { results }: Goldens = JSON.parse(readFileSync(EXPECTED, 'utf8'));
    const others = results.filter((golden) => golden.metric === 'FETDrift' && !isPreset(golden));
    assert.equal(others.length, 18);
    for (const { case: pair, column, params, p_value } of others) {
      const files = [`${COPIED}/${pair}/reference.parquet`, `${COPIED}/${pair}/current.parquet`] as const;
      const report = await drift(...files, { columns: [column], types: { [column]: 'categorical' } });
      const { reference, current } = columnOf(report, column);
      const counts = [reference, current].map(zerosAndOnes);
      const alternative = params.alternative === 'less' ? 'greater' : 'two-sided';
      const measured = fisherExact.measure(counts[0] ?? new Float64Array(), counts[1] ?? new Float64Array(), {
        alternative,
      });
      assert.ok(!isRefusal(measured));
      close(measured.pValue ?? null, p_value[0], `${pair}.${column} ${params.alternative}`, 'FETDrift');
    }
  });
});

/** Rows of the first and of the second value. */
function zerosAndOnes({ histogram }: DriftSide): Float64Array {
  assert.ok(histogram && 'categories' in histogram);
  const { categories, counts } = histogram;
  const count = (label: RegExp): number =>
    counts[categories.findIndex((category) => label.test(String(category)))] ?? 0;
  return Float64Array.of(count(/^(0|false)$/), count(/^(1|true)$/));
}

if (existsSync(SHARED))
  describe('the alibi presets say what Alibi Detect 0.13.0 says on the golden pairs that are not copied here', function () {
    this.timeout(60_000);
    suite(`${SHARED}/data`, `${SHARED}/expected/alibi-detect-0.13.0.json`);
  });

function suite(data: string, expected: string): void {
  const all: Goldens = JSON.parse(readFileSync(expected, 'utf8'));
  const isHere = ({ case: pair }: { case: string }): boolean => data === COPIED || !copied.has(pair);
  const compare = (pair: string, wishes: Partial<DriftJob>): Promise<DriftReport> =>
    drift(`${data}/${pair}/reference.parquet`, `${data}/${pair}/current.parquet`, { preset: 'alibi', ...wishes });

  for (const [metric, id] of Object.entries(ids)) {
    const wanted = all.results.filter((golden) => golden.metric === metric && isHere(golden) && isPreset(golden));
    if (wanted.length === 0) continue;
    it(`every ${metric}`, async () => {
      for (const golden of wanted) {
        const { column } = golden;
        const report = await compare(golden.case, { columns: [column], methods: { [column]: id } });
        holdColumn(columnOf(report, column), golden);
        assert.equal(report.dataset.drifted, golden.is_drift === 1, `${golden.case}.${column}`);
      }
    });
  }

  for (const golden of all.datasets.filter(isHere))
    it(`${golden.case}: TabularDrift by ${golden.drift_type === 'batch' ? golden.correction : 'feature'}`, async () => {
      const report = await compare(golden.case, { columns: golden.columns, preset: presetOf(golden) });
      holdTable(report, golden);
    });
}

const presetOf = ({ drift_type, correction }: GoldenTable): string =>
  drift_type === 'feature' ? 'alibi-feature' : correction === 'fdr' ? 'alibi-fdr' : 'alibi';

function holdColumn(column: DriftColumn, golden: Golden): void {
  const where = `${golden.case}.${golden.column} ${golden.metric}`;
  close(column.pValue, golden.p_value[0], `${where} p`, golden.metric);
  close(column.statistic, golden.value[0], where, golden.metric);
  assert.equal(column.threshold, golden.threshold, where);
  assert.equal(column.drifted, golden.is_drift === 1, where);
}

function holdTable(report: DriftReport, golden: GoldenTable): void {
  assert.deepEqual([report.reference.rows, report.current.rows], golden.rows, golden.case);
  const limits = [golden.threshold].flat();
  golden.columns.forEach((name, i) => {
    const column = columnOf(report, name);
    const where = `${golden.case}.${name}`;
    close(column.pValue, golden.p_value[i], `${where} p`);
    close(column.statistic, golden.value[i], where);
    assert.ok(
      limits.some((limit) => Math.abs(limit - Number(column.threshold)) < 1e-15),
      `${where}: ${column.threshold}`,
    );
    if (Array.isArray(golden.is_drift)) assert.equal(column.drifted, golden.is_drift[i] === 1, where);
  });
  const drifted = [golden.is_drift].flat().some((verdict) => verdict === 1);
  const keys = ['drifted', 'driftedColumns', 'columns', 'share', 'threshold', 'method'];
  assert.deepEqual(Object.keys(report.dataset), keys);
  assert.equal(report.dataset.drifted, drifted, golden.case);
  assert.equal(report.dataset.method, golden.drift_type === 'feature' ? 'any' : golden.correction);
  assert.equal(report.dataset.driftedColumns > 0, drifted, golden.case);
}

/**
 * Equal as 32-bit floats, which is all that Alibi keeps, up to one unit in their last place; Fisher's to 1e-9. SciPy's
 * Cramér–von Mises subtracts from 1, which leaves 1e-13 of a p-value.
 */
function close(got: Figure, wanted: Number32 | undefined, where: string, metric = ''): void {
  if (typeof wanted !== 'number') {
    assert.equal(got, wanted, where);
    return;
  }
  const tolerance = metric === 'FETDrift' ? 1e-9 : 2 ** -23;
  const least = metric === 'CVMDrift' ? 1e-13 : 0;
  const near = Math.abs(Number(got) - wanted) <= Math.max(tolerance * Math.abs(wanted), least);
  assert.ok(got !== null && near, `${where}: ${got} for ${wanted}`);
}
