import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { lensesOf } from '../../server/src/language/code-lens';
import { diagnosticsIn } from '../../server/src/language/diagnostics';
import type { DriftColumn, DriftReport } from '../../server/src/protocol';
import { Document } from '../../server/src/workspace/document';

const folder = 'test/fixtures/drift/monitors';
const opened = (name: string, text = readFileSync(`${folder}/${name}`, 'utf8')) =>
  new Document(`file:///${name}`, 1, text);

/** `line │ title → command arguments` of each lens of a monitor. */
function shown(document: Document, monitors?: ReadonlyMap<string, DriftReport>): readonly string[] {
  return lensesOf(document, { monitors })
    .filter(({ title }) => title !== 'Provenance')
    .map(
      ({ span, title, command, arguments: given }) =>
        `${document.lines.position(span.start).line + 1} │ ${title} → ${command} ${JSON.stringify(given)}`,
    );
}

const dataset = { drifted: true, driftedColumns: 1, columns: 3, share: 1 / 3, threshold: 0.3, method: 'share' };

describe('language/monitor-lens', () => {
  it('offers to run each monitor that can be run, where it is named', () => {
    assert.deepEqual(shown(opened('delays.experiment.yaml')), [
      '5 │ Run monitor → plumbline.checkDrift [{"uri":"file:///delays.experiment.yaml","monitor":"inputs"}]',
    ]);
    // A signal of data quality is checked, as the tables of a contract are.
    assert.deepEqual(shown(opened('azure.yml')), [
      '32 │ Check data → plumbline.checkData [{"uri":"file:///azure.yml","table":"quality"}]',
      '32 │ Compare with… → plumbline.checkDrift [{"uri":"file:///azure.yml","table":"quality"}]',
      '8 │ Run monitor → plumbline.checkDrift [{"uri":"file:///azure.yml","monitor":"inputs"}]',
      '22 │ Run monitor → plumbline.checkDrift [{"uri":"file:///azure.yml","monitor":"outputs"}]',
    ]);
  });

  it('holds the last share against the limit that stands there now', () => {
    const last = new Map([['inputs', { columns: [], dataset } as unknown as DriftReport]]);
    const title = (text?: string) => shown(opened('delays.experiment.yaml', text), last)[1];
    assert.equal(title(), '5 │ Last run: 1 of 3 columns drifted (limit 30 %), drifts → plumbline.openResults []');
    const edited = readFileSync(`${folder}/delays.experiment.yaml`, 'utf8').replace('share: 0.3', 'share: 0.5');
    assert.equal(
      title(edited),
      '5 │ Last run: 1 of 3 columns drifted (limit 50 %), is within it → plumbline.openResults []',
    );
  });

  it('names the column that is the furthest beyond its limit, where any column counts', () => {
    const column = (name: string, part: Partial<DriftColumn>) =>
      ({
        column: name,
        segment: null,
        window: null,
        drifted: false,
        decidedBy: 'statistic',
        pValue: null,
        threshold: 0.1,
        method: 'psi',
        type: 'categorical',
        parameters: {},
        ...part,
      }) as DriftColumn;
    const columns = [
      column('a', { statistic: 0.09 }),
      column('b', {
        statistic: 12,
        pValue: 0.001234567,
        threshold: 0.05,
        decidedBy: 'pValue',
        method: 'chi-square',
        drifted: true,
      }),
      column('c', { statistic: 0.11, drifted: true }),
      column('d', { statistic: 99, drifted: true, segment: { a: 1 } }),
    ];
    const last = new Map([
      ['inputs', { columns, dataset: { ...dataset, method: 'any', threshold: 0 } } as unknown as DriftReport],
    ]);
    const title = (document: Document) => shown(document, last).find((lens) => lens.includes('Last run')) ?? '';
    // The limit is the one that stands there now.
    assert.match(title(opened('azure.yml')), /^8 │ Last run: b chi-square 0\.001235 \(p-value, limit 0\.02\) drifts/);
    const edited = readFileSync(`${folder}/azure.yml`, 'utf8').replace('squared_test: 0.02', 'squared_test: 0.001');
    assert.match(title(opened('azure.yml', edited)), /^8 │ Last run: c psi 0\.11 \(limit 0\.1\) drifts/);
  });

  it('tells as information what is not run, at its place', () => {
    const document = opened('azure.yml');
    const found = diagnosticsIn(document).map(({ code, severity, span }) => [
      code,
      severity,
      document.lines.position(span.start).line + 1,
    ]);
    assert.deepEqual(found, [
      ['monitor/not-run', 'info', 25],
      ['monitor/not-run', 'info', 27],
      ['monitor/not-run', 'info', 28],
      ['monitor/not-run', 'info', 29],
      ['monitor/not-run', 'info', 32],
    ]);
  });

  it('leaves alone a file that is not ours', () => {
    assert.equal(opened('values.yaml', 'drift: 1\nfeature: {a: 1}\n').kind, undefined);
    assert.equal(opened('notes.yaml', 'text: monitoring_signals are named here\n').kind, undefined);
  });
});
