import type { World } from '../../../world';
import type { MetricPoint } from '../../run';
import { readLog } from './log';
import { bytesOf } from './logged';
import { historyOf, recordOf } from './record';
import { change, metricsOf, type Values } from './values';

/** Points that a metric keeps at least, once it has as many; at most twice that. */
const ENOUGH_POINTS = 1_000;
const MOST_METRICS = 5_000;

/** Metrics of a run in order of step; of a long one every second, fourth, … point and the last. */
export async function historiesIn(
  path: string,
  size: number,
  world: World,
  signal?: AbortSignal,
): Promise<Readonly<Record<string, readonly MetricPoint[]>>> {
  const curves = new Map<string, Curve>();
  let step = -1;
  const record = (bytes: Uint8Array): void => {
    const history = recordOf(bytes)?.history;
    const row = history && historyOf(history);
    if (!row) return;
    const values: Values = new Map();
    change(values, { update: row.items, remove: [] });
    step = row.step ? (row.step.number ?? 0) : (numberIn(values, '_step') ?? step + 1);
    const seconds = numberIn(values, '_timestamp');
    const time = seconds === undefined ? undefined : seconds * 1000;
    for (const [name, value] of Object.entries(metricsOf(values))) add(curves, name, { step, value, time });
  };
  await readLog(bytesOf(path, size, world), { record, fault: () => undefined }, signal);
  return Object.fromEntries([...curves].map(([name, curve]) => [name, curve.points]));
}

function numberIn(values: Values, name: string): number | undefined {
  const value = values.get(name);
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function add(curves: Map<string, Curve>, name: string, point: MetricPoint): void {
  const known = curves.get(name);
  if (!known && curves.size >= MOST_METRICS) return;
  const curve = known ?? new Curve();
  curve.add(point);
  curves.set(name, curve);
}

class Curve {
  #kept: MetricPoint[] = [];
  #last: MetricPoint | undefined;
  #seen = 0;
  #stride = 1;

  add(point: MetricPoint): void {
    this.#last = point;
    if (this.#seen++ % this.#stride !== 0) return;
    this.#kept.push(point);
    if (this.#kept.length < 2 * ENOUGH_POINTS) return;
    this.#kept = this.#kept.filter((_, index) => index % 2 === 0);
    this.#stride *= 2;
  }

  get points(): readonly MetricPoint[] {
    const last = this.#last;
    const points = last && this.#kept.at(-1) !== last ? [...this.#kept, last] : this.#kept;
    return points.toSorted((a, b) => a.step - b.step);
  }
}
