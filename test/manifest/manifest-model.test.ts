import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parametersIn, readManifest } from '../../server/src/manifest/model';
import { spelling } from '../../server/src/text/tree';
import { parseYaml } from '../../server/src/text/yaml';

describe('the model of a manifest', () => {
  const read = (text: string) => readManifest(parseYaml(text));

  it('has every section of the format, with its place', () => {
    const manifest = read(readFileSync('test/fixtures/provenance/manifest/delay.experiment.yaml', 'utf8'));
    const {
      owners,
      code,
      environment,
      data,
      runs,
      parameters,
      metrics,
      model,
      serving,
      monitoring,
      retraining,
      rollout,
      approvals,
    } = manifest;
    assert.equal(owners[0]?.role?.text, 'owner');
    assert.equal(code.entrypoint?.text, 'python -m delay.train --fast');
    assert.equal(environment.dockerfile?.text, 'Dockerfile');
    assert.deepEqual([data[0]?.ref?.text, data[0]?.role?.text], ['data/flights.csv@v1', 'training']);
    assert.deepEqual([runs[0]?.tracker?.text, runs[0]?.id?.text], ['mlflow', '8f14e45fceea167a']);
    assert.deepEqual(
      parameters.values.map(({ name, value }) => [name, value]),
      [
        ['lr', 0.05],
        ['fast', true],
        ['seed', 7],
      ],
    );
    assert.deepEqual([metrics[0]?.name, metrics[0]?.value?.value, metrics[0]?.accept?.text], ['auc', 0.81, '>= 78 %']);
    assert.deepEqual([model.version?.text, model.previous?.text], ['12', '11']);
    assert.deepEqual([serving.latencyP95Ms?.value, serving.measuredBy?.text], [50, 'bench/serving.jsonl']);
    assert.deepEqual(
      monitoring[0]?.columns.map(({ text }) => text),
      ['carrier'],
    );
    assert.deepEqual(
      [retraining.drift?.text, retraining.cadence?.text, retraining.metric?.text],
      ['inputs', '0 0 1 * *', 'auc'],
    );
    assert.deepEqual(
      rollout.steps.map(({ text }) => text),
      ['5%', '25%', '100%'],
    );
    assert.deepEqual(
      [rollout.guardrails[0]?.text, rollout.toVersion?.text, rollout.owner?.text],
      ['auc', '11', 'Flights team'],
    );
    assert.deepEqual([approvals[0]?.by?.text, approvals[0]?.on?.text], ['A. Reviewer', '2026-01-03']);
    const { node } = data[0]?.version ?? {};
    assert.equal(node && spelling(manifest.tree, node), '"md5:0123456789abcdef0123456789abcdef"');
  });

  it('keeps digits as they are spelt', () => {
    const { commit, model } = read('code: {commit: 0070000}\nmodel: {name: a, version: 1.10}');
    assert.deepEqual([commit?.text, model.version?.text], ['0070000', '1.10']);
  });

  it('leaves out what is of another type', () => {
    const manifest = read('code: [1]\ndata: {a: 1}\nparameters: 3\nmetrics: [{value: high}]\nserving: []\nmodel: x');
    assert.deepEqual(
      [manifest.commit, manifest.data, manifest.parameters.values, manifest.model.name],
      [undefined, [], [], undefined],
    );
    assert.deepEqual([manifest.metrics[0]?.name, manifest.metrics[0]?.value], [undefined, undefined]);
  });

  it('names nested parameters by their path, the last of a name', () => {
    const found = parametersIn(parseYaml('train: {lr: 1, deep: {a: [1, x]}}\nempty: {}\nlr: 2\nlr: 3').root);
    assert.deepEqual(
      found.map(({ name, value }) => [name, value]),
      [
        ['train.lr', 1],
        ['train.deep.a', [1, 'x']],
        ['empty', {}],
        ['lr', 3],
      ],
    );
  });
});
