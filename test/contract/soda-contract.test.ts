import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { convert } from '../../server/src/contract/convert';
import { odcs } from '../../server/src/contract/dialects/odcs';
import { soda } from '../../server/src/contract/dialects/soda';
import { dialectOf } from '../../server/src/contract/recognise';
import { limitIn, limitOfKeys } from '../../server/src/contract/soda/threshold';
import { glanceOf } from '../../server/src/glance';
import { sodaCheck } from '../../server/src/rules/members/soda-check';
import { parseText } from '../../server/src/text/parse';

const home = 'test/fixtures/contract/soda/generate';
const read = (text: string) => soda.read(parseText('contract.yml', text));

describe('contracts of Soda', () => {
  it('are known by their dataset or their sections, and other YAML is left alone', () => {
    for (const [text, is] of [
      ['dataset: shop/main/orders\ncolumns:\n  - name: id\n', true],
      ['dataset: orders\nchecks:\n  - type: rows_exist\n', true],
      ['checks:\n  - row_count:\ndataset: shop/orders\n', true],
      ['checks for orders:\n  - row_count > 0\n', true],
      ['checks for orders [daily]:\n  - row_count > 0\n', true],
      ['columns:\n  - name: id\nchecks:\n  - build\n', false],
      ['dataset: mnist\nchecks: {lint: true}\n', false],
      ['dataset: mnist\ncolumns: 3\n', false],
      ['dataset: mnist\nchecks:\n  - lint\n', false],
      ['version: 2\nmodels:\n  - name: a\n    columns:\n      - name: b\n', false],
      ['jobs:\n  checks for orders:\n    steps: []\n', false],
    ] as const) {
      assert.equal(dialectOf('any.yml', parseText('any.yml', text))?.id === 'soda', is, text);
      if (is) assert.equal(glanceOf('any.yml', text), 'contract', text);
    }
    assert.equal(glanceOf('ci.yml', 'jobs:\n  checks:\n    steps: []\n'), undefined);
  });

  it('give tables with each check at its place', () => {
    const text = readFileSync(`${home}/checks.yml`, 'utf8');
    const contract = read(text);
    assert.deepEqual(
      contract.tables.map(({ name, described, rules }) => [name, described, rules.length]),
      [
        ['orders', true, 42],
        ['customers', true, 0],
      ],
    );
    const [table] = contract.tables;
    const fresh = table?.rules.find(({ node }) => String(node.entries[0]?.key.value) === 'freshness(updated_at) < 1d');
    assert.match(text.slice(fresh?.node.span.start), /^freshness\(updated_at\) < 1d:/);
    assert.equal(table?.rules.at(-1)?.filter, "updated_at > '2026-01-04'");
    assert.ok(table?.columns.some(({ name }) => name === 'updated_at'));
  });

  it('hand what a column says of its values to its checks', () => {
    const [table] = read(readFileSync(`${home}/contract.yml`, 'utf8')).tables;
    const country = table?.columns.find(({ name }) => name === 'country');
    assert.deepEqual(
      country?.rules.map(({ implementation }) => implementation),
      [
        { missing: { missing_values: ['N/A'], name: 'c15', threshold: { must_be: 1 } } },
        { invalid: { missing_values: ['N/A'], name: 'c16', valid_length: 2 } },
      ],
    );
  });

  it('become facts, metrics and queries of ODCS', () => {
    const contract = read(
      'dataset: shop/t\ncolumns:\n  - name: a\n    data_type: varchar\n    checks:\n      - missing:\n      - invalid: {valid_values: [x, y], valid_min_length: 1}\n      - aggregate: {function: max_length, threshold: {must_be: 1, level: warn}}\nchecks:\n  - row_count:\n',
    );
    const { text, losses } = convert(contract, odcs);
    assert.deepEqual(losses, []);
    for (const part of [
      'required: true',
      'minLength: 1',
      'metric: rowCount',
      'severity: warning',
      'max(length({property}))',
    ])
      assert.ok(text.includes(part), `${part} is missing in\n${text}`);
    assert.doesNotMatch(text, /soda/);
  });

  it('survive what is broken', () => {
    for (const text of [
      'dataset: x\ncolumns: [1, {name: }, {name: a, checks: [null, 3, {}]}]\nchecks: [x, [y]]\n',
      'checks for x: []',
      '',
    ])
      assert.doesNotThrow(() => [...sodaCheck.check(read(text))]);
  });
});

