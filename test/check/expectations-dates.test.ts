import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Checked, checkFile } from './checking';

// What Great Expectations said of the same texts: `golden.py` beside the files makes them.
const folder = join(process.cwd(), 'test/fixtures/check/great-expectations/dates');
const read = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8'));

interface Golden {
  readonly error?: true;
  readonly success?: boolean;
  readonly unexpected_count?: number;
  readonly unexpected_percent?: number;
}

const wishes: readonly { readonly kwargs: unknown }[] = read('suite.json').expectations;
const { results }: { readonly results: readonly Golden[] } = read('expected.json');

describe('texts that dateutil reads as dates', () => {
  let checked: Checked;
  before(async function () {
    this.timeout(60_000);
    const job = { data: { '': join(folder, 'texts.parquet') } };
    checked = await checkFile(join(folder, 'suite.json'), { job });
  });

  for (const [index, golden] of results.entries())
    it(`${index} ${JSON.stringify(wishes[index]?.kwargs)}`, () => {
      const check = checked.report.checks[index];
      if (golden.error) return assert.equal(check?.status, 'error', check?.message);
      assert.equal(check?.status, golden.success ? 'passed' : 'failed', check?.message);
      assert.equal(check?.unexpectedCount, golden.unexpected_count);
      assert.equal(check?.unexpectedPercent, golden.unexpected_percent);
    });
});
