import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';

/** The bench of typing on a small contract: it waits for diagnostics that come and go, so figures tell that they did. */
describe('the bench of the language server', function () {
  this.timeout(60_000);

  it('sees a broken value told and its mending untold', () => {
    const options = ['--columns', '20', '--edits', '4', '--asks', '2', '--seconds', '20', '--peers', 'none'];
    const out = execFileSync('node', ['scripts/bench.mjs', 'language', ...options], { encoding: 'utf8' });
    assert.match(out.trim().split('\n').at(-1) ?? '', /^\| 20 \| Plumbline( \| [\d.]+ ms){6} \| [\d.]+ MiB \|$/);
  });
});