describe('thresholds of Soda', () => {
  it('are read from words', () => {
    assert.deepEqual(limitIn('between (1 and 9]'), [
      ['mustBeGreaterThan', 1],
      ['mustBeLessOrEqualTo', 9],
    ]);
    assert.deepEqual(limitIn('not between 1 and 9'), [['mustNotBeBetween', [1, 9]]]);
    assert.deepEqual(limitIn('< 5 %'), [['mustBeLessThan', 5]]);
    assert.equal(typeof limitIn('between 9 and 1'), 'string');
    assert.equal(typeof limitIn('about 3'), 'string');
  });

  it('are read from keys', () => {
    assert.deepEqual(limitOfKeys({ must_be_not_between: { greater_than: 9, less_than: 1 } }), [
      ['mustNotBeBetween', [1, 9]],
    ]);
    assert.equal(typeof limitOfKeys({ must_be_between: { greater_than: 9, less_than: 1 } }), 'string');
    assert.equal(typeof limitOfKeys({ must_be: 1, must_not_be: 2 }), 'string');
    assert.equal(limitOfKeys({ metric: 'percent' }), undefined);
  });
});

describe('checks of Soda as they are written', () => {
  const found = (text: string) => {
    const contract = read(text);
    return sodaCheck.check(contract).map(({ span, message, fix }) => {
      const edit = fix?.edits[0];
      return [contract.tree.text.slice(span.start, span.end), message, edit?.text] as const;
    });
  };
  const at = (check: string) => `dataset: shop/t\ncolumns:\n  - name: country\n    checks:\n      - ${check}\n`;

  for (const [check, place, message, meant] of [
    ['mising: {threshold: {must_be: 0}}', 'mising', /no metric/, 'missing'],
    ['missing: {treshold: {must_be: 0}}', 'treshold', /has no "treshold"/, 'threshold'],
    ['missing: {threshold: {must_be_les_than: 0}}', 'must_be_les_than', /no "must_be_les_than"/, 'must_be_less_than'],
    ['missing: {threshold: {must_be: 0, level: wran}}', 'wran', /no level/, undefined],
    ['aggregate: {function: avg}', 'aggregate', /needs a threshold/, undefined],
    ['aggregate: {function: avgg, threshold: {must_be: 1}}', 'avgg', /no function/, undefined],
    ['invalid: {valid_min: 5, valid_max: 1}', 'valid_min', /swap/, undefined],
    ['invalid:', 'invalid', /what is valid/, undefined],
    ['missing: {threshold: {must_be: 0, must_not_be: 3}}', 'threshold', /one comparison/, undefined],
    ['type: no_mising_values', 'no_mising_values', /no check of Soda/, 'no_missing_values'],
    ['type: missing_count', 'type', /needs a threshold/, undefined],
  ] as const)
    it(`${check} is told at ${place}`, () => {
      const [only, ...others] = found(at(check));
      assert.deepEqual(others, []);
      assert.equal(only?.[0], place);
      assert.match(only?.[1] ?? '', message);
      if (meant !== undefined) assert.equal(only?.[2], meant);
    });

  it('name columns that are there', () => {
    const [only] = found(`${at('missing:')}checks:\n  - duplicate: {columns: [country, contry]}\n`);
    assert.deepEqual(only?.slice(0, 1), ['contry']);
    assert.equal(only?.[2], 'country');
  });

  it('tell keys of the contract that are nearly right, and leave sound ones alone', () => {
    assert.deepEqual(
      found('dataset: shop/t\ndescripton: x\ncolumns:\n  - name: a\n    data_typ: int\n').map(([place, , meant]) => [
        place,
        meant,
      ]),
      [
        ['descripton', 'description'],
        ['data_typ', 'data_type'],
      ],
    );
    for (const file of ['checks.yml', 'contract.yml'])
      assert.deepEqual(found(readFileSync(`${home}/${file}`, 'utf8')), [], file);
  });
});
