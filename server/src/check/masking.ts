import { columnsOf } from '../contract/model';
import type { Outcome } from './check';
import type { PlacedCheck } from './checks';
import { MASK } from './samples';
import { isPrivate } from './source';
import { datum } from './words';

/**
 * The outcome without a value of a column that is classified as sensitive. A text that was observed is such a value: of the
 * column itself, or of any in the table that a check without a column asked for. Figures stay, since
 * without them no verdict could be understood.
 */
export function masked({ table, column }: PlacedCheck, outcome: Outcome): Outcome {
  const { observed, message } = outcome;
  if (typeof observed !== 'string' || observed === '') return outcome;
  const columns = columnsOf(table);
  const about = column === undefined ? columns : columns.filter(({ path }) => path === column);
  if (!about.some(isPrivate)) return outcome;
  const hidden = [observed, datum(observed)].reduce((text, value) => text.replaceAll(value, MASK), message);
  return { ...outcome, observed: MASK, message: hidden };
}
