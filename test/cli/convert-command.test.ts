import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { repository, type Scratch } from '../world/repository';
import { plumbline } from './command';

const suite = {
  name: 'orders',
  expectations: [
    { type: 'expect_column_values_to_not_be_null', kwargs: { column: 'id' } },
    { type: 'expect_column_values_to_be_increasing', kwargs: { column: 'id' } },
  ],
  meta: { great_expectations_version: '1.24.1' },
};

/** Sixty rows: keys, a short list, days, a moment, a day as no conversion reads it, something missing. */
const rows = Array.from({ length: 60 }, (_, at) =>
  [
    at + 1,
    ['new', 'paid'][at % 2],
    `2024-01-${10 + (at % 20)}`,
    `${10 + (at % 19)}/12/2024`,
    at % 7 ? at / 4 : '',
  ].join(','),
);
const nested = rows.slice(0, 30).map((_, at) =>
  JSON.stringify({
    id: at,
    address: { city: 'Oslo', 'the zip': at },
    tags: ['a', 'b'],
    lines: [{ sku: 'x', count: at }],
  }),
);

describe('the command line converts and infers contracts', function () {
  this.timeout(60_000);
  let repo: Scratch;
  before(() => {
    repo = repository();
    writeFileSync(repo.at('suite.json'), JSON.stringify(suite));
    writeFileSync(repo.at('orders.csv'), `order_id,state,day,odd_day,price\n${rows.join('\n')}\n`);
    writeFileSync(repo.at('nested.jsonl'), `${nested.join('\n')}\n`);
    writeFileSync(repo.at('empty.csv'), 'a,b\n');
  });
  after(() => repo.remove());
  const run = (...args: readonly string[]) => plumbline(repo.path, ...args);

  it('a suite as a contract, on the standard output and without a loss', async () => {
    const { exit, out, err } = await run('convert', 'suite.json', '--to', 'odcs');
    assert.deepEqual([exit, err], [0, '']);
    assert.match(out, /^apiVersion: v3\.1\.0\nkind: DataContract\nid: orders\n/);
    assert.match(out, /- name: id\n +required: true\n/);
    assert.match(out, /type: expect_column_values_to_be_increasing/);
  });

  it('what is lost, with its place; the contract in a file', async () => {
    const contract = resolve('test/fixtures/contract/conversions/from-orders.odcs.yaml');
    const { exit, out, err } = await run('convert', contract, '--to', 'great-expectations', '--output', 'out.json');
    assert.deepEqual([exit, out], [0, '']);
    assert.match(
      err,
      /from-orders\.odcs\.yaml:39:63 warning convert\/lossy "multipleOf" of column "amount" is left out/,
    );
    assert.equal(JSON.parse(readFileSync(repo.at('out.json'), 'utf8')).name, 'Orders');
  });

  it('one that is of the format already, which is said', async () => {
    const { exit, err } = await run('convert', 'suite.json', '--to', 'great-expectations');
    assert.deepEqual([exit, err], [0, 'suite.json is a Great Expectations suite already; it is written anew.\n']);
  });

  it('nothing to a format that nobody writes, and nothing that is no contract', async () => {
    const unknown = await run('convert', 'suite.json', '--to', 'avro');
    assert.deepEqual([unknown.exit, unknown.out], [2, '']);
    assert.match(unknown.err, /^There is no dialect "avro" to write; --to takes .*great-expectations.*odcs.*\.\n$/);
    const none = await run('convert', 'orders.csv', '--to', 'odcs');
    assert.deepEqual([none.exit, none.out], [2, '']);
    assert.match((await run('convert', 'suite.json')).err, /--to/);
  });

  it('a first contract, which says what a person would and holds on its own data', async () => {
    const { exit, err } = await run('infer', 'orders.csv', 'nested.jsonl', '--output', 'first.odcs.yaml');
    assert.deepEqual([exit, err], [0, '']);
    const text = readFileSync(repo.at('first.odcs.yaml'), 'utf8');
    assert.match(
      text,
      /- name: order_id\n +logicalType: integer\n +physicalType: BIGINT\n +required: true\n +primaryKey: true\n/,
    );
    assert.match(text, /- name: state\n(?:.*\n){7} +- new\n +- paid\n/);
    assert.match(text, /- name: day\n +logicalType: date\n/);
    assert.match(
      text,
      /- name: address\n +logicalType: object\n(?:.*\n)? +properties:\n +- name: city\n +logicalType: string\n/,
    );
    assert.doesNotMatch(text, /- name: price\n +logicalType: number\n +physicalType: \w+\n +required/);
    const checked = await run(
      'check',
      'first.odcs.yaml',
      '--format',
      'json',
      '--data',
      'orders=orders.csv',
      '--data',
      'nested=nested.jsonl',
    );
    const { checks, summary } = JSON.parse(checked.out);
    const notPassed = checks.filter(({ status }: { status: string }) => status !== 'passed');
    assert.deepEqual([checked.exit, notPassed], [0, []]);
    assert.ok(summary.passed > 15);
    assert.deepEqual((await run('lint', 'first.odcs.yaml', '--fail-on', 'warning')).exit, 0);
  });

  it('the same contract each time, of one table with the place of its data', async () => {
    const first = await run('infer', 'nested.jsonl');
    assert.equal((await run('infer', 'nested.jsonl')).out, first.out);
    assert.match(first.out, /type: local\n +path: nested\.jsonl\n/);
  });

  it('a contract of data without rows demands none, and of data that are not there says so', async () => {
    const empty = await run('infer', 'empty.csv');
    assert.equal(empty.exit, 0);
    assert.doesNotMatch(empty.out, /required|rowCount/);
    const gone = await run('infer', 'gone.csv');
    assert.deepEqual([gone.exit, gone.out], [2, '']);
  });

  it('a suite of Great Expectations for data, which passes on them', async () => {
    const { exit } = await run('infer', 'orders.csv', '--to', 'great-expectations', '--output', 'orders.json');
    assert.equal(exit, 0);
    const checked = await run('check', 'orders.json', '--data', 'orders.csv', '--format', 'json');
    const { checks } = JSON.parse(checked.out);
    assert.deepEqual(
      checks.filter(({ status }: { status: string }) => status !== 'passed'),
      [],
    );
  });

  it('a schema of pandera for data, which passes on them', async () => {
    const { exit, err } = await run('infer', 'orders.csv', '--to', 'pandera', '--output', 'orders.yaml');
    assert.equal(exit, 0);
    assert.match(err, /rowCount of table "orders" is left out: pandera has no check for it/);
    const checked = await run('check', 'orders.yaml', '--data', 'orders.csv', '--format', 'json');
    const { checks } = JSON.parse(checked.out);
    assert.ok(checks.length > 10);
    assert.deepEqual(
      checks.filter(({ status }: { status: string }) => status !== 'passed'),
      [],
    );
  });
});
