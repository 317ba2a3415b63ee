/**
 * Drift of ten columns, a reference and a current side, by Plumbline's command line and by the packages whose figures it
 * gives, each whole, in a process of its own, on the same Parquet files. Wall time, processor time and the largest resident
 * memory are of that process and its children.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import { installed, peers } from '../scripts/peers.mjs';
import { tall, wide } from './data.mjs';
import { gigabytes, measured } from './measured.mjs';

export async function bench(args) {
  const { values } = parseArgs({
    args,
    options: {
      rows: { type: 'string', default: '1000000,10000000' },
      /** Presets of Plumbline that are timed beside those of the peers. */
      presets: { type: 'string', default: 'plumbline' },
      /** Peers to time; those that are not there are installed, which takes minutes and gigabytes. */
      peers: { type: 'string', default: Object.keys(peers).join(',') },
      /** Ten thousand columns of a thousand rows. */
      wide: { type: 'boolean', default: false },
      cli: { type: 'string', default: 'dist/cli.js' },
      /** A run that takes more is given up. */
      minutes: { type: 'string', default: '20' },
      gigabytes: { type: 'string', default: '16' },
    },
  });
  if (!existsSync(values.cli)) execFileSync('node', ['esbuild.mjs', '--production'], { stdio: 'inherit' });
  const limits = { minutes: Number(values.minutes), bytes: Number(values.gigabytes) * 2 ** 30 };
  const [cpu] = cpus();
  console.log(
    `${cpu?.model ?? 'unknown processor'}, ${cpus().length} cores, ${gigabytes(totalmem())}, Node ${process.version}\n`,
  );
  print(['columns × rows a side', 'what', 'wall', 'processor', 'peak memory', 'ratio', 'verdict']);
  print(Array(7).fill('---'));
  for (const rows of listed(values.rows).map(Number)) {
    const name = `10 × ${rows.toLocaleString('en')}`;
    const sides = await tall(rows);
    const sort = await sortTime(sides);
    print([name, 'one sort of the same columns', ...figures(sort), '', '']);
    for (const preset of listed(values.presets)) {
      const own = await ours(values.cli, sides, preset, limits);
      print([name, `plumbline --preset ${preset}`, ...figures(own), ratio(own, sort, 'sort'), verdict(own)]);
    }
    for (const peer of listed(values.peers)) await beside(peer, name, sides, values.cli, limits);
  }
  if (!values.wide) return;
  const own = await ours(values.cli, await wide(10_000, 1000), 'plumbline', limits);
  print(['10,000 × 1,000', 'plumbline --preset plumbline', ...figures(own), '', verdict(own)]);
}

/** A peer, and Plumbline with the peer's conventions. */
async function beside(peer, name, sides, cli, limits) {
  const { preset, packages, call } = peers[peer];
  const own = await ours(cli, sides, preset, limits);
  print([name, `plumbline --preset ${preset}`, ...figures(own), '', verdict(own)]);
  const what = `${packages[0].replace('==', ' ')}, ${call}`;
  const { python, why } = installed(peer);
  if (!python) return print([name, what, '', '', '', '', why]);
  // Isolated, so that a script named as its package does not stand in for it.
  const theirs = await measured(python, ['-I', `bench/peers/${peer}.py`, ...sides], limits);
  const last = theirs.out.trim().split('\n').at(-1);
  print([name, what, ...figures(theirs), ratio(theirs, own, 'Plumbline'), theirs.given ?? last]);
}

const ours = (cli, [reference, current], preset, limits) =>
  measured(
    'node',
    [cli, 'drift', '--reference', reference, '--current', current, '--preset', preset, '--format', 'json', '--quiet'],
    limits,
  );

function verdict({ out, given }) {
  if (given) return given;
  const { dataset } = JSON.parse(out);
  return `${dataset.driftedColumns} of ${dataset.columns} drifted`;
}

const listed = (names) => names.split(',').filter((name) => name && name !== 'none');

const seconds = (value) => `${value.toFixed(1)} s`;
const figures = ({ wall, processor, peak }) => [seconds(wall), seconds(processor), peak ? gigabytes(peak) : ''];

/** Of wall times, and of processor times, which other work on the machine changes less. */
const ratio = (one, other, name) =>
  `${(one.wall / other.wall).toFixed(1)} × ${name}; processor ${(one.processor / other.processor).toFixed(1)} ×`;

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
  return { wall: wall / 1000, processor: processor / 1000 };
}

const print = (cells) => console.log(`| ${cells.join(' | ')} |`);
