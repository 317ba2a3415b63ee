import * as Plot from '@observablehq/plot';
import type { QuantilePair } from '../drift/quantiles';
import { percent } from '../numbers';
import { bare } from './bare';

interface QuantileOptions {
  /** Pixels. */
  readonly width: number;
  /** How a value is written. */
  value(value: number): string;
}

const letter = 7;

/** Current quantiles over reference ones, on one scale, with the line on which both would be alike. */
export function quantileChart(pairs: readonly QuantilePair[], { width: given, value }: QuantileOptions): Element {
  // A square reads as one, however wide the page is.
  const width = Math.min(given, 460);
  const all = pairs.flatMap(({ reference, current }) => [reference, current]);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const room = (high - low || 1) * 0.03;
  const domain = [low - room, high + room];
  const longest = Math.max(value(low).length, value(high).length) * letter;
  const marginLeft = Math.min(width * 0.3, longest + 14);
  const ends = [
    { reference: domain[0], current: domain[0] },
    { reference: domain[1], current: domain[1] },
  ];
  const ticks = Math.max(2, Math.min(6, Math.floor((width - marginLeft) / (longest + 24))));
  return bare(
    Plot.plot({
      width,
      height: Math.min(320, width),
      marginLeft,
      marginRight: 16,
      marginTop: 22,
      marginBottom: 38,
      x: { domain, label: null },
      y: { domain, label: null },
      marks: [
        Plot.gridX({ className: 'grid-lines', ticks }),
        Plot.gridY({ className: 'grid-lines', ticks: 5 }),
        Plot.axisX({ ticks, tickSize: 0, tickFormat: value }),
        Plot.axisY({ ticks: 5, tickSize: 0, tickFormat: value }),
        Plot.text(['↑ current'], { frameAnchor: 'top-left', dx: -marginLeft, dy: -18, className: 'tick-label' }),
        Plot.text(['reference →'], { frameAnchor: 'bottom-right', dy: 32, className: 'tick-label' }),
        Plot.line(ends, { x: 'reference', y: 'current', className: 'limit-line' }),
        Plot.dot(pairs, { x: 'reference', y: 'current', r: 3, className: 'dots' }),
        Plot.tip(
          pairs,
          Plot.pointer({
            x: 'reference',
            y: 'current',
            title: ({ share, reference, current }: QuantilePair) =>
              `${percent(share * 100)} of the values are below\nreference ${value(reference)}\ncurrent ${value(current)}`,
            lineHeight: 1.35,
            className: 'tip',
          }),
        ),
      ],
    }),
  );
}
