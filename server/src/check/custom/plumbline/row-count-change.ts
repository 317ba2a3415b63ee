import { amount, number } from '../../../text/words';
import type { Outcome } from '../../check';
import type { Counts } from '../../earlier';
import { type Bound, type Compare, compareNumber, comparePercent } from '../../operators';
import { percent } from '../../words';
import { boundIn, type Form } from './form';

/** How many rows came or went since another version of the data: the one before, unless a reference names one. */
export const rowCountChange: Form = {
  word: 'rowCountChange',
  example: '{rowCountChange: {unit: percent, mustBeBetween: [-10, 50]}}',
  takes: ['reference', 'unit'],
  operators: true,
  rule({ table, column }, given, rule) {
    const { reference, unit = rule.unit ?? 'rows' } = given;
    if (column) return 'The count of rows is of a table. Move the rule to the schema object.';
    if (reference !== undefined && typeof reference !== 'string')
      return 'A "reference" of rowCountChange is the name of data, for instance orders.csv@v1.';
    if (unit !== 'rows' && unit !== 'percent') return `"${String(unit)}" is no unit. Write rows or percent.`;
    const bound = boundIn('rowCountChange', given, rule, unit);
    if (typeof bound === 'string') return bound;
    return {
      expected: `a change of rows ${bound.expected} since ${reference ?? 'the version before'}`,
      limits: bound.limits,
      dimension: 'completeness',
      measure: ({ source }) => ({
        via: 'versions',
        of: source.scope,
        reference,
        judge: (counts) => outcomeOf(table.name, counts, unit, bound),
      }),
    };
  },
};

function outcomeOf(table: string, { rows, earlier: before }: Counts, unit: 'rows' | 'percent', bound: Bound): Outcome {
  const change = rows - before.rows;
  const counts = `Table "${table}" has ${amount(rows, 'row')}, and ${before.name} has ${number(before.rows)}`;
  if (unit === 'percent' && before.rows === 0)
    return { verdict: 'unjudged', message: `${counts}: a change from no rows has no percentage. Use unit: rows.` };
  const share = (100 * change) / before.rows;
  const compare: Compare = unit === 'percent' ? comparePercent(change, before.rows) : compareNumber(change);
  const holds = bound.holds(compare);
  const found = unit === 'percent' ? `${signed(change)} or ${share > 0 ? '+' : ''}${percent(share)}` : signed(change);
  return {
    verdict: holds ? 'holds' : 'fails',
    observed: unit === 'percent' ? share : change,
    message: [`${counts}: ${found}, ${holds ? 'and' : 'but'} the rule says ${bound.expected}.`, bound.edge(compare)]
      .filter(Boolean)
      .join(' '),
  };
}

const signed = (change: number): string => `${change > 0 ? '+' : ''}${amount(change, 'row')}`;
