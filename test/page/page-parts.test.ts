import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { distributionOf, middleOf, mostMoved, shareOf } from '../../client/page/drift/distribution';
import { decidesByP, effectOf } from '../../client/page/drift/effect';
import { readMessage } from '../../client/page/messages';
import { rowLayout } from '../../client/page/parts/row-layout';
import { bareName } from '../../client/page/paths';
import { initialView, readPageState } from '../../client/page/view-state';
import type { DriftColumn, Histogram, StoredResult } from '../../server/src/protocol';

const read = (name: string): StoredResult => JSON.parse(readFileSync(`test/page/fixtures/${name}.json`, 'utf8'));

const side = (histogram: Histogram | null, nulls = 0) => ({ histogram, rows: 100, nulls, mean: null, median: null });
const column = (change: Partial<DriftColumn>): DriftColumn => ({
  column: 'x',
  type: 'numerical',
  method: 'ks',
  statistic: 0.1,
  pValue: null,
  threshold: 0.1,
  drifted: false,
  decidedBy: 'statistic',
  reason: null,
  segment: null,
  window: null,
  parameters: {},
  moved: null,
  reference: side(null),
  current: side(null),
  ...change,
});

describe('Parts of the results page', () => {
  describe('messages of the panel', () => {
    it('are taken when they have their shape', () => {
      for (const name of ['check', 'drift']) {
        const message = { type: 'result', result: read(name), stale: false };
        assert.equal(readMessage(message), message);
      }
      const running = { type: 'running', title: 'Checking', progress: { message: 'Reading' } };
      assert.equal(readMessage(running), running);
    });

    it('are left alone when they have not', () => {
      const result = read('check');
      const broken = { ...result, report: { ...result.report, checks: [{ id: 1 }] } };
      const others: readonly unknown[] = [
        undefined,
        null,
        'result',
        [],
        { type: 'constructor' },
        { type: 'result', result },
        { type: 'result', result: broken, stale: false },
        { type: 'result', result: { ...result, kind: 'drift' }, stale: false },
        { type: 'failed', title: 'x' },
        { type: 'running', title: 'x', progress: { share: '1', message: '' } },
      ];
      for (const other of others) assert.equal(readMessage(other), undefined, JSON.stringify(other)?.slice(0, 60));
    });
  });

  it('a kept state of any shape is read', () => {
    for (const kept of [undefined, null, 7, { view: { open: [1, 'a'], sort: 'status', scroll: '3' } }]) {
      const state = readPageState(kept);
      assert.equal(state.resultId, undefined);
      assert.deepEqual(state.view, { ...initialView, open: state.view.open });
    }
    assert.deepEqual(readPageState({ view: { open: [1, 'a'] } }).view.open, ['a']);
  });

  describe('rows with opened details', () => {
    const layout = rowLayout(10, 20, [
      { index: 1, height: 100 },
      { index: 4, height: 50 },
    ]);

    it('stand below the details before them', () => {
      assert.deepEqual([0, 1, 2, 4, 5].map(layout.topOf), [0, 20, 140, 180, 250]);
      assert.equal(layout.height, 350);
    });

    it('are found at a height, and within the table beyond it', () => {
      assert.deepEqual([-5, 0, 19, 20, 139, 140, 249, 250, 9_999].map(layout.indexAt), [0, 0, 0, 1, 1, 2, 4, 5, 9]);
    });
  });

  describe('a distribution', () => {
    const edges = (...values: number[]) => values;
    const bins = (counts: number[], at = counts.map((_, index) => index).concat(counts.length)): Histogram => ({
      edges: at,
      counts,
    });
    const of = (reference: Histogram, current: Histogram, nulls: readonly [number, number] = [0, 0]) =>
      distributionOf(column({ reference: side(reference, nulls[0]), current: side(current, nulls[1]) }), String);

    it('gives shares of all rows of a side, the ones without a value too', () => {
      const found = of(bins([30, 50]), bins([10, 10]), [20, 0]);
      assert.ok(found?.nulls);
      assert.deepEqual(
        [...found.bars, found.nulls].map((bar) => shareOf(bar, found)),
        [
          { reference: 0.3, current: 0.5 },
          { reference: 0.5, current: 0.5 },
          { reference: 0.2, current: 0 },
        ],
      );
      assert.equal(mostMoved(found)?.label, '0 – 1');
    });

    it('names a bin around a whole number by it', () => {
      assert.deepEqual(
        of(bins([1, 1], edges(2.5, 3.5, 4.5)), bins([1, 1], edges(2.5, 3.5, 4.5)))?.bars.map(({ label }) => label),
        ['3', '4'],
      );
    });

    it('is none where the edges differ or a side has none', () => {
      assert.equal(of(bins([1, 1]), bins([1, 1], edges(0, 1, 3))), undefined);
      assert.equal(distributionOf(column({ reference: side(bins([1])) }), String), undefined);
    });

    it('is cut to its middle when a wide bin holds nearly nothing', () => {
      const found = of(bins([49, 50, 1], edges(0, 1, 2, 100)), bins([50, 50, 0], edges(0, 1, 2, 100)));
      assert.ok(found);
      const middle = middleOf(found);
      assert.deepEqual([middle?.first, middle?.end, middle?.above], [0, 2, { reference: 0.01, current: 0 }]);
    });

    it('is not cut when its ends hold something, or when that would win nothing', () => {
      const heavy = of(bins([45, 45, 10], edges(0, 1, 2, 100)), bins([50, 50, 0], edges(0, 1, 2, 100)));
      const even = of(bins([1, 49, 50]), bins([0, 50, 50]));
      assert.ok(heavy && even);
      assert.equal(middleOf(heavy), undefined);
      assert.deepEqual(middleOf(even)?.first, 1);
      const long = of(bins([1, ...Array(9).fill(11)]), bins([0, ...Array(9).fill(11)]));
      assert.ok(long);
      assert.equal(middleOf(long), undefined);
    });

    it('of categories says what is new or gone and puts the rest together', () => {
      const names = Array.from({ length: 14 }, (_, index) => `c${index}`);
      const counts = (own: Readonly<Record<string, number>>) => names.map((name) => own[name] ?? 10);
      const found = of(
        { categories: names, counts: counts({ c12: 0, c0: 50 }), other: 3 },
        { categories: names, counts: counts({ c13: 0, c0: 40 }), other: 0 },
      );
      const notes = found?.bars.flatMap(({ label, note }) => (note ? [`${label} ${note}`] : []));
      assert.deepEqual(notes?.toSorted(), ['c12 new', 'c13 gone']);
      assert.equal(found?.bars[0]?.label, 'c0');
      assert.deepEqual(found?.bars.at(-1), { label: 'others (4+)', reference: 43, current: 40 });
      assert.equal(found?.bars.length, 11);
    });
  });

  describe('the effect of a drift', () => {
    it('is the statistic in limits, or the p-value in orders of magnitude', () => {
      assert.equal(effectOf(column({ statistic: 0.25, threshold: 0.1, drifted: true })), 2.5);
      const byP = column({ statistic: 0.02, pValue: 0.0025, threshold: 0.05, drifted: true, decidedBy: 'pValue' });
      assert.equal(decidesByP(byP), true);
      assert.equal(effectOf(byP)?.toFixed(9), '2.000000000');
      assert.equal(effectOf({ ...byP, pValue: 0 }), Number.POSITIVE_INFINITY);
    });

    it('is none for a column that is not judged', () => {
      assert.equal(effectOf(column({ drifted: null, statistic: null, threshold: null })), undefined);
      assert.equal(effectOf(column({ statistic: 'NaN' })), undefined);
    });
  });

  it('a file is called by its name without its format', () => {
    assert.deepEqual(
      ['/a/flights.odcs.yaml', 'C:\\a\\flights_07.parquet', 'data/part.csv.gz', 'plain', '/a/.hidden'].map(bareName),
      ['flights', 'flights_07', 'part.csv', 'plain', '.hidden'],
    );
  });
});
