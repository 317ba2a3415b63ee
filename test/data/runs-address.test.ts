import assert from 'node:assert/strict';
import { resolveDataset } from '../../server/src/data/dataset';
import { type Scratch, scratch } from '../world/repository';
import { listeningWorld } from '../world/worlds';

const RUN = '0123456789abcdef0123456789abcdef';

describe('an artifact of a run as data', () => {
  let work: Scratch;
  beforeEach(() => {
    work = scratch();
    const store = work.at('mlruns');
    work.write(
      'mlruns/0/meta.yaml',
      `artifact_location: file://${store}/0\nexperiment_id: '0'\nlifecycle_stage: active\nname: Default\n`,
    );
    work.write(
      `mlruns/0/${RUN}/meta.yaml`,
      `artifact_uri: file://${store}/0/${RUN}/artifacts\nend_time: 2\nexperiment_id: '0'\nlifecycle_stage: active\nrun_id: ${RUN}\nrun_name: tidy\nstart_time: 1\nstatus: 3\nuser_id: ada\n`,
    );
    work.write(`mlruns/0/${RUN}/artifacts/out/a.csv`, 'n\n1\n');
    work.write(`mlruns/0/${RUN}/artifacts/out/b.csv`, 'n\n2\n');
  });
  afterEach(() => work.remove());
  const read = (ref: string) => resolveDataset(ref, work.path, listeningWorld());

  it('is its file, or the data files of its folder, in the store of the workspace', async () => {
    const artifacts = work.at('mlruns/0', RUN, 'artifacts');
    const one = await read(`runs:/${RUN}/out/a.csv`);
    assert.deepEqual([one.ref, one.paths, one.format], [`runs:/${RUN}/out/a.csv`, [`${artifacts}/out/a.csv`], 'csv']);
    assert.deepEqual((await read(`runs:/${RUN}/out`)).paths, [`${artifacts}/out/a.csv`, `${artifacts}/out/b.csv`]);
  });

  it('that is none says which step failed', async () => {
    await assert.rejects(
      read('runs:/abc'),
      /^Unreadable: "runs:\/abc" names no artifact of a run\. Write runs:\/RUN_ID\/PATH\.$/,
    );
    await assert.rejects(read(`runs:/${RUN.replace('0', 'f')}/out/a.csv`), /no run in .*mlruns has this id/);
    await assert.rejects(read(`runs:/${RUN}/nope.csv`), /does not exist/);
    await assert.rejects(read(`runs:/${RUN}/../../meta.yaml`), /leads out of the run's artifacts/);
  });
});
