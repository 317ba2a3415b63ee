import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix, relative, sep } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { parse, parseDocument } from 'yaml';

const workspace = 'samples/flights';
const contractFile = 'contracts/flights.odcs.yaml';
const expectedFile = 'test/fixtures/samples/flights-expected.json';

interface Rule {
  readonly id: string;
}
interface Property {
  readonly name: string;
  readonly quality?: readonly Rule[];
}
interface Table extends Property {
  readonly physicalName: string;
  readonly properties: readonly Property[];
}
interface Contract {
  readonly servers: readonly { readonly path: string }[];
  readonly schema: readonly Table[];
}
interface Manifest {
  readonly code: { readonly commit: string };
  readonly data: readonly { readonly ref: string; readonly version: string }[];
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly metrics: readonly { readonly name: string; readonly value: number; readonly on: string }[];
  readonly approvals: readonly { readonly commit: string }[];
}
interface Expected {
  readonly id: string | null;
  readonly observed: number | null;
  readonly holds: boolean | null;
}

describe('the sample workspace', () => {
  it('takes at most 12 MB', () => {
    const bytes = filesOf('samples').reduce((sum, file) => sum + statSync(join('samples', file)).size, 0);
    assert.ok(bytes <= 12e6, `samples/ has ${bytes} bytes`);
  });

  it('has contracts and a manifest that are valid YAML', () => {
    const files = filesOf('samples').filter((file) => file.endsWith('.yaml'));
    assert.ok(files.length >= 5, files.join(', '));
    for (const file of files) {
      const { errors, warnings } = parseDocument(readFileSync(join('samples', file), 'utf8'), { uniqueKeys: true });
      assert.deepEqual([...errors, ...warnings], [], file);
    }
  });

  it('has every data file that its contracts and its manifest name', () => {
    const contracts = [contractFile, 'contracts/airports-draft.odcs.yaml'].map((file) =>
      contractIn(join(workspace, file)),
    );
    const january = contractIn('samples/history/flights-1.0.0.odcs.yaml');
    for (const { servers, schema } of [...contracts, january]) {
      for (const { physicalName } of schema) {
        const path = posix.join(workspace, 'contracts', servers[0]?.path.replace('{model}', physicalName) ?? '');
        assert.ok(existsSync(path), path);
      }
    }
    const text = readFileSync(join(workspace, contractFile), 'utf8');
    const references = [...text.matchAll(/reference: (.*)/g)].map((match) => match[1] ?? '');
    assert.equal(references.length, 2);
    for (const path of references) assert.ok(existsSync(posix.join(workspace, 'contracts', path)), path);
  });

  it('has a manifest that says what the run wrote', () => {
    const { data, metrics, parameters } = manifestIn(workspace);
    const measured = JSON.parse(readFileSync(join(workspace, 'metrics.json'), 'utf8'));
    for (const { name, value, on } of metrics) assert.equal(value, measured[on][name], `${name} on ${on}`);
    const { from, ...stated } = parameters;
    assert.deepEqual(stated, parse(readFileSync(join(workspace, String(from)), 'utf8')));
    for (const { ref, version } of data) {
      const bytes = readFileSync(join(workspace, ref.slice(0, ref.lastIndexOf('@'))));
      assert.equal(version, `md5:${createHash('md5').update(bytes).digest('hex')}`, ref);
    }
  });

  it('misspells one key of the draft, on purpose', () => {
    const draft = readFileSync(join(workspace, 'contracts/airports-draft.odcs.yaml'), 'utf8');
    assert.equal(draft.match(/^ +requird: true$/gm)?.length, 1);
  });
});

describe('the figures expected of the flights contract', () => {
  const expected: readonly Expected[] = JSON.parse(readFileSync(expectedFile, 'utf8'));

  it('cover each of its rules', () => {
    const tables = contractIn(join(workspace, contractFile)).schema;
    const rules = tables.flatMap((table) => [...table.properties, table].flatMap(({ quality = [] }) => quality));
    const ids = expected.flatMap(({ id }) => id ?? []);
    assert.deepEqual(rules.map(({ id }) => id).sort(), ids.sort());
    assert.equal(new Set(ids).size, ids.length);
  });

  it('are what DuckDB computes', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'plumbline-expected-'));
    try {
      const output = join(folder, 'expected.json').replaceAll(sep, '/');
      const sql = readFileSync(expectedFile.replace('.json', '.sql'), 'utf8').replace(expectedFile, output);
      const connection = await (await DuckDBInstance.create(':memory:')).connect();
      await connection.run(sql);
      connection.closeSync();
      const computed: readonly Expected[] = JSON.parse(readFileSync(output, 'utf8'));
      // Sums of doubles depend on how many threads share the rows.
      const rounded = (checks: readonly Expected[]) =>
        checks.map((check) => ({
          ...check,
          observed: check.observed === null ? null : Number(check.observed.toPrecision(12)),
        }));
      assert.deepEqual(rounded(computed), rounded(expected));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }).timeout(20_000);

  it('hold for most rules, and for some not', () => {
    const count = (holds: boolean) => expected.filter((check) => check.holds === holds).length;
    assert.deepEqual({ holding: count(true), broken: count(false) }, { holding: 20, broken: 15 });
  });
});

