import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { relationOf, resolveDataset } from '../../server/src/data/dataset';
import { isPointer, pointerOf } from '../../server/src/stores/git-lfs';
import { repository, type Scratch, scratch } from '../world/repository';
import { listeningWorld } from '../world/worlds';

const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex');
const bytes = (text: string) => new TextEncoder().encode(text);

/** The pointer of a content, as Git LFS writes it. */
const pointerTo = (content: string | Uint8Array) =>
  `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256(content)}\nsize ${Buffer.byteLength(content)}\n`;

/** Where the store of a clone keeps a content. */
function objectFor(content: string | Uint8Array): string {
  const oid = sha256(content);
  return `.git/lfs/objects/${oid.slice(0, 2)}/${oid.slice(2, 4)}/${oid}`;
}

describe('a Git LFS pointer', () => {
  const oid = 'a'.repeat(64);

  it('is known by its first line, the old one too, and by its length', () => {
    const text = (spec: string) => bytes(`version https://${spec}/spec/v1\noid sha256:${oid}\nsize 12\n`);
    for (const spec of ['git-lfs.github.com', 'hawser.github.com']) {
      assert.equal(isPointer(text(spec)), true, spec);
      assert.deepEqual(pointerOf(text(spec)), { oid, size: 12 });
    }
    assert.equal(isPointer(text('example.org')), false);
    assert.equal(isPointer(bytes('')), false);
    assert.equal(isPointer(bytes(`version https://git-lfs.github.com/spec/v1\n${'x'.repeat(1024)}`)), false);
  });

  it('may have extensions and the line ends of Windows', () => {
    const lines = [
      'version https://git-lfs.github.com/spec/v1',
      `ext-0-x sha256:${'b'.repeat(64)}`,
      `oid sha256:${oid}`,
    ];
    assert.deepEqual(pointerOf(bytes([...lines, 'size 7', ''].join('\r\n'))), { oid, size: 7 });
    assert.equal(pointerOf(bytes(lines.join('\n'))), undefined);
  });
});

