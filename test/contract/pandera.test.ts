import assert from 'node:assert/strict';
import { inOdcsTerms } from '../../server/src/contract/convert';
import { pandera } from '../../server/src/contract/dialects/pandera';
import { pandera as engine } from '../../server/src/contract/rule-engines/pandera';
import { glanceOf } from '../../server/src/glance';
import { parseText } from '../../server/src/text/parse';
import { checkFile } from '../check/checking';

const text = `schema_type: dataframe
version: 0.20.4
columns:
  id:
    dtype: int64
    nullable: false
    unique: true
    required: true
    checks:
      in_range: {min_value: 0, max_value: 10, include_min: false, include_max: true}
      ours: {}
  code:
    dtype: string[pyarrow]
    nullable: true
    checks:
    - {value: 'a+', options: {check_name: str_matches, raise_warning: true}}
  ^x_:
    regex: true
  maybe:
    required: false
checks: null
index: null
strict: true
unique: [id, code]
`;

const expected = {
  ' undocumentedColumn': 'failed null',
  'age columnPresent': 'passed null',
  'age columnType': 'passed 0',
  'age greater_than': 'failed 1',
  'age in_range': 'failed 1',
  'age ours': 'skipped null',
  'code columnPresent': 'passed null',
  'code columnType': 'passed null',
  'code required': 'failed 1',
  'code str_length': 'failed 1',
  'code str_matches': 'warning 1',
  'gone columnPresent': 'failed null',
  'gone columnType': 'error null',
};

describe('schemas of pandera', () => {
  const tree = parseText('schema.yaml', text);
  const [table] = pandera.read(tree).tables;
  assert.ok(table);
  const meanings = table.columns.map((column) => column.rules.map((rule) => engine.meaningOf(rule, table, column)));

  it('are recognised by their kind and columns', () => {
    assert.ok(pandera.recognises('schema.yaml', tree));
    assert.equal(glanceOf('schema.yaml', text), 'contract');
    assert.ok(!pandera.recognises('s.yaml', parseText('s.yaml', 'schema_type: dataframe\n')));
    assert.ok(!pandera.recognises('s.yaml', parseText('s.yaml', 'schema_type: series\ncolumns: {}\n')));
  });

  it('say what columns hold', () => {
    const said = table.columns.map(({ name, logicalType, required, optional }) => [
      name,
      logicalType,
      required,
      optional,
    ]);
    assert.deepEqual(said, [
      ['id', 'integer', true, undefined],
      ['code', 'string', false, undefined],
      ['maybe', undefined, true, true],
    ]);
    const [made] = inOdcsTerms(pandera.read(tree)).contract.tables;
    assert.equal(made?.columns[0]?.unique, true);
    const composite = made?.rules.find(({ metric }) => metric === 'duplicateValues');
    assert.deepEqual(composite?.arguments, { properties: ['id', 'code'] });
  });

  it('have checks in both spellings', () => {
    const [[, range, ours] = [], [match] = []] = meanings;
    assert.ok(range && 'rule' in range && ours && 'skipped' in ours && match && 'facts' in match);
    assert.deepEqual(range.rule?.implementation, {
      type: 'expect_column_values_to_be_between',
      kwargs: { min_value: 0, max_value: 10, strict_min: true, strict_max: false },
    });
    assert.deepEqual(match.facts, { options: { pattern: '^(?:a+)' } });
    assert.equal(table.columns[1]?.rules[0]?.severity, 'warning');
  });

  it('tell of columns that are not checked', () => {
    const told = table.rules
      .filter(({ type }) => type === 'custom')
      .map((rule) => engine.meaningOf(rule, table, undefined).kind);
    assert.deepEqual(told, ['regex', 'multiple_fields_uniqueness', 'strict']);
  });

  it('run, with nulls left out', async function () {
    this.timeout(60_000);
    const home = 'test/fixtures/contract/pandera';
    const job = { data: { people: 'people.csv' }, folder: home };
    const { report } = await checkFile(`${home}/people.yaml`, { job });
    const found = report.checks.map(({ kind, column, status, unexpectedCount }) => [
      `${column ?? ''} ${kind}`,
      `${status} ${unexpectedCount}`,
    ]);
    assert.deepEqual(Object.fromEntries(found), expected);
  });
});
