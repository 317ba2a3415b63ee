import type { Column } from '../contract/model';
import type { Severity } from '../protocol';
import { get, type Node } from '../text/tree';
import { amount, number } from '../text/words';
import {
  type Check,
  counting,
  type Data,
  type Demand,
  type Figures,
  type Measure,
  measureOf,
  type Outcome,
} from './check';
import type { Field } from './source';
import { agree } from './words';

interface ImpliedCheck {
  readonly kind: string;
  readonly dimension: string;
  readonly expected: string;
  readonly node?: Node | undefined;
  measure(field: Field, data: Data): Measure;
}

/** A check that follows from the schema itself. Its place is the key that states it, else the column's name. */
export const implied = (column: Column, { measure, node, ...words }: ImpliedCheck): Check => ({
  ...words,
  own: undefined,
  name: `${column.path} ${words.kind}`,
  column: column.path,
  severity: 'error' satisfies Severity,
  node: node ?? column.optionNodes[words.kind] ?? get(column.node, words.kind) ?? column.nameNode,
  measure: (data) => measureOf(data, column, (field) => measure(field, data)),
});

/** Counts the rows that break a demand: one aggregate of the shared scan. */
export function demanding(field: Field, demand: Demand): Measure {
  return {
    via: 'scan',
    of: field.scope,
    figures: { broken: counting(demand.predicate) },
    judge: ({ broken = 0 }: Figures, rows) => demandOutcome(field, demand, broken, rows),
    failing: { predicate: demand.predicate, fields: [field] },
  };
}

export function demandOutcome(
  { column, scope }: Field,
  { be, broken }: Pick<Demand, 'be' | 'broken'>,
  count: number,
  rows: number,
): Outcome {
  const observed = { observed: count, unexpected: count };
  if (count === 0) {
    const message = `Column "${column.path}" is ${be} in all ${amount(rows, scope.unit)}.`;
    return { verdict: 'holds', ...observed, message };
  }
  const message = `Column "${column.path}" should be ${be}, but ${number(count)} of ${amount(rows, scope.unit)} ${agree(count, broken)}.`;
  return { verdict: 'fails', ...observed, message };
}
