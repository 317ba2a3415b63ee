import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { sketchOf } from '../../server/src/drift/sketches/sketch';
import type { DriftColumn, DriftJob, DriftReport } from '../../server/src/protocol';
import { openDuckDB } from '../../server/src/sql/engines/duckdb';
import { identifier, text } from '../../server/src/sql/fragment';
import { columnOf, drift, sessionOf } from '../drift/drifting';

interface Golden {
  readonly column: string;
  readonly metric: string;
  readonly value?: number | 'NaN';
  readonly n?: number;
  readonly m?: number;
  readonly order_dependent?: boolean;
  readonly partitions?: number;
}

interface Statistics {
  readonly side: string;
  readonly column: string;
  readonly kll?: {
    readonly levels: readonly number[];
    readonly level_sums: readonly (number | 'NaN')[];
    readonly level_first: readonly (number | null)[];
    readonly level_last: readonly (number | null)[];
  };
}

const versions = [
  { version: '2.0.7', preset: 'sagemaker', id: 'sagemaker@2.0' },
  { version: '2.1.0', preset: 'sagemaker@2.1', id: 'sagemaker@2.1' },
] as const;

const COPIED = 'test/fixtures/drift/pairs';
const copied = new Set(readdirSync(COPIED));
const SHARED = '../shared/golden';

for (const { version, preset, id } of versions) {
  describe(`the ${id} preset says what deequ ${version} says`, function () {
    this.timeout(120_000);
    const { results } = JSON.parse(readFileSync(`test/fixtures/drift/deequ-${version}.json`, 'utf8')) as {
      readonly results: readonly (Golden & { readonly case: string })[];
    };
    for (const pair of new Set(results.map((golden) => golden.case)))
      it(pair, () =>
        holdPair(
          COPIED,
          pair,
          preset,
          id,
          results.filter((golden) => golden.case === pair),
        ),
      );
  });

  if (existsSync(SHARED))
    describe(`the ${id} preset says what deequ ${version} says on the golden pairs that are not copied here`, function () {
      this.timeout(120_000);
      for (const { case: pair, results, statistics } of sharedOf(version)) {
        if (!copied.has(pair)) it(pair, () => holdPair(`${SHARED}/data`, pair, preset, id, results));
        it(`${pair}: every level of every sketch`, () => holdSketches(pair, statistics));
      }
    });
}

it('deequ 2.0.7 and 2.1.0 differ on ties', async () => {
  const [old, now] = [await compare(COPIED, 'ties', 'sagemaker'), await compare(COPIED, 'ties', 'sagemaker@2.1')];
  assert.notEqual(columnOf(old, 'rounded').parameters.distance, columnOf(now, 'rounded').parameters.distance);
  assert.equal(columnOf(old, 'rounded').parameters.ranks, 'distinct values');
  assert.equal(columnOf(now, 'rounded').parameters.ranks, 'rows');
});

interface SharedPair {
  readonly case: string;
  readonly results: readonly Golden[];
  readonly statistics: readonly Statistics[];
}

function sharedOf(version: string): readonly SharedPair[] {
  return JSON.parse(readFileSync(`${SHARED}/expected/deequ-${version}.json`, 'utf8')).results;
}

const compare = (data: string, pair: string, preset: string, wishes: Partial<DriftJob> = {}): Promise<DriftReport> =>
  drift(`${data}/${pair}/reference.parquet`, `${data}/${pair}/current.parquet`, { preset, ...wishes });

async function holdPair(
  data: string,
  pair: string,
  preset: string,
  id: string,
  goldens: readonly Golden[],
): Promise<void> {
  const report = await compare(data, pair, preset);
  assert.equal(report.preset, id);
  const tested = goldens.filter(({ metric }) => metric.startsWith('categorical_chi'));
  const methods = Object.fromEntries(tested.map(({ column }) => [column, 'chi-square']));
  const byTest = tested.length > 0 ? await compare(data, pair, preset, { methods }) : report;
  for (const golden of goldens) {
    if (golden.order_dependent || golden.partitions) continue;
    hold(golden.metric.startsWith('categorical_chi') ? byTest : report, golden, `${pair}.${golden.column}`);
  }
}

const figures: Readonly<Record<string, (column: DriftColumn) => unknown>> = {
  numerical_robust: ({ statistic }) => statistic,
  numerical_simple: ({ parameters }) => parameters.distance,
  categorical_linf_robust: ({ statistic }) => statistic,
  categorical_linf_simple: ({ parameters }) => parameters.distance,
  categorical_chi_square_statistic: ({ statistic }) => statistic,
  categorical_chi_square_p_value: ({ pValue }) => pValue,
};

function hold(report: DriftReport, { column: name, metric, value, n, m }: Golden, place: string): void {
  const figure = figures[metric];
  if (!figure) return;
  const column = columnOf(report, name);
  const where = `${place} ${metric}`;
  if (value === 'NaN') {
    assert.deepEqual([column.method, column.drifted], [null, null], where);
    assert.match(column.reason ?? '', /no figure/, where);
    return;
  }
  const got = Number(figure(column));
  assert.ok(
    Math.abs(got - Number(value)) <= 1e-9 * Math.max(Math.abs(Number(value)), 1e-6),
    `${where}: ${got} for ${value}`,
  );
  if (n !== undefined) assert.deepEqual([column.parameters.n, column.parameters.m], [n, m], where);
  if (metric.endsWith('_robust')) assert.equal(column.drifted, Number(value) > 0.1, where);
  if (metric === 'categorical_chi_square_p_value') assert.equal(column.drifted, Number(value) < 0.1, where);
}

async function holdSketches(pair: string, statistics: readonly Statistics[]): Promise<void> {
  const engine = await openDuckDB({ folders: [`${SHARED}/data/${pair}`], ...sessionOf().world.places });
  try {
    for (const { side, column, kll } of statistics) {
      if (!kll?.levels) continue;
      const file = `read_parquet(${text(`${SHARED}/data/${pair}/${side}.parquet`)})`;
      const name = identifier(column);
      const [rows = new Float64Array()] = await engine.numbers(`SELECT ${name} FROM ${file} WHERE ${name} IS NOT NULL`);
      const { levels } = sketchOf(rows);
      const where = `${pair}.${column} ${side}`;
      assert.deepEqual(
        levels.map(({ length }) => length),
        kll.levels,
        where,
      );
      levels.forEach((items, level) => {
        const all = Array.from(items);
        const sum = all.reduce((so, item) => so + item, 0);
        const wanted = Number(kll.level_sums[level]);
        assert.ok(
          Object.is(sum, wanted) || Math.abs(sum - wanted) <= 1e-9 * Math.abs(wanted),
          `${where}: ${sum} for ${wanted}`,
        );
        if (all.length > 0)
          assert.deepEqual(
            [all[0], all.at(-1)].map(String),
            [kll.level_first[level], kll.level_last[level]].map((item) => String(Number(item))),
            where,
          );
      });
    }
  } finally {
    engine.close();
  }
}
