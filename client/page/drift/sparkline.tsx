import { type Bar, type Distribution, middleOf, shareOf } from './distribution';

const width = 120;
const height = 20;
/** Room for the bar of the rows without a value. */
const nullWidth = 6;
const gap = 4;

/** Both distributions in a word's room: the current one filled, the reference as a line over it. */
export function Sparkline({ distribution }: { readonly distribution: Distribution | undefined }) {
  if (!distribution) return <span class="quiet">–</span>;
  const { kind, nulls } = distribution;
  const middle = middleOf(distribution);
  const bars = distribution.bars.slice(middle?.first ?? 0, middle?.end);
  const end = nulls ? width - nullWidth - gap : width;
  const shares = (bar: Bar) => shareOf(bar, distribution);
  const all = nulls ? [...bars, nulls] : bars;
  const top = Math.max(...all.flatMap((bar) => [shares(bar).reference, shares(bar).current]), Number.MIN_VALUE);
  const y = (share: number) => height - 1 - (share / top) * (height - 2);
  const step = end / bars.length;
  const inset = kind === 'categories' ? Math.min(2, step / 6) : 0;
  const boxes = bars.map((bar, at) => ({ ...shares(bar), from: at * step + inset, to: (at + 1) * step - inset }));
  if (nulls) boxes.push({ ...shares(nulls), from: width - nullWidth, to: width - 0.5 });
  const separate = kind === 'categories';
  return (
    <svg class="sparkline" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
      <path class="current" d={boxes.map(({ from, to, current }) => box(from, to, y(current))).join('')} />
      <path class="base" d={`M0 ${height - 0.5}H${width}`} />
      {separate ? (
        <path class="reference" d={boxes.map(({ from, to, reference }) => box(from, to, y(reference))).join('')} />
      ) : (
        <path class="reference" d={outline(boxes.slice(0, bars.length), y)} />
      )}
      {!separate && nulls && <path class="reference" d={outline(boxes.slice(-1), y)} />}
    </svg>
  );
}

const box = (from: number, to: number, y: number) => `M${from} ${height}V${y}H${to}V${height}`;

function outline(
  boxes: readonly { readonly from: number; readonly to: number; readonly reference: number }[],
  y: (share: number) => number,
) {
  const steps = boxes.map(({ to, reference }) => `V${y(reference)}H${to}`).join('');
  return `M${boxes[0]?.from ?? 0} ${height - 0.5}${steps}V${height - 0.5}`;
}
