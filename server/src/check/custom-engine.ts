import type { Rule } from '../contract/model';
import type { Check, Subject } from './check';

/** An engine whose rules Plumbline checks by itself, since ODCS has no other words for them. */
export interface CustomEngine {
  /** As `engine` of a rule, in small letters without dashes; other spellings of it too. */
  readonly names: readonly string[];
  check(subject: Subject, rule: Rule): Check;
}
