import type { Metric } from '../metric';
import { sketchDistance, sketchOf } from '../sketches/sketch';

/**
 * The largest difference between the distribution functions of two quantile sketches: Kolmogorov–Smirnov's statistic from
 * a few thousand items a side. The sketch depends on the order in which values come, from 2,051 on.
 */
export const quantileSketch: Metric = {
  id: 'quantile-sketch',
  title: 'distance of quantile sketches',
  needs: 'values',
  measure(reference, current) {
    const found = sketchDistance(sketchOf(reference), sketchOf(current), 'rows');
    return found ? { statistic: found.distance } : { refusal: 'A side has no value.' };
  },
};
