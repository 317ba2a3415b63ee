import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type DigestColumn, pandasDigest } from '../../server/src/stores/trackers/mlflow/digest';

const types: readonly DigestColumn['type'][] = ['int', 'string', 'string', 'float', 'float', 'float'];

function columnsOf(lines: readonly string[]): readonly DigestColumn[] {
  const rows = lines.map((line) => line.split(','));
  const [names = [], ...body] = rows;
  return names.map((name, index): DigestColumn => {
    const words = body.map((row) => row[index] ?? '');
    const type = types[index] ?? 'string';
    return type === 'string' ? { name, type, values: words } : { name, type, values: words.map(Number) };
  });
}

describe("the digest of MLflow's pandas datasets", () => {
  const lines = readFileSync('test/fixtures/provenance/mlflow/port_calls.csv', 'utf8').trim().split(/\r?\n/);

  it('is the one that MLflow 3.17.2 recorded of the same table', () => {
    assert.equal(pandasDigest(columnsOf(lines), 320), '6290b473');
  });

  it('changes with one value, the number of rows and the order of columns', () => {
    const columns = columnsOf(lines);
    assert.notEqual(pandasDigest(columnsOf([...lines.slice(0, -1), '319,tanker,N8,1,1,1']), 320), '6290b473');
    assert.notEqual(pandasDigest(columns, 319), '6290b473');
    assert.notEqual(pandasDigest([...columns].reverse(), 320), '6290b473');
  });
});
