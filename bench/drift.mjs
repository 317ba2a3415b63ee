/**
 * Drift of ten columns, a reference and a current side, by Plumbline's command line, whole, in a process of its own. Wall
 * time, processor time and the largest resident memory are of that process and its children.
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import { tall, wide } from './data.mjs';

/** A run that takes longer is given up. */
const LIMIT_MS = 1_200_000;

export async function bench(args) {
  const { values } = parseArgs({
    args,
    options: {
      rows: { type: 'string', default: '1000000,10000000' },
      presets: { type: 'string', default: 'plumbline,evidently' },
      /** Ten thousand columns of a thousand rows. */
      wide: { type: 'boolean', default: false },
      cli: { type: 'string', default: 'dist/cli.js' },
    },
  });
  if (!existsSync(values.cli)) execFileSync('node', ['esbuild.mjs', '--production'], { stdio: 'inherit' });
  const [cpu] = cpus();
  console.log(
    `${cpu?.model ?? 'unknown processor'}, ${cpus().length} cores, ${gigabytes(totalmem())}, Node ${process.version}\n`,
  );
  const table = [];
  for (const rows of values.rows.split(',').filter(Boolean).map(Number)) {
    const sides = await tall(rows);
    const name = `10 × ${rows.toLocaleString('en')}`;
    table.push([name, 'one sort of the same columns', ...(await sortTime(sides))]);
    for (const preset of values.presets.split(',').filter(Boolean))
      table.push([name, `plumbline --preset ${preset}`, ...(await ours(values.cli, sides, preset))]);
  }
  if (values.wide) {
    const sides = await wide(10_000, 1000);
    table.push(['10,000 × 1,000', 'plumbline', ...(await ours(values.cli, sides, 'plumbline'))]);
  }
  print(['columns × rows a side', 'what', 'wall', 'processor', 'peak memory', 'verdict'], table);
}

const ours = (cli, [reference, current], preset) =>
  measured(
    'node',
    [cli, 'drift', '--reference', reference, '--current', current, '--preset', preset, '--format', 'json', '--quiet'],
    (out) => {
      const { dataset } = JSON.parse(out);
      return `${dataset.driftedColumns} of ${dataset.columns} drifted`;
    },
  );

/** Runs a program, and says how long it took, how much of the processors and of memory, children included. */
function measured(command, args, verdictOf) {
  return new Promise((done) => {
    const started = performance.now();
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const out = [];
    const errors = [];
    child.stdout.on('data', (data) => out.push(data));
    child.stderr.on('data', (data) => errors.push(data));
    let [peak, ticks] = [0, 0];
    const watch = setInterval(() => {
      peak = Math.max(peak, residentOf(child.pid));
      ticks = Math.max(ticks, ticksOf(child.pid));
    }, 50);
    const late = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
    child.on('close', (_code, signal) => {
      clearInterval(watch);
      clearTimeout(late);
      const seconds = (performance.now() - started) / 1000;
      const words = () => {
        try {
          return verdictOf(Buffer.concat(out).toString());
        } catch {
          return signal
            ? `given up (${signal})`
            : Buffer.concat(errors).toString().trim().split('\n').at(-1)?.slice(0, 80);
        }
      };
      done([`${seconds.toFixed(1)} s`, `${(ticks / 100).toFixed(1)} s`, gigabytes(peak), words() ?? '']);
    });
  });
}

/** The process and all below it. */
function family(pid) {
  const all = [pid];
  for (let at = 0; at < all.length; at++) {
    try {
      for (const task of readdirSync(`/proc/${all[at]}/task`)) {
        const children = readFileSync(`/proc/${all[at]}/task/${task}/children`, 'utf8').trim();
        if (children) all.push(...children.split(' ').map(Number));
      }
    } catch {
      // It has ended in the meantime.
    }
  }
  return all;
}

const residentOf = (pid) => family(pid).reduce((sum, one) => sum + pagesOf(one) * 4096, 0);

function pagesOf(pid) {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
  } catch {
    return 0;
  }
}

/** Hundredths of a second of user and system time. */
const ticksOf = (pid) =>
  family(pid).reduce((sum, one) => {
    try {
      const fields = readFileSync(`/proc/${one}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ');
      return sum + Number(fields[11]) + Number(fields[12]);
    } catch {
      return sum;
    }
  }, 0);

/** `Float64Array.prototype.sort` over the eight columns of numbers of both sides, reading not counted. */
async function sortTime(sides) {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  let [wall, processor] = [0, 0];
  for (const path of sides) {
    const described = await (await connection.runAndReadAll(`DESCRIBE SELECT * FROM '${path}'`)).getRowObjects();
    for (const { column_name: name } of described.filter(({ column_type: type }) => type !== 'VARCHAR')) {
      const result = await connection.stream(`SELECT ${name}::DOUBLE FROM '${path}'`);
      const parts = [];
      for await (const chunk of result) if (chunk.rowCount > 0) parts.push(Float64Array.from(chunk.getColumnValues(0)));
      const values = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
      let row = 0;
      for (const part of parts) {
        values.set(part, row);
        row += part.length;
      }
      const [started, used] = [performance.now(), process.cpuUsage()];
      values.sort();
      wall += performance.now() - started;
      processor += process.cpuUsage(used).user / 1000;
    }
  }
  connection.closeSync();
  instance.closeSync();
  return [`${(wall / 1000).toFixed(1)} s`, `${(processor / 1000).toFixed(1)} s`, '', ''];
}

const gigabytes = (bytes) => `${(bytes / 2 ** 30).toFixed(2)} GiB`;

function print(header, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  console.log([line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n'));
}
