import * as Plot from '@observablehq/plot';
import { significant } from '../numbers';
import { type Curve, thinned } from '../provenance/compare/curves';
import { bare } from './bare';

interface Point {
  readonly letter: string;
  readonly step: number;
  readonly value: number;
}

const height = 190;

/** One line a run over the steps of its training, with the run's letter at its end. */
export function curvesChart(curves: readonly Curve[], { width }: { readonly width: number }): Element {
  const lines = curves.map(({ letter, index, points }) => ({
    className: `series run-${index % 6}`,
    points: thinned(points, Math.max(2, Math.round(2 * width))).map((point): Point => ({ letter, ...point })),
  }));
  const all = lines.flatMap(({ points }) => points);
  const ticks = Math.max(2, Math.floor(width / 90));
  const ends = lines.flatMap(({ points }) => points.slice(-1));
  return bare(
    Plot.plot({
      width,
      height,
      marginLeft: 52,
      marginRight: 24,
      marginTop: 10,
      marginBottom: 28,
      x: { label: null },
      y: { label: null, nice: true },
      marks: [
        Plot.gridY({ className: 'grid-lines', ticks: 4 }),
        Plot.axisY({ ticks: 4, tickSize: 0, tickFormat: (value: number) => significant(value, 3) }),
        Plot.axisX({
          ...(fewSteps(all, ticks) && { interval: 1 }),

          ticks,
          tickSize: 4,
          tickFormat: (step: number) => significant(step, 6),
        }),
        ...lines.map(({ points, className }) => Plot.line(points, { x: 'step', y: 'value', className })),
        ...lines
          .filter(({ points }) => points.length === 1)
          .map(({ points, className }) =>
            Plot.dot(points, { x: 'step', y: 'value', r: 3, className: `${className} alone-point` }),
          ),
        Plot.text(ends, { x: 'step', y: 'value', text: 'letter', dx: 9, className: 'note' }),
        Plot.tip(
          all,
          Plot.pointer({
            x: 'step',
            y: 'value',
            title: ({ letter, step, value }: Point) => `${letter}\nstep ${step}\n${significant(value, 6)}`,
            className: 'tip',
          }),
        ),
      ],
    }),
  );
}

/** Steps are whole, and so are the places on their axis. */
function fewSteps(points: readonly Point[], ticks: number): boolean {
  const [least, most] = points.reduce(([low, high], { step }) => [Math.min(low, step), Math.max(high, step)] as const, [
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ] as const);
  return most - least < ticks && points.every(({ step }) => Number.isInteger(step));
}
