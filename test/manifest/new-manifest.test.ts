import assert from 'node:assert/strict';
import { readManifest } from '../../server/src/manifest/model';
import { type Known, newManifest } from '../../server/src/manifest/new';
import { validate } from '../../server/src/schema/validate';
import { parseYaml } from '../../server/src/text/yaml';
import { claimsIn, delayRepository, evidenceOf, runAt } from '../provenance/claims-fixture';
import { listeningWorld } from '../world/worlds';

/** What the schema says of a text, as one line each. */
const complaints = (text: string): readonly string[] =>
  validate(parseYaml(text), 'experiment-1').map(({ message }) => message);

const all: Known = {
  name: 'delay',
  description: 'Predicts: "late" departures # really',
  owner: { name: 'Flights team' },
  repository: '.',
  commit: '1234567',
  lockFile: 'uv.lock',
  dockerfile: 'Dockerfile',
  data: [{ name: 'train', ref: 'data/flights.csv', version: 'md5:0123456789abcdef0123456789abcdef' }],
  params: { lr: 0.05, seed: '7', from: 'nowhere', 'train.layers': [1, 2], note: 'null', empty: null },
  metrics: { auc: 0.8123, loss: Number.NaN },
  model: { name: 'delay', version: '12', registry: 'mlflow' },
};

describe('a new manifest', () => {
  it('is valid, with what is known and nothing else', () => {
    for (const known of [all, { name: 'bare' }, { ...all, run: { tracker: 'dvc', id: 'a'.repeat(40), name: 'exp-1' } }])
      assert.deepEqual(complaints(newManifest(known)), [], newManifest(known));
    const { parameters, metrics, runs, code } = readManifest(parseYaml(newManifest(all)));
    assert.deepEqual(
      parameters.values.map(({ name, value }) => [name, value]),
      [
        ['lr', 0.05],
        ['seed', 7],
        ['train.layers', [1, 2]],
        ['note', 'null'],
        ['empty', null],
      ],
    );
    assert.deepEqual(
      metrics.map(({ name, value }) => [name, value?.value]),
      [['auc', 0.8123]],
    );
    assert.deepEqual([runs, code.commit?.text], [[], '1234567']);
  });

  it('names a DVC experiment by its name, and keeps a commit of digits a text', () => {
    const text = newManifest({
      name: 'x',
      commit: '0123456',
      run: { tracker: 'dvc', id: 'a'.repeat(40), name: 'exp-1' },
    });
    const { runs, commit } = readManifest(parseYaml(text));
    assert.deepEqual([runs[0]?.tracker?.text, runs[0]?.id?.text, commit?.text], ['dvc', 'exp-1', '0123456']);
    assert.match(text, /commit: "0123456"/);
  });

  it('names the file of parameters only where the run does not contradict it', () => {
    const known = { name: 'x', parameterFile: 'params.yaml', params: { lr: 0.05, fast: true, seed: 7 } };
    const parametersWith = (lr: string) => {
      const run = { tracker: 'mlflow', id: 'r', params: { lr, fast: 'True', seed: '7' } };
      const { from, values } = readManifest(parseYaml(newManifest({ ...known, run }))).parameters;
      return [from?.text, values.map(({ name }) => name).join()];
    };
    assert.deepEqual(parametersWith('0.05'), ['params.yaml', 'seed']);
    assert.deepEqual(parametersWith('0.1'), [undefined, 'lr,fast,seed']);
  });

  it('says how each section is meant', () => {
    const text = newManifest(all);
    assert.match(text, /^# One experiment:/);
    assert.match(text, /\n\n# Who answers for the experiment[^\n]*\nowners:\n/);
    assert.match(text, /# retraining, rollout, approvals/);
  });

  it('claims nothing false of the run that it is from', async () => {
    const { repo, commit } = delayRepository();
    try {
      const world = listeningWorld();
      const run = runAt(commit);
      const known = {
        ...all,
        run,
        parameterFile: 'params.yaml',
        data: [{ name: 'train', ref: 'data/flights.csv@v1' }],
      };
      const text = newManifest({ ...known, run: { ...run, code: { ...run.code, entrypoint: 'delay/train.py' } } });
      const claims = await claimsIn(repo, text, evidenceOf(world, repo, run));
      assert.deepEqual(
        claims.filter(({ verdict }) => verdict === 'false'),
        [],
      );
      assert.equal(claims.find(({ claim }) => claim === 'runs[0].commit')?.verdict, 'verified');
      assert.equal(claims.find(({ claim }) => claim === 'parameters.seed')?.verdict, 'verified');
      assert.equal(claims.find(({ claim }) => claim === 'metrics[0].value')?.verdict, 'verified');
    } finally {
      repo.remove();
    }
  });
});
