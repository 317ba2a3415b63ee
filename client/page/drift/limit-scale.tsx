import type { DriftColumn } from '../../../server/src/protocol';
import { decimals, full, measured, pValue, shareDigits, significant } from '../numbers';
import { decidesByP, decisive, effectOf } from './effect';

/** The figure as a dot on a scale whose tick is the limit, in the middle of every row, so that near misses are seen. */
export function LimitScale({ column }: { readonly column: DriftColumn }) {
  const effect = effectOf(column);
  const figure = decisive(column);
  if (effect === undefined || figure === undefined) return <span class="quiet">–</span>;
  const byP = decidesByP(column);
  const limit = column.threshold ?? 0;
  const text = figureText(column, figure);
  const against = byP ? 'drifts below' : 'drifts above';
  return (
    <span class="limit" title={`${byP ? 'p-value' : column.method} ${full(figure)}, ${against} ${full(limit)}`}>
      <span class="figure">{text}</span>
      <span class="scale" aria-hidden="true">
        <span class={`point ${column.drifted ? 'beyond' : ''}`} style={{ left: `${position(effect) * 100}%` }} />
      </span>
      <span class="figure quiet">{significant(limit, 3)}</span>
    </span>
  );
}

/** 0 at the left end, the limit in the middle, and no figure so large that it would leave the scale at 1. */
export const position = (effect: number) => (Number.isFinite(effect) ? effect / (1 + effect) : 1);

/** The statistic with the decimals that the smaller side's rows carry, and as many as part it from its limit; or `p 0.02`. */
export function figureText(column: DriftColumn, figure: number): string {
  if (decidesByP(column)) return `p ${pValue(figure)}`;
  const { reference, current, threshold } = column;
  const rows = Math.min(reference.rows, current.rows);
  if (Math.abs(figure) >= 1) return measured(figure, rows);
  const carried = shareDigits(rows);
  const enough = [0, 1, 2, 3].find((more) => figure.toFixed(carried + more) !== threshold?.toFixed(carried + more));
  return decimals(figure, carried + (figure === threshold ? 0 : (enough ?? 0)));
}
