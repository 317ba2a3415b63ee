import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolveDataset } from '../../server/src/data/dataset';
import { type Rows, type Values, valuesIn } from '../../server/src/drift/chunks';
import { describe as described } from '../../server/src/drift/describe';
import { chunked } from '../../server/src/drift/profiles/nannyml';
import type { DriftJob, DriftReport, Figure } from '../../server/src/protocol';
import type { Engine } from '../../server/src/sql/engine';
import { identifier } from '../../server/src/sql/fragment';
import { columnOf, drift, sessionOf } from '../drift/drifting';

/** A method fitted on the whole reference, and its figure for the whole current side as one chunk. */
interface Golden {
  readonly case: string;
  readonly column: string;
  readonly as_type: 'continuous' | 'categorical';
  readonly method: string;
  readonly value?: number | 'NaN';
  readonly p_value?: number;
  readonly alert?: boolean;
  readonly error?: string;
}

/** The calculator with chunks: period, key, value and alert of each. */
interface GoldenChunks {
  readonly case: string;
  readonly column: string;
  readonly as_type: 'continuous' | 'categorical';
  readonly method: string;
  readonly chunk_size: number;
  readonly upper_threshold: number | null;
  readonly chunks: readonly (readonly ['reference' | 'analysis', string, number, boolean])[];
}

interface Goldens {
  readonly results: readonly Golden[];
  readonly datasets: readonly GoldenChunks[];
}

const ids: Readonly<Record<string, string>> = {
  jensen_shannon: 'jensen-shannon',
  hellinger: 'hellinger',
  kolmogorov_smirnov: 'ks',
  wasserstein: 'wasserstein',
  chi2: 'chi-square',
  l_infinity: 'l-infinity',
};

const types = { continuous: 'numerical', categorical: 'categorical' } as const;

const COPIED = 'test/fixtures/drift/pairs';
const EXPECTED = 'test/fixtures/drift/nannyml-0.13.1.json';
const copied = new Set(readdirSync(COPIED));
const SHARED = '../shared/golden';

describe('the nannyml preset says what NannyML 0.13.1 says', function () {
  this.timeout(60_000);
  const goldens: Goldens = JSON.parse(readFileSync(EXPECTED, 'utf8'));
  suite(COPIED, goldens);
  chunks(COPIED, goldens);

  it('on at least forty columns for every method', () => {
    for (const name of Object.keys(ids))
      assert.ok(goldens.results.filter(({ method }) => method === name).length >= 40, name);
  });

  it('and tells of a part that drifts where the whole does not, and of a reference too small to be cut', async () => {
    const report = await compare(COPIED, 'tiny_5', {});
    const x = columnOf(report, 'x');
    assert.equal(x.drifted, null);
    assert.match(x.reason ?? '', /ten chunks of the reference/);
    const whole = await compare(COPIED, 'cat_low', {});
    const { drifted, reason, parameters } = columnOf(whole, 'week');
    assert.deepEqual([drifted, parameters.chunks], [false, 10]);
    assert.equal(reason === null, parameters.alerts === 0);
    assert.deepEqual([whole.dataset.method, whole.dataset.drifted], ['any', whole.dataset.driftedColumns > 0]);
  });
});

describe('the nannyml preset', function () {
  this.timeout(60_000);

  it('cuts a segment into chunks of its own rows, numbers and text alike', async () => {
    const report = await compare(COPIED, 'unequal', { columns: ['beta', 'grade'], segmentBy: ['grade'] });
    const session = sessionOf();
    const engine = await session.open({ folders: [COPIED] });
    try {
      const side = (name: string) =>
        rowsOf(engine, COPIED, { case: 'unequal', column: 'beta', as_type: 'continuous' }, name, "grade = 'B'");
      const found = chunked('jensen-shannon', {
        reference: known(await side('reference')),
        current: known(await side('current')),
      });
      const beta = report.columns.find(({ column, segment }) => column === 'beta' && segment?.grade === 'B');
      assert.ok(beta && !('refusal' in found));
      close(beta.statistic, found.whole.statistic, 'beta of B');
      close(beta.threshold, found.threshold, 'threshold of beta of B');
    } finally {
      engine.close();
    }
  });

  it('has a threshold for text of a segment', async () => {
    const report = await compare(COPIED, 'cat_low', { columns: ['two', 'week'], segmentBy: ['two'] });
    const parts = report.columns.filter(({ column, segment }) => column === 'week' && segment !== null);
    assert.deepEqual(
      parts.map(({ threshold }) => typeof threshold),
      ['number', 'number'],
    );
  });
});

/** Of 12,000 rows and 11,003, with a chunk of three at the end: figure of the whole current side, and threshold. */
const binned: Readonly<Record<string, readonly [number, number]>> = {
  'jensen-shannon': [0.2965360911852982, 0.016193845509326586],
  hellinger: [0.29328341653249856, 0.013482707233799818],
  ks: [0.12333000090886614, 0.0050630906710527265],
  wasserstein: [142.81944308038752, 2.8141051466405953],
};

describe('the nannyml preset bins a reference of 10,000 rows and more as NannyML 0.13.1 does', () => {
  const reference = known(squares(12_000, 7_919, 12_007, 1e5));
  const current = known(squares(11_003, 104_729, 13_007, 9e4).map((value) => value - 3));
  for (const [id, [value, threshold]] of Object.entries(binned))
    it(id, () => {
      const found = chunked(id, { reference, current });
      assert.ok(!('refusal' in found));
      close(found.whole.statistic, value, id);
      close(found.threshold ?? null, threshold, `${id} threshold`);
      assert.equal(found.chunks.length, 11);
    });
});

