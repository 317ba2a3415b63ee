import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runDrift } from '../../server/src/drift/run';
import type { Jobs } from '../../server/src/jobs';
import { lensesOf } from '../../server/src/language/code-lens';
import { Service } from '../../server/src/language/service';
import type { DriftJob } from '../../server/src/protocol';
import { Unreadable, type World } from '../../server/src/world';
import { sessionOf } from '../drift/drifting';

const uriOf = (name: string): string => pathToFileURL(resolve('test/fixtures/drift/monitors', name)).href;

/** A trusted world whose Git knows nothing. */
function worldOf(): World {
  const { world } = sessionOf();
  return { ...world, git: { root: async () => undefined } as unknown as World['git'] };
}

/** A worker that is this process. */
const jobs = { run: (job: DriftJob) => runDrift(job, sessionOf()), dispose() {} } as unknown as Jobs;

const watched = { signal: new AbortController().signal, onProgress() {}, settings: {} };

describe('language/monitor-run', function () {
  this.timeout(20_000);

  it('runs a monitor from its own file, and shows its figure over it', async () => {
    const service = new Service(worldOf(), jobs);
    const uri = uriOf('azure.yml');
    const stored = await service.monitor({ uri, monitor: 'inputs' }, watched);
    assert.ok(stored.kind === 'drift');
    assert.deepEqual(stored.report.monitor, {
      path: resolve('test/fixtures/drift/monitors/azure.yml'),
      name: 'inputs',
      limited: ['y_pred_proba', 'y_pred', 'segment'],
    });
    const document = await service.documents.read(uri, worldOf());
    const titles = lensesOf(document, await service.known(document)).map(({ title }) => title);
    assert.deepEqual(titles.filter((title) => title.startsWith('Last run')).length, 1);
    assert.match(
      titles.find((title) => title.startsWith('Last run')) ?? '',
      /^Last run: segment chi-square .* drifts$/,
    );
    assert.equal((await service.latest(undefined))?.id, stored.id);
    const limit = { monitor: 'inputs', method: 'chi-square', threshold: 0.01, reference: stored.report.reference.ref };
    assert.deepEqual(await service.limitChanges({ uri, limit: { ...limit, column: 'segment', type: 'categorical' } }), [
      { range: { start: { line: 20, character: 37 }, end: { line: 20, character: 41 } }, newText: '0.01' },
    ]);
    await assert.rejects(
      service.limitChanges({ uri, limit: { ...limit, monitor: 'outputs', column: 'segment' } }),
      /holds no limit of "segment" as a number/,
    );
  });

  it('says in one sentence why it cannot', async () => {
    const service = new Service(worldOf(), jobs);
    const says = (pattern: RegExp) => (error: unknown) => error instanceof Unreadable && pattern.test(error.message);
    const run = (name: string, monitor: string) => service.monitor({ uri: uriOf(name), monitor }, watched);
    await assert.rejects(run('azure.yml', 'outputs'), says(/azureml:train:3, lie elsewhere/));
    await assert.rejects(run('delays.experiment.yaml', 'quality'), says(/^Monitor "quality" is not run: /));
    await assert.rejects(run('azure.yml', 'gone'), says(/has no monitor "gone" any more/));
    service.world = sessionOf().world;
    await assert.rejects(run('azure.yml', 'inputs'), says(/Restricted Mode/));
  });
});
