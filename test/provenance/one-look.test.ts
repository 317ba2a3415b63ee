import assert from 'node:assert/strict';
import { oneLook } from '../../server/src/provenance/one-look';
import { surveyOf } from '../../server/src/provenance/survey';
import type { World } from '../../server/src/world';
import { repository, type Scratch, scratch } from '../world/repository';
import { listeningWorld } from '../world/worlds';

describe('searches of one look', () => {
  let place: Scratch;
  beforeEach(() => {
    place = scratch();
    for (const name of [
      'a.dvc',
      'deep/er/b.dvc',
      'deep/dvc.yaml',
      'deep/.dvcignore',
      '.dvc/config',
      'sub/.dvc/config',
      '.hidden/c.dvc',
      '.d.dvc',
      'deep/dvc.yaml.txt',
      'a+b/x.yaml',
      'node_modules/n/d.dvc',
    ])
      place.write(name, '');
  });
  afterEach(() => place.remove());

  it('find what each finds alone, with one walk', async () => {
    const world = listeningWorld();
    let walks = 0;
    const look = oneLook({
      ...world,
      glob: (patterns, folder) => {
        walks++;
        return world.glob(patterns, folder);
      },
    });
    const wanted = [
      ['.dvc/config', '**/.dvc/config'],
      ['**/*.dvc', '**/dvc.yaml'],
      ['**/.dvcignore'],
      ['**/*.yaml', '**/*.yml'],
    ];
    const found = await Promise.all(wanted.map((patterns) => look.glob(patterns, place.path)));
    assert.equal(walks, 1);
    const alone = await Promise.all(wanted.map((patterns) => world.glob(patterns, place.path)));
    assert.deepEqual(found, alone);
    assert.deepEqual(
      found.map(({ length }) => length),
      [2, 3, 1, 2],
    );
    // What is no plain pattern is asked for as it is, and a later search sees what is there then.
    assert.deepEqual(await look.glob(['**/*'], place.path), await world.glob(['**/*'], place.path));
    place.write('late.dvc', '');
    assert.equal((await look.glob(['**/*.dvc'], place.path)).length, 3);
  });
});

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
