import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { CheckJob, CheckResult } from '../../server/src/protocol';
import { checkFile, checkFiles } from './checking';

// Values of TensorFlow Data Validation 1.16.1 itself: schemas that it inferred, and the anomalies and distances it found.

interface Golden {
  readonly case: string;
  readonly anomalies: Readonly<Record<string, { readonly reasons: readonly Reason[] }>>;
  readonly drift: Readonly<Record<string, readonly { readonly type: number; readonly value: number }[]>>;
}
interface Reason {
  readonly type: string;
  readonly short: string;
}

const L_INFINITY = 1;
const DIVERGENCE = 2;

function holdGoldens(folder: string, expected: string): void {
  const { results }: { readonly results: readonly Golden[] } = JSON.parse(readFileSync(join(folder, expected), 'utf8'));
  for (const golden of results) {
    it(golden.case, async () => {
      const data = (side: string) => ({ '': resolve(folder, 'data', golden.case, `${side}.parquet`) });
      const job = { data: data('current'), reference: data('reference') };
      const { report } = await checkFile(resolve(folder, 'schemas', `${golden.case}.pbtxt`), { job });
      assert.deepEqual(anomaliesIn(report.checks), anomaliesOf(golden));
      for (const [feature, measures] of Object.entries(golden.drift)) {
        for (const { type, value } of measures) holdFigure(report.checks, feature, type, value);
      }
    });
  }
}

/** `feature TYPE short description`, sorted. */
const anomaliesIn = (checks: readonly CheckResult[]): readonly string[] =>
  checks
    .filter(({ status }) => status !== 'passed')
    .map(({ column, kind, message, status }) => `${column} ${kind} ${status} ${message.split(':')[0]}`)
    .sort();

const anomaliesOf = ({ anomalies }: Golden): readonly string[] =>
  Object.entries(anomalies)
    .flatMap(([feature, { reasons }]) =>
      reasons.map(({ type, short }) => `${feature} ${type} failed ${short.replace(/ between .*/, '')}`),
    )
    .sort();

function holdFigure(checks: readonly CheckResult[], feature: string, type: number, value: number): void {
  const kind = { [L_INFINITY]: 'COMPARATOR_L_INFTY_HIGH', [DIVERGENCE]: 'COMPARATOR_JENSEN_SHANNON_DIVERGENCE_HIGH' }[
    type
  ];
  const check = checks.find(({ column, kind: its }) => column === feature && its === kind);
  const difference = Math.abs(Number(check?.observed) - value);
  assert.ok(difference <= 1e-9 * Math.max(1e-12, value), `${feature} ${kind}: ${check?.observed} for ${value}`);
}

describe('schemas of TFDV end as validate_statistics says', () =>
  holdGoldens('test/fixtures/check/tfdv', 'expected.json'));

const SHARED = '../shared/golden';
if (existsSync(SHARED)) {
  describe('schemas of TFDV end as validate_statistics says, all golden cases', () =>
    holdGoldens(SHARED, 'expected/tfdv-1.16.1.json'));
}

/** A schema of one feature `x` on lines of JSON. */
async function anomaliesFor(
  feature: string,
  rows: readonly object[],
  { job, reference }: { readonly job?: Partial<CheckJob>; readonly reference?: readonly object[] } = {},
): Promise<readonly string[]> {
  const lines = (all: readonly object[]) => all.map((row) => JSON.stringify(row)).join('\n');
  const files = {
    'schema.pbtxt': feature,
    'now.jsonl': lines(rows),
    ...(reference ? { 'before.jsonl': lines(reference) } : {}),
  };
  const { report } = await checkFiles('schema.pbtxt', files, {
    job: { data: { '': 'now.jsonl' }, ...(reference ? { reference: { '': 'before.jsonl' } } : {}), ...job },
  });
  return report.checks.filter(({ status }) => status === 'failed').map(({ kind }) => kind);
}

const x = (inside: string): string => `feature { name: "x" ${inside} }`;
const rowsOf = (values: readonly unknown[]): readonly object[] => values.map((value) => ({ x: value }));

