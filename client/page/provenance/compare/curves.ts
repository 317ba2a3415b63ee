import type { RunDetailsReport, RunReport } from '../../../../server/src/protocol';
import { numberOf } from '../../figure';
import { letterOf } from './letters';

/** The course of one metric in one run. */
export interface Curve {
  readonly letter: string;
  /** Place of the run among the compared ones, which its colour and dash come from. */
  readonly index: number;
  readonly points: readonly { readonly step: number; readonly value: number }[];
}

export interface MetricCurves {
  readonly metric: string;
  readonly curves: readonly Curve[];
}

/** Of each metric that some run has a history of: its course in every run that has one. */
export function curvesOf(
  runs: readonly RunReport[],
  details: ReadonlyMap<string, RunDetailsReport>,
): readonly MetricCurves[] {
  const histories = runs.map(({ id }) => details.get(id)?.histories ?? {});
  const metrics = [...new Set(histories.flatMap((history) => Object.keys(history)))].toSorted();
  return metrics.flatMap((metric) => {
    const curves = histories.flatMap((history, index): Curve[] => {
      const points = (history[metric] ?? []).flatMap(({ step, value }) => {
        const number = numberOf(value);
        return number === undefined || !Number.isFinite(number) ? [] : [{ step, value: number }];
      });
      return points.length === 0 ? [] : [{ letter: letterOf(index), index, points }];
    });
    return curves.some(({ points }) => points.length > 1) ? [{ metric, curves }] : [];
  });
}

/** At most so many points, evenly spread, the last one always among them. */
export function thinned<T>(points: readonly T[], most: number): readonly T[] {
  if (points.length <= most) return points;
  const step = Math.ceil(points.length / most);
  return points.filter((_, index) => index % step === 0 || index === points.length - 1);
}
