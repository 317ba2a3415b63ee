import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runDrift } from '../../server/src/drift/run';
import type { Jobs } from '../../server/src/jobs';
import { Service } from '../../server/src/language/service';
import type { Job } from '../../server/src/protocol';
import { Cancelled } from '../../server/src/sql/engine';
import { openDuckDB } from '../../server/src/sql/engines/duckdb';
import type { World } from '../../server/src/world';
import { sessionOf } from './drifting';

const engine = { threads: 1, memory: '300MB' };
const settings = { engine, sampleRows: 3 };
const PAIR = resolve('test/fixtures/drift/pairs/ties');
const sides = { reference: `${PAIR}/reference.parquet`, current: `${PAIR}/current.parquet` };

describe('what a person sets for the engine', function () {
  this.timeout(20_000);

  it('goes along with every job of the editor', async () => {
    const asked: Job[] = [];
    const jobs = {
      run: (job: Job) => {
        asked.push(job);
        return Promise.reject(new Cancelled());
      },
      dispose() {},
    } as unknown as Jobs;
    const { world } = sessionOf();
    const trusted: World = { ...world, git: { root: async () => undefined } as unknown as World['git'] };
    const service = new Service(trusted, jobs);
    const watched = { signal: new AbortController().signal, onProgress() {}, settings };
    const uri = (path: string) => pathToFileURL(resolve(path)).href;
    await assert.rejects(service.drift(sides, watched), Cancelled);
    const monitor = { uri: uri('test/fixtures/drift/monitors/azure.yml'), monitor: 'inputs' };
    await assert.rejects(service.monitor(monitor, watched), Cancelled);
    await assert.rejects(
      service.check({ uri: uri('samples/flights/contracts/flights.odcs.yaml') }, watched),
      Cancelled,
    );
    assert.deepEqual(
      asked.map((job) => [job.kind, 'engine' in job && job.engine]),
      [
        ['drift', engine],
        ['drift', engine],
        ['check', engine],
      ],
    );
    assert.equal(asked.find((job) => job.kind === 'check')?.sampleRows, 3);
  });

  it('is what the engine of a comparison works with', async () => {
    const found: unknown[] = [];
    const session = sessionOf({
      open: async (options) => {
        const opened = await openDuckDB({ ...options, ...sessionOf().world.places });
        const [row] = await opened.rows(
          "SELECT current_setting('threads')::INTEGER AS threads, current_setting('memory_limit') AS memory",
        );
        found.push(row);
        return opened;
      },
    });
    await runDrift({ kind: 'drift', folder: process.cwd(), ...sides, engine }, session);
    assert.deepEqual(found, [{ threads: 1, memory: '286.1 MiB' }]);
  });
});
