import assert from 'node:assert/strict';
import { runDrift } from '../../server/src/drift/run';
import type { DriftJob, DriftReport, Progress } from '../../server/src/protocol';
import { Cancelled } from '../../server/src/sql/engine';
import { Unreadable } from '../../server/src/world';
import { sequence } from '../random';
import { columnOf, drift, sessionOf } from './drifting';
import { csv, normal, repeated } from './samples';

const numbers = normal(300, 10, 2, 1);
const reference = csv({ x: numbers, kind: repeated({ a: 200, b: 100 }) });
const current = csv({ x: numbers.map((value) => value + 1), kind: repeated({ a: 150, b: 150 }) });

/** What a wrong wish is answered with. */
async function refusal(job: Partial<DriftJob>): Promise<string> {
  try {
    await drift(reference, current, job);
  } catch (error) {
    if (error instanceof Unreadable) return error.message;
    throw error;
  }
  return assert.fail('It was taken.');
}

describe('a drift run', function () {
  this.timeout(30_000);

  it('reports both sides, every column and the dataset', async () => {
    const report = await drift(reference, current, { preset: 'evidently' });
    assert.deepEqual([report.preset, report.verb, report.schemaVersion], ['evidently@0.7', 'drift', 1]);
    assert.deepEqual(report.reference, { ref: reference, rows: 300 });
    assert.deepEqual(
      report.columns.map(({ column }) => column),
      ['x', 'kind'],
    );
    assert.deepEqual(report.dataset, {
      drifted: true,
      driftedColumns: 2,
      columns: 2,
      share: 1,
      threshold: 0.5,
      method: 'share',
    });
    assert.equal(report.engine.name, 'duckdb');
    assert.deepEqual(JSON.parse(JSON.stringify(report)), report);
  });

  it('gives both sides the same edges, and every value a bin', async () => {
    const { reference: before, current: after } = columnOf(await drift(reference, current), 'x');
    assert.ok(before.histogram && after.histogram && 'edges' in before.histogram && 'edges' in after.histogram);
    assert.deepEqual(before.histogram.edges, after.histogram.edges);
    for (const { counts, edges } of [before.histogram, after.histogram]) {
      assert.equal(
        counts.reduce((sum, count) => sum + count, 0),
        300,
      );
      assert.equal(edges.length, counts.length + 1);
      assert.ok(edges.every((edge, i) => i === 0 || edge > (edges[i - 1] ?? edge)));
    }
  });

  it('does not depend on the order of rows', async () => {
    const random = sequence(3);
    const order = numbers.map((_, i) => i).sort(() => random() - 0.5);
    const kinds = repeated({ a: 200, b: 100 });
    const shuffled = csv({ x: order.map((i) => numbers[i] ?? 0), kind: order.map((i) => kinds[i] ?? '') });
    const figures = ({ columns, dataset }: DriftReport) => ({ columns, dataset });
    for (const preset of ['plumbline', 'evidently'])
      assert.deepEqual(
        figures(await drift(shuffled, current, { preset })),
        figures(await drift(reference, current, { preset })),
      );
  });

  it('takes a method and a threshold for a column', async () => {
    const report = await drift(reference, current, { preset: 'evidently', methods: { x: 'psi:5', kind: 'psi' } });
    const { method, threshold, drifted, parameters } = columnOf(report, 'x');
    assert.deepEqual([method, threshold, drifted], ['psi', 5, false]);
    assert.deepEqual(parameters, { base: 'e', bins: 11, binning: 'sturges over both sides' });
    assert.equal(columnOf(report, 'kind').threshold, 0.1);
  });

  it('takes a type and a choice of columns', async () => {
    const report = await drift(reference, current, { types: { kind: 'text' }, columns: ['kind'] });
    assert.deepEqual(
      report.columns.map(({ column, type }) => [column, type]),
      [['kind', 'text']],
    );
    assert.equal(columnOf(report, 'kind').reason, 'Text is shown and not judged.');
    const numeric = await drift(reference, current, { types: { kind: 'numerical' } });
    assert.equal(columnOf(numeric, 'kind').reason, 'The reference side has no value that is a number.');
  });

  it('says why a method does not fit a column', async () => {
    const report = await drift(reference, current, { preset: 'evidently', methods: { x: 'chi-square', kind: 'ks' } });
    assert.deepEqual(
      report.columns.map(({ drifted }) => drifted),
      [null, null],
    );
    assert.match(columnOf(report, 'x').reason ?? '', /--type x=categorical/);
    assert.match(columnOf(report, 'kind').reason ?? '', /is for numbers/);
    assert.deepEqual([report.dataset.columns, report.dataset.drifted], [0, false]);
  });

  it('draws random orders from a seed where a verdict rests on them, and says so', async () => {
    const wishes = { preset: 'evidently', methods: { kind: 'total-variation' } };
    const column = columnOf(await drift(reference, current, wishes), 'kind');
    assert.ok(Math.abs(Number(column.statistic) - 1 / 6) < 1e-12);
    assert.equal(column.drifted, Number(column.pValue) < 0.1);
    assert.deepEqual([column.parameters.seed, column.parameters.permutations], [0, 1000]);
    assert.deepEqual(columnOf(await drift(reference, current, wishes), 'kind'), column);
  });

  it('refuses what does not exist, and names what does', async () => {
    assert.match(
      await refusal({ methods: { x: 'kss' } }),
      /^There is no method "kss" for column x\. Methods are .*\bks\b/,
    );
    assert.match(await refusal({ methods: { x: 'psi:high' } }), /"high" is none/);
    assert.match(
      await refusal({ preset: 'evidently', methods: { x: 'l-infinity' } }),
      /^evidently@0\.7 has no l-infinity/,
    );
    assert.match(await refusal({ preset: 'nobody' }), /^There is no preset "nobody"\. Presets are .*plumbline/);
    assert.match(await refusal({ columns: ['y'] }), /^Neither side has a column "y"\. Columns are x, kind\.$/);
    assert.match(await refusal({ types: { x: 'number' } }), /^There is no type "number"/);
    assert.match(await refusal({ current: '/nowhere/at/all.parquet' }), /nowhere/);
  });

  it('tells of columns that only one side has, or that changed their type', async () => {
    const other = csv({ x: repeated({ low: 20, high: 20 }), extra: numbers.slice(0, 40) });
    const report = await drift(reference, other);
    assert.deepEqual(
      report.columns.map(({ column, moved, drifted }) => [column, moved, drifted]),
      [
        ['x', null, null],
        ['kind', 'column gone', null],
        ['extra', 'column new', null],
      ],
    );
    assert.match(columnOf(report, 'x').reason ?? '', /^Its type changed from DOUBLE to VARCHAR/);
  });

  it('counts nulls, NaN and infinities apart from values', async () => {
    const pair = (side: string) => `test/fixtures/drift/pairs/nan_inf/${side}.parquet`;
    const column = columnOf(await drift(pair('reference'), pair('current')), 'null_and_nan');
    assert.deepEqual([column.reference.rows, column.current.rows], [400, 420]);
    assert.ok(column.reference.nulls > 20 && column.reference.nulls <= 30, `${column.reference.nulls}`);
    assert.ok(Number.isFinite(column.reference.mean));
  });

  it('tells its progress by columns', async () => {
    const told: Progress[] = [];
    const session = sessionOf({ onProgress: (progress) => told.push(progress) });
    await runDrift({ kind: 'drift', folder: '/', reference, current }, session);
    assert.deepEqual(told.map(({ message }) => message).slice(-2), ['x', 'kind']);
    assert.ok(told.every(({ share }) => share === undefined || (share >= 0 && share <= 1)));
  });

  it('stops when it is told to', async () => {
    const abort = new AbortController();
    const session = sessionOf({ signal: abort.signal, onProgress: () => abort.abort() });
    await assert.rejects(runDrift({ kind: 'drift', folder: '/', reference, current }, session), Cancelled);
  });
});
