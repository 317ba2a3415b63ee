import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckResult } from '../../server/src/protocol';
import { type Checked, checkFile } from './checking';

// Values of Great Expectations 1.24.1 itself: each suite as GX saved it, and what GX answered of the data.
const folder = 'test/fixtures/check/great-expectations';

interface Golden {
  readonly type: string;
  readonly success: boolean;
  readonly result: Readonly<Record<string, unknown>>;
  readonly error?: string;
}

interface GoldenSuite {
  readonly suite: string;
  readonly case: string;
  readonly results: readonly Golden[];
}

const { suites }: { readonly suites: readonly GoldenSuite[] } = JSON.parse(
  readFileSync(join(folder, 'expected.json'), 'utf8'),
);

const near = (one: unknown, other: number): boolean =>
  Math.abs(Number(one) - other) <= 1e-9 * Math.max(1e-12, Math.abs(other));

describe('suites of Great Expectations end as in Great Expectations', () => {
  for (const { suite, case: name, results } of suites) {
    describe(suite, () => {
      let checked: Checked;
      before(async () => {
        const data = { '': join(process.cwd(), folder, 'data', `${name}.parquet`) };
        checked = await checkFile(join(process.cwd(), folder, 'suites', `${suite}.json`), { job: { data } });
      });

      it('says which dialect it read', () => assert.equal(checked.report.contract.dialect, 'great-expectations'));
      it('has a check an expectation, in their order', () => {
        const kinds = checked.report.checks.map(({ kind }) => kind);
        assert.deepEqual(
          kinds,
          results.map(({ type }) => type),
        );
      });
      for (const [index, golden] of results.entries()) {
        it(`${index} ${golden.type}: ${golden.success}`, () => compare(checked.report.checks[index], golden));
      }
    });
  }
});

function compare(check: CheckResult | undefined, { success, result, error }: Golden): void {
  assert.equal(check?.status === 'passed', success, check?.message);
  // GX with pandas has no LIKE: its own error is no verdict.
  if (error === undefined) assert.notEqual(check?.status, 'error', check?.message);
  const { unexpected_count, unexpected_percent, observed_value, element_count } = result;
  if (typeof unexpected_count === 'number') assert.equal(check?.unexpectedCount, unexpected_count);
  if (typeof unexpected_percent === 'number') assert.equal(check?.unexpectedPercent, unexpected_percent);
  if (typeof element_count === 'number') assert.equal(check?.rows, element_count);
  if (typeof observed_value === 'number') assert.ok(near(check?.observed, observed_value), String(check?.observed));
}
