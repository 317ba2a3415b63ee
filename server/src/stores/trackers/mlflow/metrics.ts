import type { MetricPoint } from '../../run';

/** More points than a chart can show; a longer history is thinned. */
const MOST = 10_000;

/** Keeps points evenly spread when there are too many: each time the room is full, every second one goes. */
export function createHistory(): { add(point: MetricPoint): void; points(): readonly MetricPoint[] } {
  let kept: MetricPoint[] = [];
  let stride = 1;
  let count = 0;
  let last: MetricPoint | undefined;
  return {
    add: (point) => {
      last = point;
      if (count++ % stride === 0) kept.push(point);
      if (kept.length <= MOST) return;
      kept = kept.filter((_, index) => index % 2 === 0);
      stride *= 2;
    },
    points: () => {
      const all = last === undefined || kept.at(-1) === last ? kept : [...kept, last];
      return all.sort((a, b) => a.step - b.step || (a.time ?? 0) - (b.time ?? 0));
    },
  };
}

/** The value that MLflow shows of a metric: of the highest step, then of the latest time, then the highest. */
export function shown(best: MetricPoint | undefined, point: MetricPoint): MetricPoint {
  if (best === undefined) return point;
  const order = point.step - best.step || (point.time ?? 0) - (best.time ?? 0);
  if (order !== 0) return order > 0 ? point : best;
  // Nothing is greater than NaN to MLflow's `max`, which keeps what it met first.
  return point.value > best.value ? point : best;
}

const POINT = /^\s*(\d+)\s+(\S+)(?:\s+(-?\d+)(?:\s.*)?)?\s*$/;

/** `timestamp value [step [dataset digest]]`; undefined for a line that is cut off or none of these. */
export function pointIn(line: string): MetricPoint | undefined {
  const parts = POINT.exec(line);
  if (!parts) return undefined;
  const [, time, value = '', step = '0'] = parts;
  const number = numberIn(value);
  return number === undefined ? undefined : { time: Number(time), value: number, step: Number(step) };
}

const named: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
};

/** As Python prints a float. */
function numberIn(text: string): number | undefined {
  const number = Number(text);
  if (!Number.isNaN(number)) return number;
  return named[text.toLowerCase().replace(/^\+/, '').replace('infinity', 'inf')];
}
