import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { DriftColumn, DriftJob, DriftReport } from '../../server/src/protocol';
import { columnOf, drift } from '../drift/drifting';

/** One drift metric of one column; `features` says whether all columns of the pair were selected, or only this one. */
interface Golden {
  readonly case: string;
  readonly column: string;
  readonly as_type: 'numerical' | 'categorical';
  readonly metric: string;
  readonly features: 'all' | 'one';
  readonly by?: 'override';
  readonly value?: number | 'NaN';
  readonly threshold?: number;
  readonly breached?: boolean;
  readonly error?: string;
}

interface GoldenPair {
  readonly case: string;
  readonly numerical?: readonly string[];
  readonly categorical: readonly string[];
  readonly reference_rows_kept: number;
  readonly current_rows_kept: number;
}

interface Goldens {
  readonly datasets: readonly GoldenPair[];
  readonly results: readonly Golden[];
}

const ids: Readonly<Record<string, string>> = {
  JensenShannonDistance: 'jensen-shannon',
  PopulationStabilityIndex: 'psi',
  NormalizedWassersteinDistance: 'wasserstein-normalized',
  TwoSampleKolmogorovSmirnovTest: 'ks',
  PearsonsChiSquaredTest: 'chi-square',
};

const COPIED = 'test/fixtures/drift/pairs';
const copied = new Set(readdirSync(COPIED));
const SHARED = '../shared/golden';

describe("the azure preset says what Azure's public components say", function () {
  this.timeout(120_000);
  suite(COPIED, 'test/fixtures/drift/azureml-4b41f8c.json');

  it('on at least forty columns for every method', () => {
    const { results }: Goldens = JSON.parse(readFileSync('test/fixtures/drift/azureml-4b41f8c.json', 'utf8'));
    for (const name of Object.keys(ids))
      assert.ok(results.filter(({ metric, value }) => metric === name && value !== undefined).length >= 40, name);
  });
});

if (existsSync(SHARED))
  describe("the azure preset says what Azure's public components say on the golden pairs that are not copied here", function () {
    this.timeout(120_000);
    suite(`${SHARED}/data`, `${SHARED}/expected/azureml.json`);
  });

function suite(data: string, expected: string): void {
  const all: Goldens = JSON.parse(readFileSync(expected, 'utf8'));
  const isHere = ({ case: pair }: { case: string }): boolean => data === COPIED || !copied.has(pair);
  const compare = (pair: string, wishes: Partial<DriftJob>): Promise<DriftReport> =>
    drift(`${data}/${pair}/reference.parquet`, `${data}/${pair}/current.parquet`, { preset: 'azure', ...wishes });

  for (const pair of all.datasets.filter((one) => one.numerical !== undefined && isHere(one)))
    it(`${pair.case}: kinds of the columns, default metrics and rows left`, async () => {
      const report = await compare(pair.case, {});
      for (const column of report.columns) {
        const numerical = pair.numerical?.includes(column.column ?? '');
        assert.equal(column.type === 'numerical', numerical, column.column ?? '');
        assert.equal(column.method, numerical ? 'wasserstein-normalized' : 'jensen-shannon', column.column ?? '');
        const { referenceRows = report.reference.rows, currentRows = report.current.rows } = column.parameters;
        assert.deepEqual([referenceRows, currentRows], [pair.reference_rows_kept, pair.current_rows_kept]);
      }
      assert.equal(report.columns.length, (pair.numerical?.length ?? 0) + pair.categorical.length);
      assert.equal(
        report.dataset.drifted,
        report.columns.some(({ drifted }) => drifted),
      );
    });

  for (const [name, id] of Object.entries(ids)) {
    const wanted = all.results.filter((golden) => golden.metric === name && isHere(golden));
    if (wanted.length === 0) continue;
    it(`every ${id}`, async () => {
      for (const group of groupsOf(wanted)) {
        const [first] = group;
        if (!first) continue;
        const each = (value: (golden: Golden) => string) => Object.fromEntries(group.map((g) => [g.column, value(g)]));
        const report = await compare(first.case, {
          methods: each(({ threshold }) => (threshold === undefined ? id : `${id}:${threshold}`)),
          ...(first.by ? { types: each(({ as_type }) => as_type) } : {}),
          ...(first.features === 'one' ? { columns: [first.column] } : {}),
        });
        for (const golden of group) hold(columnOf(report, golden.column), golden);
      }
    });
  }
}

/** What one run can answer. */
function groupsOf(goldens: readonly Golden[]): readonly (readonly Golden[])[] {
  const groups = new Map<string, Golden[]>();
  for (const golden of goldens) {
    const key = [golden.case, golden.by, golden.features === 'one' ? golden.column : ''].join(' ');
    groups.set(key, [...(groups.get(key) ?? []), golden]);
  }
  return [...groups.values()];
}

function hold(column: DriftColumn, golden: Golden): void {
  const where = `${golden.case}.${golden.column} as ${golden.as_type} ${golden.metric} of ${golden.features}`;
  if (golden.error) {
    assert.deepEqual([column.method, column.drifted], [null, null], where);
    assert.match(column.reason ?? '', /infinite/, where);
    return;
  }
  const got = golden.metric.endsWith('Test') ? column.pValue : column.statistic;
  assert.equal(column.drifted, golden.breached, `${where}: ${got}`);
  if (golden.value === 'NaN') assert.equal(got, 'NaN', where);
  else close(Number(got), Number(golden.value), where);
}

function close(got: number, wanted: number, where: string): void {
  const near = Math.abs(got - wanted) <= Math.max(1e-9 * Math.abs(wanted), 1e-300);
  assert.ok(near || Math.abs(got - wanted) < 1e-15, `${where}: ${got} for ${wanted}`);
}
