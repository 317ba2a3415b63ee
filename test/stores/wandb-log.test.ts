import assert from 'node:assert/strict';
import { type LogFault, readLog } from '../../server/src/stores/trackers/wandb/log';
import { sequence } from '../random';
import { logHeader, logOf } from './wandb-logs';

interface Heard {
  readonly records: string[];
  readonly faults: LogFault[];
}

async function heard(bytes: Uint8Array, pieces = 65_536): Promise<Heard> {
  const found: Heard = { records: [], faults: [] };
  const chunks = Array.from({ length: Math.ceil(bytes.length / pieces) }, (_, index) =>
    bytes.subarray(index * pieces, (index + 1) * pieces),
  );
  await readLog(chunks, {
    record: (record) => found.records.push(Buffer.from(record).toString('latin1')),
    fault: (fault) => found.faults.push(fault),
  });
  return found;
}

const recordsOf = (lengths: readonly number[]) =>
  lengths.map((length, index) => Buffer.alloc(length, 97 + (index % 26)));
const texts = (records: readonly Buffer[]) => records.map((record) => record.toString('latin1'));

describe('the log of a W&B run', () => {
  it('gives records that lie within a block and over several', async () => {
    const records = recordsOf([10, 40_000, 0, 100_000, 5]);
    const log = logOf(records);
    for (const pieces of [1000, 32_768, 1 << 20]) {
      assert.deepEqual(await heard(log, pieces), { records: texts(records), faults: [] });
    }
  });

  it('leaves out what is too small for a header at the end of a block', async () => {
    for (let left = 0; left < 9; left++) {
      const records = recordsOf([32_768 - 7 - 7 - left, 20, 3]);
      assert.deepEqual(await heard(logOf(records)), { records: texts(records), faults: [] }, `${left} bytes left`);
    }
  });

  it('takes a header of zeros for the end of its block', async () => {
    const before = logOf(recordsOf([50]));
    const rest = logOf(recordsOf([32_768 - 7 - 7, 60])).subarray(32_768);
    const log = Buffer.concat([before, Buffer.alloc(32_768 - before.length), rest]);
    assert.deepEqual(await heard(log), { records: ['a'.repeat(50), 'b'.repeat(60)], faults: [] });
  });

  it('resumes with the block after a wrong checksum', async () => {
    const records = recordsOf([100, 200, 32_000, 40, 50, 32_600, 60]);
    const log = logOf(records);
    log[7 + 7 + 100 + 7 + 3] = 0;
    const { records: read, faults } = await heard(log);
    assert.deepEqual(faults, [{ kind: 'corrupt', offset: 7 + 7 + 100 }]);
    assert.equal(read[0], 'a'.repeat(100));
    assert.deepEqual(read.slice(-1), texts(records).slice(-1));
    assert.ok(!read.includes('b'.repeat(200)));
  });

  it('is called cut when it ends within a record, and no log when it begins otherwise', async () => {
    const log = logOf(recordsOf([30, 40]));
    assert.deepEqual(await heard(log.subarray(0, log.length - 1)), {
      records: ['a'.repeat(30)],
      faults: [{ kind: 'cut', offset: 7 + 7 + 30 }],
    });
    assert.deepEqual(await heard(new Uint8Array()), { records: [], faults: [{ kind: 'cut', offset: 0 }] });
    assert.deepEqual((await heard(Buffer.from('SQLite format 3'))).faults, [{ kind: 'not-a-log', offset: 0 }]);
    assert.deepEqual(await heard(logHeader), { records: [], faults: [] });
  });

  it('cut anywhere gives the records before the cut', async () => {
    const random = sequence(8);
    const records = recordsOf(Array.from({ length: 200 }, () => Math.floor(random() ** 6 * 50_000)));
    const log = logOf(records);
    for (let round = 0; round < 200; round++) {
      const { records: read, faults } = await heard(log.subarray(0, Math.floor(random() * log.length)));
      assert.deepEqual(read, texts(records).slice(0, read.length));
      assert.ok(faults.every(({ kind }) => kind === 'cut'));
    }
  });

  it('with any bytes changed gives some of its records, in order, and never others', async () => {
    const random = sequence(9);
    const records = Array.from({ length: 300 }, (_, index) => Buffer.from(`${index}:${'x'.repeat(random() * 900)}`));
    const whole = texts(records);
    for (let round = 0; round < 100; round++) {
      const log = logOf(records);
      for (let hit = 0; hit < 3; hit++) {
        const at = 7 + Math.floor(random() * (log.length - 7));
        log.writeUInt8(log.readUInt8(at) ^ (1 + Math.floor(random() * 255)), at);
      }
      const { records: read, faults } = await heard(log);
      assert.ok(faults.length > 0);
      const order = read.map((record) => whole.indexOf(record));
      assert.ok(
        order.every((index, at) => index > (order[at - 1] ?? -1)),
        `round ${round}`,
      );
    }
  });
});
