import * as Plot from '@observablehq/plot';
import type { CheckStatus } from '../../../server/src/protocol';
import { statuses } from '../check/statuses';
import { beganAt, dataOf, figureText, passRate, scaleOf, symbols, type TrendPoint } from '../check/trend';
import { language, percent, significant } from '../numbers';
import { fileName } from '../paths';
import { wholeTime } from '../times';
import { bare } from './bare';

interface Placed {
  /** Place of the run among the others: runs stand evenly, however much time lies between them. */
  readonly at: number;
  readonly figure: number;
  readonly point: TrendPoint;
}

interface TrendOptions {
  readonly width: number;
  /** Draws the share of rows that pass in place of the figure. */
  readonly byShare: boolean;
  /** The one that the check is about. */
  readonly table: string;
}

const height = 200;
const day = new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric' });
const minute = new Intl.DateTimeFormat(language, { timeStyle: 'short' });

/** One mark a run in the shape of its status, and the limit as a dashed step that follows what the contract said then. */
export function trendChart(points: readonly TrendPoint[], { width, byShare, table }: TrendOptions): Element {
  const figureOf = ({ check }: TrendPoint) => (byShare ? passRate(check) : (check.value ?? undefined));
  const figures = points.flatMap((point) => figureOf(point) ?? []);
  const limits = byShare ? [] : (['low', 'high'] as const).map((side) => limitLine(points, side)).filter(isLine);
  const domain = scaleOf([...figures, ...limits.flat().map(({ limit }) => limit)]);
  // A run without a figure has its mark on the ground, and the line has a gap.
  const placed = points.map((point, at): Placed => ({ at, figure: figureOf(point) ?? domain[0], point }));
  const isPercent = byShare || points.some(({ check }) => check.isPercent);
  const isCount = !isPercent && figures.every(Number.isInteger);
  // Half a row is none.
  const ticks = isCount ? Math.max(1, Math.min(4, domain[1] - domain[0])) : 4;
  const isOneDay = new Set(points.map((point) => timeOf(point, day))).size === 1;
  const began = beganAt(points);
  const most = Math.max(2, Math.floor((width - 60) / 80));
  const step = Math.ceil(points.length / most);
  const everyFew = points.map((point, at) => ({ at, point })).filter(({ at }) => at % step === 0);
  return bare(
    Plot.plot({
      width,
      height,
      marginLeft: 60,
      marginRight: 24,
      marginTop: 22,
      marginBottom: 24,
      x: { type: 'linear', label: null, domain: [0, points.length - 1] },
      y: { label: null, nice: true, domain: [...domain] },
      marks: [
        Plot.gridY({ className: 'grid-lines', ticks }),
        Plot.axisY({
          ticks,
          tickSize: 0,
          tickFormat: (value: number) => (isPercent ? percent(value) : significant(value, 3)),
        }),
        Plot.axisX(everyFew, {
          x: 'at',
          tickSize: 4,
          text: ({ point }: { point: TrendPoint }) => timeOf(point, isOneDay ? minute : day),
        }),
        ...(began === undefined
          ? []
          : [
              Plot.ruleX([began], { className: 'began' }),
              Plot.text([began], {
                x: (at: number) => at,
                text: () => 'fails since',
                frameAnchor: 'top',
                dy: -16,
                textAnchor: began === points.length - 1 ? 'end' : 'middle',
                className: 'note',
              }),
            ]),
        ...limits.map((line) => Plot.line(line, { x: 'at', y: 'limit', curve: 'step', className: 'limit-line' })),
        Plot.line(placed, { x: 'at', y: ({ point }: Placed) => figureOf(point) ?? Number.NaN, className: 'series' }),
        ...(Object.keys(symbols) as readonly CheckStatus[]).map((status) =>
          Plot.dot(
            placed.filter(({ point }) => point.check.status === status),
            {
              x: 'at',
              y: 'figure',
              r: status === 'passed' ? 3.5 : 4.5,
              symbol: symbols[status] as Plot.SymbolType,
              className: `dots ${status}`,
            },
          ),
        ),
        Plot.tip(
          placed,
          Plot.pointerX({
            x: 'at',
            y: 'figure',
            title: (placed: Placed) => titleOf(placed, table),
            lineHeight: 1.35,
            className: 'tip',
          }),
        ),
      ],
    }),
  );
}

interface LimitPoint {
  readonly at: number;
  readonly limit: number;
}

const limitLine = (points: readonly TrendPoint[], side: 'low' | 'high'): readonly LimitPoint[] =>
  points.flatMap(({ check }, at) => {
    const limit = check[side];
    return limit === undefined ? [] : [{ at, limit }];
  });

const isLine = (line: readonly LimitPoint[]) => line.length > 0;

const timeOf = ({ run }: TrendPoint, format: Intl.DateTimeFormat) => format.format(Date.parse(run.startedAt));

function titleOf({ point }: Placed, table: string): string {
  const { run, check } = point;
  const rate = passRate(check);
  return [
    wholeTime(run.startedAt),
    `${statuses[check.status]?.word ?? check.status}: ${figureText(check)}`,
    rate === undefined ? '' : `${percent(rate)} of rows pass`,
    fileName(dataOf(point, table)),
  ]
    .filter(Boolean)
    .join('\n');
}
