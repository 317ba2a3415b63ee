import type { CheckKind } from '../check';
import { demanding, implied } from '../demand';
import type { Field } from '../source';
import { isOneOf } from '../values';
import { are, list } from '../words';

/** ODCS 3.2: the only values that may occur. */
export const enumeration: CheckKind = {
  id: 'enum',
  checks: ({ column }) => {
    const values = column?.values;
    if (!column || !values) return [];
    const measure = (field: Field) =>
      demanding(field, {
        be: `one of ${list(values)}`,
        broken: are('not'),
        predicate: `${field.stored} IS NOT NULL AND NOT ${isOneOf(field, values)}`,
      });
    return [implied(column, { kind: 'enum', dimension: 'conformity', expected: `in {${list(values)}}`, measure })];
  },
};
