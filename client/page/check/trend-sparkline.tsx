import type { CheckStatus } from '../../../server/src/protocol';
import { scaleOf, type TrendPoint, trendInWords } from './trend';

const width = 104;
const height = 20;
/** Older runs are in the details. */
const mostRuns = 16;
/** Half of the largest mark, which may stand at any edge. */
const inset = 3.5;

/** The last runs of a check in a word's room: the figure as a line, each run's status as a mark on it. */
export function TrendSparkline({ points }: { readonly points: readonly TrendPoint[] }) {
  const shown = points.slice(-mostRuns);
  if (shown.length < 2) return <span class="quiet">–</span>;
  const values = shown.flatMap(({ check }) => check.value ?? []);
  const [low, high] = scaleOf(values.length > 0 ? values : [0]);
  const step = (width - 2 * inset) / (mostRuns - 1);
  // The newest stands at the end, whatever their number.
  const xOf = (index: number) => round(width - inset - (shown.length - 1 - index) * step);
  const yOf = (value: number | null) =>
    round(height - inset - (((value ?? low) - low) / (high - low)) * (height - 2 * inset));
  const line = shown.flatMap(({ check }, index) => (check.value === null ? [] : [`${xOf(index)} ${yOf(check.value)}`]));
  return (
    <svg
      class="trend"
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={trendInWords(points)}
    >
      <title>{trendInWords(points)}</title>
      <path class="base" d={`M0 ${height - 0.5}H${width}`} />
      {line.length > 1 && <path class="series" d={`M${line.join('L')}`} />}
      {shown.map(({ run, check }, index) => (
        <path
          key={run.id}
          class={`mark ${check.status}`}
          d={(marks[check.status] ?? marks.skipped)(xOf(index), yOf(check.value))}
        />
      ))}
    </svg>
  );
}

/** The mark of a status, for a legend. */
export function TrendMark({ status }: { readonly status: CheckStatus }) {
  return (
    <svg class="trend-mark trend" viewBox="-4 -4 8 8" aria-hidden="true">
      <path class={`mark ${status}`} d={marks[status](0, 0)} />
    </svg>
  );
}

const round = (value: number) => Math.round(value * 10) / 10;

/** A dot, a square, a triangle, a diamond, a dash: told apart without their colours. */
const marks: Readonly<Record<CheckStatus, (x: number, y: number) => string>> = {
  passed: (x, y) => `M${x - 2} ${y}a2 2 0 1 0 4 0a2 2 0 1 0 -4 0Z`,
  failed: (x, y) => `M${x - 2.5} ${y - 2.5}h5v5h-5Z`,
  warning: (x, y) => `M${x} ${y - 3}l3 5.4h-6Z`,
  error: (x, y) => `M${x} ${y - 3.5}l3.5 3.5l-3.5 3.5l-3.5 -3.5Z`,
  skipped: (x, y) => `M${x - 2} ${y}h4`,
};
