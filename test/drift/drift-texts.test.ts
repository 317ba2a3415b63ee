import assert from 'node:assert/strict';
import { isRefusal } from '../../server/src/drift/metric';
import { generatorFrom } from '../../server/src/drift/numerics/mersenne';
import type { TextMetric } from '../../server/src/drift/text-metric';
import { domainClassifier } from '../../server/src/drift/text-metrics/domain-classifier';
import { outOfVocabulary } from '../../server/src/drift/text-metrics/out-of-vocabulary';
import { textLength } from '../../server/src/drift/text-metrics/text-length';
import { vocabularyOf, wordsOf } from '../../server/src/drift/texts/words';
import { columnOf, drift } from './drifting';
import { csv } from './samples';

const machines = 'pump valve motor failed stopped pressure line water leak alarm night shift'.split(' ');
const parcels = 'customer asked refund delivery late box broken street parcel driver'.split(' ');

function texts(size: number, words: readonly string[], seed: number, length = 6): string[] {
  const { upTo } = generatorFrom(seed);
  return Array.from({ length: size }, () =>
    Array.from({ length: 1 + upTo(length) }, () => words[upTo(words.length - 1)] ?? '').join(' '),
  );
}

function figures(metric: TextMetric, reference: readonly string[], current: readonly string[]) {
  const measurement = metric.measure(reference, current, {});
  return isRefusal(measurement) ? assert.fail(measurement.refusal) : measurement;
}

const share = (metric: TextMetric, run: (seed: number) => readonly [string[], string[]]): number =>
  Array.from({ length: 100 }, (_, seed) => figures(metric, ...run(seed))).filter(({ pValue = 1 }) => pValue <= 0.05)
    .length / 100;

describe('texts', () => {
  it('are cut into words of letters and digits of any script, in lower case', () =>
    assert.deepEqual(wordsOf('The Größe of 東京 x-12, a_b!'), ['the', 'größe', 'of', '東京', '12', 'a_b']));

  it('weigh rare words more, stop words and the commonest not at all', () => {
    const vocabulary = vocabularyOf(['the pump failed', 'pump stopped', 'a valve', 'valve leak', 'pump']);
    assert.equal(vocabulary?.size, 4); // Not "pump", which three of five have.
    const { weights } = vocabulary?.weigh('valve leak leak') ?? assert.fail();
    assert.ok(Math.abs(weights.reduce((sum, weight) => sum + weight ** 2, 0) - 1) < 1e-15);
  });

  it('that are about something else are told apart by a classifier, others are not', () => {
    const other = figures(domainClassifier, texts(200, machines, 1), texts(200, parcels, 2));
    assert.ok(other.statistic > 0.99, String(other.statistic));
    const same = figures(domainClassifier, texts(200, machines, 1), texts(200, machines, 2));
    assert.ok(Math.abs(same.statistic - 0.5) < 0.1, String(same.statistic));
    assert.deepEqual(figures(domainClassifier, texts(200, machines, 1), texts(200, machines, 2)), same);
  });

  it('without a word of their own are refused by name', () => {
    const measurement = domainClassifier.measure(['the', 'of', 'and', 'a'], ['it', 'is', 'the', 'of'], {});
    assert.ok(isRefusal(measurement) && /stop words/.test(measurement.refusal));
  });

  it('that became longer show in their lengths, and emoji count as one character', () => {
    assert.ok((figures(textLength, texts(200, machines, 1), texts(200, machines, 2, 9)).pValue ?? 1) < 1e-3);
    assert.deepEqual(figures(textLength, ['🚀🚀', 'ab'], ['cd', 'é!']), { statistic: 0, pValue: 1 });
  });

  it('with new words are out of vocabulary, and no more of those without than chance has it', () => {
    const moved = figures(outOfVocabulary, texts(100, machines, 1), texts(100, [...machines, 'turbine'], 2));
    assert.ok((moved.pValue ?? 1) < 0.01 && moved.statistic > 0.02);
    const many = Array.from({ length: 400 }, (_, i) => `word${i}`);
    const alarms = share(outOfVocabulary, (seed) => [texts(80, many, seed), texts(80, many, seed + 500)]);
    assert.ok(alarms <= 0.12, String(alarms)); // 5 expected of 100; more than 12 once in a thousand times.
  });

  it('of many rows are looked at in part, which is told', async () => {
    const rows = (mark: string) => csv({ note: Array.from({ length: 40_000 }, (_, i) => `${mark} ${i} of ${i % 7}`) });
    const [reference, current] = [rows('pump'), rows('valve')];
    const report = () => drift(reference, current, { methods: { note: 'text-length' } });
    const { parameters, method } = columnOf(await report(), 'note');
    assert.equal(method, 'text-length');
    for (const taken of [parameters.referenceSample, parameters.currentSample])
      assert.ok(Math.abs(Number(taken) - 20_000) < 1_000, String(taken));
    assert.deepEqual(columnOf(await report(), 'note').parameters, parameters);
  }).timeout(60_000);
});
