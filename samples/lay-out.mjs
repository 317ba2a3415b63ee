/**
 * Lays the sample workspace out as a Git repository whose history tells how it came about:
 *
 *     node samples/lay-out.mjs FOLDER
 *
 * The same hashes come out everywhere: authors and dates are fixed and neither the person's Git configuration nor
 * their environment counts. The files are those of samples/flights. Three of them had an earlier state:
 *  - the contract of January, samples/history/flights-1.0.0.odcs.yaml;
 *  - the contract of July as committed, which allows more cancelled flights than the one in the work tree, so that a
 *    change that is not committed can be seen;
 *  - the manifest says "0000000" for the commit that was trained from, because that hash is known here only.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const samples = dirname(fileURLToPath(import.meta.url));
const contract = 'contracts/flights.odcs.yaml';
const manifest = 'delay-classifier.experiment.yaml';

const ada = 'Ada Example <ada@example.org>';
const ben = 'Ben Example <ben@example.org>';

/** The commits in their order. `files` are committed as they are in samples/flights, `written` with the text given. */
const story = [
  {
    author: ada,
    date: '2026-02-02T09:00:00Z',
    message: 'Flights of January 2013 and their contract',
    files: [
      'README.md',
      '.vscode/settings.json',
      'data/README.md',
      'data/flights_2013-01.parquet',
      'data/airlines.csv',
    ],
    written: { [contract]: () => text('history/flights-1.0.0.odcs.yaml') },
    tag: 'v1.0.0',
  },
  {
    author: ben,
    date: '2026-03-02T09:30:00Z',
    message: 'Flights of July 2013; the contract asks for airports and planes',
    files: ['data/flights_2013-07.parquet', 'data/airports.csv', 'data/planes.csv'],
    written: {
      [contract]: () => replaced(text(`flights/${contract}`), 'mustBeLessOrEqualTo: 2.5', 'mustBeLessOrEqualTo: 3.5'),
    },
    tag: 'v1.1.0',
  },
  {
    author: ada,
    date: '2026-03-09T14:00:00Z',
    message: 'Train a classifier of late departures',
    files: ['train.py', 'params.yaml', 'requirements.lock'],
  },
  {
    author: ada,
    date: '2026-03-10T10:15:00Z',
    message: 'Record the run: what it learnt, how good it is, what it came from',
    files: ['metrics.json', 'model.json'],
    written: { [manifest]: (head) => replaced(text(`flights/${manifest}`), '"0000000"', `"${head}"`) },
  },
  {
    author: ben,
    date: '2026-04-01T08:00:00Z',
    message: 'The whole year, and a draft contract for airports',
    files: ['data/flights.parquet', 'contracts/airports-draft.odcs.yaml'],
  },
];

/**
 * Fills `target` with the workspace and returns the full hash of its last commit. A workspace that was laid out before is made
 * anew, whatever was changed in it; any other folder with something in it is refused.
 */
export function layOut(target) {
  const folder = resolve(target);
  const marker = join(folder, '.git', 'plumbline-sample');
  mkdirSync(folder, { recursive: true });
  if (readdirSync(folder).length > 0 && !existsSync(marker)) {
    throw new Error(`${folder} is not empty and is not a sample workspace; name an empty or a new folder.`);
  }
  // The folder itself stays, because an editor may have it open.
  for (const entry of readdirSync(folder)) rmSync(join(folder, entry), { recursive: true, force: true });

  const git = gitIn(folder);
  git(['init', '--quiet', '--template=', '--object-format=sha1', '--initial-branch=main']);
  writeFileSync(marker, 'Made by samples/lay-out.mjs, which may replace this folder.\n');
  // Kept in the repository, so that the person's own settings do not make unchanged files look changed.
  git(['config', 'core.autocrlf', 'false']);
  git(['config', 'core.fileMode', 'false']);
  for (const commit of story) record(git, folder, commit);
  write(folder, contract, text(`flights/${contract}`));
  return git(['rev-parse', 'HEAD']);
}

function record(git, folder, { author, date, message, files, written = {}, tag }) {
  for (const path of files) write(folder, path, contentOf(path));
  for (const [path, textAfter] of Object.entries(written)) {
    write(folder, path, textAfter(git(['rev-parse', '--short=7', '--verify', '--quiet', 'HEAD'], { mayFail: true })));
  }
  git(['add', '--all']);
  const [, name, email] = /^(.*) <(.*)>$/.exec(author) ?? [];
  const who = {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
    GIT_COMMITTER_DATE: date,
  };
  git(['commit', '--quiet', '--no-verify', '--message', message], { env: who });
  if (tag) git(['tag', '--annotate', '--message', `Contract ${tag.slice(1)}`, tag], { env: who });
}

/** Runs Git with nothing from outside: no configuration of the person or the machine, no hook, no signature, no GIT_* variable. */
function gitIn(folder) {
  const quiet = [
    'commit.gpgSign=false',
    'tag.gpgSign=false',
    'core.hooksPath=/dev/null',
    'core.autocrlf=false',
    'gc.auto=0',
  ];
  const options = quiet.flatMap((option) => ['-c', option]);
  const outside = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_')));
  const base = { ...outside, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', LC_ALL: 'C', TZ: 'UTC' };
  return (args, { env = {}, mayFail = false } = {}) => {
    try {
      const stdio = ['ignore', 'pipe', 'pipe'];
      return execFileSync('git', [...options, ...args], {
        cwd: folder,
        env: { ...base, ...env },
        stdio,
        encoding: 'utf8',
      }).trim();
    } catch (error) {
      if (mayFail) return '';
      if (error.code === 'ENOENT')
        throw new Error('Git is not on the PATH; the sample workspace is a Git repository and needs it.');
      throw error;
    }
  };
}

function write(folder, path, content) {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

/** A file of the samples; text with plain line feeds, however this repository was checked out. */
function contentOf(path) {
  return path.endsWith('.parquet') ? readFileSync(join(samples, 'flights', path)) : text(`flights/${path}`);
}

function text(path) {
  return readFileSync(join(samples, path), 'utf8').replaceAll('\r\n', '\n');
}

function replaced(whole, before, after) {
  if (!whole.includes(before)) throw new Error(`The samples no longer hold ${before}; mend samples/lay-out.mjs.`);
  return whole.replaceAll(before, after);
}

const called = process.argv[1] && realpathSync(process.argv[1]) === realpathSync(fileURLToPath(import.meta.url));
if (called) {
  const target = process.argv[2];
  if (!target) {
    console.error('Usage: node samples/lay-out.mjs FOLDER');
    process.exit(2);
  }
  try {
    console.log(layOut(target));
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
