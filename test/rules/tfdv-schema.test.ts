import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { diagnosticsOf } from '../../server/src/language/diagnostics';

/** Line and column, severity, message and fix of what is told of a schema, but for what its monitors need. */
const told = (schema: string): readonly string[] =>
  diagnosticsOf('/schema.pbtxt', schema)
    .diagnostics.filter(({ code }) => code !== 'monitor/not-run')
    .map(
      ({ range: { start }, severity, message, fix }) =>
        `${start.line + 1}:${start.character + 1} ${severity} ${message}${fix === null ? '' : ` [${fix}]`}`,
    );

const feature = (inside: string): string => `feature {\n${inside}\n}`;

describe('schemas of TFDV, as they are written', () => {
  it('are a dialect of their own, by suffix and a feature with a name', () => {
    assert.equal(diagnosticsOf('/schema.pbtxt', feature('name: "a" type: INT')).dialect, 'tfdv');
    assert.equal(diagnosticsOf('/model.pbtxt', 'model_config_list { config { name: "a" } }').dialect, null);
    assert.equal(diagnosticsOf('/schema.yaml', feature('name: "a" type: INT')).dialect, null);
  });

  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    [
      'a sound feature',
      feature('name: "a" type: INT presence { min_fraction: 1.0 min_count: 1 } shape { dim { size: 1 } }'),
      [],
    ],
    [
      'a field that is nearly one',
      feature('name: "a" type: INT prescence { min_count: 1 }'),
      ['2:21 error TFDV\'s schema has no field "prescence" here. Did you mean "presence"? [Change to "presence"]'],
    ],
    [
      'a field below',
      feature('name: "a" type: INT int_domain { minn: 1 }'),
      ['2:34 error TFDV\'s schema has no field "minn" here. Did you mean "min"? [Change to "min"]'],
    ],
    [
      'no name',
      `${feature('name: "a" type: INT')}\n${feature('type: INT')}`,
      ['5:1 error A feature needs a name: add name: "…".'],
    ],
    [
      'no type',
      feature('name: "a"'),
      ['2:7 error A feature needs a type, without which TFDV leaves it out: add type: BYTES, INT, FLOAT, STRUCT.'],
    ],
    [
      'a type that is none',
      feature('name: "a" type: FLAOT'),
      ['2:17 error "FLAOT" is no type of a feature; write BYTES, INT, FLOAT, STRUCT. [Change to "FLOAT"]'],
    ],
    [
      'a domain that is not there',
      `string_domain { name: "city" value: "x" }\n${feature('name: "a" type: BYTES domain: "cty"')}`,
      ['3:31 error There is no string_domain "cty" in this schema. Did you mean "city"? [Change to "city"]'],
    ],
    [
      'a domain of another type',
      feature('name: "a" type: FLOAT int_domain {}'),
      ['2:23 error int_domain is for INT or BYTES, and the feature is FLOAT; TFDV drops the domain.'],
    ],
    [
      'bounds that no value meets',
      feature('name: "a" type: INT int_domain { min: 3 max: 2 }'),
      ['2:41 error max 2 is below min 3, so that no value fits.'],
    ],
    [
      'a share above one',
      feature('name: "a" type: INT presence { min_fraction: 100 }'),
      ['2:46 error A share is from 0 to 1, and 100 is not.'],
    ],
    [
      'a size of nothing',
      feature('name: "a" type: INT shape { dim { size: 0 } }'),
      ['2:41 error The size of a dimension is a number above 0; TFDV drops the shape.'],
    ],
    [
      'a mass of no domain',
      feature('name: "a" type: INT distribution_constraints { min_domain_mass: 0.9 }'),
      ['2:21 error distribution_constraints are for a domain of strings; TFDV drops them here.'],
    ],
    [
      'a least number of values alone',
      feature('name: "a" type: BYTES unique_constraints { min: 3 }'),
      ['2:44 warning A max that is left out is 0 to TFDV, which then finds any number of values too high: add max.'],
    ],
    [
      'a value twice',
      `string_domain { name: "d" value: "x" value: "x" }\n${feature('name: "a" type: BYTES domain: "d"')}`,
      ['1:45 warning "x" is in the domain twice.'],
    ],
    [
      'a measure of another type',
      feature('name: "a" type: INT drift_comparator { infinity_norm { threshold: 0.1 } }'),
      ['2:40 warning TFDV measures no infinity_norm of a feature of type INT; use jensen_shannon_divergence.'],
    ],
    [
      'a name twice',
      `${feature('name: "a" type: INT')}\n${feature('name: "a" type: INT')}`,
      ['5:7 error The column "a" is here twice; give this one a name that is unique.'],
    ],
    ['a feature that is retired', feature('name: "a" deprecated: true'), []],
  ];
  for (const [what, schema, expected] of cases) it(what, () => assert.deepEqual(told(schema), expected));
});

const SHARED = '../shared/golden/schemas';
if (existsSync(SHARED)) {
  describe('schemas that TFDV itself inferred', () => {
    for (const file of readdirSync(SHARED))
      it(`are sound: ${file}`, () => assert.deepEqual(told(readFileSync(join(SHARED, file), 'utf8')), []));
  });
}
