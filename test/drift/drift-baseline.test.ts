import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProfile } from '../../server/src/data/profile';
import type { DriftColumn, DriftJob, DriftReport } from '../../server/src/protocol';
import { baselineText } from '../../server/src/report/baseline';
import { Unreadable } from '../../server/src/world';
import { sequence } from '../random';
import { columnOf, drift, sessionOf } from './drifting';
import { csv, normal, repeated } from './samples';

const folder = mkdtempSync(join(tmpdir(), 'plumbline-baseline-'));
let files = 0;

async function saved(ref: string): Promise<string> {
  const report = await runProfile({ kind: 'profile', ref, folder: process.cwd(), keep: true }, sessionOf());
  return written(baselineText(report));
}

function written(text: string): string {
  const path = join(folder, `${files++}.profile.json`);
  writeFileSync(path, text);
  return path;
}

const PAIRS = 'test/fixtures/drift/pairs';
const sides = (pair: string) => [`${PAIRS}/${pair}/reference.parquet`, `${PAIRS}/${pair}/current.parquet`] as const;

/** What a comparison says, without the words on where it was read from. */
const said = ({ columns, dataset }: DriftReport) => ({ columns, dataset });

describe('drift against a saved baseline', function () {
  this.timeout(60_000);

  for (const pair of [
    'normal_1k',
    'ties',
    'cat_low',
    'cat_new_missing',
    'bools_dates',
    'nulls',
    'nan_inf',
    'constants',
    'tiny_5',
    'model_scores',
    'ints_ref_1001',
    'unicode_text',
  ])
    it(`says of ${pair} what it says of the data, for every preset that keeps no order`, async () => {
      const [reference, current] = sides(pair);
      const baseline = await saved(reference);
      const rows: Readonly<Record<string, string>> = {
        nulls: 'alibi',
        nan_inf: 'alibi',
        tiny_5: 'evidently',
        unicode_text: 'evidently',
      };
      const presets = ['plumbline', 'evidently', 'sagemaker', 'sagemaker@2.1', 'alibi'];
      for (const preset of presets.filter((name) => name !== rows[pair])) {
        const [kept, data] = [await drift(baseline, current, { preset }), await drift(reference, current, { preset })];
        assert.deepEqual(said(kept), said(data), preset);
      }
    });

  it('says what Azure says where no row has a gap, and of one column where some have', async () => {
    for (const pair of ['ties', 'cat_high', 'ints_ref_1000']) {
      const [reference, current] = sides(pair);
      const [kept, data] = [
        await drift(await saved(reference), current, { preset: 'azure' }),
        await drift(reference, current, { preset: 'azure' }),
      ];
      assert.deepEqual(said(kept), said(data), pair);
    }
    const [reference, current] = sides('nulls');
    const baseline = await saved(reference);
    for (const name of ['x', 'k', 'label']) {
      const job = { preset: 'azure', columns: [name] };
      const [kept, data] = [await drift(baseline, current, job), await drift(reference, current, job)];
      assert.equal(columnOf(kept, name).statistic, columnOf(data, name).statistic);
      assert.equal(columnOf(kept, name).drifted, columnOf(data, name).drifted);
    }
    const all = await drift(baseline, current, { preset: 'azure' });
    for (const { drifted, reason } of all.columns) {
      assert.equal(drifted, null);
      assert.match(reason ?? '', /which rows share a gap/);
    }
  });

  it('tells that chunks of rows cannot be cut', async () => {
    const [reference, current] = sides('normal_1k');
    const report = await drift(await saved(reference), current, { preset: 'nannyml' });
    assert.match(report.columns[0]?.reason ?? '', /order/);
    assert.equal(report.columns[0]?.drifted, null);
  });

  it("tells that texts cannot be read row by row, as Evidently's classifier does", async () => {
    const [reference, current] = sides('unicode_text');
    const { drifted, reason } = columnOf(
      await drift(await saved(reference), current, { preset: 'evidently' }),
      'comment',
    );
    assert.equal(drifted, null);
    assert.match(reason ?? '', /row by row/);
  });

  describe('of 100,000 rows', () => {
    const random = sequence(7);
    const many = (shift: number, seed: number) =>
      csv({
        smooth: normal(100_000, shift, 1, seed),
        grades: Array.from({ length: 100_000 }, () => Math.floor(random() * 7)),
        spiky: normal(100_000, shift, 1, seed + 1).map((value) => Math.max(value, 0)),
        name: Array.from({ length: 100_000 }, () => `n${Math.floor(random() * 5000)}`),
      });
    let reference = '';
    let current = '';
    let baseline = '';

    before(async () => {
      [reference, current] = [many(0, 1), many(0.2, 3)];
      baseline = await saved(reference);
    });

    const both = async (job: Partial<DriftJob>, name: string): Promise<readonly [DriftColumn, DriftColumn]> => {
      const wishes = { columns: [name], ...job };
      return [
        columnOf(await drift(baseline, current, wishes), name),
        columnOf(await drift(reference, current, wishes), name),
      ];
    };

    it('is small', () => {
      const size = readFileSync(baseline).length;
      assert.ok(size < 250_000, String(size));
    });

    it('keeps few values whole, however many rows have them', async () => {
      const [kept, data] = await both({}, 'grades');
      assert.deepEqual(kept, data);
    });

    for (const name of ['smooth', 'spiky'])
      it(`measures ${name} within the bound that it states`, async () => {
        const [kept, data] = await both({ preset: 'evidently', methods: { [name]: 'ks' } }, name);
        const bound = Number(kept.parameters.referenceRankError);
        assert.ok(bound > 0 && bound <= 1 / 2048, String(bound));
        assert.ok(Math.abs(Number(kept.statistic) - Number(data.statistic)) <= bound);
        const [far, exact] = await both({}, name);
        assert.equal(far.method, 'wasserstein');
        assert.ok(
          Math.abs(Number(far.statistic) - Number(exact.statistic)) < 0.001,
          `${far.statistic} ${exact.statistic}`,
        );
        assert.equal(far.drifted, exact.drifted);
      });

    it("measures SageMaker's distance within its bound and that of the sketches", async () => {
      const [kept, data] = await both({ preset: 'sagemaker@2.1' }, 'smooth');
      const bound =
        Number(kept.parameters.referenceRankError) +
        Number(kept.parameters.sketchError) +
        Number(data.parameters.sketchError);
      const apart = Math.abs(Number(kept.statistic) - Number(data.statistic));
      assert.ok(apart <= bound && bound < 0.1, `${apart} of ${bound}`);
    });

    it('refuses what needs every value', async () => {
      const [kept] = await both({ preset: 'evidently', methods: { smooth: 't-test' } }, 'smooth');
      assert.equal(kept.drifted, null);
      assert.match(kept.reason ?? '', /t-test needs every value/);
      const [names] = await both({}, 'name');
      assert.match(names.reason ?? '', /2050 most frequent/);
    });
  });

  it('refuses segments, an empty profile and a later version', async () => {
    const current = csv({ x: normal(50, 0, 1, 1), kind: repeated({ a: 25, b: 25 }) });
    const baseline = await saved(current);
    const refusal = async (path: string, job: Partial<DriftJob> = {}): Promise<string> => {
      try {
        await drift(path, current, job);
      } catch (error) {
        if (error instanceof Unreadable) return error.message;
        throw error;
      }
      return assert.fail('It was taken.');
    };
    assert.match(await refusal(baseline, { segmentBy: ['kind'] }), /keeps no rows, which --segment-by needs/);
    const text = readFileSync(baseline, 'utf8');
    assert.match(await refusal(written(text.replace('"baseline":1', '"baseline":2'))), /baseline of version 2/);
    assert.match(await refusal(written(text.replace(',"baseline":1', ''))), /keeps no distributions/);
    assert.match(await refusal(written(text.replace('"values":[', '"values":[1,'))), /damaged/);
    assert.match(
      await refusal(written(text.replace(/("kept":.*?"counts":\[)1,/, (_, head) => `${head}2,`))),
      /damaged/,
    );
    assert.match(await refusal(written(text.replace('"infinite":[0,0]', '"infinite":0'))), /damaged/);
  });

  it('takes an infinite time for none', async () => {
    const times = normal(60, 20_000, 50, 1).map((day) =>
      new Date(Math.floor(day) * 86_400_000).toISOString().slice(0, 10),
    );
    const current = csv({ at: [...times, 'infinity', '-infinity', null], x: normal(63, 0, 1, 2) });
    const [kept, data] = [await drift(await saved(current), current), await drift(current, current)];
    assert.equal(columnOf(data, 'at').type, 'datetime');
    assert.deepEqual(said(kept), said(data));
  });

  it('writes one line a column', async () => {
    const text = readFileSync(await saved(sides('ties')[0]), 'utf8');
    assert.equal(text.trimEnd().split('\n').length, 4 + 2);
    assert.equal(JSON.parse(text).columns.length, 4);
  });
});
