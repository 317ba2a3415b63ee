import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { checkText, tableContract, writeParquet } from './checking';

const names =
  '- {name: id, logicalType: integer, required: true}\n- {name: city, logicalType: string, quality: [{metric: invalidValues, arguments: {validValues: [Tromsø, Zürich]}, mustBe: 0}]}';
const rows = 'id,city\n1,Tromsø\n2,Zürich\n';

type Files = Readonly<Record<string, string | Uint8Array>>;

describe('data in their forms', () => {
  it('a table of 1,500 columns, in several statements of one scan', async () => {
    const columns = Array.from({ length: 1500 }, (_, i) => `c${i}`);
    const row = columns.map((_, i) => (i === 1400 ? 'x' : i % 7)).join(',');
    const properties = columns.map((name) => `- {name: ${name}, logicalType: integer, required: true}`).join('\n');
    const { one, report, statements } = await checkText(tableContract(properties), {
      't.csv': `${columns.join(',')}\n${`${row}\n`.repeat(20)}`,
    });
    assert.equal(report.checks.length, 4500);
    assert.equal(report.summary.failed, 1);
    assert.equal(one({ column: 'c1400', kind: 'columnType' }).observed, 20);
    const widest = Math.max(...statements.map((sql) => sql.split(' AS f').length - 1));
    assert.equal(widest, 300);
    assert.equal(statements.filter((sql) => sql.includes('count(*) AS f0')).length, 1);
  }).timeout(120_000);

  describe('texts that are not in UTF-8', () => {
    const encodings: readonly (readonly [string, Buffer, RegExp | undefined])[] = [
      ['UTF-8', Buffer.from(rows), undefined],
      ['UTF-8 with a mark', Buffer.from(`\ufeff${rows}`), undefined],
      [
        'Latin-1',
        Buffer.from(rows, 'latin1'),
        /^t\.csv is not UTF-8 \(byte 0xF8 in line 2\), but looks like Windows-1252/,
      ],
      ['UTF-16 with a mark', Buffer.from(`\ufeff${rows}`, 'utf16le'), /^t\.csv is UTF-16LE/],
      ['UTF-16 without one', Buffer.from(rows, 'utf16le'), /^t\.csv is UTF-16LE/],
      ['UTF-16 the other way round', Buffer.from(`\ufeff${rows}`, 'utf16le').swap16(), /^t\.csv is UTF-16BE/],
    ];
    for (const [name, bytes, note] of encodings) {
      it(name, async () => {
        const { report } = await checkText(tableContract(names), { 't.csv': bytes });
        assert.deepEqual([report.summary.status, report.summary.error], ['passed', 0]);
        assert.equal(report.data[0]?.rows, 2);
        const [said] = report.data[0]?.notes ?? [];
        if (note) assert.match(said ?? '', note);
        else assert.equal(said, undefined);
      });
    }

    it('a byte that is wrong far down, in a column that no check reads', async () => {
      const good = 'id,city\n'.concat('1,Zürich\n'.repeat(20_000));
      const bytes = Buffer.concat([Buffer.from(good), Buffer.from([0x32, 0x2c, 0xff, 0x0a])]);
      await assert.rejects(
        checkText(tableContract('- {name: id, logicalType: integer, required: true}'), { 't.csv': bytes }),
        /t\.csv is text in UTF-8, but for the byte 0xFF in line 20,002\. /,
      );
    });

    it('a letter that lies across two pieces of a file', async () => {
      const long = `id,city\n${'1,Tromsø\n'.repeat(90_000)}${'2,Tromsøø\n'.repeat(90_000)}`;
      const { one } = await checkText(tableContract(names), { 't.csv': long });
      assert.equal(one({ kind: 'invalidValues' }).observed, 90_000);
    });
  });

  const ab = '- {name: a, logicalType: integer, required: true}\n- {name: b, logicalType: string, required: true}';
  const served = (path: string) =>
    tableContract(ab).replace(
      'schema:',
      `servers: [{server: here, type: local, path: "${path}", format: csv}]\nschema:`,
    );
  const parquet = async (query: string): Promise<Uint8Array> => {
    const folder = mkdtempSync(join(tmpdir(), 'plumbline-form-'));
    try {
      await writeParquet(join(folder, 'x.parquet'), query);
      return readFileSync(join(folder, 'x.parquet'));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };

  describe('files of every form: two rows, of which one leaves "b" empty', () => {
    const forms: readonly (readonly [string, string, () => Promise<Files>])[] = [
      [
        'a pattern over parts that do not all have the column',
        'd/*.csv',
        async () => ({ 'd/1.csv': 'a,b\n1,x\n', 'd/2.csv': 'a\n2\n' }),
      ],
      [
        'Parquet of other types, of which one lacks the column',
        'd/*.parquet',
        async () => ({
          'd/1.parquet': await parquet("SELECT 1 AS a, 'x' AS b"),
          'd/2.parquet': await parquet('SELECT 2::BIGINT AS a'),
        }),
      ],
      [
        'Hive partitions',
        'd/',
        async () => ({
          'd/a=1/x.parquet': await parquet("SELECT 'x' AS b"),
          'd/a=2/x.parquet': await parquet('SELECT NULL::VARCHAR AS b'),
        }),
      ],
      ['gzip', 't.csv.gz', async () => ({ 't.csv.gz': gzipSync('a,b\n1,x\n2,\n') })],
      ['tabs', 't.tsv', async () => ({ 't.tsv': 'a\tb\n1\tx y\n2\t\n' })],
      ['semicolons', 't.csv', async () => ({ 't.csv': 'a;b\n1;"x;y"\n2;\n' })],
      ['JSON by lines', 't.jsonl', async () => ({ 't.jsonl': '{"a":1,"b":"x"}\n{"a":2}\n' })],
      ['an empty file among others', 'd/*.csv', async () => ({ 'd/1.csv': 'a,b\n1,x\n2,\n', 'd/2.csv': '' })],
    ];
    for (const [name, path, files] of forms) {
      it(name, async () => {
        const { one, report } = await checkText(served(path), await files());
        assert.equal(report.data[0]?.rows, 2);
        assert.equal(one({ column: 'b', kind: 'required' }).observed, 1);
        assert.deepEqual([report.summary.failed, report.summary.error], [1, 0]);
      });
    }

    it('no rows at all', async () => {
      const none: readonly Files[] = [
        { 't.csv': 'a,b\n' },
        { 't.parquet': await parquet("SELECT 1 AS a, 'x' AS b LIMIT 0") },
      ];
      for (const files of none) {
        const { report } = await checkText(tableContract(ab), files);
        assert.deepEqual([report.data[0]?.rows, report.summary.passed, report.summary.failed], [0, 6, 0]);
      }
    });

    it('not even a header', async () => {
      await assert.rejects(
        checkText(tableContract(ab), { 't.csv': '' }),
        /t\.csv is empty: it has not even a header\./,
      );
    });
  });

  describe('values that a double or a clock without zone would bend', () => {
    const big = (last: number) => `1234567890123456789012345678901234.5${last}`;
    const decimal = tableContract(
      `- {name: a, logicalType: number, physicalType: "DECIMAL(38,2)", logicalTypeOptions: {maximum: ${big(7)}}}`,
    );

    it('decimals of 36 digits, in Parquet and CSV', async () => {
      const files: readonly Files[] = [
        { 't.parquet': await parquet(`SELECT unnest([${big(7)}, ${big(8)}]::DECIMAL(38,2)[]) AS a`) },
        { 't.csv': `a\n${big(7)}\n${big(8)}\n` },
      ];
      for (const some of files) {
        const { observed, samples } = (await checkText(decimal, some)).one({ kind: 'maximum' });
        assert.deepEqual([observed, samples], [1, [{ row: 2, values: { a: big(8) } }]]);
      }
    });

    it('moments with their zones', async () => {
      const contract = tableContract(
        "- {name: a, logicalType: timestamp, logicalTypeOptions: {maximum: '2024-01-01T01:00:00+02:00'}}",
      );
      const files: readonly Files[] = [
        {
          't.parquet': await parquet(
            "SELECT unnest([TIMESTAMPTZ '2024-01-01 00:00:00+00', TIMESTAMPTZ '2024-01-01 00:30:00+02'])  AS a",
          ),
        },
        { 't.csv': 'a\n2024-01-01T02:00:00+02:00\n2024-01-01T00:30:00+02:00\n' },
      ];
      for (const some of files) assert.equal((await checkText(contract, some)).one({ kind: 'maximum' }).observed, 1);
    });
  });

  describe('CSV that is torn', () => {
    const many = (line: string) => `a,b\n${'1,x\n'.repeat(30_000)}${line}\n${'2,y\n'.repeat(5000)}`;

    it('a line with another number of cells, near and far down', async () => {
      await assert.rejects(
        checkText(tableContract(ab), { 't.csv': 'a,b\n1,x\n2,y,z\n3,w\n' }),
        /t\.csv cannot be read as CSV: line 3 has 3 cells where the header has 2: 2,y,z\. Mend that line\./,
      );
      const { one } = await checkText(tableContract(ab), { 't.csv': many('9') });
      const { status, message } = one({ column: 'b', kind: 'required' });
      assert.equal(status, 'error');
      assert.match(message, /line 30,002 has 1 cell where the header has 2: 9/);
      assert.doesNotMatch(message, /Possible fixes|null_padding/);
    });

    it('a quote that is never closed is told with its line', async () => {
      const { report } = await checkText(tableContract(ab), { 't.csv': many('9,"zz') });
      assert.match(report.data[0]?.notes?.[0] ?? '', /^The quote in line 30,002 of t\.csv is never closed/);
      const closed = await checkText(tableContract(ab), { 't.csv': 'a,b\n1,"x ""y"""\n2,5" pipe\n' });
      assert.equal(closed.report.data[0]?.notes, undefined);
    });
  });
});
