import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { convert } from '../../server/src/contract/convert';
import { azureMl } from '../../server/src/contract/dialects/azure-ml';
import { odcs } from '../../server/src/contract/dialects/odcs';
import { diagnosticsOf } from '../../server/src/language/diagnostics';
import type { CheckJob, CheckResult } from '../../server/src/protocol';
import { parseText } from '../../server/src/text/parse';
import { spelling } from '../../server/src/text/tree';
import { checkFiles, writeParquet } from './checking';

// Values of Azure/azureml-assets at 4b41f8c, run on Spark 3.4.4.

interface Golden {
  readonly case: string;
  readonly column: string;
  readonly metric: string;
  readonly count: number | null;
  readonly value: number | null;
  readonly reference_value: number | null;
  readonly threshold: number | null;
  readonly breached: boolean;
}

const monitorOf = (inside: string): string =>
  `name: watch\ncreate_monitor:\n  monitoring_signals:\n    quality:\n      type: data_quality\n${inside.replaceAll(/^(?=.)/gm, '      ')}\n`;

const featuresOf = (columns: readonly string[]): string => `features: ${JSON.stringify(columns)}`;

async function checksOf(monitor: string, job: Partial<CheckJob>, files: Readonly<Record<string, string>> = {}) {
  const { report } = await checkFiles('monitor.yml', { 'monitor.yml': monitor, ...files }, { job });
  return report.checks;
}

const sidesOf = (folder: string) => ({
  data: { '': resolve(folder, 'current.parquet') },
  reference: { '': resolve(folder, 'reference.parquet') },
});

/** Rates, verdicts and limits of all columns, each a feature of the signal. */
async function holdGolden(golden: readonly Golden[], folder: string): Promise<void> {
  const rows = golden.filter(({ metric }) => metric !== 'RowCount');
  const columns = [...new Set(rows.map(({ column }) => column))];
  const checks = await checksOf(monitorOf(featuresOf(columns)), sidesOf(folder));
  const known = new Map(rows.map((row) => [`${row.column} ${row.metric}`, row]));
  for (const check of checks) {
    const row = known.get(`${check.column} ${check.kind}`);
    if (!row || row.value === null) {
      assert.equal(check.status, 'skipped', `${check.column} ${check.kind}: ${check.message}`);
      continue;
    }
    assert.deepEqual(
      [check.observed, check.unexpectedCount, check.status, check.limit?.threshold],
      [row.value, row.count, row.breached ? 'failed' : 'passed', row.threshold],
      `${check.column} ${check.kind}: ${check.message}`,
    );
  }
  assert.equal(checks.length, 3 * columns.length);
}

const SHARED = '../shared/golden';
if (existsSync(SHARED)) {
  describe('data quality of Azure ML is as its components measure it, all golden cases', () => {
    const { quality }: { quality: readonly Golden[] } = JSON.parse(
      readFileSync(join(SHARED, 'expected/azureml.json'), 'utf8'),
    );
    for (const name of new Set(quality.map((row) => row.case)))
      it(name, () =>
        holdGolden(
          quality.filter((row) => row.case === name),
          join(SHARED, 'data', name),
        ),
      );
  });
}

interface Side {
  readonly schema: string;
  readonly rows: readonly (readonly (string | number | boolean | null)[])[];
}

const types: Readonly<Record<string, string>> = {
  long: 'BIGINT',
  int: 'INTEGER',
  double: 'DOUBLE',
  string: 'VARCHAR',
  boolean: 'BOOLEAN',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
};

function queryOf({ schema, rows }: Side): string {
  const columns = schema.split(', ').map((column) => column.split(' '));
  const value = (one: string | number | boolean | null) =>
    typeof one === 'string' ? `'${one.replaceAll("'", "''")}'` : String(one);
  const typed = (one: Side['rows'][number][number], index: number) =>
    `CAST(${value(one)} AS ${types[columns[index]?.[1] ?? '']})`;
  const tuples = rows.map((row) => `(${row.map(typed).join(', ')})`);
  return `SELECT * FROM (VALUES ${tuples.join(', ')}) AS t(${columns.map(([name]) => `"${name}"`).join(', ')})`;
}

