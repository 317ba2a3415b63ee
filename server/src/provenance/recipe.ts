import { basename, dirname, isAbsolute, join, posix } from 'node:path';
import type { LockFileReport, ProvenanceReport, RunReport } from '../protocol';
import { repositoryOf } from '../stores/git';
import { Unreadable, type World } from '../world';

/** What a recipe is written from. */
export interface Ingredients {
  readonly run: RunReport;
  /** Absolute; where the paths of the report start. */
  readonly home: string;
  readonly data: ProvenanceReport['datasets'];
  /** Files that name packages, as the commit of the run has them; those of the work tree when that is not known. */
  readonly lockFiles: readonly LockFileReport[];
  /** Absolute path of the changes that were not committed, where the tracker kept them. */
  readonly patch: string | undefined;
}

/** Commands of a POSIX shell that make a run of the report again. Rejects with `Unreadable` when the report has no such run. */
export async function recipeFor(world: World, report: ProvenanceReport, id: string): Promise<string> {
  const run = runIn(report, id);
  const home = await homeOf(world, report.target);
  const patch = run.artifacts === null ? undefined : join(whole(home, run.artifacts), 'diff.patch');
  const isKept = patch !== undefined && (await world.stat(patch).catch(() => undefined))?.kind === 'file';
  return recipeOf({
    run,
    home,
    data: report.datasets,
    lockFiles: await locksAt(world, { home, run, locks: report.environment.lockFiles }),
    patch: isKept ? patch : undefined,
  });
}

/** The run of a report. Throws `Unreadable` when it has none of that id. */
export function runIn({ runs, target }: ProvenanceReport, id: string): RunReport {
  const run = runs.find((candidate) => candidate.id === id);
  if (!run) throw new Unreadable(`No tracker here has a run ${id} any more. Refresh the view.`, target);
  return run;
}

/** Absolute folder from which the paths of a report of the target are told. */
export async function homeOf(world: World, target: string): Promise<string> {
  const isFolder = (await world.stat(target))?.kind === 'folder';
  return (await repositoryOf(world, target))?.root ?? (isFolder ? target : dirname(target));
}

interface Kept {
  readonly home: string;
  readonly run: RunReport;
  readonly locks: readonly LockFileReport[];
}

/** Those that the run's commit has. What is not known there is told of the work tree. */
async function locksAt({ git }: World, { home, run, locks }: Kept): Promise<readonly LockFileReport[]> {
  const root = run.commitExists ? await git?.root(home) : undefined;
  if (!git || root === undefined || run.commit === null) return locks;
  const paths = locks.map(({ path }) => whole(home, path));
  const there = await git.blobs(root, run.commit, paths);
  return locks.filter((_, index) => there.has(paths[index] ?? ''));
}

/**
 * The recipe as a script. A command stands there only when all of it is known; what is not known is a comment. Whatever a
 * tracker kept is quoted, since it may be anything.
 */
export function recipeOf(ingredients: Ingredients): string {
  const sections: readonly (readonly [string, (from: Ingredients) => readonly string[]])[] = [
    ['Code', codeLines],
    ['Environment', environmentLines],
    ['Data', dataLines],
    ['Run', runLines],
  ];
  const { run } = ingredients;
  const named = run.name === null || run.name === run.id ? run.id : `${run.name} (${run.id})`;
  const parts = sections.map(([title, lines]) => ['', comment(title), ...lines(ingredients)].join('\n'));
  return `${comment(`Makes the ${run.tracker} run ${named} again, from what its tracker kept.`)}\n${parts.join('\n')}\n`;
}

// ------------------------------------------------------------------------------------------------------- code

function codeLines({ run, home, patch }: Ingredients): readonly string[] {
  const revision = revisionOf(run);
  if (revision === undefined) return [comment('The run recorded no commit: this takes the code as it is now.')];
  const folder = posix.join('..', `${basename(home)}-${slugOf(run.name ?? run.id)}`);
  const missing =
    run.commitExists === false ? [comment('This repository lacks the commit; a fetch may bring it.')] : [];
  return [
    ...missing,
    `git worktree add --detach ${quoted(folder)} ${revision}`,
    `cd ${quoted(folder)}`,
    ...changeLines(run, patch),
  ];
}

