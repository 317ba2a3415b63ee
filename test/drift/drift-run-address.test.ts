import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProfile } from '../../server/src/data/profile';
import { baselineText } from '../../server/src/report/baseline';
import { Unreadable } from '../../server/src/world';
import { layOutOrchard } from '../fixtures/provenance/orchard/lay-out.mjs';
import { columnOf, drift, sessionOf } from './drifting';

/** A run of the orchard's file store, which keeps its artifacts in the project. */
const RUN = 'dc59ee8197b34d038bde4e9a9a9a18b6';
const PAIRS = 'test/fixtures/drift/pairs';

describe('drift against an artifact of a run', function () {
  this.timeout(30_000);
  const parent = mkdtempSync(join(tmpdir(), 'plumbline-run-address-'));
  let folder: string;
  const artifact = (name: string): string => join(folder, 'mlruns/798450092796951619', RUN, 'artifacts/data', name);
  const compare = (name: string) =>
    drift(`runs:/${RUN}/data/${name}`, join(process.cwd(), PAIRS, 'nulls/current.parquet'), { folder });

  before(async () => {
    folder = layOutOrchard(parent);
    mkdirSync(artifact('.'), { recursive: true });
    copyFileSync(`${PAIRS}/nulls/reference.parquet`, artifact('train.parquet'));
    copyFileSync('test/fixtures/drift/tfdv-statistics/nulls.pb', artifact('FeatureStats.pb'));
    const job = { kind: 'profile', ref: artifact('train.parquet'), folder, keep: true } as const;
    writeFileSync(artifact('train.profile.json'), baselineText(await runProfile(job, sessionOf())));
  });
  after(() => rmSync(parent, { recursive: true, force: true }));

  it('reads its data, a baseline and statistics of another system', async () => {
    const direct = await drift(`${PAIRS}/nulls/reference.parquet`, `${PAIRS}/nulls/current.parquet`);
    const [data, baseline] = [await compare('train.parquet'), await compare('train.profile.json')];
    for (const report of [data, baseline]) {
      assert.ok(report.reference.ref.startsWith(`runs:/${RUN}/`));
      for (const { column, statistic, drifted } of direct.columns) {
        const own = columnOf(report, column ?? '');
        assert.deepEqual([own.statistic, own.drifted], [statistic, drifted], column ?? '');
      }
    }
    const statistics = await compare('FeatureStats.pb');
    assert.equal(columnOf(statistics, 'label').drifted, columnOf(direct, 'label').drifted);
  });

  it('says what is missing', async () => {
    const says = (pattern: RegExp) => (error: unknown) => error instanceof Unreadable && pattern.test(error.message);
    await assert.rejects(compare('gone.parquet'), says(/gone\.parquet/));
    await assert.rejects(
      drift(`runs:/${RUN.replace('d', 'e')}/data/train.parquet`, artifact('train.parquet'), { folder }),
      says(/no run/),
    );
  });
});
