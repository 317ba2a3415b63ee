import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type CheckRun, continued } from '../../server/src/language/diagnostics';
import type { CheckReport, CheckResult } from '../../server/src/protocol';

const { report } = JSON.parse(readFileSync('test/page/fixtures/check.json', 'utf8')) as { report: CheckReport };

/** A run in which the text of every check is the same. */
const runOf = (checks: readonly CheckResult[], words: string, data = report.data): CheckRun => ({
  report: { ...report, checks, data },
  stated: new Map(report.checks.map(({ id }) => [id, words])),
});

describe('A run of a part of the checks', () => {
  const whole = runOf(report.checks, 'then');
  const failed = report.checks.filter(({ status }) => status === 'failed');
  const [first] = failed;
  assert.ok(first && failed.length > 1);
  const mended = { ...first, status: 'passed' as const };

  it('leaves what was found of the others', () => {
    const run = continued({ ...runOf([mended], 'now'), stated: new Map([[first.id, 'now']]) }, whole);
    assert.equal(run.report.checks.length, report.checks.length);
    assert.equal(run.report.summary.failed, failed.length - 1);
    assert.equal(run.stated.get(first.id), 'now');
    assert.equal(run.stated.get(failed[1]?.id ?? ''), 'then');
  });

  it('stands alone without a run before it, or over other data', () => {
    const run = runOf([mended], 'now');
    assert.equal(continued(run, undefined), run);
    const elsewhere = report.data.map((one) => ({ ...one, ref: 'other.parquet' }));
    const other = runOf([mended], 'now', elsewhere);
    assert.equal(continued(other, whole), other);
  });
});
