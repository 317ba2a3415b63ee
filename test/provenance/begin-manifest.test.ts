import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { ProvenanceReport } from '../../server/src/protocol';
import { beginManifest } from '../../server/src/provenance/begin-manifest';
import { codeChanges, revisionsOf, textAt } from '../../server/src/provenance/code';
import { provenanceOf } from '../../server/src/provenance/graph';
import { layOutOrchard } from '../fixtures/provenance/orchard/lay-out.mjs';
import { listeningWorld } from '../world/worlds';

describe('A manifest begun', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-begin-'));
  const world = listeningWorld();
  let project: string;
  let report: ProvenanceReport;
  before(async () => {
    project = layOutOrchard(folder);
    report = await provenanceOf(world, project);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('from a run has what its tracker kept', async () => {
    const run = report.runs.find(({ tracker, name }) => tracker === 'dvc' && name === 'steeper');
    const { path, text } = await beginManifest(world, report, run?.id);
    assert.equal(path, join(project, 'steeper.experiment.yaml'));
    const manifest = parse(text);
    assert.deepEqual(manifest.runs, [{ tracker: 'dvc', rev: 'steeper' }]);
    assert.equal(manifest.code.commit, '4bad57b833c6f5ca13c6f72dfa66f48b05a75d87');
    assert.deepEqual(manifest.environment, { lockFile: 'requirements.txt', dockerfile: 'Dockerfile' });
    assert.deepEqual(manifest.data, [
      { name: 'harvest.csv', ref: 'data/harvest.csv', version: 'md5:3426b77c6b9dd26c96500efe717168db' },
      { name: 'weather', ref: 'data/weather', version: 'md5:fe258f3e4bb3b0f402129619f48f6fbe.dir' },
    ]);
    // The experiment ran with another value than the file has.
    assert.equal(manifest.parameters.from, undefined);
    assert.deepEqual(Object.keys(manifest.parameters), ['prepare.youngest', 'train.ridge']);
  });

  it('from a run names the model that came of it, and no version that is not a hash', async () => {
    const run = report.models[0]?.run ?? undefined;
    const manifest = parse((await beginManifest(world, report, run)).text);
    assert.deepEqual(manifest.model, { name: 'orchard-yield', version: '1', registry: 'mlflow' });
    assert.deepEqual(manifest.data, [{ name: 'harvest', ref: 'data/harvest.csv' }]);
  });

  it('from the workspace has the data as they are recorded', async () => {
    const manifest = parse((await beginManifest(world, report, undefined)).text);
    assert.equal(manifest.name, 'orchard');
    assert.equal(manifest.code.commit, report.code.commit);
    assert.equal(manifest.data.length, report.datasets.length);
    assert.deepEqual(manifest.parameters, { from: 'params.yaml' });
  });

  it('takes the place of no file', async () => {
    writeFileSync(join(project, 'orchard.experiment.yaml'), 'kind: Experiment\n');
    const { path } = await beginManifest(world, report, undefined);
    rmSync(join(project, 'orchard.experiment.yaml'));
    assert.equal(path, join(project, 'orchard-2.experiment.yaml'));
  });

  it('is refused for a run that is not there', async () => {
    await assert.rejects(beginManifest(world, report, 'nobody'), /No tracker here has a run nobody/);
  });
});

describe('The code of a run', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-code-'));
  const world = listeningWorld();
  let project: string;
  before(() => {
    project = layOutOrchard(folder);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('is shown as it was at a commit or tag', async () => {
    const [now, before] = await Promise.all([
      textAt(world, join(project, 'data/harvest.csv.dvc'), 'HEAD'),
      textAt(world, join(project, 'data/harvest.csv.dvc'), 'season-1'),
    ]);
    assert.match(now, /3426b77c6b9dd26c96500efe717168db/);
    assert.notEqual(before, now);
  });

  it('is refused where there is none', async () => {
    await assert.rejects(textAt(world, join(project, 'src/none.py'), 'HEAD'), /src\/none\.py was not there at HEAD/);
    await assert.rejects(textAt(world, join(project, 'dvc.yaml'), 'no-such'), /has no commit no-such/);
    await assert.rejects(textAt(world, join(project, 'dvc.yaml'), '--output=x'), /has no commit --output=x/);
    await assert.rejects(textAt(world, join(folder, 'x.py'), 'HEAD'), /in no Git repository/);
    const restricted = listeningWorld({ trusted: false });
    await assert.rejects(textAt(restricted, join(project, 'dvc.yaml'), 'HEAD'), /Restricted Mode/);
  });

  it('differs between two commits as Git says', async () => {
    const changes = await codeChanges(world, project, { before: 'season-1', after: 'season-2' });
    const renamed = changes.filter(({ state }) => state === 'renamed');
    assert.equal(renamed.length, 1);
    assert.match(renamed[0]?.from ?? '', /orchard[\\/]docs[\\/]notes\.md$/);
    assert.ok(
      changes.some(({ path, state }) => state === 'modified' && path === join(project, 'data/harvest.csv.dvc')),
    );
    const back = await codeChanges(world, project, { before: 'season-2', after: 'season-1' });
    assert.equal(back.length, changes.length);
    assert.deepEqual(await codeChanges(world, project, { before: 'HEAD', after: 'HEAD' }), []);
  });

  it('has the commits that wrote a file and all tags to choose from, newest first', async () => {
    const revisions = await revisionsOf(world, join(project, 'data/harvest.csv.dvc'));
    assert.deepEqual(revisions.flatMap(({ tag }) => tag ?? []).sort(), ['season-1', 'season-2']);
    const dates = revisions.map(({ date }) => Date.parse(date));
    assert.deepEqual(
      dates,
      [...dates].sort((a, b) => b - a),
    );
    assert.equal(new Set(revisions.map(({ commit }) => commit)).size, revisions.length);
  });
});
