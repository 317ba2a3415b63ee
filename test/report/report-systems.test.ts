import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { DriftReport } from '../../server/src/protocol';
import { evidently } from '../../server/src/report/evidently';
import { sagemaker } from '../../server/src/report/sagemaker';
import { Unreadable } from '../../server/src/world';
import { drift } from '../drift/drifting';
import { csv, normal, repeated } from '../drift/samples';

const options = { color: false, quiet: false };

/** Every number equal to 1e-9, everything else exactly, in the same order of keys. */
function close(got: unknown, wanted: unknown, where = ''): void {
  if (typeof got === 'number' && typeof wanted === 'number') {
    assert.ok(Math.abs(got - wanted) <= 1e-9 * Math.max(1e-6, Math.abs(wanted)), `${where}: ${got} for ${wanted}`);
  } else if (typeof got === 'object' && got !== null && typeof wanted === 'object' && wanted !== null) {
    assert.deepEqual(Object.keys(got), Object.keys(wanted), where);
    for (const [key, value] of Object.entries(wanted))
      close(new Map(Object.entries(got)).get(key), value, `${where}.${key}`);
  } else assert.equal(got, wanted, where);
}

describe("reports in other systems' shapes", function () {
  this.timeout(30_000);

  for (const pair of ['normal_1k', 'model_scores', 'ints_ref_1001'])
    it(`evidently: ${pair} is the snapshot that Evidently 0.7.23 writes`, async () => {
      const [reference, current] = ['reference', 'current'].map(
        (side) => `test/fixtures/drift/pairs/${pair}/${side}.parquet`,
      );
      const report = await drift(reference ?? '', current ?? '', { preset: 'evidently' });
      const snapshot = readFileSync(`test/fixtures/report/evidently-0.7.23-${pair}.json`, 'utf8');
      close(JSON.parse(evidently.write(report, options)), JSON.parse(snapshot));
    });

  it('sagemaker: what drifted and columns of one side, in the keys of constraint_violations.json', async () => {
    const reference = csv({ x: normal(500, 0, 1, 1), kind: repeated({ a: 250, b: 250 }), gone: normal(500, 0, 1, 2) });
    const current = csv({ x: normal(500, 2, 1, 3), kind: repeated({ a: 250, b: 250 }) });
    const report = await drift(reference, current, { preset: 'sagemaker' });
    const { violations } = JSON.parse(sagemaker.write(report, options));
    assert.deepEqual(Object.keys(violations[0]), ['feature_name', 'constraint_check_type', 'description']);
    assert.deepEqual(
      violations.map((one: Record<string, string>) => [one.feature_name, one.constraint_check_type]),
      [
        ['x', 'baseline_drift_check'],
        ['Missing columns', 'missing_column_check'],
      ],
    );
    assert.match(violations[0].description, /^Numerical distance: 0\.\d+ exceeds threshold: 0\.1$/);
    assert.match(violations[1].description, /current dataset: 2, Number of columns in baseline constraints: 3$/);
  });

  it('refuse a report that they have no shape for', () => {
    const report = { verb: 'lint' } as unknown as DriftReport;
    for (const format of [evidently, sagemaker])
      assert.throws(
        () => format.write(report, options),
        (error) => error instanceof Unreadable,
      );
  });
});
