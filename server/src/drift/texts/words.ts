import { byCodePoint } from './by-code-point';
import { stopWords } from './stop-words';

/** A text as its words: which of the vocabulary, and how much each weighs in it. */
export interface Weighed {
  readonly words: Uint32Array;
  readonly weights: Float64Array;
}

/** Words of two or more letters or digits, in lower case. */
export const wordsOf = (text: string): readonly string[] => text.toLowerCase().match(/[\p{L}\p{N}_]{2,}/gu) ?? [];

/** The words that tell texts apart. */
export interface Vocabulary {
  readonly size: number;
  weigh(text: string): Weighed;
}

/**
 * Term frequency–inverse document frequency over the words of some texts, without English stop words and those in more than
 * half of the texts: 1 + ln count times 1 + ln((1 + texts) / (1 + texts with it)), each text scaled to length 1; as
 * scikit-learn's `TfidfVectorizer(sublinear_tf=True, max_df=0.5, stop_words="english")`. Undefined when no word is left.
 */
export function vocabularyOf(texts: readonly string[]): Vocabulary | undefined {
  const found = new Map<string, number>();
  for (const text of texts) for (const word of new Set(wordsOf(text))) found.set(word, (found.get(word) ?? 0) + 1);
  const kept = [...found].filter(([word, count]) => !stopWords.has(word) && count <= texts.length / 2);
  if (kept.length === 0) return undefined;
  const order = new Map(
    kept
      .map(([word]) => word)
      .sort(byCodePoint)
      .map((word, index) => [word, index]),
  );
  const rarity = new Map(kept.map(([word, count]) => [word, Math.log((1 + texts.length) / (1 + count)) + 1]));
  return {
    size: kept.length,
    weigh(text) {
      const counts = new Map<string, number>();
      for (const word of wordsOf(text)) if (order.has(word)) counts.set(word, (counts.get(word) ?? 0) + 1);
      const words = [...counts.keys()].sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
      const raw = Float64Array.from(words, (word) => (Math.log(counts.get(word) ?? 1) + 1) * (rarity.get(word) ?? 0));
      const length = Math.sqrt(raw.reduce((sum, weight) => sum + weight * weight, 0));
      return {
        words: Uint32Array.from(words, (word) => order.get(word) ?? 0),
        weights: raw.map((weight) => weight / length),
      };
    },
  };
}
