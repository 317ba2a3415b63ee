import { normalTail } from '../numerics/distributions';
import { generatorFrom } from '../numerics/mersenne';
import { SEED } from '../numerics/permutations';
import type { TextMetric } from '../text-metric';
import { wordsOf } from '../texts/words';

/**
 * Share of the current words that the reference does not have, less the share that it would lack anyway: new texts always
 * have some new words, so the vocabulary is that of a random half of the reference, and the other half says how many. The
 * p-value is that of a one-sided z-test of both shares, with texts, not words, as what is drawn.
 */
export const outOfVocabulary: TextMetric = {
  id: 'out-of-vocabulary',
  title: 'out-of-vocabulary words',
  measure(reference, current, { seed = SEED }) {
    const order = Array.from(generatorFrom(seed).permutation(reference.length), (index) => reference[index] ?? '');
    const half = Math.floor(order.length / 2);
    const known = new Set(order.slice(0, half).flatMap(wordsOf));
    const [before, after] = [shareOf(order.slice(half), known), shareOf(current, known)];
    if (known.size === 0 || !before || !after)
      return { refusal: 'Out-of-vocabulary words need words on both sides, in both halves of the reference.' };
    const excess = after.share - before.share;
    const error = Math.sqrt(before.variance + after.variance);
    return {
      statistic: excess,
      pValue: error > 0 ? normalTail(excess / error) : Number(excess <= 0),
      parameters: { seed, words: known.size, referenceShare: before.share, currentShare: after.share },
    };
  },
};

/** Share of the words that are not known, and its variance as a ratio of two sums over texts. */
function shareOf(
  texts: readonly string[],
  known: ReadonlySet<string>,
): { readonly share: number; readonly variance: number } | undefined {
  const counts = texts.map((text) => {
    const words = wordsOf(text);
    return { words: words.length, unknown: words.filter((word) => !known.has(word)).length };
  });
  const words = counts.reduce((sum, text) => sum + text.words, 0);
  if (words === 0) return undefined;
  const share = counts.reduce((sum, text) => sum + text.unknown, 0) / words;
  const squares = counts.reduce((sum, text) => sum + (text.unknown - share * text.words) ** 2, 0);
  return { share, variance: squares / words ** 2 };
}
