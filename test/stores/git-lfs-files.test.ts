import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { type LargeFileOptions, largeFilesOf } from '../../server/src/stores/git-lfs';
import { repository, type Scratch, scratch } from '../world/repository';
import { listeningWorld } from '../world/worlds';

const sha256 = (content: string) => createHash('sha256').update(content).digest('hex');
const pointerTo = (content: string) =>
  `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256(content)}\nsize ${content.length}\n`;
const objectFor = (content: string, store = '.git/lfs') => {
  const oid = sha256(content);
  return `${store}/objects/${oid.slice(0, 2)}/${oid.slice(2, 4)}/${oid}`;
};

describe('files of Git LFS in a work tree, without its program', () => {
  let repo: Scratch;
  const world = listeningWorld();
  beforeEach(() => {
    repo = repository();
    repo.write('.gitattributes', '*.bin filter=lfs diff=lfs merge=lfs -text\n');
  });
  afterEach(() => repo.remove());

  const told = async (root = repo.path, options: LargeFileOptions = {}) => {
    const { found, problems } = await largeFilesOf(root, world, options);
    const states = found.map(({ path, status, object }) => [path.slice(root.length + 1), status, object !== undefined]);
    return { states, problems: problems.map(({ code, message }) => `${code} ${message.replaceAll(`${root}/`, '')}`) };
  };

  it('tells content, pointer with and without its data, change and absence', async () => {
    for (const name of ['content', 'fetched file', 'bare', 'longer', 'edited', 'gone'])
      repo.write(`${name}.bin`, pointerTo(name));
    repo.write('small.txt', pointerTo('not ours'));
    repo.commit('Pointers');
    repo.write('content.bin', 'content');
    repo.write(objectFor('fetched file'), 'fetched file');
    repo.write('longer.bin', 'longer!');
    repo.write('edited.bin', 'EDITED');
    rmSync(repo.at('gone.bin'));
    const { states, problems } = await told();
    assert.deepEqual(states, [
      ['bare.bin', 'pointer', false],
      ['content.bin', 'unchanged', false],
      ['edited.bin', 'modified', false],
      ['fetched file.bin', 'pointer', true],
      ['gone.bin', 'missing', false],
      ['longer.bin', 'modified', false],
    ]);
    assert.deepEqual(problems, [
      'git-lfs/pointer bare.bin is a Git LFS pointer, and its data are not in this clone; run: git lfs pull -I bare.bin',
      'git-lfs/pointer fetched file.bin is a Git LFS pointer, and its data are in the store of this clone; run: git lfs checkout "fetched file.bin"',
    ]);
    const { found } = await largeFilesOf(repo.path, world, { paths: [repo.at('bare.bin'), repo.at('small.txt')] });
    assert.deepEqual(found, [
      { path: repo.at('bare.bin'), oid: sha256('bare'), size: 4, status: 'pointer', object: undefined },
    ]);
  });

  it('reads the bytes of an object only when they are to be verified, and always its size', async () => {
    repo.write('a.bin', pointerTo('right'));
    repo.commit('Pointer');
    repo.write(objectFor('right'), 'wrong');
    assert.deepEqual((await told()).states, [['a.bin', 'pointer', true]]);
    const verified = await told(repo.path, { verify: true });
    assert.deepEqual(verified.states, [['a.bin', 'pointer', false]]);
    assert.match(verified.problems[0] ?? '', /^git-lfs\/damaged-object .*; delete it and run: git lfs pull -I a\.bin$/);
    repo.write(objectFor('right'), 'cut');
    assert.match((await told()).problems[0] ?? '', /^git-lfs\/damaged-object/);
  });

  it('names a damaged pointer, and content that Git itself keeps', async () => {
    repo.write('half.bin', pointerTo('half'));
    repo.write('raw.bin', 'size 1\nraw content\n');
    repo.commit('As it should not be');
    repo.write('half.bin', pointerTo('half').slice(0, 70));
    const { states, problems } = await told();
    assert.deepEqual(states, [
      ['half.bin', 'unknown', false],
      ['raw.bin', 'unchanged', false],
    ]);
    assert.deepEqual(problems, [
      'git-lfs/damaged-pointer half.bin is a damaged Git LFS pointer; bring it back with: git checkout -- half.bin',
      'git-lfs/content-in-git raw.bin is for Git LFS, but Git has its content itself; run: git add --renormalize raw.bin',
    ]);
  });

  it('finds the store of another work tree, and where it was moved', async () => {
    repo.write('a.bin', pointerTo('a'));
    repo.commit('Pointer');
    repo.write(objectFor('a'), 'a');
    const other = scratch();
    repo.git('worktree', 'add', '--quiet', '-b', 'side', other.at('tree'));
    assert.deepEqual((await told(other.at('tree'))).states, [['a.bin', 'pointer', true]]);
    repo.git('config', 'lfs.storage', '../moved');
    assert.deepEqual((await told()).states, [['a.bin', 'pointer', false]]);
    repo.write(objectFor('a', 'moved'), 'a');
    assert.deepEqual((await told(other.at('tree'))).states, [['a.bin', 'pointer', true]]);
    other.remove();
  });

  it('has nothing to say without Git LFS, Git or a commit, and stops when told', async () => {
    assert.deepEqual(await largeFilesOf(repo.path, listeningWorld({ trusted: false })), { found: [], problems: [] });
    assert.deepEqual((await told()).states, []);
    repo.write('a.bin', pointerTo('a'));
    repo.git('add', '--all');
    assert.deepEqual((await told()).states, [['a.bin', 'pointer', false]]);
    await assert.rejects(largeFilesOf(repo.path, world, { signal: AbortSignal.abort() }), { name: 'AbortError' });
  });

  it('asks Git as often for a thousand files as for one', async () => {
    for (let index = 0; index < 1000; index++) repo.write(`data/${index}.bin`, pointerTo(`${index}`));
    repo.commit('Many');
    repo.write('data/7.bin', pointerTo('staged'));
    repo.git('add', 'data/7.bin');
    repo.write('data/7.bin', '7');
    let asked = 0;
    const git = Object.fromEntries(
      Object.entries(world.git ?? {}).map(([name, question]) => [
        name,
        (...args: never[]) => {
          asked += 1;
          return (question as (...args: never[]) => unknown)(...args);
        },
      ]),
    ) as unknown as typeof world.git;
    const { found } = await largeFilesOf(repo.path, { ...world, git });
    assert.equal(found.filter(({ status, size }) => status === 'pointer' && size !== undefined).length, 999);
    const staged = found.find(({ path }) => path === repo.at('data/7.bin'));
    assert.deepEqual([staged?.oid, staged?.status], [sha256('7'), 'unchanged']);
    assert.ok(asked < 10, `${asked} questions`);
  });
});
