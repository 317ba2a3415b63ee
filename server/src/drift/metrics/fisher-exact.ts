import type { Metric } from '../metric';
import { hypergeometric } from '../numerics/distributions';
import { total } from '../numerics/shares';

/** Fisher's exact test of a 2×2 table: as likely as this one or less, given the margins. The statistic is the odds ratio. */
export const fisherExact: Metric = {
  id: 'fisher-exact',
  title: "Fisher's exact test",
  needs: 'counts',
  measure(reference, current, { alternative = 'two-sided' }) {
    if (reference.length > 2)
      return { refusal: `Fisher's exact test takes two categories, and there are ${reference.length}.` };
    const [hits = 0, misses = 0] = reference;
    const [otherHits = 0, otherMisses = 0] = current;
    if (hits + otherHits === 0 || misses + otherMisses === 0) return { statistic: Number.NaN, pValue: 1 };
    const odds = otherHits * misses > 0 ? (hits * otherMisses) / (otherHits * misses) : Number.POSITIVE_INFINITY;
    const pValue = tails[alternative](hits, total(reference), total(current), hits + otherHits);
    return { statistic: odds, pValue };
  },
};

type Tail = (hits: number, rows: number, otherRows: number, allHits: number) => number;

/** More of the first category in the reference is `less`: its values lie lower. */
const tails: Readonly<Record<'two-sided' | 'less' | 'greater', Tail>> = {
  'two-sided': twoSided,
  less: (hits, rows, otherRows, allHits) => between(hits, Math.min(rows, allHits), rows, otherRows, allHits),
  greater: (hits, rows, otherRows, allHits) =>
    between(Math.max(0, allHits - otherRows), hits, rows, otherRows, allHits),
};

function between(low: number, high: number, rows: number, otherRows: number, allHits: number): number {
  let sum = 0;
  for (let k = low; k <= high; k++) sum += hypergeometric(k, rows + otherRows, rows, allHits);
  return Math.min(1, sum);
}

function twoSided(hits: number, rows: number, otherRows: number, allHits: number): number {
  const chance = (k: number): number => hypergeometric(k, rows + otherRows, rows, allHits);
  const limit = chance(hits) * (1 + 1e-12);
  let sum = 0;
  for (let k = Math.max(0, allHits - otherRows); k <= Math.min(rows, allHits); k++) {
    const p = chance(k);
    if (p <= limit) sum += p;
  }
  return Math.min(1, sum);
}
