import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { isAddress, resolveDataset } from '../../server/src/data/dataset';
import { formatOf } from '../../server/src/data/formats';
import { repository, type Scratch } from '../world/repository';
import { listeningWorld } from '../world/worlds';

describe('a dataset reference', () => {
  let repo: Scratch;
  const world = listeningWorld();
  const named = async (ref: string) =>
    (await resolveDataset(ref, repo.path, world)).paths.map((path) => basename(path)).join(' ');
  beforeEach(() => {
    repo = repository();
  });
  afterEach(() => repo.remove());

  it('tells its format by its suffix; only text comes compressed by others', () => {
    assert.deepEqual(['a.parquet', 'a.CSV', 'a.tsv.gz', 'a.jsonl.zst', 'a.parquet.gz', 'a.txt'].map(formatOf), [
      'parquet',
      'csv',
      'csv',
      'json',
      undefined,
      undefined,
    ]);
    assert.deepEqual(['s3://x/y', 'runs:/1/a', 'C:\\a.csv', './a.csv'].map(isAddress), [true, true, false, false]);
  });

  it('reads the data files of a folder, and JSON only where it is the data', async () => {
    repo.write('both/a.csv', 'a\n1\n');
    repo.write('both/b.csv.gz', 'x');
    repo.write('both/settings.json', '{}');
    repo.write('json/a.json', '[]');
    repo.write('json/a.odcs.json', '{}');
    assert.equal(await named('both'), 'a.csv b.csv.gz');
    assert.equal(await named('json'), 'a.json');
  });

  it('reads a file as it was at a revision', async () => {
    repo.write('a.csv', 'a\n1\n');
    repo.commit('One row');
    repo.write('a.csv', 'a\n1\n2\n');
    const { paths, ref } = await resolveDataset('a.csv@HEAD', repo.path, world);
    assert.equal(ref, 'a.csv@HEAD');
    assert.equal(await readFile(paths[0] ?? '', 'utf8'), 'a\n1\n');
  });

  it('says whether the revision is missing or the file in it', async () => {
    repo.write('a.csv', 'a\n1\n');
    repo.commit('One row');
    repo.write('b.csv', 'a\n1\n');
    await assert.rejects(
      named('a.csv@v9'),
      /^Unreadable: This repository has no revision "v9", which "a.csv@v9" names\./,
    );
    await assert.rejects(named('b.csv@HEAD'), /^Unreadable: b\.csv is not in Git at revision "HEAD"\./);
  });
});
