import type { RunDetailsReport } from '../../../../server/src/protocol';
import { numberOf } from '../../figure';
import { metricText } from './values';

type Points = RunDetailsReport['histories'][string];

const width = 90;
const height = 16;
/** Pixels of its own kept free above and below the line. */
const edge = 1.5;
/** More points than that are not seen. */
const most = 2 * width;

/** The course of a metric in a word's space. */
export function Sparkline({ points }: { readonly points: Points }) {
  const numbers = points.map(({ value }) => numberOf(value) ?? Number.NaN).filter(Number.isFinite);
  if (numbers.length < 2) return <span class="quiet">–</span>;
  const step = Math.max(1, Math.ceil(numbers.length / most));
  const drawn = numbers.filter((_, index) => index % step === 0 || index === numbers.length - 1);
  const [low, high] = [Math.min(...drawn), Math.max(...drawn)];
  const line = drawn.map((value, index) => {
    const x = (index / (drawn.length - 1)) * width;
    const y = high === low ? height / 2 : height - edge - ((value - low) / (high - low)) * (height - 2 * edge);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
  const words = `${numbers.length} values from ${metricText(numbers[0])} to ${metricText(numbers.at(-1))}`;
  return (
    <svg class="course" width={width} height={height} role="img" aria-label={words}>
      <title>{words}</title>
      <polyline points={line.join(' ')} />
    </svg>
  );
}
