import type { Figures, Measure, Outcome } from './check';
import type { PlacedCheck } from './checks';
import type { Scope } from './source';

export interface Planned {
  readonly check: PlacedCheck;
  readonly measure: Measure;
}

/** What the checks of one table ask of the engine, each question once. */
export interface Plan {
  /** One pass over the rows of each scope for all aggregates of all its checks, or several where they are too many for one. */
  readonly scans: readonly Scan[];
  /** Statements that give one row, each once. */
  readonly statements: readonly string[];
  /** How many questions there are in all. */
  readonly steps: number;
}

export interface Scan {
  readonly scope: Scope;
  /** SQL aggregates, none twice; `count(*)` is the first of its scope. */
  readonly aggregates: readonly string[];
}

export const ROWS = 'count(*)';

/**
 * Aggregates that one statement asks for. An engine plans a wider one in time that grows with its square: of 1,500
 * conversions, 300 at a time took a third of the time of all at once, and 100 at a time no less.
 */
const WIDEST = 300;

/** The fewest statements that answer all measures. Every scope that is counted at all is also asked for its rows. */
export function planOf(planned: readonly Planned[]): Plan {
  const aggregates = new Map<string, { scope: Scope; wanted: Set<string> }>();
  const statements = new Set<string>();
  let others = 0;
  for (const { measure } of planned) {
    if (measure.via === 'query' || measure.via === 'drift' || measure.via === 'values' || measure.via === 'versions')
      others++;
    if (measure.via === 'nothing' || measure.via === 'query' || measure.via === 'drift') continue;
    const { of: scope } = measure;
    const scan = aggregates.get(scope.relation) ?? { scope, wanted: new Set([ROWS]) };
    aggregates.set(scope.relation, scan);
    if (measure.via === 'scan' || measure.via === 'values')
      for (const figure of Object.values(measure.figures ?? {})) scan.wanted.add(figure);
    if (measure.via === 'statement') statements.add(measure.sql);
  }
  const scans = [...aggregates.values()].flatMap(({ scope, wanted }) => partsOf({ scope, aggregates: [...wanted] }));
  return { scans, statements: [...statements], steps: scans.length + statements.size + others };
}

const partsOf = ({ scope, aggregates }: Scan): readonly Scan[] =>
  Array.from({ length: Math.ceil(aggregates.length / WIDEST) }, (_, part) => ({
    scope,
    aggregates: aggregates.slice(part * WIDEST, (part + 1) * WIDEST),
  }));

/** An answer of the engine, or the message with which it refused. */
export type Answered<T> = { readonly value: T } | { readonly error: string };

/** All answers to one plan. */
export interface Answers {
  /** Relation → aggregate → its figure. */
  readonly scans: ReadonlyMap<string, ReadonlyMap<string, Answered<number>>>;
  readonly statements: ReadonlyMap<string, Answered<Figures>>;
}

export const rowsIn = ({ scans }: Answers, { relation }: Scope): Answered<number> =>
  scans.get(relation)?.get(ROWS) ?? { error: 'The rows were not counted.' };

/** The outcome of a measure whose figures are known. */
export function outcomeOf(measure: Extract<Measure, { via: 'scan' | 'statement' }>, answers: Answers): Outcome {
  const rows = rowsIn(answers, measure.of);
  const figures = measure.via === 'scan' ? scanned(measure, answers) : answers.statements.get(measure.sql);
  if ('error' in rows) return refused(rows.error);
  if (!figures || 'error' in figures) return refused(figures?.error ?? 'The statement did not run.');
  return measure.judge(figures.value, rows.value);
}

/** The figures of the shared scan that a measure asked for. */
export function scanned(
  { of, figures = {} }: Extract<Measure, { via: 'scan' | 'values' }>,
  { scans }: Answers,
): Answered<Figures> {
  const answers = scans.get(of.relation);
  const value: Record<string, number> = {};
  for (const [name, sql] of Object.entries(figures)) {
    const answer = answers?.get(sql) ?? { error: 'The figure was not counted.' };
    if ('error' in answer) return answer;
    value[name] = answer.value;
  }
  return { value };
}

/** A check that the engine would not run, with the engine's words. */
export const refused = (message: string): Outcome => ({
  verdict: 'unjudged',
  message: `The data could not be asked: ${message}`,
});
