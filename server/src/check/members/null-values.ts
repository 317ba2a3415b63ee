import { columnMetric, countOutcome } from '../library';
import { are } from '../words';

/** Rows without a value. */
export const nullValues = columnMetric('nullValues', (wish, field) => ({
  via: 'scan',
  of: field.scope,
  figures: { filled: `count(${field.stored})` },
  judge: ({ filled = 0 }, rows) => countOutcome(wish, rows - filled, rows, are('null')),
  failing: { predicate: `${field.stored} IS NULL`, fields: [field] },
}));
