import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { isIPv4, isIPv6 } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sequence } from '../random';
import { checkText, tableContract, writeParquet } from './checking';

// Each metric and each option of a type, on random Parquet, against what a person would count by hand in TypeScript.

type Value = string | number | bigint | readonly (number | null)[];
type Cell = Value | undefined;

/** One column with what its checks must find. */
interface Kind {
  readonly logicalType: string;
  readonly sqlType: string;
  readonly values: readonly Value[];
  sql(value: Value): string;
  /** `logicalTypeOptions` → rows that break it. */
  readonly options: Readonly<Record<string, readonly [string, (value: never) => boolean]>>;
  /** Listed values, as YAML, and whether a value is one of them. */
  readonly list: readonly [string, (value: never) => boolean];
  readonly patterns: readonly (readonly [string, (value: never) => boolean])[];
}

const quoted = (value: Value): string => `'${String(value).replaceAll("'", "''")}'`;
const isNot =
  (test: (value: string) => boolean) =>
  (value: string): boolean =>
    !test(value);
const pattern = (source: string) =>
  [JSON.stringify(source), isNot((value) => new RegExp(source, 'u').test(value))] as const;

const texts: Kind = {
  logicalType: 'string',
  sqlType: 'VARCHAR',
  values: [
    'DE',
    'de',
    '',
    ' ',
    'N/A',
    'é',
    'e\u0301',
    '😀',
    '😀x',
    '👨‍👩‍👧',
    'ſ',
    'İ',
    'ß',
    '\u00a0',
    'a\u2028b',
    "o'k",
    '%_',
    '7',
    '7.0',
    'x\ny',
    '漢字',
  ],
  sql: quoted,
  options: {
    minLength: ['2', (value: string) => [...value].length < 2],
    maxLength: ['2', (value: string) => [...value].length > 2],
  },
  list: ['[DE, é, "7", "", 😀]', (value: string) => ['DE', 'é', '7', '', '😀'].includes(value)],
  patterns: [
    pattern('^.$'),
    pattern('^[A-Z]{2}$'),
    pattern('\\s'),
    pattern('^\\w+$'),
    pattern('^[^a-z]*$'),
    pattern('^(?!D)..?$'),
    pattern('^(.)\\1?$'),
    pattern('\\p{L}'),
    pattern('[😀漢]'),
    pattern('a.b|^\\S$'),
  ],
};

const integers: Kind = {
  logicalType: 'integer',
  sqlType: 'BIGINT',
  values: [0n, 1n, -1n, 3n, 7n, 12n, 127n, 128n, -129n, 255n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n)],
  sql: String,
  options: {
    minimum: ['-1', (value: bigint) => value < -1n],
    maximum: ['9007199254740992', (value: bigint) => value > 2n ** 53n],
    exclusiveMinimum: ['0', (value: bigint) => value <= 0n],
    exclusiveMaximum: ['127', (value: bigint) => value >= 127n],
    multipleOf: ['3', (value: bigint) => value % 3n !== 0n],
    format: ['i8', (value: bigint) => value < -128n || value > 127n],
  },
  list: ['[7, 12, -1, "0"]', (value: bigint) => [7n, 12n, -1n, 0n].includes(value)],
  patterns: [[JSON.stringify('^-?[0-9]$'), (value: bigint) => !/^-?[0-9]$/.test(String(value))]],
};

const numbers: Kind = {
  logicalType: 'number',
  sqlType: 'DOUBLE',
  values: [0, 0.1, 0.3, -0.5, 1, 7, 2.5, 1e300, -1e300, 5e-324, NaN, Infinity, -Infinity],
  sql: (value) => `'${value}'::DOUBLE`,
  // NaN is on no side of a bound, and a multiple of nothing.
  options: {
    minimum: ['0.1', (value: number) => value < 0.1],
    maximum: ['7', (value: number) => value > 7],
    exclusiveMinimum: ['-0.5', (value: number) => value <= -0.5],
    exclusiveMaximum: ['2.5', (value: number) => value >= 2.5],
    multipleOf: [
      '0.1',
      (value: number) =>
        !(Math.abs(value / 0.1 - Math.round(value / 0.1)) <= 1e-9 * Math.max(1, Math.abs(value / 0.1))),
    ],
  },
  list: ['[7, 0.1, "2.5"]', (value: number) => [7, 0.1, 2.5].includes(value)],
  patterns: [],
};

