import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkText, tableContract } from './checking';

const contract = tableContract('- name: v\n  logicalType: integer\n  logicalTypeOptions: {maximum: 2}');

/** Three rows as DuckDB writes them with these words of COPY. */
async function written(words: string): Promise<Uint8Array> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-copy-'));
  const instance = await DuckDBInstance.create(':memory:');
  try {
    const connection = await instance.connect();
    const path = join(folder, 'out');
    await connection.run(`COPY (SELECT unnest([1, 2, 3]) AS v) TO '${path}' (${words})`);
    connection.closeSync();
    return readFileSync(path);
  } finally {
    instance.closeSync();
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('data that are compressed or Arrow', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['t.csv.zst', 'FORMAT csv, HEADER, COMPRESSION zstd'],
    ['t.csv.gz', 'FORMAT csv, HEADER, COMPRESSION gzip'],
    ['t.json.gz', 'FORMAT json, COMPRESSION gzip'],
    ['t.json.zst', 'FORMAT json, COMPRESSION zstd'],
  ];
  for (const [name, words] of cases) {
    it(`is read from ${name}, with the row that breaks a rule`, async () => {
      const files = { [name]: await written(words) };
      const { one } = await checkText(contract, files, { job: { data: { t: name } } });
      const check = one({ kind: 'maximum' });
      assert.deepEqual([check.status, check.rows, check.unexpectedCount], ['failed', 3, 1]);
      assert.deepEqual(check.samples, [{ row: 3, values: { v: 3 } }]);
    });
  }

  it('is told what it is and how to mend it', async () => {
    for (const name of ['t.arrow', 't.feather'])
      await assert.rejects(
        checkText(contract, { [name]: 'ARROW1' }, { job: { data: { t: name } } }),
        /t\.(arrow|feather) is an Arrow file, which Plumbline does not read yet\. Write it as Parquet/,
      );
  });
});
