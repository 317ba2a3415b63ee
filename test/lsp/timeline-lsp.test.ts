import assert from 'node:assert/strict';
import { requests, type TimelineReport } from '../../server/src/protocol';
import { repository, type Scratch } from '../world/repository';
import { able, Editor } from './editor';

const table = (from: number) => `n\n${Array.from({ length: 200 }, (_, i) => from + i).join('\n')}\n`;

describe('lsp: the timeline of a dataset', function () {
  this.timeout(60_000);
  let repo: Scratch;
  let editor: Editor;
  beforeEach(() => {
    repo = repository();
    for (const from of [0, 500]) {
      repo.write('a.csv', table(from));
      repo.commit(`From ${from}`);
    }
    editor = new Editor(able);
  });
  afterEach(async () => {
    await editor.stop();
    repo.remove();
  });

  const ask = () =>
    editor.ask<TimelineReport>(requests.timeline, { dataset: 'a.csv', folder: repo.path, workDoneToken: 'timeline' });

  it('is answered with progress, and makes no result of the history', async () => {
    await editor.start({ trusted: true, storage: repo.at('.git/storage') });
    const { verb, versions } = await ask();
    assert.equal(verb, 'timeline');
    assert.deepEqual(
      versions.map(({ subject, rows, drift }) => [subject, rows, drift?.drifted]),
      [
        ['From 500', 200, true],
        ['From 0', 200, undefined],
      ],
    );
    const told = editor.heard
      .filter(({ method }) => method === '$/progress')
      .map(({ params }) => JSON.stringify(params));
    assert.ok(told.some((words) => /Reading [0-9a-f]{7} From 500/.test(words)));
    assert.ok(told.at(-1)?.includes('"end"'));
    assert.ok(!editor.heard.some(({ method }) => method === 'plumbline/resultStored'));
  });

  it('waits for trust', async () => {
    await editor.start({ trusted: false, storage: repo.at('.git/storage') });
    await assert.rejects(ask(), /Plumbline reads no data in Restricted Mode/);
  });
});
