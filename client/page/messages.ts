import type { CheckReport, DriftReport, StoredResult, ToPage } from '../../server/src/protocol';
import {
  type Guard,
  isFlag,
  isLocation,
  isNumber,
  isObject,
  isProgress,
  isText,
  listOf,
  orNull,
  readerOf,
  shape,
} from './guards';

const isEngine = shape({ name: isText, version: isText });
const isVersion = shape({ path: isText, role: isText, status: isText, commit: orNull(isText) });

const isCheck = shape({
  id: isText,
  name: isText,
  table: isText,
  column: orNull(isText),
  kind: isText,
  status: isText,
  expected: isText,
  message: isText,
  samples: listOf(shape({ values: isObject })),
  location: isLocation,
});

const isCheckReport = shape({
  contract: shape({ path: isText }),
  engine: isEngine,
  startedAt: isText,
  durationMs: isNumber,
  checks: listOf(isCheck),
  summary: shape({ passed: isNumber, failed: isNumber, warning: isNumber, error: isNumber, skipped: isNumber }),
  data: listOf(shape({ table: isText, path: isText, notes: (value) => value === undefined || listOf(isText)(value) })),
  provenance: listOf(isVersion),
}) as (value: unknown) => value is CheckReport;

const isNumbers = listOf(isNumber);
const isBins = shape({ edges: isNumbers, counts: isNumbers });
const isCategories = shape({ categories: listOf(isText), other: isNumber, counts: isNumbers });
const isSide = shape({
  histogram: orNull((value) => isBins(value) || isCategories(value)),
  rows: isNumber,
  nulls: isNumber,
  quantiles: (value) => value === undefined || isNumbers(value),
});

const isDriftColumn = shape({
  column: orNull(isText),
  segment: orNull(isObject),
  window: orNull(shape({ column: isText, start: isText, end: isText })),
  type: isText,
  method: orNull(isText),
  threshold: orNull(isNumber),
  drifted: orNull(isFlag),
  reason: orNull(isText),
  parameters: isObject,
  moved: orNull(isText),
  reference: isSide,
  current: isSide,
});

const isDiagnosis = shape({
  columns: listOf(shape({ column: isText, drifted: isFlag, contribution: isNumber })),
  segments: listOf(shape({ column: isText, segment: isObject, contribution: isNumber, share: isNumber })),
  starts: listOf(shape({ column: isText, since: isText, windows: isNumber })),
  dependencies: listOf(shape({ columns: listOf(isText), measure: isText, reference: isNumber, current: isNumber })),
  missing: listOf(shape({ column: isText, reference: isNumber, current: isNumber })),
  range: listOf(shape({ column: isText, low: isNumber, high: isNumber, below: isNumber, above: isNumber })),
  roles: listOf(shape({ role: isText, column: isText })),
});

const isData = shape({ ref: isText, rows: isNumber });
const isDriftReport = shape({
  preset: isText,
  reference: isData,
  current: isData,
  startedAt: isText,
  durationMs: isNumber,
  columns: listOf(isDriftColumn),
  dataset: shape({ drifted: isFlag, driftedColumns: isNumber, columns: isNumber, threshold: isNumber }),
  engine: isEngine,
  provenance: listOf(isVersion),
  diagnosis: (value) => value === undefined || isDiagnosis(value),
  notes: (value) => value === undefined || listOf(isText)(value),
}) as (value: unknown) => value is DriftReport;

const reports: Readonly<Record<StoredResult['kind'], Guard>> = { check: isCheckReport, drift: isDriftReport };

function isResult(value: unknown): value is StoredResult {
  if (!isObject(value) || typeof value.id !== 'string') return false;
  return (value.kind === 'check' || value.kind === 'drift') && reports[value.kind](value.report);
}

const isPastCheck = shape({ status: isText, value: orNull(isNumber) });
const isPastRun = shape({
  id: isText,
  startedAt: isText,
  data: listOf(shape({ table: isText, ref: isText })),
  checks: (value) => isObject(value) && Object.values(value).every(isPastCheck),
});

/** A message of the panel, or undefined when it has not the shape that this page knows. */
export const readMessage = readerOf<ToPage>({
  result: shape({ result: isResult, stale: isFlag, past: (value) => value === undefined || listOf(isPastRun)(value) }),
  running: shape({ title: isText, progress: isProgress }),
  failed: shape({ title: isText, message: isText }),
  empty: () => true,
});
