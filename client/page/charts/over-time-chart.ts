import * as Plot from '@observablehq/plot';
import type { DriftColumn } from '../../../server/src/protocol';
import { decidesByP, decisive } from '../drift/effect';
import { startName, windowName } from '../drift/window-names';
import { beganAt, millisecondsOf } from '../drift/windows';
import { significant } from '../numbers';
import { bare } from './bare';

interface Point {
  readonly at: number;
  readonly figure: number;
  readonly column: DriftColumn;
}

const height = 220;

/** One point a window and the limit as a dashed line; p-values by orders of magnitude, since they differ so. */
export function overTimeChart(series: readonly DriftColumn[], { width }: { readonly width: number }): Element {
  const byP = series.some(decidesByP);
  const times = series.map(({ window }) => millisecondsOf(window?.start ?? ''));
  const inTime = times.every((time) => time !== undefined);
  const placed = series.map((column, index) => ({ column, at: inTime ? (times[index] as number) : index }));
  const points = placed.flatMap(({ column, at }): Point[] => {
    const figure = decisive(column);
    return figure === undefined || !Number.isFinite(figure)
      ? []
      : [{ at, figure: byP ? shownP(figure) : figure, column }];
  });
  const limits = placed.flatMap(({ column, at }) =>
    column.threshold === null ? [] : [{ at, limit: column.threshold }],
  );
  const began = beganAt(series);
  const beganPlace = began === undefined ? undefined : placed[began];
  const most = Math.max(2, Math.floor((width - 60) / 100));
  return bare(
    Plot.plot({
      width,
      height,
      marginLeft: 52,
      marginRight: 24,
      marginTop: 22,
      marginBottom: 24,
      x: { type: inTime ? 'utc' : 'linear', label: null },
      y: byP ? { type: 'log', label: null, nice: true } : { label: null, zero: true, nice: true },
      marks: [
        Plot.gridY({ className: 'grid-lines', ticks: 4 }),
        Plot.axisY({ ticks: 4, tickSize: 0, tickFormat: (value: number) => significant(value, 3) }),
        Plot.axisX(everyOf(placed, most), {
          x: 'at',
          tickSize: 4,
          text: ({ column: { window } }: Pick<Point, 'column'>) => (window ? startName(window) : ''),
        }),
        ...(beganPlace
          ? [
              Plot.ruleX([beganPlace.at], { className: 'began' }),
              Plot.text([beganPlace.at], {
                x: (at: number) => at,
                text: () => 'drift began',
                frameAnchor: 'top',
                dy: -16,
                textAnchor: began === 0 ? 'start' : began === series.length - 1 ? 'end' : 'middle',
                className: 'note',
              }),
            ]
          : []),
        Plot.line(limits, { x: 'at', y: 'limit', className: 'limit-line' }),
        Plot.line(points, { x: 'at', y: 'figure', className: 'series' }),
        Plot.dot(
          points.filter(({ column }) => !column.drifted),
          { x: 'at', y: 'figure', r: 3.5, className: 'dots within' },
        ),
        Plot.dot(
          points.filter(({ column }) => column.drifted),
          { x: 'at', y: 'figure', r: 4, className: 'dots beyond' },
        ),
        Plot.tip(points, Plot.pointerX({ x: 'at', y: 'figure', title: titleOf, lineHeight: 1.35, className: 'tip' })),
      ],
    }),
  );
}

/** A p-value that a double cannot hold has no place on a scale of powers. */
const shownP = (p: number) => Math.max(p, 1e-300);

function everyOf<T>(list: readonly T[], most: number): readonly T[] {
  const step = Math.ceil(list.length / most);
  return list.filter((_, index) => index % step === 0);
}

function titleOf({ column, figure }: Point): string {
  const { window, threshold, drifted } = column;
  return [
    window ? windowName(window) : '',
    `${decidesByP(column) ? 'p-value' : (column.method ?? '')} ${significant(figure, 4)}`,
    threshold === null ? '' : `limit ${significant(threshold, 4)}${drifted ? ', drifted' : ''}`,
  ]
    .filter(Boolean)
    .join('\n');
}
