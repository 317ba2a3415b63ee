/**
 * The packages whose figures Plumbline gives, and those that read what it reads, each in a folder of its own (an environment
 * of Python, or packages of npm), installed when first asked for.
 *   node scripts/peers.mjs [NAME …]    installs them, which takes minutes and gigabytes, and says which there are
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './run.mjs';

/** An installation that takes longer is given up: pip may try versions of what a package needs without an end. */
const INSTALL_MS = 900_000;
const FOLDER = join(root, 'node_modules/.cache/bench-peers');

/**
 * By name: the version of Python that has its wheels, what pip installs, the preset of Plumbline with its conventions, and
 * the call that `bench/peers/NAME.py` makes. The versions are those that the golden values are of.
 */
export const peers = {
  evidently: {
    python: '3.11',
    packages: ['evidently==0.7.23', 'pandas<3', 'pyarrow==21.0.0'],
    preset: 'evidently',
    call: 'DataDriftPreset',
  },
  'alibi-detect': {
    python: '3.11',
    packages: ['alibi-detect==0.13.0', 'pandas<3', 'pyarrow<20', 'numpy<2'],
    preset: 'alibi',
    call: 'TabularDrift',
  },
  nannyml: {
    python: '3.11',
    packages: ['nannyml==0.13.1', 'pandas<3', 'statsmodels', 'pyarrow==21.0.0'],
    preset: 'nannyml',
    call: 'UnivariateDriftCalculator',
  },
  tfdv: {
    python: '3.10',
    packages: ['tensorflow-data-validation==1.16.1', 'setuptools<81'],
    preset: 'tfdv',
    call: 'generate_statistics, validate_statistics with drift comparators',
  },
};

/** Programs that answer the same questions of a store or a project, by name; they have no preset. */
export const readers = {
  mlflow: { python: '3.11', packages: ['mlflow==3.17.2'], call: 'search_runs' },
  dvc: { python: '3.11', packages: ['dvc==3.67.1'], call: 'exp show' },
};

/** Packages that check rules of columns, by name; `bench/peers/NAME.py` gives them the rules of the bench. */
export const checkers = {
  pandera: { python: '3.11', packages: ['pandera[polars]==0.26.1', 'polars==2.1.0'], call: 'DataFrameSchema.validate' },
  'great-expectations': {
    python: '3.11',
    packages: ['great_expectations==1.6.4', 'pandas<3', 'pyarrow==21.0.0'],
    call: 'pandas, ExpectationSuite',
  },
};

/**
 * Language servers that take a JSON Schema, by name: what npm installs, what Node runs of it, and their settings for a schema
 * at an address. yaml-language-server 2.0 asks for Node 22.13.
 */
export const servers = {
  'yaml-language-server': {
    packages: ['yaml-language-server@1.25.0'],
    main: 'bin/yaml-language-server',
    settings: (schema) => ({
      yaml: {
        ...{ validate: true, completion: true, hover: true },
        schemaStore: { enable: false },
        schemas: { [schema]: '*.odcs.yaml' },
      },
    }),
  },
};

const all = { ...peers, ...readers, ...checkers, ...servers };

/** The interpreter of a peer's environment or the entry of a server, made when there is none; why there can be none, otherwise. */
export function installed(name) {
  const folder = join(FOLDER, name);
  const mark = join(folder, 'installed.json');
  const { packages } = all[name];
  const wanted = JSON.stringify(packages);
  const isThere = existsSync(mark) && readFileSync(mark, 'utf8') === wanted;
  const made = servers[name] ? serverIn(folder, servers[name], isThere) : environmentIn(folder, all[name], isThere);
  if (!made.why && !isThere) writeFileSync(mark, wanted);
  return made;
}

function serverIn(folder, { packages, main }, isThere) {
  const [, name] = /^(.+)@/.exec(packages[0]);
  const entry = join(folder, 'node_modules', name, main);
  if (isThere) return { entry };
  mkdirSync(folder, { recursive: true });
  // Its own package: npm would put it into ours, which lies above.
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  const options = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  try {
    execFileSync('npm', ['install', ...options, ...packages], {
      cwd: folder,
      stdio: 'pipe',
      timeout: INSTALL_MS,
      shell: process.platform === 'win32',
    });
  } catch (error) {
    return { why: `npm could not install ${packages[0]}: ${lastLine(error.stderr) || error.message}` };
  }
  return { entry };
}

function environmentIn(folder, peer, isThere) {
  const python = join(folder, 'bin/python');
  if (isThere) return { python };
  const base = pythonOf(peer.python);
  if (!base) return { why: `Python ${peer.python} is not on this machine` };
  mkdirSync(FOLDER, { recursive: true });
  try {
    execFileSync(base, ['-m', 'venv', '--clear', folder], { stdio: 'pipe' });
    execFileSync(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...peer.packages], {
      stdio: 'pipe',
      timeout: INSTALL_MS,
    });
  } catch (error) {
    if (error.code === 'ETIMEDOUT')
      return { why: `pip was given up after ${INSTALL_MS / 60_000} minutes of installing` };
    return { why: `pip could not install ${peer.packages[0]}: ${lastLine(error.stderr) ?? error.message}` };
  }
  return { python };
}

/** A Python of that version: on the path, or one of pyenv's. */
function pythonOf(version) {
  const versions = join(process.env.PYENV_ROOT ?? join(homedir(), '.pyenv'), 'versions');
  const ofPyenv = existsSync(versions) ? readdirSync(versions).filter((name) => name.startsWith(`${version}.`)) : [];
  const candidates = [`python${version}`, 'python3', ...ofPyenv.map((name) => join(versions, name, 'bin/python3'))];
  return candidates.find((candidate) => saysVersion(candidate) === version);
}

function saysVersion(python) {
  try {
    const program = 'import sys; print("%d.%d" % sys.version_info[:2])';
    return execFileSync(python, ['-c', program], { stdio: 'pipe' }).toString().trim();
  } catch {
    return undefined;
  }
}

const lastLine = (text) => text?.toString().trim().split('\n').at(-1)?.slice(0, 120);

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const names = process.argv.slice(2);
  for (const name of names.length > 0 ? names : Object.keys(all)) {
    if (!all[name]) {
      console.error(`There is no peer ${name}, but ${Object.keys(all).join(', ')}.`);
      process.exit(2);
    }
    const { python, entry, why } = installed(name);
    console.log(`${name}: ${python ?? entry ?? why}`);
  }
}
