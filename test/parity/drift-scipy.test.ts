import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isRefusal, type MetricOptions } from '../../server/src/drift/metric';
import { members } from '../../server/src/drift/metrics';
import { countsIn, doaneEdges, pooled, sturgesEdges } from '../../server/src/drift/numerics/bins';
import { sharesOf } from '../../server/src/drift/numerics/shares';
import type { Engine } from '../../server/src/sql/engine';
import { openDuckDB } from '../../server/src/sql/engines/duckdb';
import { identifier, text } from '../../server/src/sql/fragment';

/** One value of SciPy's: which function, on which column of which pair, with which options, and what it gave. */
interface Golden {
  readonly case: string;
  readonly column: string;
  readonly metric: string;
  readonly params: Readonly<Record<string, string | number | boolean>>;
  readonly statistic?: number | string;
  readonly p_value?: number | string;
  readonly value?: number;
  readonly error?: string;
  readonly bins?: number;
  readonly second?: number;
  readonly last?: number;
  readonly reference?: readonly number[] | null;
  readonly current?: readonly number[] | null;
}

const ids: Readonly<Record<string, readonly [string, MetricOptions?]>> = {
  ks_2samp: ['ks'],
  cramervonmises_2samp: ['cramer-von-mises'],
  mannwhitneyu: ['mann-whitney'],
  anderson_ksamp: ['anderson-darling'],
  epps_singleton_2samp: ['epps-singleton'],
  ttest_ind: ['t-test'],
  wasserstein_distance: ['wasserstein'],
  energy_distance: ['energy'],
  chi2_contingency: ['chi-square', { expected: 'pooled' }],
  fisher_exact: ['fisher-exact'],
  jensenshannon: ['jensen-shannon'],
  entropy: ['kl-divergence'],
  l_infinity: ['l-infinity'],
  total_variation: ['total-variation'],
  hellinger: ['hellinger'],
};

/**
 * Epps–Singleton's covariance has rank 1 when there are but two values, and SciPy then inverts rounding errors: its figure
 * there is another one on another machine; of two constants, its covariance is rounding altogether. Only verdicts are
 * compared.
 */
const inverted = ({ metric, case: pair, column }: Golden): boolean =>
  metric === 'epps_singleton_2samp' && /^(\w+\.(binary|y_pred|y_true)|constants\.moved)$/.test(`${pair}.${column}`);

const COPIED = 'test/fixtures/drift/pairs';
const SHARED = '../shared/golden';

describe('statistics are those of SciPy 1.17.1', function () {
  this.timeout(60_000);
  suite(COPIED, 'test/fixtures/drift/scipy-1.17.1.json');
});

if (existsSync(SHARED))
  describe('statistics are those of SciPy 1.17.1 on the golden pairs that are not copied here', function () {
    this.timeout(60_000);
    suite(`${SHARED}/data`, `${SHARED}/expected/scipy-1.17.1.json`);
  });

function suite(data: string, expected: string): void {
  const goldens: readonly Golden[] = JSON.parse(readFileSync(expected, 'utf8')).results;
  const copied = new Set(readdirSync(COPIED));
  const wanted = goldens.filter((golden) => isOurs(golden) && (data === COPIED || !copied.has(golden.case)));
  let engine: Engine;
  before(async () => {
    engine = await openDuckDB({ folders: [process.cwd(), `${process.cwd()}/../shared`], temporary: tmpdir() });
  });
  after(() => engine.close());

  for (const metric of new Set(wanted.map((golden) => golden.metric))) {
    it(metric, async () => {
      for (const golden of wanted.filter((candidate) => candidate.metric === metric)) await hold(engine, data, golden);
    });
  }
}

/** The options that Plumbline's profiles use; SciPy's others have no counterpart here. */
function isOurs({ metric, params }: Golden): boolean {
  if (metric === 'histogram_bin_edges') return /sturges|doane/.test(String(params.bins)) && params.over === 'both';
  const sided = params.alternative ?? 'two-sided';
  return (
    metric in ids &&
    (sided === 'two-sided' || (metric === 'mannwhitneyu' && sided === 'less')) &&
    params.method !== 'exact' &&
    params.method !== 'asymp' &&
    params.correction !== true &&
    params.equal_var !== false
  );
}

