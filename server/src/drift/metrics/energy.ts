import type { Metric } from '../metric';
import { walk } from '../numerics/walk';

/** Energy distance, as SciPy's `energy_distance`: the root of twice the squared gap between the distribution functions. */
export const energy: Metric = {
  id: 'energy',
  title: 'energy distance',
  needs: 'values',
  measure(reference, current) {
    let area = 0;
    let gap = 0;
    let last = 0;
    walk(reference, current, (value, i, j) => {
      if (gap > 0) area += gap * (value - last);
      gap = (i / reference.length - j / current.length) ** 2;
      last = value;
    });
    return { statistic: Math.sqrt(2 * area) };
  },
};
