import assert from 'node:assert/strict';
import type { Datum } from '../../server/src/protocol';
import { cronProblem } from '../../server/src/provenance/claims/cron';
import { conditionOf, sameValue, valueCalled, writtenAs } from '../../server/src/provenance/claims/values';

describe('values of claims', () => {
  it('are one however a tracker spells them', () => {
    const equal: readonly (readonly [Datum, Datum])[] = [
      [0.05, '0.05'],
      [5e-2, '5e-2'],
      [true, 'True'],
      [null, 'None'],
      [[1, 'a', true], "[1, 'a', True]"],
      [[1, 2], '(1, 2)'],
      [{ b: 1, a: 2 }, '{"a": 2, "b": 1}'],
      ['adam', 'adam'],
      [0.1 + 0.2, 0.3],
    ];
    for (const [a, b] of equal) assert.ok(sameValue(a, b), `${JSON.stringify(a)} ${JSON.stringify(b)}`);
    const other: readonly (readonly [Datum, Datum])[] = [
      [0.05, '0.051'],
      [true, 'False'],
      [1, true],
      ['a', 'A'],
      [
        [1, 2],
        [2, 1],
      ],
      ['90071992547409931', '90071992547409932'],
      [null, ''],
    ];
    for (const [a, b] of other) assert.ok(!sameValue(a, b), `${JSON.stringify(a)} ${JSON.stringify(b)}`);
  });

  it('have as many digits as are written', () => {
    assert.ok(writtenAs('0.81', 0.81, 0.8123));
    assert.ok(writtenAs('0.81', 0.81, 0.815));
    assert.ok(!writtenAs('0.81', 0.81, 0.8163));
    assert.ok(!writtenAs('1', 1, 0.8), 'an integer is meant as it is');
    assert.ok(writtenAs('1.5e-3', 1.5e-3, 0.001512));
    assert.ok(!writtenAs('1.5e-3', 1.5e-3, 0.0016));
    assert.ok(!writtenAs('0.8', 0.8, Number.NaN));
  });

  it('are found by the end of a dotted name when one has it', () => {
    assert.equal(valueCalled('lr', { 'train.lr': 1 }), 1);
    assert.equal(valueCalled('lr', { 'train.lr': 1, lr: 2 }), 2);
    assert.equal(valueCalled('lr', { 'a.lr': 1, 'b.lr': 2 }), undefined);
    assert.equal(valueCalled('toString', {}), undefined);
  });

  it('hold against conditions', () => {
    assert.equal(conditionOf('>= 78 %')?.(0.78), true);
    assert.equal(conditionOf('≤ 0.05')?.(0.06), false);
    assert.equal(conditionOf('!= 1')?.(1), false);
    assert.equal(conditionOf('< 1e-3')?.(0.0009), true);
    assert.equal(conditionOf('about 1'), undefined);
  });

  it('know a cron expression', () => {
    for (const good of ['0 6 * * *', '*/5 0-6,12 1 jan-mar mon', '@daily', '0 0 * * 7'])
      assert.equal(cronProblem(good), undefined, good);
    for (const [bad, word] of [
      ['0 6 * *', 'five fields'],
      ['60 * * * *', 'minute'],
      ['0 24 * * *', 'hour'],
      ['0 0 0 * *', 'day'],
      ['0 0 1 13 *', 'month'],
      ['0 0 * * 8', 'weekday'],
      ['*/0 * * * *', 'minute'],
      ['5-1 * * * *', 'minute'],
      ['1-2-3 * * * *', 'minute'],
      ['', 'five fields'],
    ] as const)
      assert.match(cronProblem(bad) ?? '', new RegExp(word), bad);
  });
});
