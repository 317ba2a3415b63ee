import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { DriftColumn, DriftJob, DriftReport } from '../../server/src/protocol';
import { Unreadable } from '../../server/src/world';
import { drift } from './drifting';
import { csv, normal } from './samples';

const DAYS = 21;
const A_DAY = 60;

/** Three weeks of hourly values from a Monday on, in two towns; `level` says how high a day and town lie. */
function weeks(level: (day: number, city: string) => number, seed: number, from = '2024-01-01', days = DAYS): string {
  const noise = normal(days * A_DAY, 0, 1, seed);
  const start = Date.parse(`${from}T00:00:00Z`);
  const row = (i: number) => {
    const day = Math.floor(i / A_DAY);
    const city = i % 3 === 0 ? 'Oslo' : 'Bergen';
    const at = new Date(start + day * 86_400_000 + (i % A_DAY) * 60_000).toISOString().slice(0, 19).replace('T', ' ');
    return { at, city, x: (noise[i] ?? 0) + level(day, city) };
  };
  const rows = noise.map((_, i) => row(i));
  return csv({ at: rows.map(({ at }) => at), city: rows.map(({ city }) => city), x: rows.map(({ x }) => x) });
}

const rowsOf = ({ columns }: DriftReport, name: string, of: 'segment' | 'window'): readonly DriftColumn[] =>
  columns.filter((row) => row.column === name && row[of] !== null);

const readLines = (file: string): readonly string[] => readFileSync(file, 'utf8').trimEnd().split('\n');

async function refusal(job: Partial<DriftJob>): Promise<string> {
  const side = weeks(() => 0, 1);
  try {
    await drift(job.reference ?? side, side, job);
  } catch (error) {
    if (error instanceof Unreadable) return error.message;
    throw error;
  }
  return assert.fail('It was taken.');
}

describe('segments', function () {
  this.timeout(120_000);

  it('are judged beside the whole, each against its own reference', async () => {
    const report = await drift(
      weeks(() => 0, 1),
      weeks((_, city) => (city === 'Oslo' ? 3 : 0), 2),
      { segmentBy: ['city'] },
    );
    const rows = rowsOf(report, 'x', 'segment');
    assert.deepEqual(
      rows.map(({ segment, drifted, current }) => [segment, drifted, current.rows]),
      [
        [{ city: 'Bergen' }, false, 840],
        [{ city: 'Oslo' }, true, 420],
      ],
    );
    assert.equal(report.columns.filter(({ segment }) => segment === null).length, 3);
    assert.deepEqual(
      report.diagnosis?.segments
        .filter(({ column }) => column === 'x')
        .map(({ segment, contribution }) => [segment.city, contribution > 0.5]),
      [
        ['Oslo', true],
        ['Bergen', false],
      ],
    );
  });

  it('have the figures that their rows alone would have', async () => {
    const level = (_: number, city: string) => (city === 'Oslo' ? 0.3 : 0);
    const [reference, current] = [weeks(() => 0, 3), weeks(level, 4)];
    const report = await drift(reference, current, { segmentBy: ['city'], preset: 'evidently' });
    const only = (file: string, city: string) => {
      const lines = readLines(file).filter((line, i) => i === 0 || line.includes(`,${city},`));
      const cells = lines.slice(1).map((line) => line.split(','));
      return csv({ at: cells.map(([at]) => at ?? ''), x: cells.map(([, , x]) => Number(x)) });
    };
    const alone = await drift(only(reference, 'Oslo'), only(current, 'Oslo'), { preset: 'evidently' });
    const [one] = rowsOf(report, 'x', 'segment').filter(({ segment }) => segment?.city === 'Oslo');
    const other = alone.columns.find(({ column }) => column === 'x');
    assert.ok(one && other);
    assert.deepEqual([one.method, one.statistic, one.pValue], [other.method, other.statistic, other.pValue]);
    assert.deepEqual([one.reference.mean, one.current.median], [other.reference.mean, other.current.median]);
  });

  it('are told when they are new, gone or too small', async () => {
    const side = (counts: Readonly<Record<string, number>>, seed: number) => {
      const city = Object.entries(counts).flatMap(([name, count]) => Array<string>(count).fill(name));
      return csv({ city, x: normal(city.length, 0, 1, seed) });
    };
    const report = await drift(side({ a: 200, gone: 50, few: 5 }, 1), side({ a: 200, fresh: 40, few: 30 }, 2), {
      segmentBy: ['city'],
    });
    const reasons = Object.fromEntries(
      rowsOf(report, 'x', 'segment').map(({ segment, reason }) => [String(segment?.city), reason]),
    );
    const { a: _judged, ...told } = reasons;
    assert.deepEqual(told, {
      gone: 'Only the reference has this segment.',
      fresh: 'Only the current side has this segment.',
      few: 'This segment has only 5 rows on the reference side, too few to compare; 20 are needed.',
    });
  });

  it('are at most fifty, and the others are told', async () => {
    const city = Array.from({ length: 60 }, (_, i) => Array<string>(25 + (i < 50 ? 10 : 0)).fill(`c${i}`)).flat();
    const side = csv({ city, x: normal(city.length, 0, 1, 5) });
    const report = await drift(side, side, { segmentBy: ['city'], columns: ['x'] });
    assert.equal(rowsOf(report, 'x', 'segment').length, 50);
    assert.deepEqual(report.notes, [
      'Of 60 segments of city the 50 largest are judged; the other 10 hold 500 rows of both sides.',
    ]);
  });
});

