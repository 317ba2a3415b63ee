import { AZURE_ML, type Quality, type QualityMetric, qualityOf } from '../../../contract/azure-ml';
import type { Rule } from '../../../contract/model';
import { amount, number } from '../../../text/words';
import {
  type Check,
  type Data,
  type Figures,
  type Measure,
  type Outcome,
  type Subject,
  skipped,
  unjudged,
} from '../../check';
import type { CustomEngine } from '../../custom-engine';
import { ruled } from '../../rule';
import type { Source } from '../../source';
import { list } from '../../words';
import { type Column, columnIn, comparedSql, countsOf, type Kind } from './counts';

/**
 * Metrics of a data quality signal of Azure Machine Learning, as the components of Azure/azureml-assets at 4b41f8c measure
 * them: each side's rate by the types and bounds of the reference, held against the reference's own rate and a threshold.
 */
export const azureMl: CustomEngine = { names: [AZURE_ML], check };

function check(subject: Subject, rule: Rule): Check {
  const quality = qualityOf(rule.implementation);
  if (!quality) {
    const measure = () => unjudged('A rule of the engine azureml needs "implementation: {metric: …}" of data quality.');
    return ruled(subject, rule, { kind: 'custom', expected: 'as Azure ML says', measure });
  }
  return ruled(subject, rule, {
    kind: quality.metric,
    dimension: dimensions[quality.metric],
    expected: expectedOf(quality),
    measure: (data) => measureFor(subject, quality, data),
  });
}

const dimensions: Readonly<Record<QualityMetric, string>> = {
  NullValueRate: 'completeness',
  DataTypeErrorRate: 'conformity',
  OutOfBoundsRate: 'conformity',
};

function expectedOf({ thresholds: { numerical, categorical } }: Quality): string {
  const more = (limit: number): string => (limit === 0 ? '' : ` + ${limit}`);
  if (numerical === categorical) return `≤ rate of the reference${more(numerical)}`;
  return `≤ rate of the reference${more(numerical)} (categorical:${more(categorical) || ' no more'})`;
}

function measureFor({ column }: Subject, quality: Quality, { source, reference }: Data): Measure {
  if (typeof reference === 'string') return skipped(reference);
  const missing = (name: string): Measure =>
    skipped(`Column "${name}" is not on both sides, so that Azure ML leaves it out.`);
  if (column) {
    const found = columnOn(column.physicalName, quality, source, reference);
    if (typeof found === 'string') return skipped(found);
    return found
      ? measureOf([found], quality, source, reference, (figures) => ofColumn(found, quality, figures))
      : missing(column.path);
  }
  const columns = reference.columns.flatMap(({ name }) => {
    const found = columnOn(name, quality, source, reference);
    return typeof found === 'object' ? [found] : [];
  });
  if (columns.length === 0) return skipped('No column is on both sides.');
  return measureOf(columns, quality, source, reference, (figures) => ofTable(columns, quality, figures));
}

/** Undefined where a side lacks it; a text says why the component leaves it out. */
function columnOn(name: string, { kinds }: Quality, source: Source, reference: Source): Column | string | undefined {
  const [now, before] = [source, reference].map(({ columns }) => columns.find((column) => column.name === name));
  return now && before ? columnIn(name, now.type, before.type, kinds?.[name]) : undefined;
}

/** All metrics of the same columns are one statement. */
const measureOf = (
  columns: readonly Column[],
  { segment }: Quality,
  source: Source,
  reference: Source,
  judge: (figures: Figures) => Outcome,
): Measure => ({
  via: 'statement',
  of: source.scope,
  sql: comparedSql(columns, { now: source.scope.relation, before: reference.scope.relation }, segment),
  judge,
});

/** Rates have five decimals. */
const rateOf = (count: number, rows: number): number => (rows === 0 ? 0 : Math.round((count * 1e5) / rows) / 1e5);

interface Rate {
  readonly count: number;
  readonly rows: number;
  readonly rate: number;
  readonly before: number;
  readonly limit: number;
  readonly isBreached: boolean;
}

/** A text says why the component has no rate. */
function rateIn(column: Column, { metric, thresholds }: Quality, figures: Figures, index = 0): Rate | string {
  const { now, before } = countsOf(column, figures, index);
  if (before.kind === 'numerical' && (now.rows === now.empty || before.rows === before.empty))
    return `Column "${column.name}" has no number on a side, with which the component of Azure ML fails.`;
  if (metric === 'OutOfBoundsRate' && !hasBounds(column, before.kind))
    return `Column "${column.name}" has no bounds: it is categorical and no text.`;
  if (metric === 'OutOfBoundsRate' && !column.isBounded)
    return `Column "${column.name}" is ${column.now} now and ${column.before} in the reference, so that Azure ML has no bounds for it.`;
  const [count, own] = [now[metric], before[metric]];
  const rate = rateOf(count, now.rows);
  const reference = rateOf(own, before.rows);
  const limit = reference + thresholds[before.kind];
  // Both are stored in single precision.
  const isBreached = Math.fround(rate) > Math.fround(limit);
  return { count, rows: now.rows, rate, before: reference, limit, isBreached };
}

const hasBounds = ({ isText }: Column, kind: Kind): boolean => isText || kind === 'numerical';

const whats: Readonly<Record<QualityMetric, string>> = {
  NullValueRate: 'null',
  DataTypeErrorRate: "not of the reference's type",
  OutOfBoundsRate: "outside of the reference's values",
};

function ofColumn(column: Column, quality: Quality, figures: Figures): Outcome {
  const found = rateIn(column, quality, figures);
  if (typeof found === 'string') return { verdict: 'skipped', message: found };
  const { count, rows, rate, before, limit, isBreached } = found;
  const what = `Column "${column.name}" is ${whats[quality.metric]} in ${number(count)} of ${amount(rows, 'row')}`;
  return {
    verdict: isBreached ? 'fails' : 'holds',
    observed: rate,
    unexpected: count,
    limit: { figure: rate, threshold: limit, breaks: 'above' },
    message: `${what}, a rate of ${rate}; the reference has ${before}, and the limit is ${limit}.`,
  };
}

function ofTable(columns: readonly Column[], quality: Quality, figures: Figures): Outcome {
  const rates = columns.flatMap((column, index) => {
    const found = rateIn(column, quality, figures, index);
    return typeof found === 'string' ? [] : [[column.name, found] as const];
  });
  const breached = rates.filter(([, { isBreached }]) => isBreached);
  const observed = Object.fromEntries(rates.map(([name, { rate }]) => [name, rate]));
  if (rates.length === 0) return { verdict: 'skipped', message: `No column has a ${quality.metric}.` };
  if (breached.length === 0)
    return { verdict: 'holds', observed, message: `No column of ${rates.length} is above its limit.` };
  const words = breached.map(([name, { rate, limit }]) => `${name} (${rate}, limit ${limit})`);
  return { verdict: 'fails', observed, message: `${quality.metric} is above its limit in ${list(words)}.` };
}
