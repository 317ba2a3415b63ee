import { type Level, metricOf } from '../contract/metrics';
import type { Rule } from '../contract/model';
import { amount, number } from '../text/words';
import {
  type Check,
  type CheckKind,
  type Data,
  type Measure,
  measureOf,
  type Outcome,
  rulesOf,
  type Subject,
  unjudged,
} from './check';
import { type Bound, boundOf, type Compare, compareNumber, comparePercent, wordsOf } from './operators';
import { ruled } from './rule';
import type { Field } from './source';
import { agree, list, percent, subjectWords, type Verb } from './words';

/** A rule that is complete: how it counts, and what it demands of the count. */
export interface Wish {
  readonly subject: Subject;
  readonly rule: Rule;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly unit: 'rows' | 'percent';
  readonly bound: Bound;
}

/** The kind of check behind one library metric: `measure` is asked only for rules that can run. */
export const libraryKind = (id: string, measure: (wish: Wish, data: Data) => Measure): CheckKind => ({
  id,
  checks: (subject) =>
    rulesOf(subject)
      .filter(({ type, metric }) => type === 'library' && metric === id)
      .map((rule) => libraryCheck(id, subject, rule, measure)),
});

/** The same for a metric of columns, once the column is found in the data. */
export const columnMetric = (id: string, measure: (wish: Wish, field: Field) => Measure): CheckKind =>
  libraryKind(id, (wish, data) => {
    const { column } = wish.subject;
    return column ? measureOf(data, column, (field) => measure(wish, field)) : unjudged(`"${id}" is about a column.`);
  });

function libraryCheck(id: string, subject: Subject, rule: Rule, measure: (wish: Wish, data: Data) => Measure): Check {
  const wish = wishOf(id, subject, rule);
  const dimension = metricOf(id)?.dimension;
  return ruled(subject, rule, {
    kind: id,
    ...(dimension ? { dimension } : {}),
    expected: typeof wish === 'string' ? wordsOf(rule.operators) : wish.bound.expected,
    ...(typeof wish === 'string' ? {} : { limits: wish.bound.limits }),
    measure: (data) => (typeof wish === 'string' ? unjudged(wish) : measure(wish, data)),
  });
}

/** The rule made ready to run, or a text that says what it lacks. */
function wishOf(id: string, subject: Subject, rule: Rule): Wish | string {
  const metric = metricOf(id);
  if (!metric) return `"${id}" is no metric.`;
  const level: Level = subject.column ? 'column' : 'table';
  if (!metric.levels.includes(level)) {
    return `"${id}" is about a ${metric.levels[0]}, not a ${level}. Move the rule to ${level === 'table' ? 'a property' : 'the schema object'}.`;
  }
  const given = rule.arguments;
  const unknown = Object.keys(given).filter((name) => !metric.takes.includes(name));
  if (unknown.length > 0) {
    const takes = metric.takes.length > 0 ? `It takes ${metric.takes.join(', ')}.` : 'It takes none.';
    return `"${id}" has no argument "${unknown[0]}". ${takes}`;
  }
  const needs = metric.needs[level] ?? [];
  if (needs.length > 0 && !needs.some((name) => given[name] !== undefined && given[name] !== null)) {
    return `"${id}" needs ${needs.map((name) => `"${name}"`).join(' or ')} under "arguments".`;
  }
  const unit = unitOf(rule.unit);
  if (!unit) return `"${rule.unit}" is no unit. Write rows or percent.`;
  const bound = boundOf(rule, unit);
  return typeof bound === 'string' ? bound : { subject, rule, arguments: given, unit, bound };
}

const unitOf = (unit: string | undefined): 'rows' | 'percent' | undefined =>
  unit === undefined ? 'rows' : unit === 'rows' || unit === 'percent' ? unit : undefined;

export const compareCount = ({ unit }: Wish, count: number, rows: number): Compare =>
  unit === 'percent' ? comparePercent(count, rows) : compareNumber(count);

export const share = (count: number, rows: number): number => (rows === 0 ? 0 : (100 * count) / rows);

/** Holds a count of rows against the rule. `hint` is told whatever the verdict. */
export function countOutcome(wish: Wish, count: number, rows: number, verb: Verb, hint?: string): Outcome {
  const { subject, unit, bound } = wish;
  const compare = compareCount(wish, count, rows);
  const counted = `${number(count)} of ${amount(rows, 'row')}`;
  const observed = unit === 'percent' ? `${percent(share(count, rows))} (${counted})` : counted;
  const who = subjectWords(subject.table.name, subject.column?.path);
  return {
    verdict: bound.holds(compare) ? 'holds' : 'fails',
    observed: unit === 'percent' ? share(count, rows) : count,
    unexpected: count,
    message: sentence(`${who}: ${observed} ${agree(count, verb)}`, wish, compare, hint),
  };
}

/** What was found, what the rule says, and what to know besides. */
export function sentence(found: string, { bound }: Wish, compare: Compare, hint?: string): string {
  const joint = bound.holds(compare) ? 'and' : 'but';
  return [`${found}, ${joint} the rule says ${bound.expected}.`, bound.edge(compare), hint].filter(Boolean).join(' ');
}

/** A list that an author gave as an argument; a single value counts as a list of one. */
export const listArgument = (value: unknown): readonly unknown[] | undefined =>
  value === undefined || value === null ? undefined : Array.isArray(value) ? value : [value];

export const listWords = (values: readonly unknown[]): string =>
  list(values.map((value) => (value === null ? 'null' : value)));
