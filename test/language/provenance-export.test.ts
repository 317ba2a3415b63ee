import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportOf } from '../../server/src/language/provenance-export';
import type { ProvenanceFormat, ProvenanceReport, RunReport } from '../../server/src/protocol';
import { provenanceOf } from '../../server/src/provenance/graph';
import { layOutOrchard } from '../fixtures/provenance/orchard/lay-out.mjs';
import { listeningWorld } from '../world/worlds';

describe('Provenance exported from the editor', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-export-'));
  let home: string;
  let report: ProvenanceReport;
  before(async () => {
    home = layOutOrchard(folder);
    report = await provenanceOf(listeningWorld(), home);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const runCalled = (name: string): RunReport => {
    const found = report.runs.find((run) => run.name === name);
    assert.ok(found, name);
    return found;
  };
  const written = (format: ProvenanceFormat, run?: RunReport) => exportOf(report, { format, home, run: run?.id });

  it('lies where its paths start, under the name that each system knows', () => {
    assert.deepEqual(
      (['openlineage', 'prov', 'ro-crate'] as const).map((format) => written(format).path),
      ['orchard.openlineage.jsonl', 'orchard.prov.json', 'ro-crate-metadata.json'].map((name) => join(home, name)),
    );
    assert.equal(written('prov', runCalled('ridge-0.01')).path, join(home, 'ridge-0.01.prov.json'));
  });

  it('tells of every run that has happened, or of the one that is asked for', () => {
    const runsIn = (text: string): readonly string[] => [
      ...new Set(
        text
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line).run.facets.plumbline_run.name),
      ),
    ];
    assert.ok(runsIn(written('openlineage').text).length > 5);
    assert.deepEqual(runsIn(written('openlineage', runCalled('ridge-0.01')).text), ['ridge-0.01']);
  });

  it('of one run has its data and no other', () => {
    const run = runCalled('ridge-0.01');
    const { entity } = JSON.parse(written('prov', run).text);
    const names = Object.keys(entity).filter((name) => name.startsWith('data:'));
    assert.ok(
      names.some((name) => name.startsWith('data:data/harvest.csv')),
      names.join(', '),
    );
    assert.ok(!names.some((name) => name.includes('weather')), names.join(', '));
    assert.ok(Object.keys(JSON.parse(written('prov').text).entity).some((name) => name.includes('weather')));
  });

  it('of one run is a crate of the workspace, whose one action it is', () => {
    const graph: readonly Record<string, unknown>[] = JSON.parse(written('ro-crate', runCalled('ridge-0.01')).text)[
      '@graph'
    ];
    const actions = graph.filter((entity) => /Action$/.test(String(entity['@type'])));
    const root = graph.find((entity) => entity['@id'] === './');
    assert.equal(root?.name, JSON.parse(written('ro-crate').text)['@graph'][1].name);
    assert.deepEqual(
      root?.mentions,
      actions.map((action) => ({ '@id': action['@id'] })),
    );
    assert.equal(actions.length, 1);
  });

  it('says in a sentence that a run is gone', () => {
    assert.throws(() => exportOf(report, { format: 'prov', home, run: 'none' }), /No tracker here has a run none/);
  });
});
