import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckResult } from '../../server/src/protocol';
import { checkFile } from './checking';

// Some 1,200 expectations with many arguments, and what Great Expectations 1.24.1 said of the same random data with nulls,
// NaN, infinities, texts of several scripts and columns without values: `golden.py` beside the files makes them.
const folder = 'test/fixtures/check/great-expectations/random';
const read = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8'));

interface Golden {
  readonly success?: boolean;
  readonly unexpected_count?: number;
  readonly unexpected_percent?: number;
  readonly observed_value?: unknown;
  /** GX refused the expectation or could not run it. */
  readonly error?: true;
}

interface Wish {
  readonly type: string;
  readonly kwargs: Readonly<Record<string, unknown>>;
}

const wishes: readonly Wish[] = read('suite.json').expectations;
const expected: Readonly<Record<string, readonly Golden[]>> = read('expected.json');

const near = (one: unknown, other: number): boolean =>
  one === other || Math.abs(Number(one) - other) <= 1e-9 * Math.max(1e-9, Math.abs(other));

/** GX 1.x cuts the bounds of a count to whole numbers, so that one value is not less than 1.5; ours are as written. */
const isCut = ({ type, kwargs }: Wish): boolean =>
  type === 'expect_column_unique_value_count_to_be_between' && kwargs.max_value === 1.5 && kwargs.strict_max === true;

/** What differs between a check and GX, in words; undefined when nothing does. */
function difference(check: CheckResult | undefined, golden: Golden): string | undefined {
  if (!check) return 'there is no check';
  if (golden.error) return undefined;
  if ((check.status === 'passed') !== golden.success) return `${check.status} for ${golden.success}: ${check.message}`;
  if (check.status === 'error' || check.status === 'skipped') return `${check.status}: ${check.message}`;
  const { unexpected_count: count, unexpected_percent: percent, observed_value: observed } = golden;
  if (count !== undefined && count !== null && check.unexpectedCount !== count) {
    return `${check.unexpectedCount} unexpected for ${count}`;
  }
  if (typeof percent === 'number' && check.unexpectedPercent !== percent) {
    return `${check.unexpectedPercent} % for ${percent} %`;
  }
  if (typeof observed === 'number' && !near(check.observed, observed)) return `${check.observed} for ${observed}`;
  return quantilesDiffer(check.observed, observed)
    ? `${JSON.stringify(check.observed)} for ${JSON.stringify(observed)}`
    : undefined;
}

function quantilesDiffer(found: CheckResult['observed'], observed: unknown): boolean {
  const { quantiles, values } = (observed ?? {}) as { quantiles?: readonly number[]; values?: unknown };
  if (!quantiles || !Array.isArray(values) || typeof values[0] !== 'number') return false;
  const figures = Object(found) as Readonly<Record<string, unknown>>;
  return !quantiles.every((quantile, index) => near(figures[String(quantile)], Number(values[index])));
}

describe('random suites end as in Great Expectations', () => {
  for (const [name, golden] of Object.entries(expected)) {
    it(`on ${name} of the rows`, async () => {
      const data = { '': join(process.cwd(), folder, `${name}.parquet`) };
      const { report } = await checkFile(join(process.cwd(), folder, 'suite.json'), { job: { data } });
      const found = wishes.flatMap((wish, index) => {
        const { type, kwargs } = wish;
        if (isCut(wish)) return [];
        const words = difference(report.checks[index], golden[index] ?? {});
        return words === undefined ? [] : [`${type} ${JSON.stringify(kwargs)}: ${words}`];
      });
      assert.deepEqual(found, []);
    }).timeout(60_000);
  }
});
