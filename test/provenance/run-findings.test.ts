import assert from 'node:assert/strict';
import { provenanceOf } from '../../server/src/provenance/graph';
import { repository, type Scratch } from '../world/repository';
import { listeningWorld } from '../world/worlds';

describe('findings about runs', () => {
  const world = listeningWorld();
  let repo: Scratch;

  /** A run of MLflow's file store that says it was made from a commit. */
  function run(id: string, commit: string): void {
    const folder = `mlruns/1/${id}`;
    repo.write('mlruns/1/meta.yaml', 'experiment_id: "1"\nname: pears\nlifecycle_stage: active\n');
    repo.write(
      `${folder}/meta.yaml`,
      `run_id: ${id}\nrun_name: ${id}\nexperiment_id: "1"\nstatus: 3\nlifecycle_stage: active\nstart_time: 1\n`,
    );
    repo.write(`${folder}/tags/mlflow.source.git.commit`, commit);
  }
  const told = async () =>
    (await provenanceOf(world, repo.path)).findings
      .filter(({ code }) => /^run\/|submodule/.test(code))
      .map(({ code, message }) => [code, message] as const);

  beforeEach(() => {
    repo = repository();
    repo.write('train.py', 'print()\n');
    repo.write('.gitignore', 'mlruns\n');
    repo.commit('Train');
  });
  afterEach(() => repo.remove());

  it('are none for runs of a commit that a branch holds', async () => {
    run('aaaa', repo.git('rev-parse', 'HEAD'));
    assert.deepEqual(await told(), []);
  });

  it('name a commit that is not there once for all of its runs', async () => {
    run('aaaa', '0123456789abcdef0123456789abcdef01234567');
    run('bbbb', '0123456789abcdef0123456789abcdef01234567');
    const [[code, message] = [], ...others] = await told();
    assert.deepEqual([code, others], ['run/commit-unknown', []]);
    assert.match(message ?? '', /lacks commit 0123456789ab, from which runs (aaaa, bbbb|bbbb, aaaa) were made/);
  });

  it('say that no branch holds a commit that is there, and how to keep it', async () => {
    repo.write('train.py', 'print(1)\n');
    run('aaaa', repo.commit('Try'));
    repo.git('reset', '--hard', '--quiet', 'HEAD~1');
    const [[code, message] = []] = await told();
    assert.equal(code, 'run/commit-unreachable');
    assert.match(message ?? '', /run aaaa was made.*git tag NAME/);
  });

  it('name a model that is from a run that is not there', async () => {
    run('aaaa', repo.git('rev-parse', 'HEAD'));
    repo.write('mlruns/models/pear/meta.yaml', 'name: pear\n');
    repo.write('mlruns/models/pear/version-2/meta.yaml', 'name: pear\nversion: 2\nrun_id: gone\n');
    const [[code, message] = []] = await told();
    assert.equal(code, 'run/model-without-run');
    assert.match(message ?? '', /Version 2 of model "pear".*run gone/);
  });

  it('say that a submodule is not what the repository pins', async () => {
    const other = repository();
    other.write('a.txt', 'a\n');
    other.commit('One');
    repo.git('-c', 'protocol.file.allow=always', 'submodule', 'add', '--quiet', other.path, 'lib/other');
    repo.commit('Pin');
    assert.deepEqual(await told(), []);
    repo.git('submodule', 'deinit', '--quiet', '--force', 'lib/other');
    const [[code, message] = []] = await told();
    assert.equal(code, 'provenance/submodule-changed');
    assert.match(message ?? '', /lib\/other is not checked out; run: git submodule update --init lib\/other/);
    other.remove();
  });
});
