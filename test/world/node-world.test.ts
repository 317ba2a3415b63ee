import assert from 'node:assert/strict';
import { chmodSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { Unreadable } from '../../server/src/world';
import { repository, type Scratch } from './repository';
import { listeningWorld } from './worlds';

describe('files of the Node world', () => {
  let folder: Scratch;
  const world = listeningWorld();
  beforeEach(() => {
    folder = repository();
  });
  afterEach(() => folder.remove());

  const refusal = (path: string, says: RegExp) =>
    assert.rejects(
      () => world.readText(path),
      (error) =>
        error instanceof Unreadable &&
        error.path === path &&
        error.message.startsWith(path) &&
        says.test(error.message),
    );

  it('reads UTF-8 with and without a byte order mark', async () => {
    assert.equal(await world.readText(folder.write('a.yaml', 'größe: 1\n')), 'größe: 1\n');
    assert.equal(await world.readText(folder.write('b.yaml', '\ufeffname: x')), 'name: x');
    assert.equal(await world.readText(folder.write('empty.yaml', '')), '');
  });

  it('reads UTF-16 of both byte orders by its mark', async () => {
    const little = Buffer.from('\ufeffname: ä', 'utf16le');
    assert.equal(await world.readText(folder.write('le.yaml', little)), 'name: ä');
    assert.equal(await world.readText(folder.write('be.yaml', Buffer.from(little).swap16())), 'name: ä');
  });

  it('refuses what is no text, and says what would mend it', async () => {
    await refusal(folder.write('x.parquet', Buffer.from('PAR1\0\0')), /is a binary file, not text/);
    await refusal(
      folder.write('latin1.yaml', Buffer.from([0x6e, 0xe4, 0x68])),
      /is not valid UTF-8 text; save it as UTF-8/,
    );
  });

  it('says in a sentence what is not there or is no file', async () => {
    await refusal(folder.at('nothing.yaml'), /does not exist; check the spelling/);
    await refusal(folder.path, /is a folder; name a file in it/);
    await refusal(`${folder.write('file', '')}/below`, /a part of its path is a file/);
  });

  // The superuser may open anything.
  if (process.getuid?.() !== 0) {
    it('says in a sentence what may not be opened', async () => {
      const path = folder.write('secret.yaml', 'a: 1');
      chmodSync(path, 0);
      await refusal(path, /may not be opened by this user; change its permissions/);
    });
  }

  it('tells files from folders, and nothing from both', async () => {
    const path = folder.write('five', '12345');
    const five = await world.stat(path);
    assert.deepEqual([five?.kind, five?.size], ['file', 5]);
    assert.equal((await world.stat(path))?.identity, five?.identity);
    folder.write('five', '123456');
    assert.notEqual((await world.stat(path))?.identity, five?.identity);
    assert.equal((await world.stat(folder.path))?.kind, 'folder');
    assert.equal(await world.stat(folder.at('nothing')), undefined);
    assert.equal(await world.stat('a\0b'), undefined);
  });

  it('finds files by pattern, sorted, and never enters node_modules or .git', async () => {
    for (const name of [
      'b/x.yaml',
      'a.yaml',
      'node_modules/c.yaml',
      'b/node_modules/d.yaml',
      '.git/e.yaml',
      'b/not.txt',
    ]) {
      folder.write(name, '');
    }
    assert.deepEqual(await world.glob(['**/*.yaml'], folder.path), [folder.at('a.yaml'), folder.at('b/x.yaml')]);
    assert.deepEqual(await world.glob(['**/*.yaml', '!b/**'], folder.path), [folder.at('a.yaml')]);
    assert.deepEqual(await world.glob(['*.yaml'], folder.at('missing')), []);
  });

  it('finds a file once, by its own name, though a link leads back up to it', async () => {
    folder.write('a.yaml', '');
    folder.write('b/x.yaml', '');
    folder.write('.hidden/c.yaml', '');
    symlinkSync(folder.path, folder.at('b/loop'), 'dir');
    symlinkSync('..', folder.at('b/above'), 'dir');
    assert.deepEqual(await world.glob(['**/*.yaml', '**/.hidden/*.yaml'], folder.path), [
      folder.at('.hidden/c.yaml'),
      folder.at('a.yaml'),
      folder.at('b/x.yaml'),
    ]);
    assert.deepEqual(await world.glob(['**/*.yaml'], folder.at('b')), [folder.at('b/x.yaml')]);
  });

  it('follows links to folders elsewhere', async () => {
    folder.write('far/x.yaml', '');
    folder.write('near/y.yaml', '');
    symlinkSync(folder.at('far'), folder.at('near/far'), 'dir');
    assert.deepEqual(await world.glob(['**/*.yaml'], folder.at('near')), [
      folder.at('near/far/x.yaml'),
      folder.at('near/y.yaml'),
    ]);
  });

  it('answers for many files at once as for each alone', async () => {
    const small = folder.write('many/a.txt', 'größe');
    const large = folder.write('many/b.bin', Buffer.alloc(100_000, 7));
    const empty = folder.write('many/c.txt', '');
    symlinkSync('a.txt', folder.at('many/link'));
    symlinkSync('nowhere', folder.at('many/dangling'));
    const paths = [
      small,
      large,
      empty,
      folder.at('many'),
      folder.at('many/link'),
      folder.at('many/dangling'),
      `${small}/x`,
    ];
    assert.deepEqual(await world.many.stat(paths), await Promise.all(paths.map((path) => world.stat(path))));
    assert.deepEqual(await world.many.list([folder.at('many'), small, folder.at('none')]), [
      await world.list(folder.at('many')),
      undefined,
      undefined,
    ]);
    const identities = await Promise.all(
      [folder.at('many'), small].map(async (path) => (await world.stat(path))?.identity),
    );
    assert.deepEqual(await world.many.identities([{ folder: folder.at('many'), places: ['', 'none', 'a.txt'] }]), [
      `${identities[0]}  ${identities[1]}`,
    ]);
    const read = await world.many.read(paths, { largest: 200_000 });
    assert.deepEqual(
      read.map((one) =>
        one instanceof Unreadable ? one.message.slice(one.path.length, one.path.length + 12) : one.bytes?.length,
      ),
      [7, 100_000, 0, ' is a folder', 7, ' does not ex', ' does not ex'],
    );
    const [first, second] = read;
    assert.ok(first && !(first instanceof Unreadable) && second && !(second instanceof Unreadable));
    assert.equal(Buffer.from(first.bytes ?? []).toString(), 'größe');
    assert.equal(
      second.bytes?.every((byte) => byte === 7),
      true,
    );
    assert.equal(first.stat.identity, (await world.stat(small))?.identity);
    const [bounded] = await world.many.read([large], { largest: 99_999 });
    assert.ok(
      bounded && !(bounded instanceof Unreadable) && bounded.bytes === undefined && bounded.stat.size === 100_000,
    );
    await assert.rejects(world.many.stat(paths, AbortSignal.abort()), { name: 'AbortError' });
  });

  it("passes the folders of trackers' runs by in a search, and finds them where they are named", async () => {
    const inRun = folder.write(`mlruns/1/${'a'.repeat(32)}/artifacts/x.yaml`, '');
    const beside = folder.write('mlruns/1/meta.yaml', '');
    folder.write('wandb/offline-run-20260101_120000-x/files/y.yaml', '');
    assert.deepEqual(await world.glob(['**/*.yaml'], folder.path), [beside]);
    assert.deepEqual(await world.glob(['mlruns/*/*/artifacts/*.yaml'], folder.path), [inRun]);
  });

  it('writes through a link, keeps the permissions, and leaves no draft behind', async () => {
    const path = folder.write('deep/report.json', 'old');
    chmodSync(path, 0o640);
    symlinkSync(path, folder.at('link.json'));
    await world.write(folder.at('link.json'), 'new');
    assert.equal(readFileSync(path, 'utf8'), 'new');
    assert.equal(statSync(path).mode & 0o777, 0o640);
    await world.write(folder.at('made/below/it.txt'), Buffer.from('bytes'));
    assert.equal(readFileSync(folder.at('made/below/it.txt'), 'utf8'), 'bytes');
    assert.deepEqual(readdirSync(folder.at('deep')), ['report.json']);
  });

  it('says in a sentence why it cannot write', async () => {
    await assert.rejects(() => world.write(folder.path, 'x'), /is a folder; name a file to write/);
    const file = folder.write('file', 'kept');
    await assert.rejects(() => world.write(`${file}/below.txt`, 'x'), Unreadable);
    assert.equal(readFileSync(file, 'utf8'), 'kept');
  });
});
