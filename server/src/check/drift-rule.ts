import { dirname } from 'node:path';
import type { Dataset } from '../data/dataset';
import type { CheckJob, DriftColumn, DriftJob, DriftReport } from '../protocol';
import type { DriftWish, Measure, Outcome } from './check';

/** What an author wrote under `implementation` of a rule with `engine: plumbline`, without a column yet. */
export type RuleWish = Omit<DriftWish, 'column'>;

/** What is missing in it. */
export interface Complaint {
  readonly complaint: string;
}

export const isComplaint = (wish: RuleWish | Complaint): wish is Complaint => 'complaint' in wish;

/** `{drift: {reference: FILE, method: jensen-shannon, threshold: 0.1}}`; the method and its limit are the preset's when left out. */
export function driftWishOf(implementation: unknown): RuleWish | Complaint {
  const drift = objectOf(objectOf(implementation)?.drift);
  const { reference, preset, method, threshold } = drift ?? {};
  if (typeof reference !== 'string') {
    return {
      complaint: 'A rule of the engine plumbline needs "implementation: {drift: {reference: FILE}}" to compare with.',
    };
  }
  if (threshold !== undefined && typeof threshold !== 'number') {
    return { complaint: `The threshold of drift must be a number, and "${String(threshold)}" is none.` };
  }
  if (threshold !== undefined && typeof method !== 'string') {
    return { complaint: 'A threshold of drift is a figure of one method: name the "method" beside it.' };
  }
  return { reference, preset: wordIn(preset), method: wordIn(method), threshold };
}

const objectOf = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;

const wordIn = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** `jensen-shannon < 0.1 against january.parquet`. */
export function wordsOf({ method, threshold, reference }: RuleWish): string {
  const figure =
    method === undefined ? 'no drift' : threshold === undefined ? `no drift by ${method}` : `${method} < ${threshold}`;
  return `${figure} against ${reference}`;
}

/** The column compared with its reference, or all of the table when none is given. */
export function driftMeasure(rule: RuleWish, subject: string, column?: string): Measure {
  return {
    via: 'drift',
    wish: { ...rule, column },
    judge: (report) => (column === undefined ? ofTable(rule, subject, report) : ofColumn(rule, subject, report)),
  };
}

/** One file is read from where it lies, which for an older revision is a copy; several by the pattern that found them. */
export function referenceTo({ path, paths: [first, ...others] }: Dataset): string {
  return first !== undefined && others.length === 0 ? first : path;
}

/** The comparison as the drift room runs it. */
export function driftJob(
  { column, method, threshold, reference, preset, type }: DriftWish,
  dataset: Dataset,
  job: CheckJob,
): DriftJob {
  const asked = method === undefined ? undefined : [method, threshold].filter((part) => part !== undefined).join(':');
  return {
    kind: 'drift',
    reference,
    current: referenceTo(dataset),
    folder: dirname(job.contract.path),
    preset,
    engine: job.engine,
    ...(column === undefined ? {} : { columns: [column] }),
    ...(column === undefined || type === undefined ? {} : { types: { [column]: type } }),
    ...(column === undefined || asked === undefined ? {} : { methods: { [column]: asked } }),
  };
}

function ofColumn({ reference }: RuleWish, subject: string, { columns: [column] }: DriftReport): Outcome {
  if (!column || column.drifted === null) {
    return {
      verdict: 'unjudged',
      message: `Column "${subject}" cannot be compared with ${reference}: ${column?.reason ?? 'it was not measured.'}`,
    };
  }
  const observed = column.decidedBy === 'pValue' ? column.pValue : column.statistic;
  const figures = `${figureWords(column)}${column.moved ? ` (${column.moved})` : ''}`;
  const message = column.drifted
    ? `Column "${subject}" should be as in ${reference}, but it drifted: ${figures}.`
    : `Column "${subject}" is as in ${reference}: ${figures}.`;
  const breaks = column.decidedBy === 'pValue' ? 'below' : 'above';
  const limit =
    column.threshold === null ? undefined : ({ figure: observed, threshold: column.threshold, breaks } as const);
  return { verdict: column.drifted ? 'fails' : 'holds', observed, limit, message };
}

function ofTable({ reference }: RuleWish, subject: string, { dataset, columns }: DriftReport): Outcome {
  const drifted = columns.filter((column) => column.drifted).map(({ column }) => column);
  const share = `${dataset.driftedColumns} of ${dataset.columns} columns drifted`;
  return dataset.drifted
    ? {
        verdict: 'fails',
        observed: dataset.share,
        message: `Table "${subject}" should be as in ${reference}, but ${share}: ${drifted.join(', ')}.`,
      }
    : { verdict: 'holds', observed: dataset.share, message: `Table "${subject}" is as in ${reference}: ${share}.` };
}

function figureWords({ method, decidedBy, statistic, pValue, threshold }: DriftColumn): string {
  const figure = decidedBy === 'pValue' ? pValue : statistic;
  const shown = typeof figure === 'number' ? Number(figure.toPrecision(4)) : figure;
  return `${method} ${decidedBy === 'pValue' ? 'p-value ' : ''}${shown}, limit ${threshold}`;
}
