import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { lensesOf } from '../../server/src/language/code-lens';
import { statedIn } from '../../server/src/language/diagnostics';
import { limitFix } from '../../server/src/language/drift-limit';
import type { CheckReport, DriftLimit } from '../../server/src/protocol';
import { parseText } from '../../server/src/text/parse';
import { parseYaml } from '../../server/src/text/yaml';
import { Document } from '../../server/src/workspace/document';

const contract = (column: string): string =>
  `apiVersion: v3.1.0\nkind: DataContract\nid: c\nversion: 1.0.0\nstatus: active\nschema:\n  - name: flights\n    properties:\n${column}`;
const limit: DriftLimit = {
  column: 'delay',
  method: 'jensen-shannon',
  threshold: 0.2,
  reference: '/work/data/january.parquet',
};

const written = (text: string, chosen: Partial<DriftLimit> = {}): string => {
  const fix = limitFix(new Document('file:///work/contracts/f.odcs.yaml', 1, text), { ...limit, ...chosen });
  assert.ok(fix, 'there is a place for the limit');
  const edits = [...fix.edits].sort((a, b) => b.span.start - a.span.start);
  const changed = edits.reduce(
    (all, { span, text: put }) => all.slice(0, span.start) + put + all.slice(span.end),
    text,
  );
  assert.deepEqual(parseYaml(changed).issues, [], changed);
  return changed;
};

const ruled = (drift: string): string =>
  contract(
    `      - name: delay\n        quality:\n          - id: moved\n            type: custom\n            engine: plumbline\n            implementation:\n${drift}`,
  );
const block = (lines: readonly string[]): string =>
  ruled(`              drift:\n${lines.map((line) => `                ${line}\n`).join('')}`);

describe('a limit chosen for a drift comparison', () => {
  it('takes the place of the one that stands in the rule of its method', () => {
    const before = block(['reference: ../data/january.parquet', 'method: jensen-shannon', 'threshold: 0.1']);
    assert.equal(written(before), before.replace('threshold: 0.1', 'threshold: 0.2'));
  });

  it('is added to a rule that has none', () => {
    const lines = ['reference: ../data/january.parquet', 'method: jensen-shannon'];
    assert.equal(written(block(lines)), `${block([...lines, 'threshold: 0.2']).trimEnd()}\n`);
    assert.equal(
      written(ruled('              drift: {reference: a.csv}\n')),
      ruled('              drift: {reference: a.csv, method: jensen-shannon, threshold: 0.2}\n'),
    );
  });

  it('becomes a rule of its own beside the rules of other methods', () => {
    const before = block(['reference: ../data/january.parquet', 'method: psi', 'threshold: 0.1']);
    assert.match(
      written(before),
      /threshold: 0\.1\n {10}- id: delay_drift\n {12}type: custom\n[\s\S]*reference: \.\.\/data\/january\.parquet\n {16}method: jensen-shannon\n {16}threshold: 0\.2/,
    );
  });

  it('becomes the first rule of a column without any', () => {
    const before = contract(
      '      - name: other\n      - name: delay\n        logicalType: integer\n      - name: last\n',
    );
    const after = written(before);
    assert.match(
      after,
      /logicalType: integer\n {8}quality:\n {10}- id: delay_drift[\s\S]*threshold: 0\.2\n {6}- name: last/,
    );
  });

  it('has no place in a contract without the column, or in JSON', () => {
    const none = (text: string) => limitFix(new Document('file:///c.odcs.yaml', 1, text), limit);
    assert.equal(none(contract('      - name: other\n')), undefined);
    assert.equal(none('{"kind": "DataContract", "apiVersion": "v3.1.0"}'), undefined);
  });
});

