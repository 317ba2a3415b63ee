import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { convert, inOdcsTerms } from '../../server/src/contract/convert';
import { pandera } from '../../server/src/contract/dialects/pandera';
import { pandera as engine, partsOf } from '../../server/src/contract/rule-engines/pandera';
import { glanceOf } from '../../server/src/glance';
import { validate } from '../../server/src/schema/validate';
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

  const recorded: readonly { readonly case: string; readonly schema: unknown; readonly refused?: string }[] =
    JSON.parse(readFileSync('test/fixtures/contract/pandera/verdicts.json', 'utf8'));
  const findingsOf = (schema: unknown) => validate(parseText('schema.json', JSON.stringify(schema)), 'pandera-0');

  it('that pandera loads have nothing wrong, but for keys that it drops', () => {
    const wrong = recorded.filter(({ schema, refused }) => refused === undefined && findingsOf(schema).length > 0);
    assert.deepEqual(
      wrong.map((one) => one.case),
      ['a key that is no check'],
    );
  });

  it('that pandera does not load are told of, where a key or an argument is at fault', () => {
    const silent = recorded.filter(({ schema, refused }) => refused !== undefined && findingsOf(schema).length === 0);
    // Bounds that are both null, and a check by groups, are told when they run.
    assert.deepEqual(
      silent.map((one) => one.case),
      ['code {"str_length": {"min_value": null, "max_value": null}}', 'groups'],
    );
  });

  it('are read however pandera saves them, and have nothing wrong', () => {
    for (const name of ['saved.yaml', 'saved-whole.yaml']) {
      const saved = parseText(name, readFileSync(`test/fixtures/contract/pandera/${name}`, 'utf8'));
      assert.ok(pandera.recognises(name, saved));
      assert.equal(glanceOf(name, saved.text), 'contract');
      assert.deepEqual(validate(saved, 'pandera-0'), []);
      const [made] = pandera.read(saved).tables;
      const said = made?.columns.map((column) => [
        column.name,
        column.rules.map(({ implementation }) => partsOf(implementation).check),
      ]);
      assert.deepEqual(said, [
        ['a', ['field_uniqueness', 'in_range', 'isin']],
        ['b', ['str_length']],
        ['c', ['dtype', 'equal_to']],
        ['d', ['greater_than_or_equal_to']],
      ]);
      const keys = made?.rules.map(({ implementation }) => partsOf(implementation)).filter(({ columns }) => columns[0]);
      assert.deepEqual(
        keys?.map(({ columns }) => columns),
        [['a', 'b'], ['b']],
      );
    }
  });

  it('that are broken give what can be read', () => {
    for (const broken of [
      'schema_type: dataframe\ncolumns:',
      'schema_type: dataframe\ncolumns: 3\nunique: {a: b}\nchecks: [1, {options: 3}]',
      'schema_type: dataframe\ncolumns: {a: , b: [1], c: {checks: {in_range: , isin: }, unique: [1], dtype: [a]}}',
      'schema_type: dataframe\ncolumns: [a, {name: [x, y]}, {name: z, checks: 3}]\nindex: x',
      'schema_type: dataframe\ncolumns: {a: {checks: [',
    ]) {
      const contract = pandera.read(parseText('s.yaml', broken));
      assert.doesNotThrow(() => convert(contract, pandera));
      assert.doesNotThrow(() => pandera.beyond?.(contract.tree));
    }
  });

  it('are written so that they say the same again, each loss at its place', () => {
    const source = `schema_type: dataframe
columns:
  id: {dtype: int64, unique: true, checks: {ge: 1, lt: 9}}
  code: {dtype: str, nullable: true, required: false, isin: [a, b], checks: null}
  day: {dtype: 'datetime64[ns]', checks: [{value: 3, options: {check_name: ours}}]}
strict: filter
unique: [[id, day], [code]]
ordered: true
`;
    const contract = pandera.read(parseText('s.yaml', source));
    const { text: written, losses } = convert(contract, pandera);
    assert.equal(
      written,
      `schema_type: dataframe
columns:
  id:
    dtype: int64
    nullable: false
    unique: true
    checks:
      greater_than_or_equal_to: 1
      less_than: 9
  code:
    dtype: str
    nullable: true
    required: false
    checks:
      isin:
        - a
        - b
  day:
    dtype: datetime64[ns]
    nullable: false
    checks:
      ours:
        value: 3
        options:
          check_name: ours
checks: null
index: null
name: schema
strict: false
ordered: true
unique:
  - - id
    - day
  - - code
`,
    );
    assert.deepEqual(
      losses.map(({ message }) => message),
      [
        '"required" is left out: it has no place in a pandera schema.',
        '"strict" is left out: it has no place in a pandera schema.',
      ],
    );
  });
});
