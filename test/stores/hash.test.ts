import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { appendFileSync, readFileSync, utimesSync } from 'node:fs';
import { createNodeWorld } from '../../server/src/node-world';
import { differsInSize, hasContent, hashesOf, hashOf } from '../../server/src/stores/hash';
import type { World } from '../../server/src/world';
import { repository, type Scratch } from '../world/repository';

const hex = (algorithm: string, content: string | Uint8Array) => createHash(algorithm).update(content).digest('hex');

describe('content ids', () => {
  let folder: Scratch;
  let reads: string[];
  let world: World;
  const ignore = () => undefined;
  const log = { error: ignore, warn: ignore, info: ignore, debug: ignore };
  /** As a new process sees the same disk. */
  const fresh = (): World => {
    const node = createNodeWorld({ trusted: true, storage: folder.at('kept'), temporary: folder.at('tmp'), log });
    const stream: World['stream'] = (path, part) => {
      reads.push(path);
      return node.stream(path, part);
    };
    return { ...node, stream };
  };
  const old = (path: string, seconds = 1_700_000_000): string => {
    utimesSync(path, seconds, seconds);
    return path;
  };
  beforeEach(() => {
    folder = repository();
    reads = [];
    world = fresh();
  });
  afterEach(() => folder.remove());

  it('are several from one reading, equal to what Git and the tools say', async () => {
    const path = old(folder.write('a b.csv', 'a\r\n1\r\n'));
    const found = await hashesOf(path, ['md5', 'sha256', 'md5-dos2unix', 'git-sha1', 'git-sha256'], world);
    assert.deepEqual(found, {
      md5: hex('md5', 'a\r\n1\r\n'),
      sha256: hex('sha256', 'a\r\n1\r\n'),
      'md5-dos2unix': hex('md5', 'a\n1\n'),
      'git-sha1': folder.git('hash-object', '--no-filters', 'a b.csv'),
      'git-sha256': hex('sha256', 'blob 6\0a\r\n1\r\n'),
    });
    assert.equal(reads.length, 1);
    assert.equal(await hashOf(folder.write('empty', ''), 'md5-dos2unix', world), 'd41d8cd98f00b204e9800998ecf8427e');
  });

  it('are DVC 1 and 2’s per mebibyte: what is text, and a line end that two blocks share', async () => {
    const mebi = 2 ** 20;
    const odd = Buffer.concat([Buffer.from('\r\n'), Buffer.alloc(300, 200), Buffer.alloc(300, 'x')]);
    const cases: readonly (readonly [string, Uint8Array, Uint8Array])[] = [
      ['zero', Buffer.from('a\0\r\n'), Buffer.from('a\0\r\n')],
      ['late zero', Buffer.from(`${'x'.repeat(512)}\0\r\n`), Buffer.from(`${'x'.repeat(512)}\0\n`)],
      ['not text', odd, odd],
      ['split', Buffer.from(`${'x'.repeat(mebi - 1)}\r\ny\r\n`), Buffer.from(`${'x'.repeat(mebi - 1)}\r\ny\n`)],
      [
        'binary then text',
        Buffer.from(`\0${'\r\n'.repeat(mebi / 2 - 1)}\nb\r\n`),
        Buffer.from(`\0${'\r\n'.repeat(mebi / 2 - 1)}\nb\n`),
      ],
    ];
    for (const [name, content, hashed] of cases)
      assert.equal(await hashOf(folder.write(name, content), 'md5-dos2unix', world), hex('md5', hashed), name);
  });

  it('are not made again in this process nor the next, until the file changes', async () => {
    const content = 'x'.repeat(100_000);
    const path = old(folder.write('big.bin', content));
    await Promise.all([hashOf(path, 'md5', world), hashOf(path, 'md5', world)]);
    assert.equal(reads.length, 1);
    assert.equal(await hashOf(path, 'md5', fresh()), hex('md5', content));
    assert.equal(reads.length, 1);
    await hashOf(path, 'sha256', world);
    assert.equal(reads.length, 2);
    await hashesOf(path, ['md5', 'sha256'], fresh());
    assert.equal(reads.length, 2);
    old(folder.write('big.bin', `${content}!`));
    assert.equal(await hashOf(path, 'md5', fresh()), hex('md5', `${content}!`));
    assert.equal(reads.length, 3);
  });

  it('are made anew for a file that was just written, and where what was kept is damaged', async () => {
    const path = folder.write('new.bin', 'x'.repeat(100_000));
    await hashOf(path, 'md5', world);
    await hashOf(path, 'md5', world);
    assert.equal(reads.length, 2);
    await hashOf(old(path), 'md5', world);
    appendFileSync(folder.at('kept/hashes-1.jsonl'), '{"path": "/half\n[]\nnull\n{"path":1}\n\0\n');
    const md5 = await hashOf(path, 'md5', fresh());
    assert.equal(md5, hex('md5', 'x'.repeat(100_000)));
  });

  it('are kept in a list that does not grow without end', async () => {
    const path = old(folder.write('big.bin', 'x'.repeat(100_000)));
    const md5 = await hashOf(path, 'md5', world);
    const list = folder.at('kept/hashes-1.jsonl');
    const line = (name: number) =>
      `${JSON.stringify({ path: `/gone/${'d'.repeat(400)}/${name}`, identity: '1', hashes: { md5 } })}\n`;
    const own = readFileSync(list, 'utf8');
    folder.write('kept/hashes-1.jsonl', Array.from({ length: 40_000 }, (_, name) => line(name)).join('') + own);
    assert.equal(await hashOf(path, 'md5', fresh()), md5);
    assert.equal(reads.length, 1);
    const kept = readFileSync(list, 'utf8').trimEnd().split('\n');
    assert.equal(kept.length, 20_000);
    assert.equal(`${kept.at(-1)}\n`, own);
  });

  it('stop when nobody wants them any more, and leave the next asker unharmed', async () => {
    const path = old(folder.write('big.bin', 'x'.repeat(1_000_000)));
    const control = new AbortController();
    const first = hashOf(path, 'md5', world, { signal: control.signal });
    const second = hashOf(path, 'md5', world);
    control.abort();
    await assert.rejects(first, { name: 'AbortError' });
    assert.equal(await second, hex('md5', 'x'.repeat(1_000_000)));
  });

  it('are of a whole file, or none', async () => {
    await assert.rejects(hashOf(folder.at('nothing'), 'md5', world), /nothing does not exist/);
    await assert.rejects(hashOf(folder.path, 'md5', world), /is no file, so it has no hash/);
    const path = folder.write('growing', 'x'.repeat(1000));
    const growing: World = {
      ...world,
      stream: (file) => {
        appendFileSync(file, 'y');
        return world.stream(file);
      },
    };
    await assert.rejects(hashOf(path, 'md5', growing), /is being written while it is read/);
  });

  it('need no reading where the size says enough', async () => {
    const path = folder.write('four', '1234');
    assert.deepEqual(
      [
        await differsInSize(path, 5, world),
        await differsInSize(path, 4, world),
        await differsInSize(path, undefined, world),
      ],
      [true, false, undefined],
    );
    const content = { algorithm: 'md5', hash: hex('md5', '1234') } as const;
    assert.equal(await hasContent(path, { ...content, size: 5 }, world), false);
    assert.equal(reads.length, 0);
    assert.equal(await hasContent(path, { ...content, size: 4 }, world), true);
    assert.equal(await hasContent(path, { ...content, hash: hex('md5', '4321') }, world), false);
    assert.equal(await hasContent(folder.at('nothing'), content, world), undefined);
  });
});