describe('data in Git LFS', () => {
  let repo: Scratch;
  const world = listeningWorld();
  const dataset = (ref: string) => resolveDataset(ref, repo.path, world);
  const content = async (ref: string) => readFile((await dataset(ref)).paths[0] ?? '', 'utf8');
  beforeEach(() => {
    repo = repository();
  });
  afterEach(() => repo.remove());

  it('are read from the store of the clone at a revision', async () => {
    repo.write('data/a.csv', pointerTo('a\n1\n'));
    repo.write(objectFor('a\n1\n'), 'a\n1\n');
    repo.commit('One row');
    repo.write('data/a.csv', 'a\n1\n2\n');
    assert.equal(await content('data/a.csv@HEAD'), 'a\n1\n');
    assert.equal(await content('data/a.csv'), 'a\n1\n2\n');
  });

  it('are found behind a pointer in the work tree, under the name of the pointer', async () => {
    repo.write('data/a.csv', pointerTo('a\n1\n'));
    repo.write(objectFor('a\n1\n'), 'a\n1\n');
    repo.write('data/b.csv', 'a\n2\n');
    const { names, paths, path, format, sizeBytes } = await dataset('data');
    assert.deepEqual([names, format, sizeBytes], [[repo.at('data/a.csv'), repo.at('data/b.csv')], 'csv', 8]);
    assert.deepEqual(paths, [repo.at(objectFor('a\n1\n')), repo.at('data/b.csv')]);
    assert.equal(path, repo.at('data'));
  });

  it('are found from a second work tree, whose store is that of the first', async () => {
    repo.write('a.csv', pointerTo('a\n1\n'));
    repo.write(objectFor('a\n1\n'), 'a\n1\n');
    repo.commit('One row');
    const other = scratch();
    repo.git('worktree', 'add', '--quiet', '-b', 'side', other.at('tree'));
    const { paths } = await resolveDataset('a.csv', other.at('tree'), world);
    assert.deepEqual(paths, [repo.at(objectFor('a\n1\n'))]);
    other.remove();
  });

  it('are found where the settings of Git move the store', async () => {
    repo.write('a.csv', pointerTo('a\n1\n'));
    repo.write(objectFor('a\n1\n').replace('.git/lfs', 'shared'), 'a\n1\n');
    for (const place of [repo.at('shared'), '../shared']) {
      repo.git('config', 'lfs.storage', place);
      assert.equal(await content('a.csv'), 'a\n1\n');
    }
  });

  it('keep the compression that their own name tells', async () => {
    const packed = gzipSync('a\n1\n');
    repo.write('a.csv.gz', pointerTo(packed));
    repo.write(objectFor(packed), packed);
    assert.match(relationOf(await dataset('a.csv.gz')), /^read_csv\(.*, compression = 'gzip'\)$/);
    repo.write('plain.csv.gz', packed);
    assert.doesNotMatch(relationOf(await dataset('plain.csv.gz')), /compression/);
    repo.write('mixed/a.csv', pointerTo('a\n1\n'));
    repo.write(objectFor('a\n1\n'), 'a\n1\n');
    repo.write('mixed/b.csv.gz', packed);
    await assert.rejects(
      dataset('mixed'),
      /^Unreadable: .*mixed mixes compressed and other files, which the store of Git LFS or DVC keeps without their suffixes\. Check them out first\.$/,
    );
  });

  it('say how to fetch them where they are not', async () => {
    repo.write('data/my file.csv', pointerTo('a\n1\n'));
    repo.write('data/a.csv', pointerTo('a\n1\n'));
    repo.commit('One row');
    await assert.rejects(
      dataset('data/a.csv@HEAD'),
      /^Unreadable: .*data\/a\.csv at "HEAD" is a Git LFS pointer, and its data are not in this clone\. Run: git lfs fetch origin HEAD -I data\/a\.csv$/,
    );
    await assert.rejects(
      dataset('data/my file.csv'),
      /my file\.csv is a Git LFS pointer, and its data are not in this clone\. Run: git lfs pull -I "data\/my file\.csv"$/,
    );
  });

  it('are refused when a download was cut off or the pointer is damaged', async () => {
    repo.write('a.csv', pointerTo('a\n1\n'));
    repo.write(objectFor('a\n1\n'), 'a\n');
    await assert.rejects(
      dataset('a.csv'),
      /a\.csv is a Git LFS pointer to 4 bytes, but .*[0-9a-f]{64} has 2\. Delete that and run: git lfs pull -I a\.csv$/,
    );
    repo.write('b.csv', 'version https://git-lfs.github.com/spec/v1\noid sha256:0\n');
    await assert.rejects(
      dataset('b.csv'),
      /b\.csv is a damaged Git LFS pointer\. Restore it from a commit where it is whole\.$/,
    );
  });

  it('need Git and its repository', async () => {
    repo.write('a.csv', pointerTo('a\n1\n'));
    await assert.rejects(
      resolveDataset('a.csv', repo.path, listeningWorld({ trusted: false })),
      /a\.csv is a Git LFS pointer; to find its data takes Git, which does not run in an untrusted workspace\.$/,
    );
    const bare = scratch();
    bare.write('a.csv', pointerTo('a\n1\n'));
    await assert.rejects(
      resolveDataset('a.csv', bare.path, world),
      /a\.csv is a Git LFS pointer outside of its Git repository\. Put the data in its place\.$/,
    );
    bare.remove();
  });

  it('have columns in the names of folders only where those are kept', async () => {
    repo.write('parts/year=2013/a.csv', 'a\n1\n');
    assert.equal((await dataset('parts')).paths.length, 1);
    repo.write('parts/year=2014/a.csv', pointerTo('a\n1\n'));
    repo.write(objectFor('a\n1\n'), 'a\n1\n');
    await assert.rejects(
      dataset('parts'),
      /parts has columns in the names of its folders, which the store of Git LFS or DVC does not keep\. Check it out first\.$/,
    );
  });
});