/** Rows that any language computes to the same bit. */
function squares(rows: number, step: number, period: number, divisor: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, i) => ((i * step) % period) ** 2 / divisor);
}

if (existsSync(SHARED))
  describe('the nannyml preset says what NannyML 0.13.1 says on the golden pairs that are not copied here', function () {
    this.timeout(60_000);
    const { results }: Goldens = JSON.parse(readFileSync(`${SHARED}/expected/nannyml-0.13.1.json`, 'utf8'));
    suite(`${SHARED}/data`, { results: results.filter((golden) => !copied.has(golden.case)), datasets: [] });
  });

const compare = (data: string, pair: string, wishes: Partial<DriftJob>): Promise<DriftReport> =>
  drift(`${data}/${pair}/reference.parquet`, `${data}/${pair}/current.parquet`, { preset: 'nannyml', ...wishes });

function suite(data: string, { results }: Goldens): void {
  for (const [name, id] of Object.entries(ids))
    it(`every ${id}`, async () => {
      const wanted = results.filter(({ method }) => method === name);
      for (const pair of new Set(wanted.map((golden) => golden.case)))
        for (const type of ['continuous', 'categorical'] as const) {
          const ours = wanted.filter((golden) => golden.case === pair && golden.as_type === type);
          if (ours.length === 0) continue;
          const each = (value: string) => Object.fromEntries(ours.map(({ column }) => [column, value]));
          const report = await compare(data, pair, { methods: each(id), types: each(types[type]) });
          for (const golden of ours) holdWhole(report, golden);
        }
    });
}

function holdWhole(report: DriftReport, golden: Golden): void {
  const column = columnOf(report, golden.column);
  const where = `${golden.case}.${golden.column} as ${golden.as_type} ${golden.method}`;
  if (golden.error) {
    assert.deepEqual([column.method, column.drifted], [null, null], where);
    assert.match(column.reason ?? '', /infinities/, where);
    return;
  }
  close(column.statistic, golden.value, where);
  if (golden.p_value === undefined) return;
  close(column.pValue, golden.p_value, `${where} p`);
  assert.equal(column.drifted, golden.alert, where);
}

function chunks(data: string, { datasets }: Goldens): void {
  for (const pair of new Set(datasets.map((golden) => golden.case)))
    it(`${pair}: chunks, thresholds and alerts`, async () => {
      const session = sessionOf();
      const engine = await session.open({ folders: [data] });
      try {
        for (const golden of datasets.filter((one) => one.case === pair)) {
          const [reference, current] = [
            await rowsOf(engine, data, golden, 'reference'),
            await rowsOf(engine, data, golden, 'current'),
          ];
          holdChunks(golden, reference, current);
        }
      } finally {
        engine.close();
      }
    });
}

function holdChunks(golden: GoldenChunks, reference: Rows, current: Rows): void {
  const where = `${golden.case}.${golden.column} ${golden.method}`;
  for (const period of ['reference', 'analysis'] as const) {
    const found = chunked(
      ids[golden.method] ?? '',
      { reference: known(reference), current: known(period === 'analysis' ? current : reference) },
      golden.chunk_size,
    );
    assert.ok(!('refusal' in found), where);
    if (golden.upper_threshold === null) assert.equal(found.threshold, undefined, where);
    else close(found.threshold ?? null, golden.upper_threshold, `${where} threshold`);
    const wanted = golden.chunks.filter(([name]) => name === period);
    assert.equal(found.chunks.length, wanted.length, where);
    wanted.forEach(([, key, value, alert], i) => {
      const chunk = found.chunks[i];
      assert.ok(chunk && `[${chunk.key}]` === key, `${where} ${key}`);
      close(chunk.statistic, value, `${where} ${key}`);
      const drifted = chunk.pValue === undefined ? chunk.statistic > (found.threshold ?? 0) : chunk.pValue < 0.05;
      assert.equal(drifted, alert, `${where} ${key}`);
    });
  }
}

function known(rows: Rows): { readonly rows: Rows; readonly values: Values } {
  const values = valuesIn(rows);
  return { rows, values: values instanceof Float64Array ? values.sort() : values };
}

async function rowsOf(
  engine: Engine,
  data: string,
  golden: Pick<GoldenChunks, 'case' | 'column' | 'as_type'>,
  side: string,
  where = 'true',
): Promise<Rows> {
  const { world } = sessionOf();
  const dataset = await resolveDataset(`${data}/${golden.case}/${side}.parquet`, process.cwd(), world);
  const { relation } = await described(dataset, engine);
  const column = identifier(golden.column);
  if (golden.as_type === 'continuous') {
    const [rows] = await engine.numbers(`SELECT ${column}::DOUBLE FROM ${relation} WHERE ${where}`);
    return rows ?? new Float64Array();
  }
  const rows = await engine.rows(`SELECT ${column}::VARCHAR AS value FROM ${relation} WHERE ${where}`);
  return rows.map(({ value }) => (value === null || value === undefined ? null : String(value)));
}

function close(got: Figure | undefined, wanted: number | 'NaN' | undefined, where: string): void {
  if (wanted === 'NaN') {
    assert.equal(got, 'NaN', where);
    return;
  }
  const near = Math.abs(Number(got) - Number(wanted)) <= Math.max(1e-9 * Math.abs(Number(wanted)), 1e-13);
  assert.ok(got !== null && got !== undefined && near, `${where}: ${got} for ${wanted}`);
}
