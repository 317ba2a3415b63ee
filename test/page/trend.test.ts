import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import {
  beganAt,
  figureName,
  figureText,
  passRate,
  scaleOf,
  type TrendPoint,
  trendInWords,
  trendOf,
} from '../../client/page/check/trend';
import { readMessage } from '../../client/page/messages';
import type { CheckStatus, PastCheck, PastRun } from '../../server/src/protocol';

const summary = { passed: 0, failed: 0, warning: 0, error: 0, skipped: 0, status: 'passed' } as const;
const run = (id: string, checks: PastRun['checks']): PastRun => ({
  id,
  startedAt: '2026-10-01T00:00:00Z',
  by: 'editor',
  contractVersion: null,
  data: [],
  summary,
  checks,
});
type Told = readonly [status: CheckStatus, value: number | null, others?: Partial<PastCheck>];
const points = (...all: readonly Told[]): readonly TrendPoint[] =>
  all.map(([status, value, others], index) => {
    const check = { status, value, ...others };
    return { run: run(`${index}`, { a: check }), check };
  });

describe('the trend of a check', () => {
  it('has the runs that had the check, and is none of one run', () => {
    const check: PastCheck = { status: 'passed', value: 0 };
    const past = [run('1', { a: check }), run('2', {}), run('3', { a: check, b: check })];
    assert.deepEqual(
      trendOf('a', past).map(({ run: { id } }) => id),
      ['1', '3'],
    );
    assert.deepEqual(trendOf('b', past), []);
    assert.deepEqual(trendOf('constructor', past), []);
  });

  it('is told in words', () => {
    const words = (...all: readonly Told[]) => trendInWords(points(...all));
    assert.equal(
      words(['passed', 0], ['failed', 4], ['failed', 1700]),
      'Passed in 1 of 3 runs, failed in the last 2; 4 before, 1,700 now.',
    );
    assert.equal(words(['passed', 0], ['passed', 0]), 'Passed in 2 of 2 runs, passed in all; 0 before, 0 now.');
    assert.equal(words(['passed', 0], ['error', null]), 'Passed in 1 of 2 runs, error in the last.');
  });

  it('began where it has failed since', () => {
    assert.equal(beganAt(points(['failed', 1], ['passed', 0], ['failed', 1], ['error', null])), 2);
    assert.equal(beganAt(points(['failed', 1], ['passed', 0])), undefined);
    assert.equal(beganAt(points(['failed', 1], ['failed', 1])), undefined);
  });

  it('names its figure, and gives a share of rows only where rows are counted', () => {
    assert.equal(figureName(points(['failed', 3, { unexpected: 3, rows: 10 }])), 'rows that break it');
    assert.equal(figureName(points(['failed', 30, { unexpected: 3, rows: 10 }])), 'observed');
    const rate = (change: Partial<PastCheck>) => passRate({ status: 'failed', value: 1, ...change });
    assert.deepEqual(
      [rate({ unexpected: 3, rows: 10 }), rate({ unexpected: 3 }), rate({ unexpected: 0, rows: 0 })],
      [70, undefined, undefined],
    );
    assert.equal(rate({ unexpected: 12, rows: 10 }), undefined, 'elements of arrays, not rows');
  });

  it('writes figures in their unit', () => {
    const text = (change: Partial<PastCheck>) =>
      figureText({ status: 'passed', value: 1.5, ...change }).replace(/\s/, ' ');
    assert.deepEqual([text({}), text({ isPercent: true }), text({ inDays: true })], ['1.5', '1.5 %', '1.5 d']);
  });

  it('is drawn from 0, but where all figures lie far from it and close together', () => {
    assert.deepEqual(
      [scaleOf([0, 0]), scaleOf([1, 9]), scaleOf([-2, 5]), scaleOf([5, 5])],
      [
        [0, 1],
        [0, 9],
        [-2, 5],
        [0, 5],
      ],
    );
    assert.deepEqual(scaleOf([1000, 1040]), [990, 1040]);
  });

  it('comes with a result only in its shape', () => {
    const result: unknown = JSON.parse(readFileSync('test/page/fixtures/check.json', 'utf8'));
    const check = { status: 'passed', value: 0 } as const;
    const withPast = (past: unknown) => readMessage({ type: 'result', result, stale: false, past }) !== undefined;
    assert.deepEqual([withPast(undefined), withPast([run('1', { a: check })])], [true, true]);
    const bad = { ...run('1', {}), checks: { a: { status: 'passed', value: '0' } } };
    for (const past of [null, [{}], [bad]]) assert.equal(withPast(past), false, JSON.stringify(past));
  });
});
