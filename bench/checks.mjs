/**
 * Thirty checks of ten columns of Parquet, by Plumbline's command line, by one statement of DuckDB that is written by hand,
 * and by another package, each whole, in a process of its own, on the same file.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { checkers, installed } from '../scripts/peers.mjs';
import { contractOf, ruleCount, rules } from './check-rules.mjs';
import { checkedFile } from './data.mjs';
import { gigabytes, measured } from './measured.mjs';

export async function bench(args) {
  const { values } = parseArgs({
    args,
    options: {
      rows: { type: 'string', default: '10000000' },
      /** A hundred million rows too, by Plumbline and by hand: memory stays what it is. */
      large: { type: 'boolean', default: false },
      peers: { type: 'string', default: Object.keys(checkers).join(',') },
      cli: { type: 'string', default: 'dist/cli.js' },
      minutes: { type: 'string', default: '20' },
      gigabytes: { type: 'string', default: '16' },
    },
  });
  if (!existsSync(values.cli)) execFileSync('node', ['esbuild.mjs', '--production'], { stdio: 'inherit' });
  const limits = { minutes: Number(values.minutes), bytes: Number(values.gigabytes) * 2 ** 30 };
  print(['rows', 'what', 'wall', 'processor', 'peak memory', 'ratio', 'verdict']);
  print(Array(7).fill('---'));
  const wanted = values.peers.split(',').filter((name) => name && name !== 'none');
  for (const rows of values.rows.split(',').map(Number)) await compare(rows, wanted, values.cli, limits);
  if (values.large) await compare(100_000_000, [], values.cli, limits);
}

async function compare(rows, wanted, cli, limits) {
  const path = await checkedFile(rows);
  const contract = path.replace(/\.parquet$/, '.odcs.yaml');
  writeFileSync(contract, contractOf(path, rows));
  const name = rows.toLocaleString('en');
  const hand = await measured('node', ['bench/by-hand.mjs', path], limits);
  print([name, 'DuckDB, one statement by hand', ...figures(hand), '', hand.given ?? hand.out.trim()]);
  const check = [cli, 'check', contract, '--data', path, '--format', 'json', '--quiet', '--fail-on', 'never'];
  const own = await measured('node', check, limits);
  print([name, `plumbline, ${ruleCount} rules`, ...figures(own), ratio(own, hand, 'by hand'), verdict(own)]);
  for (const peer of wanted) {
    const { packages, call } = checkers[peer];
    const { python, why } = installed(peer);
    const what = `${packages[0].replace('==', ' ')}, ${call}`;
    if (!python) {
      print([name, what, '', '', '', '', why]);
      continue;
    }
    const theirs = await measured(python, ['-I', `bench/peers/${peer}.py`, JSON.stringify(rules), path], limits);
    print([name, what, ...figures(theirs), ratio(theirs, own, 'Plumbline'), theirs.given ?? theirs.out.trim()]);
  }
}

function verdict({ out, given }) {
  if (given) return given;
  const { summary, checks } = JSON.parse(out);
  return `${summary.failed + summary.error} of ${checks.length} checks not passed`;
}

const figures = ({ wall, processor, peak }) => [`${wall.toFixed(2)} s`, `${processor.toFixed(2)} s`, gigabytes(peak)];
const ratio = (one, other, name) =>
  `${(one.wall / other.wall).toFixed(2)} × ${name}; processor ${(one.processor / other.processor).toFixed(2)} ×`;
const print = (cells) => console.log(`| ${cells.join(' | ')} |`);
