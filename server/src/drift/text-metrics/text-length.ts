import { ks } from '../metrics/ks';
import type { TextMetric } from '../text-metric';

/** Did texts become longer or shorter? Kolmogorov–Smirnov over their lengths in characters. */
export const textLength: TextMetric = {
  id: 'text-length',
  title: 'text length',
  measure: (reference, current) => ks.measure(lengthsOf(reference), lengthsOf(current), {}),
};

/** A character beyond the basic plane is one. */
const lengthsOf = (texts: readonly string[]): Float64Array =>
  Float64Array.from(texts, (text) => [...text].length).sort();
