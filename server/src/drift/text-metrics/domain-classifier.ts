import { generatorFrom } from '../numerics/mersenne';
import { quantile } from '../numerics/moments';
import { rocArea } from '../numerics/roc';
import type { TextMetric } from '../text-metric';
import { linearClassifier } from '../texts/linear-classifier';
import { vocabularyOf } from '../texts/words';

/** Evidently 0.7.23 uses it everywhere. */
const SEED = 42;
/** Random scores whose areas a real one is held against, and the share of them that it must exceed. */
const TRIALS = 1000;
const PERCENTILE = 0.95;

/**
 * Can a classifier tell the texts of both sides apart? The area under its ROC curve on the half of the texts that it was not
 * fitted on, 0.5 for chance; as Evidently 0.7.23's `calculate_text_drift_score`, whose random numbers are drawn alike here.
 * `randomArea` is what 95 % of random scores stay below.
 */
export const domainClassifier: TextMetric = {
  id: 'domain-classifier',
  title: 'domain classifier',
  measure(reference, current, { seed = SEED }) {
    const texts = [...reference, ...current];
    const order = Array.from(generatorFrom(seed).permutation(texts.length));
    const held = order.slice(0, Math.ceil(texts.length / 2));
    const fitted = order.slice(held.length);
    const isCurrent = (index: number): boolean => index >= reference.length;
    const of = (index: number): string => texts[index] ?? '';
    if ([held, fitted].some((half) => half.every(isCurrent) || !half.some(isCurrent)))
      return { refusal: 'There are too few texts to fit a classifier on half of them.' };
    const vocabulary = vocabularyOf(fitted.map(of));
    if (!vocabulary)
      return { refusal: 'The texts have no words to tell them apart by: only stop words, or words that most have.' };
    const weighed = fitted.map((index) => vocabulary.weigh(of(index)));
    const score = linearClassifier(weighed, fitted.map(isCurrent), vocabulary.size, seed);
    const classes = held.map(isCurrent);
    return {
      statistic: rocArea(
        Float64Array.from(held, (index) => score(vocabulary.weigh(of(index)))),
        classes,
      ),
      parameters: { seed, words: vocabulary.size, randomArea: randomArea(classes, seed), randomTrials: TRIALS },
    };
  },
};

function randomArea(classes: readonly boolean[], seed: number): number {
  const generator = generatorFrom(seed);
  const seeds = Array.from({ length: TRIALS }, () => generator.upTo(TRIALS * 10 - 1));
  const areas = Float64Array.from(seeds, (trial) => {
    const { share } = generatorFrom(trial);
    return rocArea(Float64Array.from(classes, share), classes);
  }).sort();
  return quantile(areas, PERCENTILE);
}
