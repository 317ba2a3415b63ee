import type { CheckKind, Measure } from '../check';
import { demanding, implied } from '../demand';
import type { Field } from '../source';

export const uniqueItems: CheckKind = {
  id: 'uniqueItems',
  checks: ({ column }) =>
    column?.options.uniqueItems === true
      ? [
          implied(column, {
            kind: 'uniqueItems',
            dimension: 'uniqueness',
            expected: 'no item twice',
            measure: distinctItems,
          }),
        ]
      : [],
};

function distinctItems(field: Field): Measure {
  const items = field.stored === field.value ? field.stored : `CAST(${field.value} AS JSON[])`;
  return demanding(field, {
    be: 'free of repeated items',
    broken: ['repeats one', 'repeat one'],
    predicate: `len(list_distinct(${items})) < len(list_filter(${items}, lambda item: item IS NOT NULL))`,
  });
}