/** An experiment of DVC is a commit of its own, with its parameters; others name the commit that they ran from. */
function revisionOf({ tracker, id, commit }: RunReport): string | undefined {
  const revision = tracker === 'dvc' ? id : commit;
  return revision !== null && /^[0-9a-f]{7,64}$/.test(revision) ? revision : undefined;
}

function changeLines({ tracker, dirty }: RunReport, patch: string | undefined): readonly string[] {
  if (patch !== undefined) return [`git apply ${quoted(patch)}`];
  if (dirty) return [comment('The run had changes that were not committed, and they were not kept.')];
  if (dirty === false || tracker === 'dvc') return [];
  return [comment('Whether there were uncommitted changes was not recorded.')];
}

// ------------------------------------------------------------------------------------------------ environment

/** What makes an environment from each kind of file. */
const installers: Readonly<Record<string, (path: string) => string>> = {
  uv: (path) => `uv sync --locked${below('--project', path)}`,
  poetry: (path) => `poetry${below('--directory', path)} install`,
  pdm: (path) => `pdm sync${below('--project', path)}`,
  pylock: (path) => `uv pip sync ${quoted(path)}`,
  requirements: (path) => `pip install -r ${quoted(path)}`,
  conda: (path) => `conda env create --file ${quoted(path)}`,
  'conda-lock': (path) => `conda-lock install --prefix ./.conda ${quoted(path)}`,
  pixi: (path) => `pixi install --locked${below('--manifest-path', path)}`,
  npm: (path) => `npm ci${below('--prefix', path)}`,
  renv: (path) => `Rscript -e 'renv::restore()'${dirname(path) === '.' ? '' : ` # in ${oneLine(dirname(path))}`}`,
};

/** The option that names the folder of a file, where that is another than this. */
const below = (option: string, path: string): string =>
  dirname(path) === '.' ? '' : ` ${option} ${quoted(dirname(path))}`;

function environmentLines({ run, home, lockFiles }: Ingredients): readonly string[] {
  const image = run.image === null ? [] : [comment(`The run was in a container of the image ${run.image}.`)];
  const recorded = run.environment === null ? [] : recordedLines(whole(home, run.environment));
  if (recorded.length > 0) return [...image, ...recorded];
  const known = [...lockFiles].filter(({ kind }) => kind in installers).sort(byRank);
  const [first, ...others] = known;
  if (!first) return [...image, comment('Neither the run nor its commit names the packages.')];
  return [
    ...image,
    comment('The run did not record its packages; these are those of the commit.'),
    ...(first.pinned ? [] : [comment(`${first.path} leaves versions open, so others may be installed.`)]),
    installers[first.kind]?.(first.path) ?? '',
    ...others.map(({ kind, path }) => comment(`There is also: ${installers[kind]?.(path)}`)),
  ];
}

/** The file that the run's tracker kept. It lies in the store, so it is named whole. */
function recordedLines(path: string): readonly string[] {
  if (/requirements[^/\\]*\.txt$/.test(path)) return [`pip install -r ${quoted(path)}`];
  if (/conda[^/\\]*\.ya?ml$/.test(path)) return [`conda env create --file ${quoted(path)}`];
  return [];
}

/** Pinned ones first, then those nearest to the root. */
const byRank = (a: LockFileReport, b: LockFileReport): number =>
  Number(b.pinned) - Number(a.pinned) || a.path.split('/').length - b.path.split('/').length;

// ------------------------------------------------------------------------------------------------------- data

type RunData = RunReport['datasets'][number];

function dataLines({ run, data }: Ingredients): readonly string[] {
  const inputs = run.datasets.filter(({ role }) => role === 'input');
  const lines = inputs.flatMap((input) => inputLines(input, data));
  if (lines.length > 0) return [...new Set(lines)];
  const tracked = data.some(({ tracker }) => tracker === 'dvc') ? ['All that DVC keeps would come with: dvc pull'] : [];
  return [comment('The run recorded no data that it read.'), ...tracked.map(comment)];
}

/** What brings a dataset, by who keeps it. */
const fetchers: Readonly<Record<string, (path: string) => string>> = {
  dvc: (path) => `dvc pull ${quoted(noOption(path))}`,
  'git-lfs': (path) => `git lfs pull --include ${quoted(path)}`,
  git: (path) => comment(`${path} is in the commit.`),
};

