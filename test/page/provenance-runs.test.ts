import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { curvesOf, thinned } from '../../client/page/provenance/compare/curves';
import { changeOf, differencesOf } from '../../client/page/provenance/compare/differences';
import { letterOf } from '../../client/page/provenance/compare/letters';
import { sentenceOf } from '../../client/page/provenance/compare/sentence';
import { readMessage } from '../../client/page/provenance/messages';
import { initialState, readPageState, stateFor } from '../../client/page/provenance/page-state';
import { fieldsOf, usualFields } from '../../client/page/provenance/runs/fields';
import { areSame, compareValues, isBlank, metricText, numberIn } from '../../client/page/provenance/runs/values';
import type { ProvenanceReport, RunDetailsReport, RunReport } from '../../server/src/protocol';

interface Fixture {
  readonly report: ProvenanceReport;
  readonly details: readonly RunDetailsReport[];
}

const { report, details }: Fixture = JSON.parse(readFileSync('test/page/fixtures/provenance.json', 'utf8'));

const [template] = report.runs;
assert.ok(template);
const run = (change: Partial<RunReport>): RunReport => ({
  ...template,
  commit: 'a'.repeat(40),
  dirty: false,
  params: {},
  metrics: {},
  tags: {},
  datasets: [],
  environment: null,
  ...change,
});

type Dataset = RunReport['datasets'][number];
const dataset = (version: string | null, algorithm: string | null, name = 'calls.csv'): Dataset => ({
  name,
  role: 'input',
  version,
  algorithm,
  context: null,
  source: null,
  path: `data/${name}`,
  joinedBy: 'path',
  current: null,
});

const sentence = (...runs: readonly RunReport[]) => sentenceOf(differencesOf(runs));
const samenessOf = (...values: readonly Dataset[]) =>
  differencesOf(values.map((value) => run({ datasets: [value] }))).data.map(({ sameness }) => sameness);

