import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { driftsAt, judgedOf, previewOf, scaleFor } from '../../client/page/drift/limit-preview';
import { quantilesOf, withoutFar } from '../../client/page/drift/quantiles';
import { segmentsOf } from '../../client/page/drift/segments';
import { beganAt, heatOf, millisecondsOf, seriesOf } from '../../client/page/drift/windows';
import type { DriftColumn, DriftSide, StoredResult } from '../../server/src/protocol';
import { withSegments, withWindows } from './windowed';

const read = <K extends StoredResult['kind']>(name: K) =>
  JSON.parse(readFileSync(`test/page/fixtures/${name}.json`, 'utf8')) as Extract<StoredResult, { kind: K }>;
const drift = read('drift');

function named(name: string): DriftColumn {
  const found = drift.report.columns.find(({ column, window, segment }) => column === name && !window && !segment);
  assert.ok(found);
  return found;
}

const side = (edges: readonly number[], counts: readonly number[]): DriftSide => ({
  histogram: { edges, counts },
  rows: 100,
  nulls: 0,
  mean: null,
  median: null,
});

describe('Drift on the results page', () => {
  describe('over windows', () => {
    const judged = (drifted: boolean | null): DriftColumn => ({ ...named('dep_delay'), drifted });

    it('began with the first of the windows that drift up to the last one', () => {
      const began = (...verdicts: readonly (boolean | null)[]) => beganAt(verdicts.map(judged));
      assert.equal(began(false, true, false, true, true), 3);
      assert.equal(began(true, true), 0);
      assert.equal(began(true, true, false), undefined);
      assert.equal(began(false, true, null, true, null), 1);
      assert.equal(began(null, null), undefined);
      assert.equal(began(), undefined);
    });

    it('is a table of columns by windows in the order of time, whatever the order of the rows', () => {
      const { columns } = withWindows(drift, 6).report;
      const heat = heatOf(columns.toReversed());
      assert.ok(heat);
      const starts = heat.windows.map(({ start }) => start);
      assert.deepEqual(starts, starts.toSorted());
      assert.equal(heat.rows.length, drift.report.columns.length);
      assert.ok(heat.rows.every(({ cells }) => cells.every((cell, at) => cell?.window?.start === starts[at])));
      assert.equal(heatOf(drift.report.columns), undefined);
    });

    it('leaves a hole where a column has no row, and takes the rows of segments only when there are no others', () => {
      const { columns } = withWindows(drift, 3).report;
      const windows = columns.filter(({ window }) => window);
      const holed = windows.filter((one) => one !== windows[1]);
      assert.equal(heatOf(holed)?.rows.find(({ name }) => name === windows[1]?.column)?.cells[1], undefined);
      const inSegment = windows.map((one) => ({ ...one, segment: { origin: 'EWR' } }));
      assert.equal(heatOf([...windows, ...inSegment])?.rows.length, drift.report.columns.length);
      assert.match(heatOf(inSegment)?.rows[0]?.name ?? '', / · origin = EWR$/);
    });

    it('follows one column through its windows', () => {
      const { columns } = withWindows(drift, 5).report;
      const series = seriesOf(named('dep_delay'), columns);
      assert.equal(series.length, 5);
      assert.ok(series.every(({ column, window }) => column === 'dep_delay' && window));
    });

    it('takes times without a zone as UTC', () => {
      assert.equal(millisecondsOf('2013-06-01'), Date.UTC(2013, 5, 1));
      assert.equal(millisecondsOf('2013-06-01 12:00:00'), Date.UTC(2013, 5, 1, 12));
      assert.equal(millisecondsOf('2013-06-01T12:00:00'), Date.UTC(2013, 5, 1, 12));
      assert.equal(millisecondsOf('2013-06-01T12:00:00+02:00'), Date.UTC(2013, 5, 1, 10));
      assert.equal(millisecondsOf('week one'), undefined);
    });
  });

  describe('by segments', () => {
    it('gives each its part of the whole, the largest first', () => {
      const segments = segmentsOf(withSegments(drift, 'origin', ['EWR', 'JFK', null]).report.columns);
      assert.deepEqual(
        segments.map(({ name }) => name),
        ['origin = EWR', 'origin = JFK', 'origin = no value'],
      );
      const total = segments.reduce((sum, { share }) => sum + share, 0);
      assert.ok(Math.abs(total - 1) < 1e-12);
      assert.ok((segments[0]?.share ?? 0) > (segments[1]?.share ?? 0));
      assert.equal(segmentsOf(drift.report.columns).length, 0);
    });
  });

  describe('in quantiles', () => {
    it('reads them off histograms: linear within a bin, none within an empty one', () => {
      const found = quantilesOf({
        ...named('dep_delay'),
        reference: side([0, 10, 20, 30], [50, 0, 50]),
        current: side([0, 10, 20, 30], [0, 100, 0]),
      });
      assert.equal(found?.exact, false);
      const at = (share: number) => found?.pairs.find((pair) => pair.share === share);
      assert.deepEqual([at(0)?.reference, at(0.25)?.reference, at(0.5)?.reference], [0, 5, 10]);
      assert.deepEqual([at(0.75)?.reference, at(1)?.reference], [25, 30]);
      assert.deepEqual([at(0)?.current, at(0.5)?.current, at(1)?.current], [10, 15, 20]);
    });

    it('takes those of the report, when both sides have them', () => {
      const quantiles = Array.from({ length: 41 }, (_, at) => at);
      const [before, after] = [side([0, 1], [1]), side([0, 1], [1])];
      const column = { ...named('dep_delay'), reference: { ...before, quantiles }, current: { ...after, quantiles } };
      assert.equal(quantilesOf(column)?.exact, true);
      assert.equal(quantilesOf({ ...column, current: after })?.exact, false);
      assert.equal(quantilesOf(named('carrier')), undefined);
    });

    it('leaves out the outermost only when they would leave no room', () => {
      const pairs = Array.from({ length: 41 }, (_, at) => ({ share: at / 40, reference: at, current: at }));
      assert.equal(withoutFar(pairs).length, 41);
      assert.equal(withoutFar([...pairs.slice(0, -1), { share: 1, reference: 40, current: 900 }]).length, 39);
    });
  });

  describe('with another limit', () => {
    it('holds the statistic above it and the p-value below it', () => {
      assert.deepEqual(
        [0.12, 0.13].map((limit) => driftsAt(named('dep_delay'), limit)),
        [true, false],
      );
      assert.deepEqual(
        [0.3, 0.31, 0.4].map((limit) => driftsAt(named('day'), limit)),
        [false, true, true],
      );
    });

    it('is told as a person states it, though the report tells it in the unit of the column', () => {
      const column: DriftColumn = {
        ...named('month'),
        statistic: 6,
        threshold: 1.2,
        parameters: { normaliser: 12, effectThreshold: 0.1, effect: 0.5 },
      };
      assert.deepEqual(judgedOf(column), { figure: 0.5, limit: 0.1 });
      assert.deepEqual(
        [0.4, 0.6].map((limit) => driftsAt(column, limit)),
        [true, false],
      );
    });

    it('leaves what chance may have made undrifted', () => {
      const column = { ...named('dep_delay'), drifted: false, parameters: { adjustedPValue: 0.2, level: 0.05 } };
      assert.equal(driftsAt(column, 0.01), false);
      assert.equal(driftsAt({ ...column, parameters: { adjustedPValue: 0.01, level: 0.05 } }, 0.01), true);
    });

    it('at its own limit is as the report says', () => {
      for (const column of drift.report.columns) {
        const judged = judgedOf(column);
        if (judged) assert.equal(driftsAt(column, judged.limit), column.drifted, String(column.column));
      }
    });

    it('counts the columns of the same method, and those of the whole data only', () => {
      const { report } = withWindows(drift, 3);
      const preview = previewOf(report, named('dep_delay'), 0.05);
      assert.deepEqual(preview.alike, { drifted: 7, columns: 11 });
      assert.deepEqual(preview.dataset, { drifted: 10, columns: 15, isDrifted: true });
      const none = previewOf(report, named('dep_delay'), 1);
      assert.deepEqual(none.dataset, { drifted: 3, columns: 15, isDrifted: false });
      const any = { ...report, dataset: { ...report.dataset, method: 'any', threshold: 0 } };
      assert.equal(previewOf(any, named('dep_delay'), 1).dataset.isDrifted, true);
    });

    it('has a scale on which its limit and its figure lie', () => {
      for (const name of ['dep_delay', 'air_time', 'month', 'day', 'carrier']) {
        const column = named(name);
        const judged = judgedOf(column);
        assert.ok(judged);
        const scale = scaleFor(column, drift.report.columns);
        for (const value of [judged.limit, judged.figure]) {
          const step = scale.stepOf(value);
          assert.ok(step >= 0 && step <= scale.steps, `${name} ${value} at ${step}`);
        }
        const steps = Array.from({ length: scale.steps }, (_, step) => scale.limitAt(step + 1));
        assert.ok(
          steps.every((limit, at) => limit > 0 && limit >= (steps[at - 1] ?? 0)),
          name,
        );
      }
    });
  });
});
