import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';

/** The bench of checks on few rows: its data, its contract, and the statement by hand say the same. */
describe('the bench of checks', function () {
  this.timeout(60_000);

  it('finds by hand and by contract that its data break no rule', () => {
    const out = execFileSync('node', ['scripts/bench.mjs', 'checks', '--rows', '1000', '--peers', 'none'], {
      encoding: 'utf8',
    });
    const [, , hand, own] = out.trim().split('\n');
    assert.match(hand ?? '', /0 of 30 rules broken, 1000 rows/);
    assert.match(own ?? '', /\| 0 of (3\d|[4-9]\d) checks not passed \|$/);
  });
});
