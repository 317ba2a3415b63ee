import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { commitFacts, isDirty, repositoryOf, submodulesOf } from '../../server/src/stores/git';
import { repository, type Scratch, scratch } from '../world/repository';
import { listeningWorld } from '../world/worlds';

describe('what a clone knows of a commit', () => {
  let repo: Scratch;
  const world = listeningWorld();
  beforeEach(() => {
    repo = repository();
  });
  afterEach(() => repo.remove());

  it('is that it exists, and which branches keep it', async () => {
    repo.write('a', '1');
    const first = repo.commit('One');
    repo.git('checkout', '--quiet', '--detach');
    repo.write('a', '2');
    const loose = repo.commit('Two');
    const facts = (commit: string) => commitFacts(world, repo.path, commit);
    assert.deepEqual(await facts(first.slice(0, 9)), { commit: first, exists: true, branches: ['main'] });
    assert.deepEqual(await facts(loose), { commit: loose, exists: true, branches: [] });
    assert.deepEqual(await facts('f'.repeat(40)), { commit: undefined, exists: false, branches: undefined });
  });

  it('is nothing where older commits were left out, Git is not asked, or nothing is a repository', async () => {
    repo.write('a', '1');
    const first = repo.commit('One');
    repo.write('a', '2');
    repo.commit('Two');
    const clone = scratch();
    clone.git('clone', '--quiet', '--depth=1', `file://${repo.path}`, 'clone');
    const unknown = { commit: undefined, exists: undefined, branches: undefined };
    assert.deepEqual(await commitFacts(world, clone.at('clone'), first), unknown);
    assert.deepEqual(await commitFacts(listeningWorld({ trusted: false }), repo.path, first), unknown);
    assert.deepEqual(await commitFacts(world, clone.path, first), unknown);
    clone.remove();
  });

  it('is dirty by files that were committed, not by new ones', async () => {
    repo.write('a', '1');
    repo.commit('One');
    const dirty = async () => {
      const found = await repositoryOf(world, repo.path);
      return found && isDirty(found);
    };
    repo.write('new', '1');
    assert.equal(await dirty(), false);
    repo.write('a', '22');
    assert.equal(await dirty(), true);
  });

  it('is which submodules stand where HEAD pins them', async () => {
    repo.write('a', '1');
    repo.commit('One');
    assert.deepEqual(await submodulesOf(world, repo.path), []);
    const outer = repository();
    for (const name of ['as pinned', 'gone', 'on'])
      outer.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', repo.path, name);
    outer.commit('With submodules');
    rmSync(outer.at('gone'), { recursive: true });
    outer.git('-C', outer.at('on'), 'commit', '--quiet', '--allow-empty', '-m', 'On');
    assert.deepEqual(
      (await submodulesOf(world, outer.path)).map(({ path, status }) => [path, status]),
      [
        [outer.at('as pinned'), 'unchanged'],
        [outer.at('gone'), 'missing'],
        [outer.at('on'), 'modified'],
      ],
    );
    outer.remove();
  });
});
