import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { repository, type Scratch, scratch } from './repository';
import { gitOf, listeningWorld } from './worlds';

describe('Git in the Node world', () => {
  let repo: Scratch;
  const world = listeningWorld();
  const git = gitOf(world);
  beforeEach(() => {
    repo = repository();
  });
  afterEach(() => repo.remove());

  it('knows no repository outside of one', async () => {
    const bare = scratch();
    assert.equal(await git.root(bare.at('missing/file.csv')), undefined);
    bare.remove();
  });

  it('answers for a repository without commits', async () => {
    const path = repo.write('a.csv', 'a\n1\n');
    assert.equal(await git.root(path), repo.path);
    assert.equal(await git.head(repo.path), undefined);
    assert.equal(await git.lastCommit(repo.path, path), undefined);
    assert.deepEqual(await git.changes(repo.path), [{ path: 'a.csv', state: 'untracked' }]);
    assert.deepEqual(await git.blobs(repo.path, 'HEAD', [path]), new Map());
    assert.equal(await git.remote(repo.path), undefined);
    assert.equal(await git.show(repo.path, 'HEAD', path), undefined);
  });

  it('gives commit, author, date, subject and the first tag that holds it', async () => {
    const path = repo.write('data/a.csv', 'a\n1\n');
    const first = repo.commit('Add: the data | with "quotes"');
    repo.write('other.txt', '');
    const second = repo.commit('Something else');
    repo.git('tag', 'v1.0.0');
    repo.git('tag', '--annotate', 'v1.1.0', '--message', 'later');
    const { date, ...last } = (await git.lastCommit(repo.path, path)) ?? { date: '' };
    assert.deepEqual(last, {
      commit: first,
      author: 'A. Author',
      subject: 'Add: the data | with "quotes"',
      tag: 'v1.0.0',
    });
    // Git spells UTC as `Z` or as `+00:00`, by its version.
    assert.match(date, /^2026-01-02T12:00:00(Z|\+00:00)$/);
    assert.deepEqual(await git.head(repo.path), { commit: second, branch: 'main', tag: 'v1.1.0' });
    assert.equal(await git.commit(repo.path, 'v1.0.0'), second);
    assert.equal(await git.commit(repo.path, first.slice(0, 8)), first);
    assert.equal(await git.commit(repo.path, 'v9'), undefined);
    assert.equal(await git.commit(repo.path, '--all'), undefined);
    assert.equal((await git.lastCommit(repo.path, repo.at('other.txt')))?.commit, second);
    assert.equal(await git.lastCommit(repo.path, repo.at('other.txt'), first), undefined);
  });

  it('lists the commits that touched a file, newest first', async () => {
    const path = repo.write('data/a.csv', 'a\n1\n');
    const first = repo.commit('One: the file');
    repo.write('other.txt', '');
    repo.commit('Two: something else');
    repo.git('rm', '--quiet', 'data/a.csv');
    repo.commit('Delete the file');
    repo.write('data/a.csv', 'a\n2\n');
    const third = repo.commit('Three: the file again');
    const log = await git.log(repo.path, path);
    assert.deepEqual(
      log.map(({ commit, subject, author }) => [commit, subject, author]),
      [
        [third, 'Three: the file again', 'A. Author'],
        [first, 'One: the file', 'A. Author'],
      ],
    );
    assert.deepEqual(await git.log(repo.path, repo.at('nothing.csv')), []);
    assert.deepEqual(await git.log(repo.path, '/elsewhere/a.csv'), []);
  });

  it('knows no branch when HEAD is detached', async () => {
    repo.write('a', '1');
    const first = repo.commit('One');
    repo.git('checkout', '--quiet', '--detach');
    assert.deepEqual(await git.head(repo.path), { commit: first, branch: undefined, tag: undefined });
  });

  it('reads odd names: spaces, umlauts, a line break, wildcards, a leading dash', async () => {
    const names = ['with space.csv', 'größe 数.csv', 'line\nbreak.csv', 'star*[1].csv', '-dash.csv', ':(top)x.csv'];
    for (const name of names) repo.write(`sub dir/${name}`, name);
    const first = repo.commit('Odd names');
    const paths = names.map((name) => repo.at('sub dir', name));
    for (const path of paths) assert.equal((await git.lastCommit(repo.path, path))?.commit, first, path);
    assert.equal((await git.blobs(repo.path, 'HEAD', paths)).size, names.length);
    for (const [index, path] of paths.entries()) {
      assert.equal(Buffer.from((await git.show(repo.path, 'HEAD', path)) ?? []).toString(), names[index]);
      repo.write(`sub dir/${names[index]}`, 'changed');
    }
    const changed = (await git.changes(repo.path)) ?? [];
    assert.deepEqual(new Set(changed.map(({ path }) => path)), new Set(names.map((name) => `sub dir/${name}`)));
  });

  it('tells each kind of change from the others', async () => {
    for (const name of ['kept', 'modified', 'deleted', 'unstaged', 'a name to move'])
      repo.write(name, `${name}\n`.repeat(9));
    repo.commit('All of them');
    repo.write('modified', 'other');
    repo.git('rm', '--quiet', 'deleted');
    rmSync(repo.at('unstaged'));
    repo.git('mv', 'a name to move', 'a new name');
    repo.write('added', 'x');
    repo.git('add', 'added');
    repo.write('folder/untracked', 'x');
    const changes = [...((await git.changes(repo.path)) ?? [])].sort((a, b) => (a.path < b.path ? -1 : 1));
    assert.deepEqual(changes, [
      { path: 'a new name', state: 'renamed', from: 'a name to move' },
      { path: 'added', state: 'added' },
      { path: 'deleted', state: 'deleted' },
      { path: 'folder/', state: 'untracked' },
      { path: 'modified', state: 'modified' },
      { path: 'unstaged', state: 'deleted' },
    ]);
  });

  it('calls a conflict a conflict', async () => {
    repo.write('a', 'base');
    repo.commit('Base');
    repo.git('checkout', '--quiet', '-b', 'side');
    repo.write('a', 'side');
    repo.commit('Side');
    repo.git('checkout', '--quiet', 'main');
    repo.write('a', 'main');
    repo.commit('Main');
    assert.throws(() => repo.git('merge', 'side'));
    assert.deepEqual(await git.changes(repo.path), [{ path: 'a', state: 'conflicted' }]);
  });

  it('reads a path of the configuration', async () => {
    assert.equal(await git.pathSetting(repo.path, 'lfs.storage'), undefined);
    repo.git('config', 'lfs.storage', '/shared/my lfs');
    assert.equal(await git.pathSetting(repo.path, 'lfs.storage'), '/shared/my lfs');
  });

  it('takes the commit of a rename as the last that touched the file', async () => {
    repo.write('old.csv', 'a,b\n1,2\n');
    repo.commit('Add');
    renameSync(repo.at('old.csv'), repo.at('new.csv'));
    const renamed = repo.commit('Rename');
    assert.equal((await git.lastCommit(repo.path, repo.at('new.csv')))?.commit, renamed);
  });

  it('knows the edge of a shallow clone from a commit that touched the file', async () => {
    repo.write('old.csv', '1');
    repo.commit('Old');
    repo.write('new.csv', '1');
    repo.commit('Middle');
    repo.write('new.csv', '2');
    const newest = repo.commit('New');
    const clone = scratch();
    clone.git('clone', '--quiet', '--depth=2', `file://${repo.path}`, 'clone');
    const root = clone.at('clone');
    assert.equal(await git.isShallow(root), true);
    assert.equal(await git.isShallow(repo.path), false);
    assert.equal((await git.lastCommit(root, clone.at('clone/new.csv')))?.commit, newest);
    assert.equal(await git.lastCommit(root, clone.at('clone/old.csv')), undefined);
    clone.remove();
  });

  it('answers in a work tree of its own, and in a submodule for the submodule', async () => {
    repo.write('a.csv', '1');
    const first = repo.commit('One');
    const other = scratch();
    repo.git('worktree', 'add', '--quiet', '-b', 'side', other.at('tree'));
    assert.equal(await git.root(other.at('tree/a.csv')), other.at('tree'));
    assert.equal(await git.commonDirectory(other.at('tree')), repo.at('.git'));
    assert.equal(await git.commonDirectory(repo.path), repo.at('.git'));
    assert.deepEqual(await git.head(other.at('tree')), { commit: first, branch: 'side', tag: undefined });
    const outer = repository();
    outer.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', repo.path, 'inner');
    outer.commit('With a submodule');
    assert.equal(await git.root(outer.at('inner/a.csv')), outer.at('inner'));
    assert.equal((await git.lastCommit(outer.at('inner'), outer.at('inner/a.csv')))?.commit, first);
    assert.equal(await git.root(outer.path), outer.path);
    for (const one of [other, outer]) one.remove();
  });

  it('speaks of files outside the repository as not there', async () => {
    repo.write('a', '1');
    repo.commit('One');
    const elsewhere = scratch();
    const path = elsewhere.write('b', '1');
    assert.equal(await git.lastCommit(repo.path, path), undefined);
    assert.equal(await git.show(repo.path, 'HEAD', path), undefined);
    assert.deepEqual(
      await git.blobs(repo.path, 'HEAD', [path, repo.at('a')]),
      new Map([[repo.at('a'), repo.git('rev-parse', 'HEAD:a')]]),
    );
    elsewhere.remove();
  });

  it('names the root as the paths do that reach it through a link', async () => {
    repo.write('sub/a.csv', '1');
    const first = repo.commit('One');
    const elsewhere = scratch();
    symlinkSync(repo.path, elsewhere.at('link'));
    const root = await git.root(elsewhere.at('link/sub/a.csv'));
    assert.equal(root, elsewhere.at('link'));
    assert.equal((await git.lastCommit(root, elsewhere.at('link/sub/a.csv')))?.commit, first);
    elsewhere.remove();
  });

  it('shows the bytes of a file at a revision as they were committed', async () => {
    const bytes = Buffer.from([0, 255, 13, 10, 26, 0x50]);
    repo.write('.gitattributes', '*.bin filter=shout\n');
    const path = repo.write('a.bin', bytes);
    const first = repo.commit('Bytes');
    repo.write('a.bin', 'later');
    repo.commit('Later');
    rmSync(path);
    assert.deepEqual(Buffer.from((await git.show(repo.path, first, path)) ?? []), bytes);
    assert.equal(await git.show(repo.path, first, repo.at('nothing')), undefined);
    assert.equal(await git.show(repo.path, '--batch', path), undefined);
  });

  const remotes: Readonly<Record<string, string>> = {
    'https://user:secret@example.org/team/repo.git': 'https://example.org/team/repo.git',
    'https://token@example.org/repo.git?private_token=abc': 'https://example.org/repo.git',
    'ssh://git@example.org:22/repo.git': 'ssh://example.org:22/repo.git',
    'git@example.org:team/repo.git': 'example.org:team/repo.git',
    '/srv/repos/mine@home.git': '/srv/repos/mine@home.git',
  };
  for (const [address, shown] of Object.entries(remotes)) {
    it(`shows the remote ${shown}`, async () => {
      repo.git('remote', 'add', 'origin', address);
      assert.equal(await git.remote(repo.path), shown);
    });
  }

  it('runs nothing that the repository configures, and writes nothing into it', async () => {
    const path = repo.write('a.csv', '1');
    repo.commit('One');
    const ran = repo.at('ran');
    repo.write('evil.sh', `#!/bin/sh\ntouch '${ran}'\n`);
    execFileSync('chmod', ['+x', repo.at('evil.sh')]);
    for (const key of [
      'core.fsmonitor',
      'core.sshCommand',
      'core.pager',
      'diff.external',
      'core.askPass',
      'core.editor',
      'gpg.program',
    ]) {
      repo.git('config', key, repo.at('evil.sh'));
    }
    mkdirSync(repo.at('hooks'), { recursive: true });
    for (const hook of ['post-index-change', 'post-checkout', 'reference-transaction']) {
      repo.write(`hooks/${hook}`, `#!/bin/sh\ntouch '${ran}'\n`);
      execFileSync('chmod', ['+x', repo.at('hooks', hook)]);
    }
    repo.git('config', 'core.hooksPath', repo.at('hooks'));
    repo.git('config', 'log.showSignature', 'true');
    rmSync(ran, { force: true });
    // A stat that differs makes `status` want to refresh the index.
    repo.write('a.csv', '1');
    const index = readFileSync(repo.at('.git/index'));
    await git.changes(repo.path);
    assert.equal((await git.lastCommit(repo.path, path))?.subject, 'One');
    await git.head(repo.path);
    await git.show(repo.path, 'HEAD', path);
    await git.remote(repo.path);
    assert.equal(existsSync(ran), false);
    assert.deepEqual(readFileSync(repo.at('.git/index')), index);
    assert.equal(existsSync(repo.at('.git/index.lock')), false);
  });

  it('says once that Git is not there, and answers nothing', async () => {
    const lonely = listeningWorld();
    const path = process.env.PATH;
    repo.write('a', '1');
    repo.commit('One');
    process.env.PATH = repo.path;
    try {
      assert.equal(await gitOf(lonely).root(repo.path), undefined);
      assert.equal(await gitOf(lonely).head(repo.path), undefined);
      assert.equal(await gitOf(lonely).changes(repo.path), undefined);
    } finally {
      process.env.PATH = path;
    }
    assert.deepEqual(lonely.told, [
      'Git is not on the PATH, so versions of files are not known. Install Git and start again.',
    ]);
  });

  it('is not there at all in a world that is not trusted', () => {
    assert.equal(listeningWorld({ trusted: false }).git, undefined);
  });
});
