import type { CheckKind } from '../check';
import { demandOutcome, implied } from '../demand';
import { matching } from '../matching';
import type { Field } from '../source';
import { are } from '../words';

export const pattern: CheckKind = {
  id: 'pattern',
  checks: ({ column }) => {
    const source = column?.options.pattern;
    if (!column || typeof source !== 'string') return [];
    const words = { be: `like ${source}`, broken: are('not') };
    const measure = (field: Field) =>
      matching(field, { pattern: source, judge: (broken, rows) => demandOutcome(field, words, broken, rows) });
    return [implied(column, { kind: 'pattern', dimension: 'conformity', expected: `like ${source}`, measure })];
  },
};
