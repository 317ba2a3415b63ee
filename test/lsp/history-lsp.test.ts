import assert from 'node:assert/strict';
import { cpSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { PastRun, StoredResult } from '../../server/src/protocol';
import { type Scratch, scratch } from '../world/repository';
import { able, Editor } from './editor';

describe('lsp: the history of checks', function () {
  this.timeout(60_000);
  let place: Scratch;
  let editor: Editor;
  const contract = () => join(place.path, 'orders', 'orders.odcs.yaml');
  const uri = () => pathToFileURL(contract()).href;
  const past = () => editor.ask<readonly PastRun[]>('plumbline/pastRuns', { uri: uri() });
  const check = () => editor.ask<StoredResult>('plumbline/check', { uri: uri() });

  beforeEach(async () => {
    place = scratch();
    cpSync('test/fixtures/cli/orders', join(place.path, 'orders'), { recursive: true });
    editor = new Editor(able);
    const folder = pathToFileURL(place.path).href;
    await editor.start({ trusted: true, storage: join(place.path, 'storage') }, folder);
    editor.tell('initialized', {});
  });
  afterEach(async () => {
    await editor.stop();
    place.remove();
  });

  it('has a run for each check, which deleting the results forgets, with the results themselves', async () => {
    assert.deepEqual(await past(), []);
    const first = await check();
    const second = await check();
    assert.deepEqual(
      (await past()).map(({ startedAt, by }) => [startedAt, by]),
      [first, second].map(({ report }) => [report.startedAt, 'editor']),
    );
    await editor.ask('plumbline/deleteResults', { uri: uri() });
    assert.deepEqual(await past(), []);
    assert.equal(await editor.ask('plumbline/latest', {}), null);
    assert.equal(await editor.ask('plumbline/result', { id: second.id }), null);
  });

  it('is forgotten with all of the workspace', async () => {
    await check();
    writeFileSync(join(place.path, 'notes.jsonl'), '');
    await editor.ask('plumbline/deleteResults', {});
    assert.deepEqual(await past(), []);
    assert.ok(existsSync(join(place.path, 'notes.jsonl')));
    await check();
    assert.equal((await past()).length, 1);
  });
});