describe('Runs on the page of provenance', () => {
  describe('values', () => {
    it('are numbers however a tracker wrote them', () => {
      assert.deepEqual(['0.10', '1e-3', '-2', ' 7 ', '.5'].map(numberIn), [0.1, 0.001, -2, 7, 0.5]);
      assert.deepEqual(['1.2.3', 'relu', '', 'NaN', '0x10', true, null].map(numberIn), Array(7).fill(undefined));
      assert.ok(areSame('0.10', 0.1));
      assert.ok(!areSame('0.1', '0.01'));
      assert.ok(areSame([8, 4], [8, 4]));
      assert.ok(!areSame(undefined, ''.padEnd(1)));
    });

    it('sort as numbers, then as words, and those that are none are told apart', () => {
      const sorted = ['10', 'relu', '9', 0.5, 'layer10', 'layer9'].toSorted(compareValues);
      assert.deepEqual(sorted, [0.5, '9', '10', 'layer9', 'layer10', 'relu']);
      assert.deepEqual([undefined, null, 'NaN', '', 0, 'Infinity'].map(isBlank), [
        true,
        true,
        true,
        true,
        false,
        false,
      ]);
    });

    it('of metrics have four digits, and the names of those that are no number', () => {
      assert.equal(metricText(9.605960099999999), '9.606');
      assert.equal(metricText('NaN'), 'NaN');
      assert.equal(metricText(undefined), '–');
      assert.equal(metricText(143), '143');
    });
  });

  describe('fields', () => {
    it('begin with those that differ, then with those that most runs have', () => {
      const runs = [
        run({ params: { lr: '0.1', epochs: 5, seed: 1, only: 3 }, metrics: { loss: 1 } }),
        run({ params: { lr: 0.1, epochs: 6, seed: 1 }, metrics: { loss: 2 } }),
      ];
      assert.deepEqual(
        fieldsOf(runs).map(({ id }) => id),
        ['params.epochs', 'metrics.loss', 'params.lr', 'params.seed', 'params.only'],
      );
      assert.deepEqual(usualFields(fieldsOf(runs)), ['params.epochs', 'metrics.loss']);
      assert.deepEqual(usualFields(fieldsOf(runs.slice(0, 1))).slice(0, 2), ['params.epochs', 'params.lr']);
    });
  });

  describe('compared', () => {
    it('say at once what changed between two', () => {
      const before = run({ name: 'one', params: { lr: 0.1, depth: 3, act: 'relu' }, metrics: { loss: 0.5, auc: 0.9 } });
      const after = run({
        name: 'two',
        commit: 'b'.repeat(40),
        params: { lr: 0.01, act: 'relu', extra: true },
        metrics: { loss: 0.4, auc: 0.9 },
      });
      assert.equal(
        sentence(before, after),
        'two differs from one in 3 of 4 parameters (depth 3 → none, extra none → true, lr 0.1 → 0.01) and code (aaaaaaa → bbbbbbb). Metrics: loss 0.5 → 0.4.',
      );
    });

    it('that are the same are said to be', () => {
      const one = run({ name: 'one', metrics: { loss: 1 }, datasets: [dataset('x', 'md5')] });
      assert.equal(
        sentence(one, { ...one, name: 'two' }),
        'two has the parameters, data and code of one. Their metrics are the same.',
      );
    });

    it('never pass for the same when that is not known', () => {
      const one = run({ name: 'one', commit: null, datasets: [dataset('1', 'mlflow-pandas')] });
      const two = run({ name: 'two', datasets: [dataset('2', 'mlflow-pandas')] });
      assert.equal(
        sentence(one, two),
        'two has the parameters, data and code of one as far as is known. It cannot be told whether data/calls.csv is the same and which code each of them ran.',
      );
    });

    it('differ in code by uncommitted changes alone', () => {
      const one = run({ name: 'one' });
      assert.equal(
        sentence(one, { ...one, name: 'two', dirty: true }),
        'two differs from one in code (uncommitted changes in two).',
      );
    });

    it('of more than two give ranges', () => {
      const runs = [3, 1, 2].map((value) =>
        run({ name: `r${value}`, params: { lr: value }, metrics: { loss: value } }),
      );
      assert.equal(sentence(...runs), 'The 3 runs differ in 1 of 1 parameter (lr). Metrics: loss 1 … 3.');
    });

    it('hold data by their hashes, as far as a hash can tell', () => {
      assert.deepEqual(samenessOf(dataset('x', 'md5'), dataset('x', 'md5')), ['same']);
      assert.deepEqual(samenessOf(dataset('x', 'md5'), dataset('y', 'md5')), ['different']);
      assert.deepEqual(samenessOf(dataset('x', 'md5'), dataset('x', 'sha256')), ['unknown']);
      assert.deepEqual(samenessOf(dataset('x', 'md5'), dataset(null, 'md5')), ['unknown']);
      assert.deepEqual(samenessOf(dataset('x', 'mlflow-pandas'), dataset('x', 'mlflow-pandas')), ['same']);
      assert.deepEqual(samenessOf(dataset('x', 'mlflow-pandas'), dataset('y', 'mlflow-pandas')), ['unknown']);
      assert.deepEqual(samenessOf(dataset('x', 'md5'), dataset('x', 'md5', 'other.csv')), ['partly', 'partly']);
    });

    it('have changes of metrics against the first', () => {
      assert.equal(changeOf(6, 9), -3);
      assert.equal(changeOf('NaN', 9), undefined);
      assert.equal(changeOf(undefined, 9), undefined);
    });

    it('have letters', () => {
      assert.deepEqual([0, 25, 26, 27, 52].map(letterOf), ['A', 'Z', 'AA', 'AB', 'BA']);
    });

    it('have curves of the metrics with a course in some run', () => {
      const byId = new Map(details.map((one) => [one.id, one]));
      const two = report.runs.filter(({ id, name }) => byId.has(id) && name?.startsWith('lr-'));
      const curves = curvesOf(two, byId);
      assert.deepEqual(
        curves.map(({ metric, curves: own }) => [metric, own.map(({ letter, points }) => `${letter}${points.length}`)]),
        [['loss', ['A5', 'B5']]],
      );
      assert.equal(thinned([1, 2, 3, 4, 5, 6, 7], 3).length, 3);
      assert.equal(thinned([1, 2, 3, 4, 5, 6, 7, 8], 3).at(-1), 8);
    });
  });

  describe('messages of the panel', () => {
    it('are taken when they have their shape', () => {
      const [first] = details;
      const messages = [
        { type: 'report', report },
        { type: 'report', report, focus: { view: 'compare', runs: ['a', 'b'] } },
        { type: 'details', details: first },
        { type: 'running', title: 'Reading', progress: { message: '' } },
        { type: 'failed', title: 'x', message: 'y' },
      ];
      for (const message of messages) assert.equal(readMessage(message), message, message.type);
    });

    it('are left alone when they have not', () => {
      const broken = { ...report, runs: [{ id: 1 }] };
      const others: readonly unknown[] = [
        null,
        { type: 'toString' },
        { type: 'report' },
        { type: 'report', report: broken },
        { type: 'report', report, focus: { view: 'constructor' } },
        { type: 'report', report, focus: { view: 'compare' } },
        { type: 'details', details: { id: 'x', histories: { loss: [{}] }, places: {}, artifacts: [] } },
      ];
      for (const other of others) assert.equal(readMessage(other), undefined, JSON.stringify(other)?.slice(0, 60));
    });
  });

  describe('state of the page', () => {
    it('is read whatever was kept', () => {
      for (const kept of [undefined, 7, { view: 'nowhere', chosen: 'x', fields: 3 }])
        assert.deepEqual(readPageState(kept), initialState);
      assert.equal(readPageState({ view: 'compare' }).view, 'compare');
    });

    it('stays for the same target, but for runs that are gone', () => {
      const [first, second] = report.runs;
      assert.ok(first && second);
      const keys = [`${first.store}#${first.id}`, `${second.store}#${second.id}`];
      const old = { ...initialState, target: report.target, view: 'compare', chosen: keys } as const;
      assert.deepEqual(stateFor({ ...report, runs: [second] }, undefined, old).chosen, [keys[1]]);
      assert.equal(stateFor(report, undefined, old).view, 'compare');
      assert.deepEqual(stateFor({ ...report, target: '/elsewhere' }, undefined, old).chosen, []);
    });

    it('follows what is to be looked at', () => {
      const [first, second] = report.runs;
      assert.ok(first && second);
      const compared = stateFor(report, { view: 'compare', runs: [second.id, first.id] }, initialState);
      assert.deepEqual(compared.chosen, [`${second.store}#${second.id}`, `${first.store}#${first.id}`]);
      assert.equal(stateFor(report, { view: 'timeline', dataset: 'data/a.csv' }, initialState).dataset, 'data/a.csv');
    });
  });
});
