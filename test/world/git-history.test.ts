import assert from 'node:assert/strict';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { repository, type Scratch, scratch } from './repository';
import { gitOf, listeningWorld } from './worlds';

const text = (seed: string) => Array.from({ length: 20 }, (_, line) => `${seed} ${line}\n`).join('');

describe('what Git remembers', () => {
  let repo: Scratch;
  const git = gitOf(listeningWorld());
  beforeEach(() => {
    repo = repository();
  });
  afterEach(() => repo.remove());

  it('follows a file through renames, with the name and content it had, and its deletion', async () => {
    const commits: string[] = [];
    repo.write('old name.csv', text('a'));
    commits.push(repo.commit('One'));
    renameSync(repo.at('old name.csv'), repo.at('größe\nneu.csv'));
    commits.push(repo.commit('Two: | renamed'));
    repo.write('größe\nneu.csv', text('b'));
    commits.push(repo.commit('Three'));
    const blob = (revision: string, name: string) => repo.git('rev-parse', `${revision}:${name}`);
    const found = await git.history(repo.path, repo.at('größe\nneu.csv'));
    assert.deepEqual(
      found.map(({ commit, path, blob, subject }) => [commit, path, blob, subject]),
      [
        [commits[2], repo.at('größe\nneu.csv'), blob('HEAD', 'größe\nneu.csv'), 'Three'],
        [commits[1], repo.at('größe\nneu.csv'), blob('HEAD~1', 'größe\nneu.csv'), 'Two: | renamed'],
        [commits[0], repo.at('old name.csv'), blob('HEAD~2', 'old name.csv'), 'One'],
      ],
    );
    rmSync(repo.at('größe\nneu.csv'));
    const gone = repo.commit('Gone');
    const [last] = await git.history(repo.path, repo.at('größe\nneu.csv'));
    assert.deepEqual([last?.commit, last?.blob], [gone, undefined]);
    assert.deepEqual(await git.history(repo.path, '/elsewhere/a.csv'), []);
  });

  it('knows which of many commits are there, and what two of them differ in', async () => {
    repo.write('a b.txt', text('a'));
    repo.write('gone', 'x');
    const first = repo.commit('One');
    repo.write('a b.txt', text('b'));
    repo.write('deep/größe\nneu', 'y');
    rmSync(repo.at('gone'));
    const second = repo.commit('Two');
    const blob = (name: string) => repo.git('rev-parse', `HEAD:${name}`);
    const absent = 'f'.repeat(40);
    assert.deepEqual(
      [...(await git.commits(repo.path, [first, absent, second, 'HEAD']))].sort(),
      [first, second].sort(),
    );
    assert.deepEqual([...(await git.commits(repo.path, [second, blob('a b.txt')]))], [second]);
    assert.deepEqual(
      await git.differences(repo.path, first, [second, absent, first]),
      new Map([
        [
          second,
          new Map([
            ['a b.txt', blob('a b.txt')],
            ['deep/größe\nneu', blob('deep/größe\nneu')],
            ['gone', undefined],
          ]),
        ],
        [first, new Map()],
      ]),
    );
    assert.deepEqual(await git.differences(repo.path, absent, [second]), new Map());
  });

  it('finds the last commits of many files in one walk, as it finds each alone', async () => {
    for (let at = 0; at < 600; at++) repo.write(`many/${at % 7}/größe ${at}.csv`, `${at}`);
    repo.write('side', text('a'));
    repo.write('both', text('a'));
    repo.commit('Begin');
    repo.git('tag', 'v1');
    repo.git('checkout', '--quiet', '-b', 'side');
    repo.write('side', text('b'));
    repo.write('many/3/größe 3.csv', 'side');
    repo.write('both', text('side'));
    repo.commit('Side');
    repo.git('checkout', '--quiet', 'main');
    repo.write('both', text('main'));
    repo.write('many/5/größe 5.csv', 'main');
    repo.commit('Main');
    repo.git('merge', '--quiet', '--no-commit', '--no-ff', '--strategy=ours', 'side');
    for (const name of ['side', 'many/3/größe 3.csv']) repo.git('checkout', '--quiet', 'side', '--', name);
    repo.write('both', text('merged'));
    repo.commit('Merge');
    for (let at = 0; at < 3; at++) {
      repo.write('chatty', `${at}`);
      repo.commit(`Chat ${at}`);
    }
    const names = ['side', 'both', 'chatty', 'many', 'many/3', 'many/5', 'many/6', '.'];
    for (let at = 0; at < 600; at++) names.push(`many/${at % 7}/größe ${at}.csv`);
    const contents = await git.blobs(
      repo.path,
      'HEAD',
      names.map((name) => repo.at(name)),
    );
    assert.equal(contents.size, 607);
    const found = await git.lastCommits(repo.path, contents);
    assert.equal(found.size, 607);
    const alone = names.slice(0, 24).filter((name) => name !== '.');
    for (const name of alone)
      assert.deepEqual(found.get(repo.at(name)), await git.lastCommit(repo.path, repo.at(name)), name);
    const subjects = ['side', 'both', 'chatty', 'many/3/größe 3.csv', 'many/5/größe 5.csv', 'many/6'].map(
      (name) => found.get(repo.at(name))?.subject,
    );
    assert.deepEqual(subjects, ['Side', 'Merge', 'Chat 2', 'Side', 'Main', 'Begin']);
    assert.equal(found.get(repo.at('many/6'))?.tag, 'v1');
  });

  it('finds no last commit where a shallow clone ends', async () => {
    repo.write('old', '1');
    repo.commit('Old');
    repo.write('new', '1');
    repo.commit('New');
    const clone = scratch();
    clone.git('clone', '--quiet', '--depth=1', `file://${repo.path}`, 'clone');
    const root = clone.at('clone');
    const contents = await git.blobs(root, 'HEAD', [join(root, 'old'), join(root, 'new')]);
    assert.deepEqual([contents.size, await git.lastCommits(root, contents)], [2, new Map()]);
    clone.remove();
  });

  it('finds commits of both sides of a merge', async () => {
    repo.write('a', text('base'));
    const base = repo.commit('Base');
    repo.git('checkout', '--quiet', '-b', 'side');
    repo.write('a', text('side'));
    const side = repo.commit('Side');
    repo.git('checkout', '--quiet', 'main');
    repo.write('b', 'b');
    const main = repo.commit('Main');
    assert.equal(await git.isAncestor(repo.path, side, 'main'), false);
    assert.deepEqual(await git.branchesWith(repo.path, side), ['side']);
    repo.git('merge', '--quiet', '--no-ff', '--no-edit', 'side');
    assert.deepEqual(
      (await git.history(repo.path, repo.at('a'))).map(({ commit }) => commit),
      [side, base],
    );
    for (const one of [side, main, base]) assert.equal(await git.isAncestor(repo.path, one, 'HEAD'), true);
    assert.equal(await git.isAncestor(repo.path, 'HEAD', base), false);
    assert.equal(await git.isAncestor(repo.path, 'f'.repeat(40), 'HEAD'), undefined);
    assert.deepEqual(await git.branchesWith(repo.path, side), ['main', 'side']);
    assert.equal(await git.branchesWith(repo.path, 'f'.repeat(40)), undefined);
  });

  it('lists refs with the commit behind a tag, and remote branches once', async () => {
    repo.write('a', '1');
    const first = repo.commit('One: | "x"');
    repo.git('tag', '-a', 'v1', '-m', 'the tag');
    repo.git('update-ref', 'refs/exps/ab/cd/name', first);
    const [experiment] = await git.refs(repo.path, 'refs/exps/');
    assert.deepEqual(
      { ...experiment, date: experiment?.date.slice(0, 10) },
      { name: 'refs/exps/ab/cd/name', commit: first, subject: 'One: | "x"', date: '2026-01-02' },
    );
    assert.equal((await git.refs(repo.path, 'refs/tags/'))[0]?.commit, first);
    assert.deepEqual(await git.refs(repo.path, 'refs/nothing/'), []);
    const clone = scratch();
    clone.git('clone', '--quiet', repo.path, 'clone');
    assert.deepEqual(await git.branchesWith(clone.at('clone'), first), ['main', 'origin/main']);
    clone.remove();
  });

  it('answers at the edge of a shallow clone only what it knows', async () => {
    repo.write('a', '1\n');
    const first = repo.commit('One');
    repo.write('b', '1\n');
    const second = repo.commit('Two');
    repo.write('b', '2\n');
    const third = repo.commit('Three');
    const clone = scratch();
    clone.git('clone', '--quiet', '--depth=2', `file://${repo.path}`, 'clone');
    const root = clone.at('clone');
    assert.equal((await git.describe(root, second))?.subject, 'Two');
    assert.equal(await git.describe(root, first), undefined);
    assert.equal(await git.blame(root, join(root, 'a'), 1), undefined);
    assert.deepEqual(await git.history(root, join(root, 'a')), []);
    assert.deepEqual(
      (await git.history(root, join(root, 'b'))).map(({ commit }) => commit),
      [third],
    );
    assert.equal(await git.isAncestor(root, second, third), true);
    assert.equal(await git.isAncestor(root, third, second), undefined);
    clone.remove();
  });

  it('blames the lines as they are on disk', async () => {
    const path = repo.write('a b.txt', 'one\ntwo\n');
    const first = repo.commit('One');
    repo.write('a b.txt', 'one\nTWO\n');
    const second = repo.commit('Two');
    repo.write('a b.txt', 'new\none\nTWO\n');
    const by = async (line: number) => (await git.blame(repo.path, path, line))?.commit;
    assert.deepEqual([await by(1), await by(2), await by(3)], [undefined, first, second]);
    for (const line of [0, -1, 1.5, 99]) assert.equal(await by(line), undefined);
    assert.equal(await git.blame(repo.path, repo.at('nothing'), 1), undefined);
  });

  it('lists the tree of a commit, whole and below a folder', async () => {
    for (const name of ['a', 'sub dir/ä', 'sub dir/deep/c\nd', 'sub dirs/x']) repo.write(name, name);
    const first = repo.commit('One');
    repo.write('a', 'later');
    repo.commit('Two');
    const id = (name: string) => repo.git('rev-parse', `${first}:${name}`);
    const tree = await git.tree(repo.path, first);
    assert.deepEqual([...tree.keys()].sort(), ['a', 'sub dir/deep/c\nd', 'sub dir/ä', 'sub dirs/x']);
    assert.equal(tree.get('a'), id('a'));
    assert.deepEqual([...(await git.tree(repo.path, first, repo.at('sub dir'))).keys()].sort(), [
      'sub dir/deep/c\nd',
      'sub dir/ä',
    ]);
    assert.equal((await git.tree(repo.path, 'nothing')).size, 0);
    assert.equal((await git.tree(repo.path, first, '/elsewhere')).size, 0);
  });

  it('reads attributes of many files, and the files of one value', async () => {
    repo.write('.gitattributes', '*.bin filter=lfs\n*.txt -filter\nset* filter\n');
    const names = ['a b.bin', 'ü\n.bin', 'c.txt', 'set.x', 'plain'];
    for (const name of names) repo.write(name, name);
    assert.deepEqual(await git.attributed(repo.path, 'filter', 'lfs'), new Map());
    repo.commit('One');
    const paths = [...names.map((name) => repo.at(name)), '/elsewhere.bin', repo.at('not there.bin')];
    assert.deepEqual(
      await git.attribute(repo.path, 'filter', paths),
      new Map([
        [repo.at('a b.bin'), 'lfs'],
        [repo.at('ü\n.bin'), 'lfs'],
        [repo.at('set.x'), 'set'],
        [repo.at('not there.bin'), 'lfs'],
      ]),
    );
    assert.deepEqual([...(await git.attributed(repo.path, 'filter', 'lfs')).keys()].sort(), ['a b.bin', 'ü\n.bin']);
    assert.deepEqual(
      await git.linesWith(repo.path, '^filter|lfs$', { revision: 'HEAD', paths: ['.gitattributes', 'plain'] }),
      new Map([['.gitattributes', ['*.bin filter=lfs']]]),
    );
    assert.deepEqual(
      await git.attributedLinesWith(repo.path, 'bin', 'filter', 'lfs'),
      new Map([
        ['a b.bin', ['a b.bin']],
        ['ü\n.bin', ['.bin']],
      ]),
    );
  });

  it('tells a submodule that is checked out, moved on, or absent', async () => {
    repo.write('a', '1');
    const first = repo.commit('One');
    const outer = repository();
    for (const name of ['in side', 'other'])
      outer.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', repo.path, name);
    outer.commit('With submodules');
    outer.git('submodule', '--quiet', 'deinit', 'other');
    const path = outer.at('in side');
    assert.deepEqual(await git.submodules(outer.path), [
      { path, pinned: first, checkedOut: first },
      { path: outer.at('other'), pinned: first, checkedOut: undefined },
    ]);
    outer.git('-C', path, 'commit', '--quiet', '--allow-empty', '-m', 'On');
    const [moved] = await git.submodules(outer.path);
    assert.deepEqual([moved?.pinned, moved?.checkedOut], [first, outer.git('-C', path, 'rev-parse', 'HEAD')]);
    assert.deepEqual(await git.submodules(repo.path), []);
    outer.remove();
  });

  it('runs nothing that the repository configures', async () => {
    repo.write('.gitattributes', '*.csv diff=shown filter=lfs\n');
    const path = repo.write('a.csv', 'one\n');
    const first = repo.commit('One');
    const ran = repo.at('ran');
    for (const key of ['diff.shown.textconv', 'diff.shown.command', 'core.fsmonitor', 'core.pager', 'pager.blame'])
      repo.git('config', key, `touch '${ran}' && cat`);
    assert.equal((await git.blame(repo.path, path, 1))?.commit, first);
    assert.equal((await git.history(repo.path, path)).length, 1);
    const at = { revision: 'HEAD', paths: ['a.csv'] };
    assert.deepEqual(await git.linesWith(repo.path, 'one', at), new Map([['a.csv', ['one']]]));
    assert.equal((await git.attributedLinesWith(repo.path, 'one', 'filter', 'lfs')).size, 1);
    await git.submodules(repo.path);
    assert.equal(existsSync(ran), false);
  });

  it('has no answers before the first commit', async () => {
    const path = repo.write('a', '1\n');
    assert.deepEqual(await git.history(repo.path, path), []);
    assert.equal(await git.blame(repo.path, path, 1), undefined);
    assert.equal((await git.tree(repo.path, 'HEAD')).size, 0);
    assert.deepEqual(await git.refs(repo.path, 'refs/heads/'), []);
    assert.deepEqual(await git.submodules(repo.path), []);
    assert.equal(await git.describe(repo.path, 'HEAD'), undefined);
  });
});
