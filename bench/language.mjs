/**
 * What a person waits for who types in a contract of many columns: diagnostics after a keystroke, completion, hover and the
 * first look, by Plumbline's language server and by another one that has the schema of ODCS, over the same wire.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { installed, servers } from '../scripts/peers.mjs';
import { Editor } from './editor.mjs';
import { gigabytes } from './measured.mjs';

/** Not below a hidden folder, where the pattern of the peer's settings would match nothing. */
const FOLDER = join(tmpdir(), 'plumbline-bench-language');

export async function bench(args) {
  const { values } = parseArgs({
    args,
    options: {
      columns: { type: 'string', default: '50,500,5000' },
      /** Keystrokes, the half of which break a value and the others mend it. */
      edits: { type: 'string', default: '100' },
      /** How often completion and hover are asked for. */
      asks: { type: 'string', default: '15' },
      peers: { type: 'string', default: Object.keys(servers).join(',') },
      server: { type: 'string', default: 'dist/server.js' },
      /** JSON Schema of ODCS that the peers are given; ours in place of the official one, which lies in no package. */
      schema: { type: 'string', default: 'schemas/odcs-3.1.0.schema.json' },
      /** A server that is silent for so long is given up. */
      seconds: { type: 'string', default: '120' },
    },
  });
  if (!existsSync(values.server)) execFileSync('node', ['esbuild.mjs', '--production'], { stdio: 'inherit' });
  mkdirSync(FOLDER, { recursive: true });
  const counts = { edits: Number(values.edits), asks: Number(values.asks), seconds: Number(values.seconds) };
  const own = { name: 'Plumbline', args: [resolve(values.server), '--stdio'] };
  const peers = values.peers
    .split(',')
    .filter((name) => name && name !== 'none')
    .map((name) => peerOf(name, resolve(values.schema)));
  const [cpu] = cpus();
  console.log(
    `${cpu?.model ?? 'unknown processor'}, ${cpus().length} cores, ${gigabytes(totalmem())}, Node ${process.version}\n`,
  );
  print(['columns', 'what', ...measures.map(({ title }) => title)]);
  print(Array(2 + measures.length).fill('---'));
  for (const columns of values.columns.split(',').map(Number)) await compare(columns, own, peers, counts);
}

function peerOf(name, schema) {
  const { packages, settings } = servers[name];
  const { entry, why } = installed(name);
  return {
    name: packages[0].replace('@', ' '),
    why,
    args: [entry, '--stdio'],
    settings: settings(pathToFileURL(schema).href),
  };
}

async function compare(columns, own, peers, counts) {
  const title = columns.toLocaleString('en');
  const contract = contractOf(columns);
  const ours = await tried(own, contract, counts);
  print([title, own.name, ...cellsOf(ours)]);
  for (const peer of peers) {
    const theirs = await tried(peer, contract, counts);
    print([title, peer.name, ...cellsOf(theirs)]);
    if (!ours.why && !theirs.why)
      print([title, 'its ratio', ...measures.map(({ of }) => `${ratio(of(theirs) / of(ours))} ×`)]);
  }
}

/** What is told of a server, in the order of the columns of the table. */
const measures = [
  { title: 'cold start', of: ({ cold }) => cold, unit: 'ms' },
  ...[50, 95, 99].map((percent) => ({
    title: `keystroke p${percent}`,
    of: ({ keystrokes }) => percentile(keystrokes, percent),
    unit: 'ms',
  })),
  ...['completion', 'hover'].map((kind) => ({
    title: `${kind} p50`,
    of: ({ asked }) => percentile(asked[kind].times, 50),
    unit: 'ms',
    note: ({ asked }) => (asked[kind].isEmpty ? ', nothing said' : ''),
  })),
  { title: 'memory', of: ({ memory }) => memory / 2 ** 20, unit: 'MiB' },
];