const days: Kind = {
  logicalType: 'date',
  sqlType: 'DATE',
  values: ['0001-01-01', '1969-12-31', '2024-02-28', '2024-02-29', '2024-03-01', '9999-12-31'],
  sql: (value) => `DATE '${value}'`,
  options: {
    minimum: ['"1969-12-31"', (value: string) => value < '1969-12-31'],
    maximum: ['"2024-02-29"', (value: string) => value > '2024-02-29'],
    exclusiveMinimum: ['"2024-02-28"', (value: string) => value <= '2024-02-28'],
    exclusiveMaximum: ['"9999-12-31"', (value: string) => value >= '9999-12-31'],
  },
  list: ['["2024-02-29", "1969-12-31"]', (value: string) => ['2024-02-29', '1969-12-31'].includes(value)],
  patterns: [],
};

const moments: Kind = {
  logicalType: 'timestamp',
  sqlType: 'TIMESTAMP',
  values: ['1969-12-31 23:59:59', '2024-02-29 12:00:00', '2024-02-29 12:00:00.000001', '2024-03-01 00:00:00'],
  sql: (value) => `TIMESTAMP '${value}'`,
  options: {
    minimum: ['"2024-02-29T12:00:00Z"', (value: string) => value < '2024-02-29 12:00:00'],
    maximum: ['"2024-02-29T13:00:00+01:00"', (value: string) => value > '2024-02-29 12:00:00'],
    exclusiveMaximum: ['"2024-03-01"', (value: string) => value >= '2024-03-01 00:00:00'],
  },
  list: ['["2024-03-01 00:00:00"]', (value: string) => value === '2024-03-01 00:00:00'],
  patterns: [],
};

const times: Kind = {
  logicalType: 'time',
  sqlType: 'TIME',
  values: ['00:00:00', '08:30:00', '08:30:00.5', '23:59:59'],
  sql: (value) => `TIME '${value}'`,
  options: {
    exclusiveMinimum: ['"08:30:00"', (value: string) => value <= '08:30:00'],
    maximum: ['"08:30:00.5"', (value: string) => value > '08:30:00.5'],
  },
  list: ['["23:59:59"]', (value: string) => value === '23:59:59'],
  patterns: [],
};

type Items = readonly (number | null)[];
const there = (items: Items) => items.filter((item) => item !== null);

const lists: Kind = {
  logicalType: 'array',
  sqlType: 'BIGINT[]',
  values: [[], [1], [1, 1], [null], [null, null], [1, null, 2], [3, 2, 1, 3]],
  sql: (value) => `[${(value as Items).map((item) => item ?? 'NULL').join(', ')}]::BIGINT[]`,
  options: {
    minItems: ['2', (value: Items) => value.length < 2],
    maxItems: ['2', (value: Items) => value.length > 2],
    uniqueItems: ['true', (value: Items) => new Set(there(value)).size < there(value).length],
  },
  list: ['[]', () => false],
  patterns: [],
};

const kinds = { texts, integers, numbers, days, moments, times, lists };

const columnOf = (random: () => number, { values }: Kind): readonly Cell[] => {
  const rows = random() < 0.15 ? 0 : Math.floor(random() * 60);
  return Array.from({ length: rows }, () =>
    random() < 0.2 ? undefined : values[Math.floor(random() * values.length)],
  );
};

const keyOf = (cell: Value): string => (Array.isArray(cell) ? JSON.stringify(cell) : String(cell));

function duplicatesIn(cells: readonly Cell[]) {
  const counts = new Map<string, number>();
  for (const cell of cells) if (cell !== undefined) counts.set(keyOf(cell), (counts.get(keyOf(cell)) ?? 0) + 1);
  const repeated = [...counts.values()].filter((count) => count > 1);
  const rows = repeated.reduce((sum, count) => sum + count, 0);
  return { keys: repeated.length, surplus: rows - repeated.length, rows };
}

