import type { Operator, Rule } from '../../../contract/model';
import { get } from '../../../text/tree';
import type { Subject } from '../../check';
import { type Bound, boundOf } from '../../operators';
import type { RuleWords } from '../../rule';

/** What an author wrote below the word for the form. */
export type Given = Readonly<Record<string, unknown>>;

/** One form of rules of the engine plumbline: the word under `implementation`, and what stands below it. */
export interface Form {
  readonly word: string;
  /** How one is written, for whoever wrote something else. */
  readonly example: string;
  /** What can stand below the word, besides the operators. */
  readonly takes: readonly string[];
  /** Whether it is judged by the operators beside its words. */
  readonly operators: boolean;
  /** The rule made ready to run, or a text that says what is wrong with it. */
  rule(subject: Subject, given: Given, rule: Rule): FormWords | string;
}

export type FormWords = Pick<RuleWords, 'expected' | 'limits' | 'measure' | 'dimension'> & {
  /** A condition in SQL that the form itself has. */
  readonly filter?: string | undefined;
};

export const mapOf = (value: unknown): Given | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Given) : undefined;

export const isOperator = (word: string): boolean => /^must/i.test(word);

/**
 * The bound that the operators below the word state, in numbers. They stand there since ODCS has no operator beside
 * `implementation`; one that does, as 3.0 allowed, counts too.
 */
export function boundIn(word: string, given: Given, rule: Rule, unit?: 'rows' | 'percent'): Bound | string {
  const below = get(get(rule.node, 'implementation'), word);
  const own = Object.entries(given)
    .filter(([key]) => isOperator(key))
    .map(([keyword, value]): Operator => ({ keyword, value, node: get(below, keyword) ?? rule.node }));
  return boundOf({ operators: [...own, ...rule.operators], node: rule.node }, unit);
}

export const isShare = (value: unknown): boolean => typeof value === 'number' && value >= 0 && value <= 1;