/** Why there are no figures stands in place of the first. */
const cellsOf = (figures) =>
  measures.map(({ of, unit, note }, index) => {
    if (figures.why) return index === 0 ? figures.why : '';
    return `${of(figures).toFixed(of(figures) < 10 ? 1 : 0)} ${unit}${note?.(figures) ?? ''}`;
  });

const ratio = (value) => value.toFixed(value < 10 ? 1 : 0);

/** The least value that so many percent of all are at most. */
const percentile = (values, percent) =>
  values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil((percent / 100) * values.length) - 1)];

async function tried(server, contract, counts) {
  if (server.why) return { why: server.why };
  const { settings, args } = server;
  const started = performance.now();
  const editor = new Editor(args, { folder: FOLDER, settings, seconds: counts.seconds });
  try {
    return await session(editor, started, contract, counts);
  } catch (error) {
    return { why: `given up: ${error.message}` };
  } finally {
    await editor.stop();
  }
}

/** Times in milliseconds, memory in bytes. */
async function session(editor, started, { path, text, places, mistake }, { edits, asks }) {
  const told = (line) => (diagnostics) => diagnostics.some(({ range }) => range.start.line === line);
  const untold = (line) => (diagnostics) => !told(line)(diagnostics);
  await editor.start();
  editor.open(path, text);
  await editor.fresh(told(mistake));
  const cold = performance.now() - started;
  const keystrokes = [];
  for (let edit = 0; edit < edits; edit += 2) {
    const place = places[Math.floor((edit / edits) * places.length)];
    keystrokes.push(
      await timed(
        () => editor.type(place, 0, 'x'),
        () => editor.fresh(told(place.line)),
      ),
    );
    keystrokes.push(
      await timed(
        () => editor.type(place, 1, ''),
        () => editor.fresh(untold(place.line)),
      ),
    );
  }
  const { line } = places[Math.floor(places.length / 2)];
  const asked = {
    completion: await repeated(asks, () => editor.completion({ line, character: 18 })),
    hover: await repeated(asks, async () => (await editor.hover({ line, character: 10 }))?.contents),
  };
  return { cold, keystrokes, asked, memory: editor.memory() };
}

/** Times of a question, and whether some answer had nothing in it where there is something to say. */
async function repeated(times, ask) {
  const all = { times: [], isEmpty: false };
  for (let time = 0; time < times; time++) {
    const answered = async () => {
      // A server that refuses says nothing, either; one that is silent or has ended is given up.
      const answer = await ask().catch((error) => {
        if (error.code === undefined) throw error;
      });
      const items = answer?.items ?? answer;
      all.isEmpty ||= !items || items.length === 0;
    };
    all.times.push(await timed(() => undefined, answered));
  }
  return all;
}

async function timed(act, answered) {
  const started = performance.now();
  act();
  await answered();
  return performance.now() - started;
}

/**
 * A contract of so many columns, with one value that is wrong at its end. `places` are the ends of values that a character
 * more breaks, in every part of the contract.
 */
function contractOf(columns) {
  const lines = ['apiVersion: v3.1.0', 'kind: DataContract', 'id: wide', 'version: 1.0.0', 'status: active'];
  lines.push('schema:', '  - name: readings', '    physicalType: table', '    properties:');
  const types = ['string', 'integer', 'number', 'boolean', 'timestamp'];
  const required = [];
  for (let column = 0; column < columns; column++) {
    lines.push(`      - name: reading_${column}`, `        description: What sensor ${column} of the plant says.`);
    required.push(lines.length);
    lines.push('        required: true', `        logicalType: ${types[column % types.length]}`);
    lines.push('        quality:', '          - metric: nullValues', `            mustBeLessThan: ${1 + (column % 9)}`);
  }
  const mistake = lines.length;
  lines.push('dataProduct: [1]', '');
  const text = lines.join('\n');
  const path = join(FOLDER, `${columns}-columns.odcs.yaml`);
  writeFileSync(path, text);
  return { path, text, mistake, places: required.map((line) => ({ line, character: lines[line].length })) };
}

const print = (cells) => console.log(`| ${cells.join(' | ')} |`);
