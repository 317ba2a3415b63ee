import assert from 'node:assert/strict';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { repository, type Scratch } from '../world/repository';
import { plumbline } from './command';

describe('plumbline check and the history', function () {
  this.timeout(30_000);
  let repo: Scratch;
  before(() => {
    repo = repository();
    cpSync('test/fixtures/cli/orders', repo.path, { recursive: true });
    repo.commit('Add contracts and data');
  });
  after(() => repo.remove());
  afterEach(() => rmSync(repo.at('.plumbline'), { recursive: true, force: true }));

  const check = async (...args: readonly string[]) => {
    const { exit, err } = await plumbline(repo.path, 'check', 'orders.odcs.yaml', '--quiet', ...args);
    assert.deepEqual([exit, err], [1, '']);
  };
  const runs = () =>
    readdirSync(repo.path, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.jsonl') && name.startsWith('.plumbline'))
      .flatMap((name) => readFileSync(repo.at(name), 'utf8').trimEnd().split('\n'))
      .map((line) => JSON.parse(line));

  it('leaves nothing in a folder that has none', async () => {
    await check();
    assert.ok(!existsSync(repo.at('.plumbline')));
  });

  it('begins one when asked to, and adds to it from then on, but when told not to', async () => {
    await check('--record');
    await check();
    await check('--no-record');
    const [first, second, ...others] = runs();
    assert.equal(others.length, 0);
    assert.equal(second?.by, 'command-line');
    assert.deepEqual(second.checks, first.checks);
    assert.ok(Object.values<{ status: string }>(first.checks).some(({ status }) => status === 'failed'));
    assert.equal(String(repo.git('status', '--porcelain')).trim(), '', 'Git does not see it');
  });

  it('finds that of the repository from a folder in it', async () => {
    await check('--record');
    await plumbline(repo.at('data'), 'check', '../orders.odcs.yaml', '--quiet');
    assert.equal(runs().length, 2);
  });
});
