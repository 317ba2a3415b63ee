import type { PlannedStatement } from '../protocol';
import { scanSql, valuesSql } from './ask';
import type { Measure } from './check';
import { type Planned, planOf, ROWS, type Scan } from './plan';
import { samplesSql } from './samples';
import type { Source } from './source';

/** What the checks of a table would ask of the engine, and what each statement is for. Nothing of it runs. */
export function statementsOf(
  planned: readonly Planned[],
  sourceOf: (one: Planned) => Source | undefined,
  sampleRows: number,
): readonly PlannedStatement[] {
  const { scans, statements } = planOf(planned);
  const idsOf = (uses: (measure: Measure) => boolean): readonly string[] =>
    planned.filter(({ measure }) => uses(measure)).map(({ check }) => check.id);
  return [
    ...scans.map((scan) => ({
      kind: 'scan' as const,
      sql: scanSql(scan),
      checks: idsOf((measure) => asks(scan, measure)),
    })),
    ...statements.map((sql) => ({
      kind: 'distinct' as const,
      sql,
      checks: idsOf((measure) => measure.via === 'statement' && measure.sql === sql),
    })),
    ...planned.flatMap((one) => ownStatement(one)),
    ...planned.flatMap((one) => samplesStatement(one, sourceOf(one), sampleRows)),
  ];
}

/** A measure without figures of its own is about the number of rows alone. */
function asks({ scope, aggregates }: Scan, measure: Measure): boolean {
  if (!('of' in measure) || measure.of.relation !== scope.relation) return false;
  const figures = 'figures' in measure ? Object.values(measure.figures ?? {}) : [];
  return (figures.length > 0 ? figures : [ROWS]).some((figure) => aggregates.includes(figure));
}

function ownStatement({ check, measure }: Planned): readonly PlannedStatement[] {
  const checks = [check.id];
  if (measure.via === 'query') return [{ kind: 'query', sql: measure.sql, checks }];
  if (measure.via === 'values') return [{ kind: 'values', sql: valuesSql(measure.of, measure), checks }];
  return measure.via === 'drift' || measure.via === 'versions' ? [{ kind: measure.via, sql: null, checks }] : [];
}

/** Which rows break the check: asked only when some do. A pattern that JavaScript runs knows its values only then. */
function samplesStatement(
  { check, measure }: Planned,
  source: Source | undefined,
  limit: number,
): readonly PlannedStatement[] {
  if (!source || !('failing' in measure) || !measure.failing?.predicate || limit <= 0) return [];
  const { sql } = samplesSql(source, measure.of, measure.failing, limit);
  return [{ kind: 'samples', sql, checks: [check.id] }];
}
