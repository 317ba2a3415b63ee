import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Holds an answer against the file that says what it should be. With UPDATE=1 the file is written anew; else a
 * difference leaves the answer beside it as `*.actual`.
 */
export function assertGolden(path: string, actual: string): void {
  const beside = `${path}.actual`;
  const expected = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  if (expected === actual) {
    rmSync(beside, { force: true });
    return;
  }
  mkdirSync(dirname(path), { recursive: true });
  if (process.env.UPDATE === '1') {
    writeFileSync(path, actual);
    rmSync(beside, { force: true });
    return;
  }
  writeFileSync(beside, actual);
  assert.equal(actual, expected ?? '', `${path} differs; the answer is in ${beside}, UPDATE=1 accepts it`);
}
