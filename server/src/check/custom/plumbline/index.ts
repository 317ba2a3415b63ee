import type { Rule } from '../../../contract/model';
import { didYouMean, slipsOf } from '../../../text/nearest';
import { type Check, type Subject, unjudged } from '../../check';
import type { CustomEngine } from '../../custom-engine';
import { ruled } from '../../rule';
import { aggregate } from './aggregate';
import { distribution } from './distribution';
import { drift } from './drift';
import { type Form, type FormWords, isOperator, mapOf } from './form';
import { rowCountChange } from './row-count-change';

const forms: readonly Form[] = [drift, rowCountChange, aggregate, distribution];

/** What ODCS has no metric for and Plumbline measures itself: one form of rule by the word under `implementation`. */
export const plumbline: CustomEngine = { names: ['plumbline'], check };

function check(subject: Subject, rule: Rule): Check {
  const words = wordsOf(subject, rule);
  if (typeof words === 'string')
    return ruled(subject, rule, {
      kind: 'custom',
      expected: rule.description ?? 'as plumbline says',
      measure: () => unjudged(words),
    });
  const { filter, ...said } = words;
  return ruled(subject, { ...rule, ...bothOf(rule.filter, filter) }, { kind: 'custom', ...said });
}

/** A comment at the end of one condition does not reach the other. */
function bothOf(one: string | undefined, other: string | undefined): Pick<Rule, 'filter'> {
  const filter = one === undefined || other === undefined ? (one ?? other) : `(${one}\n) AND (${other}\n)`;
  return filter === undefined ? {} : { filter };
}

function wordsOf(subject: Subject, rule: Rule): FormWords | string {
  const given = mapOf(rule.implementation) ?? {};
  const [word, ...others] = Object.keys(given);
  const form = forms.find((candidate) => candidate.word === word);
  if (!form || others.length > 0) {
    const meant =
      word === undefined || form
        ? ''
        : didYouMean(
            slipsOf(
              word,
              forms.map((one) => one.word),
            ),
          );
    return `A rule of the engine plumbline needs "implementation" with one of ${forms.map((one) => one.word).join(', ')}, for instance ${drift.example}.${meant}`;
  }
  const below = mapOf(given[form.word]);
  if (!below) return `"${form.word}" needs words below it, for instance ${form.example}.`;
  const unknown = Object.keys(below).find((key) => !form.takes.includes(key) && !(form.operators && isOperator(key)));
  if (unknown !== undefined)
    return `"${form.word}" has no "${unknown}". It takes ${[...form.takes, ...(form.operators ? ['an operator'] : [])].join(', ')}.`;
  return form.rule(subject, below, rule);
}
