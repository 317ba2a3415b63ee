import { text as literalText } from '../sql/fragment';
import { counting, type Figures, type Measure, type Outcome, unjudged } from './check';
import { compile, re2Of } from './pattern';
import type { Field } from './source';

export interface Matching {
  readonly pattern: string;
  /** SQL, never NULL, of what makes a value bad whatever the pattern says. */
  readonly bad?: string;
  judge(broken: number, rows: number): Outcome;
}

/**
 * Counts the values, NULL left out, in which an ECMA-262 pattern is not found: in the engine where it is certain to read
 * the pattern alike, else in JavaScript over the distinct values.
 */
export function matching(field: Field, { pattern, bad, judge }: Matching): Measure {
  if (!compile(pattern)) return unjudged(`"${pattern}" is not a valid regular expression.`);
  const { text, scope: of, stored } = field;
  const counted = { of, judge: ({ broken = 0 }: Figures, rows: number) => judge(broken, rows) };
  const re2 = re2Of(pattern);
  if (re2 === undefined) {
    const failing = { predicate: '', fields: [field] };
    return { ...counted, via: 'values', text, test: { by: 'pattern', pattern }, bad: bad ?? 'false', failing };
  }
  const missed = `NOT regexp_matches(${text}, ${literalText(re2)})`;
  const predicate = bad === undefined ? missed : `${stored} IS NOT NULL AND (${bad} OR ${missed})`;
  return {
    ...counted,
    via: 'scan',
    figures: { broken: counting(predicate) },
    failing: { predicate, fields: [field] },
  };
}
