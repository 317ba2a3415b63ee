import assert from 'node:assert/strict';
import { surveyOf } from '../../server/src/provenance/survey';
import type { World } from '../../server/src/world';
import { repository, type Scratch } from '../world/repository';
import { listeningWorld } from '../world/worlds';

describe('a survey', () => {
  let repo: Scratch;
  beforeEach(() => {
    repo = repository();
  });
  afterEach(() => repo.remove());

  it('lists each folder once for all that look for stores, locks, images and notebooks', async () => {
    repo.write('a/b/c/requirements.txt', 'numpy==2.1.0\n');
    repo.write('a/Dockerfile', 'FROM python:3.12\n');
    repo.write('deep/mlruns/0/meta.yaml', "experiment_id: '0'\nname: Default\n");
    repo.write('deep/mlruns/0/1234/meta.yaml', "run_id: '1234'\nexperiment_id: '0'\nstatus: 3\nstart_time: 1\n");
    repo.write('wandb/notes.txt', 'x');
    const asked: string[] = [];
    const world = listeningWorld();
    const counting: World = {
      ...world,
      list: (folder) => {
        asked.push(folder);
        return world.list(folder);
      },
    };
    const { locks, images, runs } = await surveyOf(counting, repo.path);
    assert.deepEqual([locks.length, images.length, runs.map(({ id }) => id)], [1, 1, ['1234']]);
    const shared = ['', 'a', 'a/b', 'a/b/c', 'deep'].map((name) => repo.at(name));
    for (const folder of shared) assert.equal(asked.filter((one) => one === folder).length, 1, folder);
    assert.equal(new Set(asked).size, asked.length, asked.join('\n'));
    // The next look sees what has changed.
    repo.write('a/b/uv.lock', 'version = 1\n');
    assert.equal((await surveyOf(counting, repo.path)).locks.length, 2);
  });
});
