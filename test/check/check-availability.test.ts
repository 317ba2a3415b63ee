import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { checkFile, checkText, tableContract } from './checking';

const sla = (words: string, element = 't.day') =>
  `slaProperties:\n  - {property: availability, element: ${element}, ${words}}\n`;
const daily = 'value: 2, unit: h, scheduler: cron, schedule: "0 6 * * *"';

const outcome = async (words: string, days: readonly string[], now: string, type = 'date') => {
  const contract = tableContract(`- name: day\n  logicalType: ${type}\n  partitioned: true\n- name: v`) + sla(words);
  const rows = ['day,v', ...days.map((day) => `${day},1`), ''].join('\n');
  const { one } = await checkText(contract, { 't.csv': rows }, { now: new Date(now) });
  return one({ kind: 'availability' });
};

describe('availability of a partition', () => {
  it('is there when the period that ended at the last time of the schedule has its rows', async () => {
    const check = await outcome(daily, ['2026-01-08', '2026-01-09'], '2026-01-10T09:00:00Z');
    assert.deepEqual([check.status, check.observed], ['passed', '2026-01-09']);
    assert.equal(check.expected, 'the latest partition 2 h after each time of 0 6 * * *');
    assert.match(
      check.message,
      /^The partition 2026-01-09 of "day" was due at 2026-01-10 08:00 UTC, and the latest is 2026-01-09\./,
    );
  });

  it('fails when it is not, and not before it was due', async () => {
    const late = await outcome(daily, ['2026-01-08'], '2026-01-10T09:00:00Z');
    assert.equal(late.status, 'failed');
    assert.match(
      late.message,
      /partition 2026-01-09 .* was due at 2026-01-10 08:00 UTC, but the latest is 2026-01-08\./,
    );
    assert.equal((await outcome(daily, ['2026-01-08'], '2026-01-10T08:00:00Z')).status, 'failed');
    assert.equal((await outcome(daily, ['2026-01-08'], '2026-01-10T07:59:59Z')).status, 'passed');
    const none = await outcome(daily, [], '2026-01-10T09:00:00Z');
    assert.match(none.message, /but there is none at all\./);
  });

  it('knows hours, months and words for schedules', async () => {
    const at = async (schedule: string, day: string, now: string, type?: string) =>
      (await outcome(`value: 0, unit: h, schedule: "${schedule}"`, [day], now, type)).status;
    assert.equal(await at('5 * * * *', '2026-01-10T08:00:00Z', '2026-01-10T09:30:00Z', 'timestamp'), 'passed');
    assert.equal(await at('5 * * * *', '2026-01-10T07:00:00Z', '2026-01-10T09:30:00Z', 'timestamp'), 'failed');
    assert.equal(await at('0 6 3 * *', '2026-01-01', '2026-02-20T00:00:00Z'), 'passed');
    assert.equal(await at('0 6 3 * *', '2025-12-01', '2026-02-20T00:00:00Z'), 'failed');
    assert.equal(await at('@daily', '2026-01-09', '2026-01-10T00:00:00Z'), 'passed');
  });

  it('reads the names of Hive folders', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'plumbline-partitions-'));
    try {
      for (const day of ['2026-01-07', '2026-01-08']) {
        const path = join(folder, 't', `day=${day}`, 'part.csv');
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, 'v\n1\n');
      }
      const path = join(folder, 't.odcs.yaml');
      writeFileSync(
        path,
        tableContract('- name: day\n  logicalType: date\n  partitioned: true\n- name: v') + sla(daily),
      );
      const setting = { job: { data: { t: 't' }, folder } };
      const status = async (now: string) => {
        const { one } = await checkFile(path, { ...setting, now: new Date(now) });
        return one({ kind: 'availability' }).status;
      };
      assert.equal(await status('2026-01-09T10:00:00Z'), 'passed');
      assert.equal(await status('2026-01-10T10:00:00Z'), 'failed');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('tells when the schedule of any rule comes next', async () => {
    const rule = '- name: v\n  quality:\n    - {metric: nullValues, mustBe: 0, scheduler: cron, schedule: "0 6 * * *"}';
    const { one } = await checkText(
      tableContract(rule),
      { 't.csv': 'v\n1\n' },
      { now: new Date('2026-01-10T09:00:00Z') },
    );
    assert.match(
      one({ kind: 'nullValues' }).message,
      /By its schedule 0 6 \* \* \* it is next due at 2026-01-11 06:00 UTC\.$/,
    );
    assert.match((await outcome(daily, [], '2026-01-10T05:00:00Z')).message, /next due at 2026-01-10 06:00 UTC\.$/);
  });

  it('says what it would need to be judged', async () => {
    const cases: readonly (readonly [string, string, RegExp])[] = [
      ['value: 2, unit: h', 'skipped', /without a "schedule"/],
      ['value: 2, unit: h, scheduler: quartz, schedule: "0 6 * * *"', 'skipped', /Schedules of "quartz" are not read/],
      ['value: 2, unit: h, schedule: "6 o clock"', 'error', /"6 o clock" is no cron expression/],
      [
        'value: 99.9, unit: percent, schedule: "0 6 * * *"',
        'skipped',
        /"99\.9 percent" is the availability of a service/,
      ],
      ['value: 2, unit: h, schedule: "0 0 30 2 *"', 'skipped', /no partition was due yet/],
    ];
    for (const [words, status, message] of cases) {
      const check = await outcome(words, ['2026-01-09'], '2026-01-10T09:00:00Z');
      assert.equal(check.status, status, words);
      assert.match(check.message, message);
    }
    const text = await outcome(daily, ['x'], '2026-01-10T09:00:00Z', 'string');
    assert.deepEqual([text.status, /needs a column of dates/.test(text.message)], ['error', true]);
  });
});
