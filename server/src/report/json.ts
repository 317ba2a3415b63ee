import type { Format, Report } from './format';

/** Keys in the order in which they are written, each with the order within its value. */
interface Shape {
  readonly [key: string]: Shape;
}

const any: Shape = {};

const shapeOf = (keys: string, within: Shape = {}): Shape =>
  Object.fromEntries(keys.split(' ').map((key) => [key, within[key] ?? any]));

const tool = shapeOf('name version');
const location = shapeOf('path range', {
  range: shapeOf('start end', { start: shapeOf('line character'), end: shapeOf('line character') }),
});
const summary = shapeOf('passed failed warning error skipped status');
const side = shapeOf('ref rows');
const fileVersion = shapeOf('path role tracker status commit author date subject tag branch sizeBytes');
const finding = shapeOf('code severity message location', { location });

const check = shapeOf('schemaVersion tool verb contract engine startedAt durationMs checks summary data provenance', {
  tool,
  contract: shapeOf('path dialect version'),
  engine: tool,
  checks: shapeOf(
    'id name table column dimension kind status severity observed expected rows unexpectedCount unexpectedPercent samples message location',
    { samples: shapeOf('row'), location },
  ),
  summary,
  provenance: fileVersion,
});

const drift = shapeOf('schemaVersion tool verb preset reference current durationMs columns dataset', {
  tool,
  reference: side,
  current: side,
  columns: shapeOf('column type method statistic pValue threshold drifted reason segment window reference current', {
    reference: shapeOf('histogram'),
    current: shapeOf('histogram'),
  }),
  dataset: shapeOf('drifted driftedColumns columns share threshold method'),
});

const shapes: Readonly<Record<Report['verb'] | 'checks' | 'drifts', Shape>> = {
  check,
  checks: shapeOf('schemaVersion tool verb startedAt durationMs runs summary', { tool, runs: check, summary }),
  plan: shapeOf('schemaVersion tool verb contract engine tables', {
    tool,
    contract: shapeOf('path dialect version'),
    engine: tool,
    tables: shapeOf('table ref path where statements without', {
      statements: shapeOf('kind sql checks'),
      without: shapeOf('check status message'),
    }),
  }),
  drift,
  drifts: shapeOf('schemaVersion tool verb startedAt durationMs runs notRun summary', {
    tool,
    runs: drift,
    notRun: shapeOf('name reason location', { location }),
  }),
  profile: shapeOf('schemaVersion tool verb ref rows sizeBytes version columns', {
    tool,
    version: shapeOf('tracker version'),
    columns: shapeOf(
      'column type physicalType nulls distinct distinctExact min max mean standardDeviation quantiles top histogram',
    ),
  }),
  lint: shapeOf('schemaVersion tool verb files summary', {
    tool,
    files: shapeOf('path dialect diagnostics', { diagnostics: shapeOf('code severity message range fix') }),
    summary: shapeOf('error warning info hint files'),
  }),
  diff: shapeOf('schemaVersion tool verb from to changes bump neededVersion versionIsEnough', {
    tool,
    from: shapeOf('path revision dialect version'),
    to: shapeOf('path revision dialect version'),
    changes: shapeOf('kind impact path message before after severity location', { location }),
  }),
  provenance: shapeOf('schemaVersion tool verb target code datasets runs environment findings', {
    tool,
    code: shapeOf('commit branch tag dirty changed remote'),
    datasets: shapeOf('path tracker version algorithm sizeBytes status commit contract'),
    runs: shapeOf(
      'id tracker name status startedAt commit commitExists dirty params metrics datasets models environment',
      { datasets: shapeOf('name version'), location },
    ),
    environment: shapeOf('lockFiles images notebooks', {
      lockFiles: shapeOf('path kind pinned'),
      images: shapeOf('path image digest', { location }),
    }),
    claims: shapeOf('claim verdict expected found message location', { location }),
    findings: finding,
  }),
  timeline: shapeOf('schemaVersion tool verb dataset versions older', {
    tool,
    versions: shapeOf(
      'tracker ref version algorithm commit author date subject tag sizeBytes rows columns changes drift note runs reason',
    ),
  }),
};

/** One object, its keys in the fixed order, numbers unrounded, `null` for what does not apply. */
export const json: Format = {
  id: 'json',
  write: (report) => `${JSON.stringify(ordered(report, shapeFor(report)), jsonValue, 2)}\n`,
};

function shapeFor(report: Report): Shape {
  if (!('runs' in report) || report.verb === 'provenance') return shapes[report.verb];
  return report.verb === 'check' ? shapes.checks : shapes.drifts;
}

/** The known keys first, null where they are missing, then the others as they come. */
function ordered(value: unknown, shape: Shape): unknown {
  if (Array.isArray(value)) return value.map((item) => ordered(item, shape));
  if (typeof value !== 'object' || value === null || shape === any) return value;
  const fields: Readonly<Record<string, unknown>> = { ...value };
  const known = Object.keys(shape).map((key) => [key, ordered(fields[key] ?? null, shape[key] ?? any)]);
  const others = Object.entries(fields).filter(([key]) => !(key in shape));
  return Object.fromEntries([...known, ...others]);
}

/** JSON has no word for these numbers. */
function jsonValue(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}
