import assert from 'node:assert/strict';
import type { CheckReport } from '../../server/src/protocol';
import { createKeptResults, type NewResult } from '../../server/src/results/kept-results';
import { Unreadable, type World } from '../../server/src/world';

/** A world that is a map of files, and may refuse to be written to. */
function memory(files: Map<string, string>, { readOnly = false } = {}): World {
  const warned: string[] = [];
  const ignore = () => undefined;
  return {
    readText: async (path: string) =>
      files.get(path) ?? Promise.reject(new Unreadable(`${path} does not exist.`, path)),
    write: async (path: string, content: string | Uint8Array) => {
      if (readOnly) throw new Unreadable(`${path} cannot be written.`, path);
      files.set(path, String(content));
    },
    remove: async (path: string) => void files.delete(path),
    now: () => new Date(0),
    log: { error: ignore, info: ignore, debug: ignore, warn: (message: string) => warned.push(message) },
    places: { storage: '/storage', temporary: '/tmp', home: '/home' },
  } as unknown as World;
}

const result = (contract: string): NewResult => ({ kind: 'check', contract, report: {} as CheckReport });

describe('results/kept-results', () => {
  it('keeps the latest of each contract over a restart', async () => {
    const files = new Map<string, string>();
    const history = createKeptResults(memory(files));
    const first = await history.store(result('/a'));
    const second = await history.store(result('/b'));
    const again = createKeptResults(memory(files));
    assert.deepEqual(await again.latest('/a'), first);
    assert.deepEqual(await again.latest(), second);
    assert.deepEqual(await again.load(first.id), first);
    assert.equal(await again.latest('/c'), undefined);
    assert.notEqual((await again.store(result('/a'))).id, first.id);
  });

  it('keeps fifty, in as many files and an index', async () => {
    const files = new Map<string, string>();
    const history = createKeptResults(memory(files));
    const stored = await Promise.all(Array.from({ length: 53 }, (_, index) => history.store(result(`/${index}`))));
    assert.equal(new Set(stored.map(({ id }) => id)).size, 53);
    assert.equal(files.size, 51);
    const ids = stored.map(({ id }) => id);
    assert.equal(await history.load(ids[2] ?? ''), undefined);
    assert.deepEqual(await history.load(ids[3] ?? ''), stored[3]);
    assert.equal(await history.latest('/2'), undefined);
  });

  it('forgets what was damaged, and goes on', async () => {
    const files = new Map<string, string>();
    const { id } = await createKeptResults(memory(files)).store(result('/a'));
    for (const path of files.keys()) if (!path.endsWith('index.json')) files.set(path, '{"id":');
    assert.equal(await createKeptResults(memory(files)).load(id), undefined);
    files.set('/storage/results/index.json', '[1, {"id": 2}, null]');
    const history = createKeptResults(memory(files));
    assert.equal(await history.latest(), undefined);
    assert.equal((await history.store(result('/b'))).contract, '/b');
  });

  it('shows the newest result even where nothing can be kept', async () => {
    const history = createKeptResults(memory(new Map(), { readOnly: true }));
    const stored = await history.store(result('/a'));
    assert.deepEqual(await history.latest('/a'), stored);
  });

  it('forgets one contract, or all', async () => {
    const files = new Map<string, string>();
    const history = createKeptResults(memory(files));
    const first = await history.store(result('/a'));
    const second = await history.store(result('/b'));
    await history.forget('/b');
    assert.equal(await history.load(second.id), undefined);
    assert.deepEqual(await history.latest(), first);
    assert.equal(files.size, 2);
    await history.forget();
    assert.equal(await history.latest(), undefined);
    assert.deepEqual([...files.values()], ['[]']);
    assert.equal(await createKeptResults(memory(files)).latest(), undefined);
  });

  it('takes no path out of an id', async () => {
    const files = new Map([['/storage/secret.json', '{"id":"../secret"}']]);
    assert.equal(await createKeptResults(memory(files)).load('../secret'), undefined);
  });
});
