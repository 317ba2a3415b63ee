import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Unreadable } from '../../server/src/world';
import { repository, type Scratch } from './repository';
import { listeningWorld } from './worlds';

describe('streams, folders and servers of the Node world', () => {
  let folder: Scratch;
  const world = listeningWorld();
  const root = process.getuid?.() === 0;
  beforeEach(() => {
    folder = repository();
  });
  afterEach(() => folder.remove());

  const all = async (path: string, part?: { start?: number; end?: number }) => {
    const pieces: Uint8Array[] = [];
    for await (const piece of world.stream(path, part)) pieces.push(piece);
    return Buffer.concat(pieces).toString();
  };

  it('streams a file, or a part of it that ends before its end', async () => {
    const path = folder.write('a', '0123456789');
    assert.equal(await all(path), '0123456789');
    assert.equal(await all(path, { start: 2, end: 5 }), '234');
    assert.equal(await all(path, { start: 7 }), '789');
    assert.equal(await all(path, { end: 3 }), '012');
    for (const part of [{ end: 0 }, { start: 5, end: 5 }, { start: 20 }]) assert.equal(await all(path, part), '');
    assert.equal(await all(folder.write('empty', '')), '');
    assert.equal(await all(path, { start: 8, end: 99 }), '89');
  });

  it('says what cannot be streamed', async () => {
    await assert.rejects(all(folder.at('nothing')), Unreadable);
    await assert.rejects(all(folder.path), /is a folder; name a file in it/);
    if (root) return;
    const secret = folder.write('secret', 'x');
    chmodSync(secret, 0);
    await assert.rejects(all(secret), /may not be opened/);
  });

  if (existsSync('/proc/self/fd')) {
    it('lets go of a file that is read half, whether the reader leaves or throws', async () => {
      const path = folder.write('big', 'x'.repeat(1_000_000));
      const handles = () => readdirSync('/proc/self/fd').length;
      const before = handles();
      for (let round = 0; round < 50; round++) {
        for await (const piece of world.stream(path)) if (piece.length > 0) break;
        await assert.rejects(async () => {
          for await (const piece of world.stream(path)) throw new Error(`${piece.length}`);
        });
        // A stream that nobody begins to read opens nothing.
        world.stream(path);
      }
      for (let wait = 0; handles() > before + 5 && wait < 20; wait++) await sleep(20);
      assert.ok(handles() <= before + 5, `${handles()} handles, ${before} before`);
    });
  }

  it('lists a folder, following links, and a link in a circle or to nothing is neither file nor folder', async () => {
    folder.write('in/b', '');
    mkdirSync(folder.at('in/a'));
    symlinkSync('circle', folder.at('in/circle'));
    symlinkSync('nowhere', folder.at('in/dangling'));
    symlinkSync('..', folder.at('in/up'));
    symlinkSync('b', folder.at('in/to file'));
    assert.deepEqual(await world.list(folder.at('in')), [
      { name: 'a', kind: 'folder' },
      { name: 'b', kind: 'file' },
      { name: 'circle', kind: 'other' },
      { name: 'dangling', kind: 'other' },
      { name: 'to file', kind: 'file' },
      { name: 'up', kind: 'folder' },
    ]);
    for (const path of [folder.at('nothing'), folder.at('in/b'), folder.at('in/circle'), 'a\0b'])
      assert.equal(await world.list(path), undefined);
    if (root) return;
    chmodSync(folder.at('in/a'), 0);
    assert.equal(await world.list(folder.at('in/a')), undefined);
    chmodSync(folder.at('in/a'), 0o755);
  });

  it('resolves links, and knows none where nothing is or a circle', async () => {
    folder.write('in/b', '');
    symlinkSync('in', folder.at('link'));
    symlinkSync('circle', folder.at('circle'));
    assert.equal(await world.realPath(folder.at('link/b')), folder.at('in/b'));
    assert.equal(await world.realPath(folder.at('nothing')), undefined);
    assert.equal(await world.realPath(folder.at('circle')), undefined);
    assert.equal(await world.realPath('a\0b'), undefined);
    assert.equal(await world.stat(folder.at('circle')), undefined);
  });

  it('adds to the end of a file that need not be there', async () => {
    await world.append(folder.at('new/list'), 'a\n');
    await world.append(folder.at('new/list'), 'b\n');
    assert.equal(readFileSync(folder.at('new/list'), 'utf8'), 'a\nb\n');
    await assert.rejects(world.append(folder.path, 'x'), Unreadable);
  });

  describe('a server', () => {
    let server: Server;
    let address: string;
    let asked: string[];
    before((done) => {
      server = createServer((request, response) => {
        asked.push(`${request.method} ${request.url} ${request.headers.authorization ?? ''}`);
        if (request.url === '/never') return;
        if (request.url === '/moved') return void response.writeHead(302, { location: '/secret' }).end('moved');
        if (request.url?.startsWith('/cut'))
          return void response.writeHead(200, { 'content-length': '9' }).write('x', () => response.destroy());
        response.writeHead(request.url === '/missing' ? 404 : 200).end('body');
      }).listen(0, '127.0.0.1', done);
    });
    beforeEach(() => {
      asked = [];
      address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    after(() => {
      server.closeAllConnections();
      server.close();
    });
    const get: NonNullable<typeof world.http>['get'] = async (...args) => {
      if (!world.http) throw new Error('This world asks no server.');
      return world.http.get(...args);
    };
    const shown = async (url: string) => {
      const { status, body } = await get(url, { headers: { authorization: 'Basic abc' } });
      return [status, Buffer.from(body).toString()];
    };

    it('answers with every status, and is not followed elsewhere', async () => {
      assert.deepEqual(await shown(`${address}/a?b=1`), [200, 'body']);
      assert.deepEqual(await shown(`${address}/missing`), [404, 'body']);
      assert.equal((await shown(`${address}/moved`))[0], 302);
      assert.deepEqual(asked, ['GET /a?b=1 Basic abc', 'GET /missing Basic abc', 'GET /moved Basic abc']);
    });

    it('is not waited for when the asker is gone', async () => {
      const signal = AbortSignal.timeout(30);
      await assert.rejects(get(`${address}/never`, { signal }), { name: 'TimeoutError' });
      await assert.rejects(get(`${address}/a`, { signal: AbortSignal.abort() }), { name: 'AbortError' });
      assert.equal(asked.length, 1);
    });

    it('that does not answer is told without what is secret', async () => {
      const secret = /user|hush|token/;
      for (const url of [
        'http://user:hush@127.0.0.1:1/x?token=1',
        `${address.replace('//', '//user:hush@')}/cut`,
        `${address}/cut?token=1`,
        'user:hush@nowhere',
        'http://[hush',
      ])
        await assert.rejects(get(url), (error) => {
          assert.ok(error instanceof Unreadable, String(error));
          assert.doesNotMatch(`${error.message} ${error.path}`, secret);
          return true;
        });
      await assert.rejects(get('http://127.0.0.1:1/x'), /^Unreadable: http:\/\/127\.0\.0\.1:1 does not answer/);
    });

    it('is not asked in a folder that is not trusted', () => {
      assert.equal(listeningWorld({ trusted: false }).http, undefined);
    });
  });
});
