import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Unreadable } from '../../server/src/world';
import { columnOf, drift } from './drifting';
import { csv, normal, repeated } from './samples';

const STATISTICS = 'test/fixtures/drift/tfdv-statistics';
const PAIRS = 'test/fixtures/drift/pairs';
const folder = mkdtempSync(join(tmpdir(), 'plumbline-tfdv-'));

interface Golden {
  readonly case: string;
  readonly column: string;
  readonly type: 1 | 2;
  readonly value: number;
}

const { results }: { readonly results: readonly Golden[] } = JSON.parse(
  readFileSync('test/fixtures/drift/tfdv-1.16.1.json', 'utf8'),
);
const cases = readdirSync(STATISTICS).flatMap((file) => (file.endsWith('.pbtxt') ? [file.slice(0, -6)] : []));

function written(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const kept = (pair: string, preset: string, suffix = 'pbtxt') =>
  drift(`${STATISTICS}/${pair}.${suffix}`, `${PAIRS}/${pair}/current.parquet`, { preset });

describe('drift against statistics of TensorFlow Data Validation', function () {
  this.timeout(60_000);

  for (const pair of cases)
    it(`measures of ${pair} what TFDV itself measures`, async () => {
      const report = await kept(pair, 'tfdv');
      const vertex = await kept(pair, 'vertex');
      const both = report.columns.filter(({ moved }) => moved !== 'column new');
      assert.ok(both.length > 0);
      for (const { column } of both) {
        const golden = results.find((one) => one.case === pair && one.column === column);
        assert.ok(golden, `${column} is in the golden file`);
        for (const { statistic, method, reason } of [columnOf(report, column ?? ''), columnOf(vertex, column ?? '')]) {
          assert.equal(method, golden.type === 1 ? 'l-infinity' : 'jensen-shannon', `${column}: ${reason}`);
          const difference = Math.abs(Number(statistic) - golden.value);
          assert.ok(difference <= Math.max(1e-9 * golden.value, 1e-13), `${column}: ${statistic} for ${golden.value}`);
        }
      }
    });

  it('reads the message and the record as the text', async () => {
    for (const pair of ['nulls', 'unequal']) {
      const [text, message, record] = await Promise.all(
        ['pbtxt', 'pb', 'tfrecord'].map((suffix) => kept(pair, 'tfdv', suffix)),
      );
      assert.ok((text?.columns.length ?? 0) > 1);
      for (const other of [message, record]) {
        assert.deepEqual(other?.columns, text?.columns);
        assert.equal(other?.reference.rows, text?.reference.rows);
      }
    }
  });

  it('tells rows, gaps, mean and median as they were kept', async () => {
    const x = columnOf(await kept('nulls', 'tfdv'), 'x').reference;
    const data = await drift(`${PAIRS}/nulls/reference.parquet`, `${PAIRS}/nulls/current.parquet`, { preset: 'tfdv' });
    const { reference } = columnOf(data, 'x');
    assert.deepEqual([x.rows, x.nulls], [reference.rows, reference.nulls]);
    assert.ok(Math.abs(Number(x.mean) - Number(reference.mean)) < 1e-9);
    assert.ok(Math.abs(Number(x.median) - Number(reference.median)) < 0.01);
    // TFDV's median is a value of the column, ours between two of them.
    const moved = columnOf(await kept('nulls', 'tfdv'), 'x').moved ?? '';
    assert.match(moved, /^median −?0\.0\d+ → /);
    const outside = async (ref: string) =>
      (await drift(ref, `${PAIRS}/nulls/current.parquet`, { preset: 'tfdv' })).diagnosis?.range;
    assert.deepEqual(await outside(`${STATISTICS}/nulls.pbtxt`), await outside(`${PAIRS}/nulls/reference.parquet`));
  });

  it('says in other presets how little a histogram tells of numbers, and judges texts, whose counts are whole', async () => {
    const report = await kept('model_scores', 'plumbline');
    const [score, segment] = [columnOf(report, 'y_pred_proba'), columnOf(report, 'segment')];
    assert.equal(score.drifted, null);
    assert.match(score.reason ?? '', /off by 1\d % of the rows/);
    const error = Number(score.parameters.referenceRankError);
    assert.ok(error > 0.01 && error < 0.2);
    const data = await drift(`${PAIRS}/model_scores/reference.parquet`, `${PAIRS}/model_scores/current.parquet`);
    assert.equal(segment.statistic, columnOf(data, 'segment').statistic);
    assert.equal(segment.drifted, columnOf(data, 'segment').drifted);
  });

  it('has no rank further off than it says', async () => {
    for (const [pair, name] of [
      ['unequal', 'gamma'],
      ['heavy_tails', 'price'],
      ['nulls', 'x'],
    ] as const) {
      const methods = { [name]: 'ks' };
      const near = await drift(`${STATISTICS}/${pair}.pbtxt`, `${PAIRS}/${pair}/reference.parquet`, { methods });
      const { statistic, parameters } = columnOf(near, name);
      assert.ok(Number(statistic) > 0);
      assert.ok(Number(statistic) <= Number(parameters.referenceRankError), `${name}: ${statistic}`);
    }
  });

  it('compares zeros and ones with booleans', async () => {
    const report = await kept('bools_dates', 'tfdv');
    assert.equal(columnOf(report, 'shift').method, 'jensen-shannon');
    const own = columnOf(await kept('bools_dates', 'plumbline'), 'shift');
    const data = await drift(`${PAIRS}/bools_dates/reference.parquet`, `${PAIRS}/bools_dates/current.parquet`);
    assert.deepEqual(
      [own.statistic, own.drifted],
      [columnOf(data, 'shift').statistic, columnOf(data, 'shift').drifted],
    );
  });

  it('says which values are missing where only the most frequent are kept', async () => {
    const text = readFileSync(`${STATISTICS}/cat_low.pbtxt`, 'utf8').replace('unique: 7', 'unique: 70');
    const path = written('cut.pbtxt', text);
    const current = `${PAIRS}/cat_low/current.parquet`;
    assert.match(columnOf(await drift(path, current), 'week').reason ?? '', /only the 7 most frequent values/);
    assert.equal(columnOf(await drift(path, current, { preset: 'tfdv' }), 'week').method, 'l-infinity');
    const asked = await drift(`${STATISTICS}/ties.pbtxt`, `${PAIRS}/ties/current.parquet`, {
      preset: 'tfdv',
      types: { score: 'categorical' },
    });
    assert.match(columnOf(asked, 'score').reason ?? '', /no counts of its values/);
  });

  it('takes all examples of several slices, and asks for one where there are none', async () => {
    const current = csv({ kind: repeated({ a: 30, b: 30 }) });
    const slice = (name: string, of: string) =>
      `datasets { name: "${name}" num_examples: 60 features { name: "kind" type: STRING string_stats { common_stats { num_non_missing: 60 } unique: 1 rank_histogram { buckets { label: "${of}" sample_count: 60 } } } } }\n`;
    const both = written('slices.textproto', slice('land_FR', 'b') + slice('All Examples', 'a'));
    assert.equal(columnOf(await drift(both, current, { preset: 'tfdv' }), 'kind').statistic, 0.5);
    const none = written('no-slices.textproto', slice('land_FR', 'b') + slice('land_DE', 'a'));
    await assert.rejects(drift(none, current), refused(/"land_FR", "land_DE" and none of "All Examples"/));
  });

  it('tells what is broken and what mends it', async () => {
    const current = csv({ x: normal(50, 0, 1, 1) });
    const text = readFileSync(`${STATISTICS}/nulls.pbtxt`, 'utf8');
    await assert.rejects(
      drift(written('half.pbtxt', text.slice(0, 5000)), current),
      refused(/half\.pbtxt is broken at line \d+: This message is not closed/),
    );
    const message = readFileSync(`${STATISTICS}/unequal.pb`);
    await assert.rejects(drift(written('half.pb', message.subarray(0, 900)), current), refused(/it is cut off/));
    const record = readFileSync(`${STATISTICS}/unequal.tfrecord`);
    await assert.rejects(
      drift(written('half.tfrecord', record.subarray(0, 900)), current),
      refused(/looks like a TFRecord of statistics and is cut off/),
    );
    await assert.rejects(
      drift(written('twice.tfrecord', Buffer.concat([record, record])), current),
      refused(/holds several records/),
    );
    await assert.rejects(
      drift(written('schema.pbtxt', 'feature { name: "x" type: FLOAT }'), current),
      refused(/no format that Plumbline reads/),
    );
    await assert.rejects(drift(written('empty.pbtxt', 'datasets {'), current), refused(/broken at line 1/));
    await assert.rejects(
      drift(
        written(
          'noise.bin',
          Uint8Array.from({ length: 4096 }, (_, i) => (i * 7919 + 13) % 251),
        ),
        current,
      ),
      refused(/no format that Plumbline reads/),
    );
    const none = written('bare.pbtxt', 'datasets { num_examples: 9 features { name: "x" type: FLOAT num_stats { } } }');
    assert.match(columnOf(await drift(none, current), 'x').reason ?? '', /keeps no histogram of this column/);
  });
});

const refused =
  (message: RegExp) =>
  (error: unknown): boolean => {
    assert.ok(error instanceof Unreadable, String(error));
    assert.match(error.message, message);
    return true;
  };
