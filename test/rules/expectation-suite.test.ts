import assert from 'node:assert/strict';
import { diagnosticsOf } from '../../server/src/language/diagnostics';

/** Line, severity and message of what is told of a suite. */
const told = (suite: object, path = 'suite.json'): readonly string[] =>
  diagnosticsOf(path, JSON.stringify(suite, null, 1)).diagnostics.map(
    ({ range, severity, message, fix }) =>
      `${range.start.line + 1} ${severity} ${message}${fix === null ? '' : ` [${fix}]`}`,
  );

const suiteOf = (...expectations: readonly object[]) => ({
  name: 'orders',
  expectations,
  meta: { great_expectations_version: '1.24.1' },
});

describe('suites of Great Expectations, as they are written', () => {
  it('are a dialect of their own, in both forms', () => {
    const old = {
      expectation_suite_name: 'orders',
      expectations: [{ expectation_type: 'expect_table_row_count_to_equal', kwargs: { value: 3 }, meta: {} }],
      meta: { great_expectations_version: '0.18.22' },
      data_asset_type: null,
      ge_cloud_id: null,
    };
    for (const suite of [old, suiteOf({ type: 'expect_table_row_count_to_equal', kwargs: { value: 3 } })]) {
      const { dialect, diagnostics } = diagnosticsOf('suite.json', JSON.stringify(suite));
      assert.deepEqual({ dialect, diagnostics }, { dialect: 'great-expectations', diagnostics: [] });
    }
  });
  it('are not what else has a list of that name', () => {
    const { dialect } = diagnosticsOf('life.json', JSON.stringify({ expectations: [{ type: 'high' }] }));
    assert.equal(dialect, null);
  });
  it('name a type that is nearly one', () => {
    assert.deepEqual(told(suiteOf({ type: 'expect_colum_to_exist', kwargs: { column: 'a' } })), [
      '5 warning "expect_colum_to_exist" is no core expectation of Great Expectations, so it is skipped. Did you mean "expect_column_to_exist"? [Change to "expect_column_to_exist"]',
    ]);
  });
  it('name an argument that is nearly one, at its key', () => {
    assert.deepEqual(told(suiteOf({ type: 'expect_column_to_exist', kwargs: { colum: 'a' } })), [
      '7 error expect_column_to_exist has no argument "colum". Did you mean "column"? [Change to "column"]',
    ]);
  });
  it('say which argument is missing, of the wrong kind, or contradicts another', () => {
    const type = 'expect_column_values_to_be_between';
    assert.deepEqual(told(suiteOf({ type, kwargs: { min_value: 1 } })), [
      `5 error ${type} needs the argument "column".`,
    ]);
    assert.deepEqual(told(suiteOf({ type, kwargs: { column: 'a', min_value: 1, mostly: 95 } })), [
      `9 error "mostly" of ${type} must be a number from 0 to 1, not 95.`,
    ]);
    assert.deepEqual(told(suiteOf({ type, kwargs: { column: 'a', min_value: 2, max_value: 1 } })), [
      `8 error "min_value" of ${type} is greater than "max_value", so no value fits.`,
    ]);
    assert.deepEqual(told(suiteOf({ type, kwargs: { column: 'a', min_value: 2, max_value: 2, strict_min: true } })), [
      `8 error The bounds of ${type} are equal and one is strict, so no value fits.`,
    ]);
    assert.deepEqual(told(suiteOf({ type, kwargs: { column: 'a' } })), [
      `5 error ${type} needs "min_value" or "max_value".`,
    ]);
  });
  it('may leave a value to the parameters of a run', () => {
    const kwargs = { column: 'a', min_value: { $PARAMETER: 'low' }, max_value: 1 };
    assert.deepEqual(told(suiteOf({ type: 'expect_column_mean_to_be_between', kwargs })), []);
  });
  it('name a key that is nearly one', () => {
    const entry = { type: 'expect_column_to_exist', kwargs: { column: 'a' }, severty: 'info' };
    assert.deepEqual(told(suiteOf(entry)), [
      '9 warning Great Expectations knows no "severty" here. Did you mean "severity"? [Change to "severity"]',
    ]);
  });
});