describe('windows of time', function () {
  this.timeout(120_000);

  it('are compared with the whole reference, and say since when a column drifts', async () => {
    const report = await drift(
      weeks(() => 0, 1, '2023-12-01'),
      weeks((day) => (day >= 12 ? 2 : 0), 2),
      { windowBy: { column: 'at', every: '1d' } },
    );
    const rows = rowsOf(report, 'x', 'window');
    assert.equal(rows.length, DAYS);
    assert.deepEqual(rows[0]?.window, { column: 'at', start: '2024-01-01T00:00:00Z', end: '2024-01-02T00:00:00Z' });
    assert.deepEqual(
      rows.map(({ drifted }) => drifted),
      Array.from({ length: DAYS }, (_, day) => day >= 12),
    );
    assert.ok(rows.every(({ reference, current }) => reference.rows === DAYS * A_DAY && current.rows === A_DAY));
    assert.deepEqual(
      report.diagnosis?.starts.map(({ column, since, estimate, windows }) => [column, since, estimate, windows]),
      [['x', '2024-01-13T00:00:00Z', '2024-01-13T00:00:00Z', DAYS]],
    );
  });

  it('are compared with the same weekday where a season is asked for', async () => {
    const weekly = (day: number) => (day % 7 >= 5 ? 6 : 0);
    const sides = [weeks(weekly, 1, '2023-12-04'), weeks(weekly, 2)] as const;
    const windowBy = { column: 'at', every: '1 day' };
    const plain = rowsOf(await drift(...sides, { windowBy }), 'x', 'window');
    const seasonal = rowsOf(await drift(...sides, { windowBy, season: 'weekday' }), 'x', 'window');
    assert.ok(plain.filter(({ drifted }) => drifted).length >= 6);
    assert.deepEqual(
      seasonal.filter(({ drifted }) => drifted !== false),
      [],
    );
    assert.ok(seasonal.every(({ reference }) => reference.rows === 3 * A_DAY));
  });

  it('are compared with the same month, windows of months being those of the calendar', async () => {
    const yearly = (day: number) => (day >= 31 && day < 60 ? 5 : 0);
    const sides = [weeks(yearly, 1, '2023-01-01', 90), weeks(yearly, 2, '2024-01-01', 90)] as const;
    const report = await drift(...sides, { windowBy: { column: 'at', every: '1mo' }, season: 'month' });
    const rows = rowsOf(report, 'x', 'window');
    assert.deepEqual(
      rows.map(({ window, drifted }) => [window?.start, window?.end, drifted]),
      [
        ['2024-01-01T00:00:00Z', '2024-02-01T00:00:00Z', false],
        ['2024-02-01T00:00:00Z', '2024-03-01T00:00:00Z', false],
        ['2024-03-01T00:00:00Z', '2024-04-01T00:00:00Z', false],
      ],
    );
  });

  it('are compared with the one before, and the last one decides', async () => {
    const current = weeks((day) => (day >= 14 ? 2 : 0), 2);
    const report = await drift('previous', current, { windowBy: { column: 'at', every: '1w' } });
    assert.deepEqual(
      rowsOf(report, 'x', 'window').map(({ window, drifted }) => [window?.start.slice(0, 10), drifted]),
      [
        ['2024-01-08', false],
        ['2024-01-15', true],
      ],
    );
    assert.deepEqual([report.reference.rows, report.current.rows], [7 * A_DAY, 7 * A_DAY]);
    assert.equal(report.columns.find(({ column, window }) => column === 'x' && window === null)?.drifted, true);
  });

  it('are weighed together with segments and columns against false alarms', async () => {
    const report = await drift(
      weeks(() => 0, 1),
      weeks(() => 0, 2),
      { windowBy: { column: 'at', every: '6h' }, segmentBy: ['city'] },
    );
    const tested = report.columns.filter(({ pValue }) => typeof pValue === 'number');
    assert.ok(tested.length > DAYS);
    const least = Math.min(...tested.map(({ pValue }) => Number(pValue)));
    const row = tested.find(({ pValue }) => pValue === least);
    assert.ok(Number(row?.parameters.adjustedPValue) > 3 * least, 'one p-value was adjusted by itself');
    assert.deepEqual(
      report.columns.filter(({ drifted }) => drifted),
      [],
    );
  });

  it('refuse what makes no sense', async () => {
    const windowBy = { column: 'at', every: '1d' };
    assert.match(
      await refusal({ windowBy: { column: 'x', every: '1d' } }),
      /^--window-by takes a column of dates or times, and x of .* is DOUBLE\.$/,
    );
    assert.match(await refusal({ windowBy: { column: 'at', every: 'often' } }), /^"often" is no period\./);
    assert.match(
      await refusal({ windowBy: { column: 'nothing', every: '1d' } }),
      /has no column "nothing" for --window-by\./,
    );
    assert.match(await refusal({ segmentBy: ['nothing'] }), /has no column "nothing" for --segment-by\./);
    assert.match(
      await refusal({ windowBy: { column: 'at', every: '1w' }, season: 'weekday' }),
      /has no weekday of its own/,
    );
    assert.match(
      await refusal({ windowBy, season: 'tide' }),
      /^There is no season "tide"\. Seasons are none, weekday, month\.$/,
    );
    assert.match(await refusal({ season: 'month' }), /needs --window-by/);
    assert.match(await refusal({ reference: 'previous' }), /needs --window-by/);
    assert.match(await refusal({ reference: 'previous', windowBy, segmentBy: ['city'] }), /^Segments need a reference/);
    assert.match(await refusal({ reference: 'previous', windowBy: { column: 'at', every: '1y' } }), /only one window/);
  });
});