describe('anomalies of a TFDV schema', () => {
  const cases: readonly (readonly [string, string, readonly unknown[], readonly string[]])[] = [
    ['a type as it is', x('type: INT'), [1, 2], []],
    ['an integer in place of a float', x('type: FLOAT'), [1, 2], ['UNEXPECTED_DATA_TYPE']],
    ['an integer in place of a float beside missing values', x('type: FLOAT'), [1, null], []],
    ['text in place of an integer', x('type: INT'), ['a'], ['UNEXPECTED_DATA_TYPE']],
    ['too few', x('type: INT presence { min_count: 3 }'), [1, 2, null], ['FEATURE_TYPE_LOW_NUMBER_PRESENT']],
    [
      'too small a share',
      x('type: INT presence { min_fraction: 1.0 }'),
      [1, 2, null],
      ['FEATURE_TYPE_LOW_FRACTION_PRESENT'],
    ],
    ['a share that is enough', x('type: INT presence { min_fraction: 0.5 }'), [1, null], []],
    ['no value at all', x('type: BYTES presence { min_count: 1 }'), [null, null], ['FEATURE_TYPE_NOT_PRESENT']],
    ['no value where none is asked for', x('type: BYTES presence { min_count: 0 }'), [null], []],
    [
      'a text outside',
      x('type: BYTES string_domain { value: "a" value: "b" }'),
      ['a', 'c'],
      ['ENUM_TYPE_UNEXPECTED_STRING_VALUES'],
    ],
    [
      'a text outside within the mass',
      x('type: BYTES string_domain { value: "a" } distribution_constraints { min_domain_mass: 0.5 }'),
      ['a', 'c'],
      [],
    ],
    ['a domain by name', `string_domain { name: "d" value: ["a", "b"] } ${x('type: BYTES domain: "d"')}`, ['b'], []],
    [
      'an integer below',
      x('type: INT int_domain { min: 0 max: 5 }'),
      [-1, 6],
      ['INT_TYPE_SMALL_INT', 'INT_TYPE_BIG_INT'],
    ],
    ['text that is no integer', x('type: BYTES int_domain {}'), ['1', '1.5'], ['INT_TYPE_NOT_INT_STRING']],
    [
      'a float outside',
      x('type: FLOAT float_domain { min: 0.5 max: 1.5 }'),
      [0.25, 1.75],
      ['FLOAT_TYPE_SMALL_FLOAT', 'FLOAT_TYPE_BIG_FLOAT'],
    ],
    ['a float at its bound in single precision', x('type: FLOAT float_domain { max: 0.1 }'), [0.1, 0.05], []],
    ['an integer that is no boolean', x('type: INT bool_domain {}'), [0, 1, 2], ['BOOL_TYPE_BIG_INT']],
    [
      'text that is no boolean',
      x('type: BYTES bool_domain { true_value: "y" false_value: "n" }'),
      ['y', 'm'],
      ['BOOL_TYPE_UNEXPECTED_STRING'],
    ],
    ['a boolean for an integer', x('type: INT bool_domain {}'), [true, false], []],
    [
      'a list with too few values',
      x('type: INT value_count { min: 2 max: 2 }'),
      [[1, 2], [3]],
      ['FEATURE_TYPE_LOW_NUMBER_VALUES'],
    ],
    [
      'a list with too many values',
      x('type: INT value_count { min: 1 max: 1 }'),
      [[1, 2], [3]],
      ['FEATURE_TYPE_HIGH_NUMBER_VALUES'],
    ],
    [
      'a value of a list outside',
      x('type: BYTES string_domain { value: "a" }'),
      [['a', 'b'], ['a']],
      ['ENUM_TYPE_UNEXPECTED_STRING_VALUES'],
    ],
    ['a shape with a value missing', x('type: INT shape { dim { size: 1 } }'), [1, null], ['INVALID_FEATURE_SHAPE']],
    [
      'a shape of two',
      x('type: INT shape { dim { size: 2 } }'),
      [
        [1, 2],
        [3, 4],
      ],
      [],
    ],
    [
      'too few distinct',
      x('type: BYTES unique_constraints { min: 3 max: 9 }'),
      ['a', 'b'],
      ['FEATURE_TYPE_LOW_UNIQUE'],
    ],
    [
      'a minimum of distinct alone, whose maximum is 0 to TFDV',
      x('type: BYTES unique_constraints { min: 1 }'),
      ['a'],
      ['FEATURE_TYPE_HIGH_UNIQUE'],
    ],
    ['a feature that is retired', x('type: INT deprecated: true presence { min_count: 9 }'), ['a'], []],
    [
      'too few examples',
      `${x('type: INT')} dataset_constraints { min_examples_count: 3 }`,
      [1],
      ['DATASET_LOW_NUM_EXAMPLES'],
    ],
  ];
  for (const [what, schema, values, expected] of cases) {
    it(what, async () => assert.deepEqual(await anomaliesFor(schema, rowsOf(values)), expected));
  }

  it('a column that the schema lacks, and one that the data lack', async () => {
    const rows = [{ x: 1, y: 2 }];
    const schema = `${x('type: INT')} feature { name: "z" type: INT presence { min_count: 1 } }`;
    assert.deepEqual(await anomaliesFor(schema, rows), ['SCHEMA_NEW_COLUMN', 'SCHEMA_MISSING_COLUMN']);
  });

  it('a feature of another environment', async () => {
    const schema = `default_environment: "training" default_environment: "serving" ${x('type: INT')}
      feature { name: "label" type: INT presence { min_count: 1 } not_in_environment: "serving" }`;
    const without = rowsOf([1]);
    const withLabel = [{ x: 1, label: 0 }];
    const serving = { job: { environment: 'serving' } };
    assert.deepEqual(await anomaliesFor(schema, without), ['SCHEMA_MISSING_COLUMN']);
    assert.deepEqual(await anomaliesFor(schema, without, serving), []);
    assert.deepEqual(await anomaliesFor(schema, withLabel, serving), ['SCHEMA_NEW_COLUMN']);
    assert.deepEqual(await anomaliesFor(schema, withLabel, { job: { environment: 'training' } }), []);
  });

  it('data to compare with: distances, a column that is missing there, and the number of examples', async () => {
    const schema = `${x('type: BYTES drift_comparator { infinity_norm { threshold: 0.4 } } skew_comparator { infinity_norm { threshold: 0.6 } }')}
      dataset_constraints { num_examples_drift_comparator { min_fraction_threshold: 0.5 max_fraction_threshold: 1.5 } }`;
    const now = rowsOf(['a', 'b']);
    assert.deepEqual(await anomaliesFor(schema, now, { reference: rowsOf(['a', 'a']) }), ['COMPARATOR_L_INFTY_HIGH']);
    assert.deepEqual(await anomaliesFor(schema, now, { reference: rowsOf(['a']) }), [
      'COMPARATOR_L_INFTY_HIGH',
      'COMPARATOR_HIGH_NUM_EXAMPLES',
    ]);
    assert.deepEqual(await anomaliesFor(schema, now, { reference: [{ y: 1 }, { y: 2 }] }), [
      'COMPARATOR_CONTROL_DATA_MISSING',
      'COMPARATOR_CONTROL_DATA_MISSING',
    ]);
    assert.deepEqual(await anomaliesFor(schema, now), []);
  });
});