function inputLines({ name, path, version, algorithm, source }: RunData, data: Ingredients['data']): readonly string[] {
  const recorded = version === null ? [] : [comment(`${name} was ${algorithm ?? 'version'} ${version}.`)];
  const known = data.find((dataset) => dataset.path === path);
  const fetch = known && fetchers[known.tracker];
  if (known && fetch) return [fetch(known.path), ...recorded];
  if (source?.startsWith('lakefs://'))
    return [`lakectl fs download ${quoted(source)} ${quoted(noOption(path ?? posix.basename(source)))}`, ...recorded];
  const where = source === null ? 'It was not recorded where it lay.' : `It lay at ${source}.`;
  return [comment(`${name} has to be brought by hand. ${where}`), ...recorded];
}

// -------------------------------------------------------------------------------------------------------- run

const interpreters: Readonly<Record<string, string>> = {
  py: 'python',
  r: 'Rscript',
  sh: 'sh',
  jl: 'julia',
  js: 'node',
};

function runLines({ run }: Ingredients): readonly string[] {
  const nested =
    run.parent === null ? [] : [comment(`It is nested in the run ${run.parent}, which may have started it.`)];
  return [...nested, ...(starters[run.tracker] ?? scriptLines)(run)];
}

const starters: Readonly<Record<string, (run: RunReport) => readonly string[]>> = {
  dvc: ({ name }) => [
    'dvc repro --force',
    ...(name === null
      ? []
      : [comment(`In the work tree that has it, its results come with: dvc exp apply ${quoted(name)}`)]),
  ],
  mlflow: (run) => (run.tags['mlflow.source.type'] === 'PROJECT' ? projectLines(run) : scriptLines(run)),
};

/** A project of MLflow is run with the parameters that it was given. */
function projectLines({ tags, params, experiment }: RunReport): readonly string[] {
  const entry = tags['mlflow.project.entryPoint'] ?? 'main';
  const named = experiment === null ? '' : ` --experiment-name ${quoted(experiment)}`;
  const given = Object.entries(params).map(([name, value]) => ` -P ${quoted(`${name}=${textOf(value)}`)}`);
  return [`mlflow run . --entry-point ${quoted(entry)}${named}${given.join('')}`];
}

/** A script is started as it is: how it takes its parameters, only the script knows. */
function scriptLines({ entrypoint, params }: RunReport): readonly string[] {
  const values = Object.entries(params).map(([name, value]) => comment(`  ${name} = ${textOf(value)}`));
  const told = values.length === 0 ? [] : [comment('The run had these parameters; how to give them was not recorded:')];
  return [commandOf(entrypoint), ...told, ...values];
}

/** What is no single script with a known interpreter is told and not run, since it may be any command. */
function commandOf(entrypoint: string | null): string {
  if (entrypoint === null) return comment('The run did not record what was started.');
  if (/\.ipynb$/i.test(entrypoint) && isScript(entrypoint))
    return `jupyter nbconvert --to notebook --execute ${quoted(entrypoint)}`;
  const interpreter = interpreters[posix.extname(entrypoint).slice(1).toLowerCase()];
  if (interpreter === undefined || !isScript(entrypoint)) return comment(`The run started: ${entrypoint}`);
  return `${interpreter} ${quoted(entrypoint)}`;
}

/** One path of a file, and no option. */
const isScript = (entrypoint: string): boolean => /^[^\s-]\S*$/.test(entrypoint);

// ------------------------------------------------------------------------------------------------------ shell

/** As one word of a shell. */
const quoted = (text: string): string =>
  /^[\w./:=@%+,-]+$/.test(text) && !text.startsWith('-') ? text : `'${oneLine(text).replaceAll("'", "'\\''")}'`;

/** A path that begins like an option is one no more when it says where it lies. */
const noOption = (path: string): string => (path.startsWith('-') ? `./${path}` : path);

const comment = (text: string): string => `# ${oneLine(text)}`;

/** A line break of a tracker's text would begin a command. */
const oneLine = (text: string): string => text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ');

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const slugOf = (text: string): string =>
  text
    .replaceAll(/[^\w.]+/g, '-')
    .replaceAll(/^[-.]+|[-.]+$/g, '')
    .slice(0, 40) || 'run';

const whole = (home: string, path: string): string => (isAbsolute(path) ? path : join(home, path));
