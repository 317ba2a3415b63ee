import assert from 'node:assert/strict';
import type { CheckReport } from '../../server/src/protocol';
import { csv } from '../../server/src/report/csv';
import { formats } from '../../server/src/report/formats';
import { lineOf, pastRunOf } from '../../server/src/results/record';
import { checkText } from './checking';

/** Values that no report may repeat; each breaks some rule. */
const RAW = ['rawvalue-7391', 'rawvalue-7392', 'rawvalue-7393'] as const;

const gx = (type: string, more = '') =>
  `{type: custom, engine: greatExpectations, implementation: {type: ${type}, kwargs: {column: secret${more}}}}`;

/** Every kind of check that looks at single values or gives one as its figure. */
const rules = [
  '{metric: nullValues, mustBe: 0}',
  '{metric: invalidValues, arguments: {validValues: [x]}, mustBe: 0}',
  '{metric: invalidValues, arguments: {pattern: "^(?!raw)"}, mustBe: 0}',
  '{metric: missingValues, arguments: {missingValues: [null, n/a]}, mustBe: 0}',
  '{metric: duplicateValues, mustBe: 0}',
  '{type: sql, query: "SELECT max({property}) FROM {object}", mustBe: nothing}',
  gx('expect_column_values_to_be_in_set', ', value_set: [x]'),
  gx('expect_column_values_to_match_regex', ', regex: ^x'),
  gx('expect_column_min_to_be_between', ', min_value: zzz'),
  gx('expect_column_max_to_be_between', ', max_value: aaa'),
  gx('expect_column_most_common_value_to_be_in_set', ', value_set: [x]'),
  gx('expect_column_distinct_values_to_equal_set', ', value_set: [x]'),
  '{type: custom, engine: soda, implementation: {name: low, type: invalid_percent, valid_values: [x], mustBe: 0}}',
  '{type: custom, engine: dbt, implementation: {accepted_values: {values: [x]}}}',
  '{type: custom, engine: plumbline, implementation: {drift: {reference: before.csv}}}',
  '{type: custom, engine: plumbline, implementation: {distribution: {shares: {x: 1}, tolerance: 0}}}',
  '{type: custom, engine: plumbline, implementation: {aggregate: {function: distinct, mustBe: 0}}}',
];

const contract = (marked: string) =>
  [
    'apiVersion: v3.1.0',
    'kind: DataContract',
    'id: t',
    'version: 1.0.0',
    'status: active',
    'schema:',
    '  - name: t',
    '    quality:',
    '      - {metric: duplicateValues, arguments: {properties: [secret]}, mustBe: 0}',
    '      - {type: sql, query: "SELECT max(secret) FROM t", mustBe: nothing}',
    '    properties:',
    '      - name: n',
    '        logicalType: integer',
    '        logicalTypeOptions: {maximum: 0}',
    '      - name: secret',
    `        ${marked}`,
    '        logicalType: string',
    '        logicalTypeOptions: {maxLength: 3, minLength: 20, pattern: ^x, format: email}',
    '        unique: true',
    '        primaryKey: true',
    '        required: true',
    '        relationships: [{to: other.id}]',
    '        quality:',
    ...rules.map((rule) => `          - ${rule}`),
    '  - name: other',
    '    properties: [{name: id, logicalType: string}]',
    '',
  ].join('\n');

const files = {
  't.csv': `n,secret\n1,${RAW[0]}\n2,${RAW[0]}\n3,${RAW[1]}\n4,${RAW[2]}\n5,\n`,
  'before.csv': `n,secret\n${'1,x\n'.repeat(50)}`,
  'other.csv': 'id\nx\n',
};

const run = async (marked: string): Promise<CheckReport> => (await checkText(contract(marked), files)).report;

/** What people and machines are given of a report: each format, and what is kept of the run. */
function outputsOf(report: CheckReport): ReadonlyMap<string, string> {
  const written = [...formats, csv].flatMap((format) => {
    const write = () => format.write(report, { color: false, quiet: false });
    try {
      return [[format.id, String(write())] as const];
    } catch {
      return [];
    }
  });
  return new Map([
    ...written,
    ['panel and diagnostics', JSON.stringify(report)],
    ['history', lineOf(pastRunOf(report, { id: 'r', by: 'command-line', refOf: ({ ref }) => ref }))],
  ]);
}

describe('values of a column that is classified as sensitive', function () {
  this.timeout(30_000);

  for (const marked of ['classification: confidential', 'tags: [pii]']) {
    it(`stand in no output (${marked})`, async () => {
      const outputs = outputsOf(await run(marked));
      for (const name of ['text', 'json', 'junit', 'sarif', 'markdown', 'html', 'csv'])
        assert.ok(outputs.has(name), `${name} was not written`);
      for (const [name, text] of outputs)
        for (const value of RAW) {
          const at = text.indexOf(value);
          assert.equal(at, -1, `${name}: ${text.slice(Math.max(0, at - 200), at + 40)}`);
        }
    });
  }

  it('stand there when the column is not, so that they would be found', async () => {
    const report = await run('classification: public');
    const outputs = outputsOf(report);
    for (const name of ['text', 'json', 'junit', 'sarif', 'markdown', 'html', 'csv'])
      assert.ok(
        RAW.some((value) => outputs.get(name)?.includes(value)),
        name,
      );
    const judged = report.checks.filter(({ status }) => status === 'failed').length;
    assert.ok(judged >= 20, `${judged} of ${report.checks.length} checks fail`);
  });
});
