import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { convert, inOdcsTerms } from '../../server/src/contract/convert';
import { greatExpectations } from '../../server/src/contract/dialects/great-expectations';
import { odcs } from '../../server/src/contract/dialects/odcs';
import type { Contract } from '../../server/src/contract/model';
import { parseText } from '../../server/src/text/parse';
import { checkText } from './checking';

// The expectations that ODCS has words for, converted and run as ODCS, against what Great Expectations said of them.
const folder = 'test/fixtures/check/great-expectations/random';
const read = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8'));
const wishes: readonly { readonly type: string; readonly kwargs: object }[] = read('suite.json').expectations;
const expected: Readonly<Record<string, readonly { readonly success?: boolean; readonly error?: true }[]>> =
  read('expected.json');

const suiteOf = (at: number): Contract =>
  greatExpectations.read(parseText('s.json', JSON.stringify({ name: `t${at}`, expectations: [wishes[at]] })));

const tables = wishes.flatMap((_, at) => {
  const { tables: made } = inOdcsTerms(suiteOf(at)).contract;
  return made.filter(({ rules }) => rules.every(({ type }) => type !== 'custom')).map((table) => ({ at, table }));
});

/** GX cuts the bounds of a count to whole numbers, and to Python false is 0; SQL takes no mean of truth values, which is told. */
const isKnown = (at: number): boolean =>
  /unique_value_count.*"max_value":1\.5.*"strict_max":true|mean_to_be_between.*"column":"b"|"column":"b","value_set":\[[01]/.test(
    JSON.stringify(wishes[at]),
  );

describe('expectations said in the terms of ODCS', function () {
  this.timeout(120_000);

  for (const data of ['many', 'one'] as const)
    it(`are judged alike on ${data} rows`, async () => {
      assert.ok(tables.length > 100, `only ${tables.length}`);
      const contract: Contract = { ...suiteOf(0), tables: tables.map(({ table }) => table) };
      const { text } = convert(contract, odcs);
      const file = resolve(folder, `${data}.parquet`);
      const bindings = Object.fromEntries(tables.map(({ table }) => [table.name, 'data.parquet']));
      const { report } = await checkText(text, { 'data.parquet': readFileSync(file) }, { job: { data: bindings } });
      const differing = tables.flatMap(({ at, table }) => {
        const golden = expected[data]?.[at];
        const own = report.checks.filter(
          (check) => check.table === table.name && !['columnPresent', 'columnType'].includes(check.kind),
        );
        if (!golden || golden.error || isKnown(at) || own.length === 0) return [];
        const holds = own.every(({ status }) => status === 'passed');
        return holds === golden.success
          ? []
          : [
              `${JSON.stringify(wishes[at])} ${golden.success}: ${own.map(({ status, message }) => `${status} ${message}`)}`,
            ];
      });
      assert.deepEqual(differing, []);
    });
});
