import assert from 'node:assert/strict';
import type { DriftColumn } from '../../server/src/protocol';
import { sequence } from '../random';
import { columnOf, drift } from './drifting';
import { csv, normal, repeated } from './samples';

type Cells = readonly (string | number | boolean | null)[];

/** How the plumbline preset judges one column. */
async function judged(reference: Cells, current: Cells): Promise<DriftColumn> {
  return columnOf(
    await drift(csv({ id: reference.map(() => 0), x: reference }), csv({ id: current.map(() => 0), x: current })),
    'x',
  );
}

describe('the plumbline preset', function () {
  this.timeout(30_000);

  it('calls a shift that matters and is sure a drift, in the unit of the column', async () => {
    const column = await judged(normal(2000, 50, 10, 1), normal(2000, 55, 10, 2));
    assert.equal(column.drifted, true);
    assert.equal(column.method, 'wasserstein');
    assert.ok(Math.abs(Number(column.statistic) - 5) < 1, `${column.statistic}`);
    assert.ok(Math.abs(Number(column.threshold) - 1) < 0.1, `${column.threshold}`);
    assert.ok(Number(column.pValue) < 1e-20);
    assert.match(column.moved ?? '', /^median (49|50)(\.\d)? → 5[45](\.\d)?/);
    assert.equal(column.reason, null);
  });

  it('does not call a certain shift a drift that is too small to matter', async () => {
    const column = await judged(normal(200_000, 50, 10, 3), normal(200_000, 50.4, 10, 4));
    assert.ok(Number(column.pValue) < 1e-6);
    assert.equal(column.drifted, false);
    assert.equal(column.reason, 'It did move, but by too little to matter.');
  });

  it('does not call a large shift a drift that chance gives as well', async () => {
    const column = await judged(normal(25, 50, 10, 5), normal(25, 52, 10, 6));
    assert.ok(Number(column.statistic) > Number(column.threshold));
    assert.equal(column.drifted, false);
    assert.equal(column.reason, 'It moved by enough to matter, but so few values often do by chance.');
  });

  it('asks the more of one column the more there are beside it', async () => {
    const steps = Array.from({ length: 60 }, (_, i) => i / 60);
    const side = (shift: number) =>
      csv(
        Object.fromEntries(
          Array.from({ length: 20 }, (_, i) => [`c${i}`, steps.map((x) => x + (i === 0 ? shift : 0))]),
        ),
      );
    const [reference, current] = [side(0), side(0.3)];
    const alone = columnOf(await drift(reference, current, { columns: ['c0'] }), 'c0');
    const among = columnOf(await drift(reference, current), 'c0');
    assert.ok(Number(alone.pValue) < 0.01, `${alone.pValue}`);
    assert.equal(among.pValue, alone.pValue);
    assert.equal(among.parameters.adjustedPValue, 20 * Number(alone.pValue));
    assert.deepEqual([alone.drifted, among.drifted], [true, false]);
  });

  it('judges categories by Jensen–Shannon in base 2 and names what moved', async () => {
    const column = await judged(
      repeated({ AA: 500, UA: 300, HA: 100, WN: 100 }),
      repeated({ AA: 300, UA: 500, WN: 120, ZZ: 80 }),
    );
    assert.deepEqual([column.type, column.method, column.drifted], ['categorical', 'jensen-shannon', true]);
    assert.equal(column.moved, 'AA 50 % → 30 %, UA 30 % → 50 %, ZZ new (8.0 %), HA gone (10 %)');
    assert.deepEqual(column.reference.histogram, {
      categories: ['AA', 'UA', 'WN', 'HA', 'ZZ'],
      other: 0,
      counts: [500, 300, 100, 100, 0],
    });
    assert.equal(column.parameters.base, 2);
  });

  it('is not taken in by thousands of categories that only sampling moves', async () => {
    const random = sequence(7);
    const side = () => Array.from({ length: 20_000 }, () => `k${Math.floor(random() * 3000)}`);
    const column = await judged(side(), side());
    assert.ok(Number(column.statistic) > 0.1, `${column.statistic}`);
    assert.equal(column.drifted, false);
  });

  it('treats whole numbers with few values as codes', async () => {
    const column = await judged(repeated({ 1: 400, 2: 400 }), repeated({ 1: 200, 2: 600 }));
    assert.deepEqual([column.type, column.drifted], ['categorical', true]);
  });

  it('judges a constant that stays, one that moves, and one that is set free', async () => {
    const constant = (value: number): number[] => Array<number>(200).fill(value);
    assert.equal((await judged(constant(7.5), constant(7.5))).drifted, false);
    assert.equal((await judged(constant(7.5), constant(8.25))).drifted, true);
    assert.equal((await judged(constant(7.5), normal(200, 7.5, 1, 8))).drifted, true);
  });

  it('says so when there is too little to judge', async () => {
    const few = await judged(normal(500, 0, 1, 9), normal(5, 9, 1, 10));
    assert.deepEqual([few.method, few.drifted], [null, null]);
    assert.equal(few.reason, 'The current side has only 5 values, too few to tell drift from chance; 20 are needed.');
    const none = await judged(normal(50, 0, 1, 9), Array<null>(40).fill(null));
    assert.equal(none.reason, 'The current side has no values: all 40 rows are empty.');
    assert.equal(none.moved, 'empty 0 % → 100 %');
    assert.equal(none.current.nulls, 40);
    const empty = await judged(normal(50, 0, 1, 9), []);
    assert.equal(empty.drifted, null);
    assert.match(empty.reason ?? '', /no rows|type changed/);
  });

  it('leaves names and times to themselves', async () => {
    const names = Array.from({ length: 100 }, (_, i) => `row ${i}`);
    assert.match((await judged(names, names)).reason ?? '', /^Most values occur once/);
    const days = Array.from({ length: 40 }, (_, i) => `2013-01-${String((i % 28) + 1).padStart(2, '0')}`);
    const later = days.map((day) => day.replace('-01-', '-07-'));
    const time = await judged(days, later);
    assert.deepEqual([time.type, time.drifted], ['datetime', null]);
    assert.equal(time.moved, '2013-01-01 … 2013-01-28 → 2013-07-01 … 2013-07-28');
  });

  it('finds January and July to differ in delays, and not in airlines', async () => {
    const report = await drift(
      'samples/flights/data/flights_2013-01.parquet',
      'samples/flights/data/flights_2013-07.parquet',
    );
    const verdict = (name: string) => columnOf(report, name).drifted;
    assert.deepEqual(['dep_delay', 'arr_delay', 'dest'].map(verdict), [true, true, true]);
    assert.deepEqual(['carrier', 'origin', 'distance', 'hour'].map(verdict), [false, false, false, false]);
    assert.equal(columnOf(report, 'dep_delay').moved, 'median −2 → 0, mean 10 → 21.7, empty 1.9 % → 3.2 %');
  });
});