async function hold(engine: Engine, data: string, golden: Golden): Promise<void> {
  const where = `${golden.case}.${golden.column} ${golden.metric} ${JSON.stringify(golden.params)}`;
  if (golden.metric === 'histogram_bin_edges') return holdBins(where, await valuesOf(engine, data, golden), golden);
  const [id, fixed] = ids[golden.metric] ?? [''];
  const metric = members.find((member) => member.id === id);
  assert.ok(metric, id);
  const sides = metric.needs === 'values' ? await valuesOf(engine, data, golden) : await countsOf(engine, data, golden);
  const [reference, current] = metric.needs === 'shares' ? [sharesOf(sides[0]), sharesOf(sides[1])] : sides;
  const options: MetricOptions = {
    ...fixed,
    ...(golden.params.base === 2 ? { base: 2 } : {}),
    ...(golden.params.alternative === 'less' ? { alternative: 'less' } : {}),
  };
  const measured = metric.measure(reference, current, options);
  if (isRefusal(measured)) {
    assert.ok(golden.error, `${where}: ${measured.refusal}`);
    return;
  }
  assert.ok(!golden.error, where);
  if (inverted(golden)) {
    assert.equal((measured.pValue ?? 1) < 0.05, Number(golden.p_value) < 0.05, where);
    return;
  }
  close(measured.statistic, golden.statistic ?? golden.value, where);
  if (golden.p_value !== undefined) close(measured.pValue, golden.p_value, `${where} p`);
}

function holdBins(where: string, [reference, current]: Sides, golden: Golden): void {
  const both = pooled(reference, current);
  const extent = { low: both[0] ?? 0, high: both.at(-1) ?? 0, size: both.length, whole: false };
  const edges = golden.params.bins === 'doane' ? doaneEdges(both, false) : sturgesEdges(extent);
  assert.equal(edges.length - 1, golden.bins, where);
  close(edges[1], golden.second, where);
  close(edges.at(-1), golden.last, where);
  if (golden.reference) assert.deepEqual([...countsIn(reference, edges)], golden.reference, where);
  if (golden.current) assert.deepEqual([...countsIn(current, edges)], golden.current, where);
}

type Sides = readonly [Float64Array, Float64Array];

/** One after the other: an engine runs one statement at a time. */
async function valuesOf(engine: Engine, data: string, { case: pair, column }: Golden): Promise<Sides> {
  const read = async (side: string): Promise<Float64Array> => {
    const file = text(`${data}/${pair}/${side}.parquet`);
    const [values = new Float64Array()] = await engine.numbers(
      `SELECT ${identifier(column)} FROM read_parquet(${file})`,
    );
    return values.filter(Number.isFinite).sort();
  };
  return [await read('reference'), await read('current')];
}

async function countsOf(engine: Engine, data: string, { case: pair, column }: Golden): Promise<Sides> {
  const side = (name: string): string =>
    `SELECT ${identifier(column)} AS v, '${name}' AS side FROM read_parquet(${text(`${data}/${pair}/${name}.parquet`)})`;
  const [reference = new Float64Array(), current = new Float64Array()] = await engine.numbers(
    `SELECT count(*) FILTER (side = 'reference'), count(*) FILTER (side = 'current')
     FROM (${side('reference')} UNION ALL ${side('current')}) WHERE v IS NOT NULL GROUP BY v ORDER BY v`,
  );
  return [reference, current];
}

/** Equal to 1e-9 of the value; 1e-13 where SciPy itself subtracts from 1 and leaves only that. */
function close(got: number | undefined, wanted: number | string | undefined, where: string): void {
  const want = Number(wanted);
  assert.ok(got !== undefined, where);
  const near = Object.is(got, want) || Math.abs(got - want) <= Math.max(1e-9 * Math.abs(want), 1e-13);
  assert.ok(near, `${where}: ${got} for ${want}`);
}