async function checkColumn(contract: string, { sqlType, sql }: Kind, cells: readonly Cell[]) {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-random-'));
  try {
    const path = join(folder, 't.parquet');
    const rows = cells.map((cell, at) => `(${at}, ${cell === undefined ? 'NULL' : sql(cell)})`).join(', ');
    const from =
      cells.length === 0 ? '(VALUES (0, NULL)) t(place, v) WHERE false' : `(VALUES ${rows}) t(place, v) ORDER BY place`;
    await writeParquet(path, `SELECT CAST(v AS ${sqlType}) AS v FROM ${from}`);
    return await checkText(contract, { 't.parquet': readFileSync(path) }, { job: { data: { t: 't.parquet' } } });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('metrics and options of types on random Parquet, against a count by hand', function () {
  this.timeout(60_000);
  for (const [name, kind] of Object.entries(kinds)) {
    it(name, async () => {
      for (let seed = 1; seed <= 12; seed++) {
        const cells = columnOf(sequence(seed), kind);
        const values = cells.flatMap((cell) => cell ?? []) as readonly Value[];
        const present = cells.filter((cell) => cell !== undefined) as never[];
        const [list, isListed] = kind.list;
        const share = (count: number) => (cells.length === 0 ? 0 : (100 * count) / cells.length);
        const nulls = cells.length - present.length;
        const invalid = present.filter((value) => !isListed(value)).length;
        const rules: (readonly [string, unknown])[] = [
          ['{metric: nullValues}', nulls],
          ['{metric: nullValues, unit: percent}', share(nulls)],
          [`{metric: missingValues, arguments: {missingValues: ${list}}}`, cells.length - invalid],
          [
            `{metric: missingValues, unit: percent, arguments: {missingValues: ${list}}}`,
            share(cells.length - invalid),
          ],
          ...(list === '[]'
            ? []
            : ([
                [`{metric: invalidValues, arguments: {validValues: ${list}}}`, invalid],
                [`{metric: invalidValues, unit: percent, arguments: {validValues: ${list}}}`, share(invalid)],
              ] as const)),
          ...kind.patterns.map(
            ([source, breaks]) =>
              [`{metric: invalidValues, arguments: {pattern: ${source}}}`, present.filter(breaks).length] as const,
          ),
          ...kind.patterns
            .slice(0, 1)
            .map(
              ([source, breaks]) =>
                [
                  `{metric: invalidValues, arguments: {validValues: ${list}, pattern: ${source}}}`,
                  present.filter((value) => breaks(value) || !isListed(value)).length,
                ] as const,
            ),
        ];
        const options = Object.entries(kind.options);
        const { sqlType, logicalType } = kind;
        const written = [
          '- name: v',
          `  logicalType: ${logicalType}`,
          `  physicalType: ${sqlType}`,
          '  required: true',
          '  unique: true',
          `  logicalTypeOptions: {${options.map(([key, [limit]]) => `${key}: ${limit}`).join(', ')}}`,
          ...(logicalType === 'array'
            ? ['  items: {name: item, logicalType: integer, logicalTypeOptions: {minimum: 2}}']
            : []),
          '  quality:',
          ...rules.map(([rule], at) => `    - ${rule.replace('{', `{id: r${at}, mustBe: -1, `)}`),
          '    - {id: twice, metric: duplicateValues, mustBe: -1}',
        ].join('\n');
        const table =
          '- {id: rows, metric: rowCount, mustBe: -1}\n- {id: pair, metric: duplicateValues, mustBe: -1, arguments: {properties: [v]}}';
        const { one } = await checkColumn(tableContract(written, table), kind, cells);
        const seen = (words: Parameters<typeof one>[0]) => one(words).observed;
        const where = `seed ${seed}`;
        for (const [at, [rule, expected]] of rules.entries())
          assert.deepEqual(
            seen({ id: `r${at}` }),
            expected,
            `${where} ${rule} ${one({ id: `r${at}` }).message} of ${values.join('|')}`,
          );
        for (const [key, [, breaks]] of options)
          assert.equal(
            seen({ kind: key, column: 'v' }),
            present.filter(breaks).length,
            `${where} ${key} of ${values.join('|')}`,
          );
        const repeated = { ...duplicatesIn(cells), used: 'keys' };
        for (const words of [{ id: 'twice' }, { id: 'pair' }, { kind: 'unique' }])
          assert.deepEqual(seen(words), repeated, `${where} ${JSON.stringify(words)}`);
        assert.deepEqual([seen({ kind: 'required' }), seen({ id: 'rows' })], [nulls, cells.length], where);
        if (logicalType === 'array') {
          const items = (present as Items[]).flat().filter((item) => item !== null && item < 2);
          assert.equal(seen({ kind: 'minimum' }), items.length, where);
        }
      }
    });
  }
});

/** What a format takes, said another way than the pattern that Plumbline has for it. */
const label = (word: string) => /^[a-z0-9-]{1,63}$/i.test(word) && !word.startsWith('-') && !word.endsWith('-');
const isHost = (word: string) => word.length <= 253 && word.split('.').every(label);

const formats: Readonly<Record<string, readonly [readonly string[], (value: string) => boolean]>> = {
  ipv4: [['10.0.0.1', '255.255.255.255', '0.0.0.0'], isIPv4],
  ipv6: [
    ['::', '::1', '2001:db8::8:800:200c:417a', '1:2:3:4:5:6:7:8', '::ffff:1.2.3.4', '1:2:3:4:5:6:1.2.3.4', 'fe80::'],
    (value) => isIPv6(value) && !value.includes('%'),
  ],
  uuid: [
    ['123e4567-e89b-12d3-a456-426614174000', '00000000-0000-0000-0000-000000000000'],
    (value) => {
      const parts = value.split('-');
      return (
        parts.map(({ length }) => length).join() === '8,4,4,4,12' &&
        parts.every((part) => [...part].every((digit) => '0123456789abcdefABCDEF'.includes(digit)))
      );
    },
  ],
  byte: [
    ['', 'aGk=', 'aGkh', 'aA==', '+/+/'],
    (value) =>
      value.length % 4 === 0 &&
      [...value.replace(/==?$/, '')].every((letter) => /[A-Za-z0-9+/]/.test(letter)) &&
      (value === '' || !/^=|[^=]=[^=]|^.=|===$/.test(value)),
  ],
  hostname: [['a', 'example.org', 'x-1.y-2', `${'a'.repeat(63)}.de`, `${'ab.'.repeat(84)}de`], isHost],
  email: [
    ['a@b', 'first.last+tag@example.org', "o'k@x-1.de"],
    (value) => {
      const at = value.lastIndexOf('@');
      const local = value.slice(0, Math.max(at, 0));
      return (
        value.length <= 254 &&
        local !== '' &&
        !/[^\x21-\x7e]|[@()<>[\]:;,\\"]/.test(local) &&
        isHost(value.slice(at + 1))
      );
    },
  ],
};

describe('formats of texts, against another way to say them', function () {
  this.timeout(60_000);
  const noise = ['.', ':', '-', '@', '=', '0', 'a', 'G', 'é', '😀', ' ', '\n', '256', '::', '"'];
  for (const [format, [good, isGood]] of Object.entries(formats)) {
    it(format, async () => {
      const random = sequence(format.length);
      const cells = Array.from({ length: 600 }, (): Cell => {
        const value = good[Math.floor(random() * good.length)] ?? '';
        const [at, cut] = [Math.floor(random() * (value.length + 1)), Math.floor(random() * 3)];
        const change = random();
        if (change < 0.2) return value;
        if (change < 0.5)
          return value.slice(0, at) + noise[Math.floor(random() * noise.length)] + value.slice(at + cut);
        return change < 0.75 ? value.slice(0, at) + value.slice(at + cut) : value.slice(0, at) + value.slice(0, at);
      });
      const contract = tableContract(`- {name: v, logicalType: string, logicalTypeOptions: {format: ${format}}}`);
      const { one } = await checkColumn(contract, texts, cells);
      const bad = cells.filter((cell) => !isGood(String(cell)));
      assert.ok(bad.length > 50 && bad.length < 590);
      assert.equal(one({ kind: 'format' }).observed, bad.length);
    });
  }
});