describe('laying the sample workspace out', () => {
  const root = mkdtempSync(join(tmpdir(), 'plumbline-lay-out-'));
  const first = join(root, 'first');
  const git = (...args: string[]) => execFileSync('git', args, { cwd: first, encoding: 'utf8' }).trim();
  let head = '';

  before(function () {
    this.timeout(20_000);
    head = layOut(first).output;
  });
  after(() => rmSync(root, { recursive: true, force: true }));

  it('gives the same history each time, whatever the environment says', () => {
    assert.match(head, /^[0-9a-f]{40}$/);
    assert.equal(head, git('rev-parse', 'HEAD'));
    const hooks = join(root, 'home');
    writeFileSync(hooks, '[user]\nname = Somebody\n[commit]\ngpgSign = true\n[core]\nautocrlf = true\n');
    const strange = {
      GIT_CONFIG_GLOBAL: hooks,
      GIT_AUTHOR_NAME: 'Somebody',
      GIT_DIR: join(root, 'no'),
      TZ: 'Asia/Tokyo',
    };
    assert.equal(layOut(join(root, 'second'), strange).output, head);
  }).timeout(20_000);

  it('tells its story in commits and tags', () => {
    assert.equal(git('rev-list', '--count', 'HEAD'), '5');
    assert.equal(git('tag', '--list'), 'v1.0.0\nv1.1.0');
    assert.equal(git('branch', '--show-current'), 'main');
    assert.match(git('show', `v1.0.0:${contractFile}`), /^version: 1\.0\.0$/m);
    assert.match(git('show', `v1.1.0:${contractFile}`), /^version: 1\.1\.0$/m);
    const authors = new Set(git('log', '--format=%ae %ce').split(/\s+/));
    assert.deepEqual([...authors].sort(), ['ada@example.org', 'ben@example.org']);
  });

  it('leaves one edit in the contract uncommitted', () => {
    assert.equal(git('status', '--porcelain'), `M ${contractFile}`);
    assert.match(git('diff', '--numstat'), /^1\t1\t/);
  });

  it('lays out every file of the samples, as it is there', () => {
    const laidOut = filesOf(first).filter((file) => !file.startsWith('.git/'));
    assert.deepEqual(laidOut, filesOf(workspace));
    for (const file of laidOut.filter((name) => !name.endsWith('.experiment.yaml'))) {
      assert.ok(readFileSync(join(first, file)).equals(readFileSync(join(workspace, file))), file);
    }
  });

  it('names the commit of the training code in the manifest', () => {
    const { code, approvals } = manifestIn(first);
    assert.equal(git('log', '-1', '--format=%s', code.commit), 'Train a classifier of late departures');
    assert.equal(
      git('diff', '--name-only', code.commit, 'HEAD', '--', 'train.py', 'params.yaml', 'requirements.lock'),
      '',
    );
    assert.deepEqual(
      approvals.map(({ commit }) => commit),
      [code.commit],
    );
  });

  it('makes a workspace anew that it laid out before', () => {
    const target = join(root, 'again');
    layOut(target);
    writeFileSync(join(target, contractFile), 'something else');
    writeFileSync(join(target, 'new.txt'), 'new');
    assert.equal(layOut(target).output, head);
    assert.deepEqual(
      filesOf(target).filter((file) => !file.startsWith('.git/')),
      filesOf(workspace),
    );
  }).timeout(20_000);

  it('refuses a folder with something else in it', () => {
    const target = mkdtempSync(join(root, 'mine-'));
    writeFileSync(join(target, 'mine.txt'), 'mine');
    const { status, message } = layOut(target);
    assert.equal(status, 1);
    assert.match(message, /is not empty and is not a sample workspace; name an empty or a new folder\.\n$/);
    assert.deepEqual(readdirSync(target), ['mine.txt']);
  });
});

function layOut(target: string, environment: Readonly<Record<string, string>> = {}) {
  const env = { ...process.env, ...environment };
  const { status, stdout, stderr } = spawnSync(process.execPath, ['samples/lay-out.mjs', target], {
    env,
    encoding: 'utf8',
  });
  return { status, output: stdout.trim(), message: stderr };
}

function contractIn(file: string): Contract {
  return parse(readFileSync(file, 'utf8'));
}

function manifestIn(folder: string): Manifest {
  return parse(readFileSync(join(folder, 'delay-classifier.experiment.yaml'), 'utf8'));
}

/** All files below a folder, relative to it and sorted, with forward slashes. */
function filesOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
    .sort();
}