async function inParquet(
  sides: Readonly<Record<'reference' | 'current', Side>>,
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-azure-'));
  try {
    for (const side of ['reference', 'current'] as const)
      await writeParquet(join(folder, `${side}.parquet`), queryOf(sides[side]));
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('data quality of Azure ML is as its components measure it', () => {
  const { extra }: { extra: readonly { case: string; reference: Side; current: Side; quality: readonly Golden[] }[] } =
    JSON.parse(readFileSync('test/fixtures/check/azure-ml/quality.json', 'utf8'));
  for (const { case: name, reference, current, quality } of extra)
    it(name, () => inParquet({ reference, current }, (folder) => holdGolden(quality, folder)));
});

describe('data quality signals of Azure ML', () => {
  it('make a monitor a contract, which it is not without any', () => {
    const dialectOf = (text: string) => diagnosticsOf('/monitor.yml', text).dialect;
    assert.equal(dialectOf(monitorOf('features: [x]')), 'azure-ml');
    assert.equal(dialectOf(monitorOf('features: [x]').replace('data_quality', 'data_drift')), null);
    assert.equal(dialectOf('quality: {type: data_quality}\n'), null);
  });
  it('are rules of their columns, each at its feature, and stay rules of Azure ML in ODCS', () => {
    const text = monitorOf('features:\n  - x\n  - t');
    const tree = parseText('monitor.yml', text);
    const contract = azureMl.read(tree);
    const [table] = contract.tables;
    assert.deepEqual(
      table?.columns.map(({ name, rules }) => [name, ...rules.map(({ node }) => spelling(tree, node))]),
      [
        ['x', 'x', 'x', 'x'],
        ['t', 't', 't', 't'],
      ],
    );
    const { text: written, losses } = convert(contract, odcs);
    assert.deepEqual(losses, []);
    const [again] = odcs.read(parseText('c.odcs.yaml', written)).tables;
    assert.deepEqual(
      again?.columns.map(({ name, rules }) => [
        name,
        rules.map(({ engine, implementation }) => [engine, implementation]),
      ]),
      table?.columns.map(({ name, rules }) => [
        name,
        rules.map(({ engine, implementation }) => [engine, implementation]),
      ]),
    );
  });
  it('that are broken are read as far as they can be', () => {
    for (const inside of ['features: {', 'features: 3', 'features: [[x]]\nmetric_thresholds: 7', 'reference_data: [1]'])
      assert.equal(azureMl.read(parseText('monitor.yml', monitorOf(inside))).tables.length, 1, inside);
  });
  const reference = 'x,t\n1,a\n2,b\n3,a\n4,\n';
  const files = { 'now.csv': 'x,t\n1,a\n9,c\n,\n2,b\n', 'before.csv': reference };
  const job = { data: { '': 'now.csv' }, reference: { '': 'before.csv' } };
  const words = (checks: readonly CheckResult[]) =>
    checks.map(({ column, kind, status, observed }) => `${column} ${kind} ${status} ${JSON.stringify(observed)}`);

  it('without features are about all columns, with one check a metric', async () => {
    assert.deepEqual(words(await checksOf(monitorOf('alert_enabled: true'), job, files)), [
      'null NullValueRate failed {"x":0.25,"t":0.25}',
      'null DataTypeErrorRate passed {"x":0,"t":0}',
      'null OutOfBoundsRate failed {"x":0.25,"t":0.25}',
    ]);
  });
  it('have thresholds by kind, above the rate of the reference', async () => {
    const thresholds =
      'features: [x, t]\nmetric_thresholds:\n  numerical: {null_value_rate: 0.25, out_of_bounds_rate: 0.2}\n  categorical: {out_of_bounds_rate: 0.3}';
    assert.deepEqual(words(await checksOf(monitorOf(thresholds), job, files)), [
      'x NullValueRate passed 0.25',
      'x DataTypeErrorRate passed 0',
      'x OutOfBoundsRate failed 0.25',
      't NullValueRate passed 0.25',
      't DataTypeErrorRate passed 0',
      't OutOfBoundsRate passed 0.25',
    ]);
  });
  it('name their data by themselves, where these are files', async () => {
    const sides =
      'features: [x]\nproduction_data: {input_data: {path: now.csv, type: uri_file}}\nreference_data: {input_data: {path: before.csv, type: uri_file}}';
    assert.deepEqual(words(await checksOf(monitorOf(sides), {}, files)), [
      'x NullValueRate failed 0.25',
      'x DataTypeErrorRate passed 0',
      'x OutOfBoundsRate failed 0.25',
    ]);
    const stored = sides.replace('before.csv', 'azureml:train:1');
    const checks = await checksOf(monitorOf(stored), {}, files);
    assert.deepEqual([...new Set(checks.map(({ status }) => status))], ['skipped']);
  });
  it('look at a segment alone, and at a column that one side lacks not at all', async () => {
    const segment = 'features: [x, gone]\ndata_segment: {feature_name: t, feature_values: [a]}';
    assert.deepEqual(
      words(await checksOf(monitorOf(segment), job, files)).filter((line) => !line.includes('Type')),
      [
        'x NullValueRate passed 0',
        'x OutOfBoundsRate passed 0',
        'gone NullValueRate skipped null',
        'gone OutOfBoundsRate skipped null',
      ],
    );
  });
  it('take integers of few values for categories, unless the monitor says otherwise', async () => {
    const many = (most: number) => `k\n${Array.from({ length: 100 }, (_, row) => row % most).join('\n')}\n`;
    const sides = { 'now.csv': many(4), 'before.csv': many(3) };
    const outside = async (more: string) =>
      (await checksOf(monitorOf(`features: [k]\n${more}`), job, sides)).find(({ kind }) => kind === 'OutOfBoundsRate');
    assert.equal((await outside(''))?.status, 'skipped');
    const forced = await outside('feature_type_override: {k: numerical}');
    assert.deepEqual([forced?.status, forced?.observed], ['failed', 0.25]);
  });
});
