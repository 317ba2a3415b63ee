import assert from 'node:assert/strict';
import { checkText, tableContract } from './checking';

const names =
  '- {name: id, logicalType: integer, required: true}\n- {name: city, logicalType: string, quality: [{metric: invalidValues, arguments: {validValues: [Tromsø, Zürich]}, mustBe: 0}]}';
const rows = 'id,city\n1,Tromsø\n2,Zürich\n';

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
      const long = `id,city\n${'1,Tromsø\n'.repeat(9_000)}${'2,Tromsøø\n'.repeat(9_000)}`;
      const { one } = await checkText(tableContract(names), { 't.csv': long });
      assert.equal(one({ kind: 'invalidValues' }).observed, 9_000);
    });
  });
});