describe('a limit chosen for a comparison that a monitor asked for', () => {
  const folder = 'test/fixtures/drift/monitors';
  /** The lines of a file that are others with the limit; undefined when the file has no place for it. */
  const changed = (file: string, chosen: Partial<DriftLimit>): string | undefined => {
    const path = resolve(folder, file);
    const text = readFileSync(path, 'utf8');
    const document = new Document(pathToFileURL(path).href, 1, text);
    const fix = limitFix(document, { ...limit, threshold: 0.25, ...chosen });
    if (!fix) return undefined;
    const [edit] = fix.edits;
    assert.ok(edit && fix.edits.length === 1);
    const after = text.slice(0, edit.span.start) + edit.text + text.slice(edit.span.end);
    assert.deepEqual(parseText(path, after).issues, parseText(path, text).issues, after);
    const [before, now] = [text.split('\n'), after.split('\n')];
    return now
      .filter((line, index) => line !== before[index])
      .join('\n')
      .trim();
  };

  it('is that of the metric that counts for the type, in a monitor of Azure', () => {
    const of = (column: string, type: DriftLimit['type'], method = 'chi-square') =>
      changed('azure.yml', { monitor: 'inputs', column, type, method });
    assert.equal(of('y_pred_proba', 'numerical', 'wasserstein-normalized'), 'normalized_wasserstein_distance: 0.25');
    // Measured before the file named another metric.
    assert.equal(of('y_pred_proba', 'numerical', 'psi'), undefined);
    assert.equal(of('segment', 'categorical'), 'pearsons_chi_squared_test: 0.25');
    assert.equal(of('flag', 'boolean'), 'pearsons_chi_squared_test: 0.25');
    // Without thresholds Azure fills in its own.
    assert.equal(changed('azure.yml', { monitor: 'outputs', column: 'y_pred', type: 'numerical' }), undefined);
  });

  it("is that of the feature's comparator, in a schema of TFDV", () => {
    const of = (monitor: string, column: string) =>
      changed('schema.pbtxt', {
        monitor,
        column,
        type: 'numerical',
        method: column === 'segment' ? 'l-infinity' : 'jensen-shannon',
      });
    assert.equal(of('skew', 'segment'), 'skew_comparator { infinity_norm { threshold: 0.25 } }');
    assert.equal(of('drift', 'segment'), 'infinity_norm { threshold: 0.25 }');
    assert.equal(of('drift', 'y_pred_proba'), 'drift_comparator { jensen_shannon_divergence { threshold: 0.25 } }');
    assert.equal(of('skew', 'y_pred_proba'), undefined);
    assert.equal(of('drift', 'y_true'), undefined);
  });

  it('is that of the feature before that of all, in the constraints of SageMaker', () => {
    const of = (column: string, file = 'constraints.json') =>
      changed(file, { monitor: 'baseline_drift_check', column, type: 'numerical' });
    assert.match(of('y_pred_proba') ?? '', /^"monitoringConfigOverrides": .*"comparison_threshold": 0\.25 } }$/);
    assert.equal(of('segment'), '"categorical_comparison_threshold": 0.25,');
    // It is compared with nothing.
    assert.equal(of('y_pred'), undefined);
  });

  it('is that of the feature before that of its type, in a job and in a monitor of Vertex AI', () => {
    const job = (monitor: string, column: string) =>
      changed('vertex-job.yaml', { monitor, column, type: 'categorical' });
    assert.equal(job('skew', 'segment'), 'segment: {value: 0.25}');
    assert.equal(job('drift', 'segment'), 'driftThresholds: {segment: {value: 0.25}}');
    assert.equal(job('drift', 'other'), 'defaultDriftThreshold: {value: 0.25}');
    assert.equal(job('skew', 'other'), undefined);
    const second = (column: string, type: DriftLimit['type']) =>
      changed('vertex-monitor.json', { monitor: 'feature drift', column, type });
    assert.equal(second('segment', 'categorical'), '"feature_alert_conditions": { "segment": { "threshold": 0.25 } }');
    assert.equal(second('y_pred_proba', 'numerical'), '"default_numeric_alert_condition": { "threshold": 0.25 },');
  });

  it('is a share of the columns in an experiment manifest, which has none of a column', () => {
    assert.match(
      changed('delays.experiment.yaml', { monitor: 'inputs', column: null, method: 'share' }) ?? '',
      /share: 0\.25\b/,
    );
    assert.equal(changed('delays.experiment.yaml', { monitor: 'inputs', column: 'segment' }), undefined);
    assert.equal(changed('azure.yml', { monitor: 'inputs', column: null, method: 'share' }), undefined);
  });
});

describe('the lens over a drift rule', () => {
  const lens = (threshold: number, breaks: 'above' | 'below', figure: number): string | undefined => {
    const text = block(['reference: a.csv', 'method: ks', `threshold: ${threshold}`]);
    const document = new Document('file:///work/c.odcs.yaml', 1, text);
    const check = { id: 'moved', table: 'flights', status: 'passed', limit: { figure, threshold: 0.1, breaks } };
    const report = { checks: [check] } as unknown as CheckReport;
    assert.ok(document.contract);
    return lensesOf(document, { run: { report, stated: statedIn(document.contract) } }).find(({ title }) =>
      title.startsWith('Last run'),
    )?.title;
  };

  it('holds the last figure against the limit that stands there now', () => {
    assert.equal(lens(0.1, 'above', 0.116284), 'Last run: ks 0.1163 (limit 0.1) drifts');
    assert.equal(lens(0.2, 'above', 0.116284), 'Last run: ks 0.1163 (limit 0.2) is within it');
    assert.equal(lens(0.05, 'below', 0.01), 'Last run: ks 0.01 (p-value, limit 0.05) drifts');
  });
});
