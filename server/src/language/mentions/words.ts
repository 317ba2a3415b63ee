import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  commands,
  type DatasetStatus,
  type Datum,
  type FileVersion,
  type ModelFileReport,
  type RunReport,
} from '../../protocol';
import { columnWords, flavorWords } from '../../report/model-words';
import { amount, cut } from '../../text/words';
import type { GitCommit } from '../../world';
import { escaped, versionLine, versionWords } from '../provenance';
import type { Mention } from './mentions';
import type {
  Commit,
  DatasetSubject,
  Experiment,
  FileSubject,
  Image,
  Model,
  Parameter,
  RunSubject,
  Stage,
  Subject,
} from './subject';

/** What is asked of Git when somebody looks at a mention. */
export interface Facts {
  /** Folder that paths are shown from. */
  readonly home: string;
  /** Whether the editor can carry out our commands. */
  readonly commands: boolean;
  /** Version of the file, or of a dataset's record. */
  readonly version?: FileVersion;
  /** The commit, or the one that a revision after `@` names; undefined when Git does not know it. */
  readonly commit?: GitCommit;
}

/** Runs, and figures of a run, that a hover names; the others are counted. */
const MOST_LISTED = 5;

/** What a mention names, Markdown. Undefined for a commit that Git does not know. */
export function mentionWords({ subject, revision }: Mention, facts: Facts): string | undefined {
  const words = wordsOf(subject, facts);
  if (words === undefined) return undefined;
  const at =
    revision === undefined
      ? []
      : [`At \`${revision}\`: ${facts.commit ? commitLine(facts.commit) : 'no such revision here'}`];
  const link = facts.commands ? linkOf(subject, facts) : undefined;
  return [words, ...at, ...(link ? [link] : [])].join('  \n');
}

function wordsOf(subject: Subject, facts: Facts): string | undefined {
  switch (subject.kind) {
    case 'dataset':
      return datasetWords(subject, facts);
    case 'file':
      return fileWords(subject, facts);
    case 'run':
      return runWords(subject);
    case 'experiment':
      return experimentWords(subject);
    case 'commit':
      return commitWords(subject, facts);
    case 'image':
      return imageWords(subject, facts);
    case 'stage':
      return stageWords(subject, facts);
    case 'parameter':
      return parameterWords(subject, facts);
    case 'model':
      return modelWords(subject);
  }
}

/** A lens's words: `Data 3f2c1e9 · changed since · 9 runs`. Undefined for what has no lens. */
export function lensWords({ subject }: Mention, version: FileVersion | undefined): string | undefined {
  if (subject.kind === 'run')
    return `Run ${[titleOf(subject.run), subject.run.status, dirtyWord(subject.run)].filter(Boolean).join(' · ')}`;
  if (subject.kind !== 'dataset') return undefined;
  const { dataset, runs } = subject;
  const state = hintWords(subject, version) ?? dataset.tracker;
  return `Data ${[state, runs.length > 0 ? amount(runs.length, 'run') : undefined].filter(Boolean).join(' · ')}`;
}

/** A hint's words: `3f2c1e9 · changed since`. Undefined where nothing is known. */
export function hintWords(subject: Subject, version: FileVersion | undefined): string | undefined {
  if (subject.kind === 'run') return [subject.run.status, dirtyWord(subject.run)].filter(Boolean).join(' · ');
  if (subject.kind !== 'dataset') return undefined;
  const { dataset } = subject;
  const known = version && versionLine({ ...version, status: dataset.status });
  return known ?? statuses[dataset.status];
}

/** The file that *Show Provenance* is about, as its address. */
export function targetOf(subject: Subject, home: string): string | undefined {
  const path =
    subject.kind === 'dataset' || subject.kind === 'file'
      ? subject.path
      : subject.kind === 'run'
        ? join(home, subject.run.id)
        : undefined;
  return path === undefined ? undefined : pathToFileURL(path).href;
}

function linkOf(subject: Subject, { home, commit }: Facts): string | undefined {
  if (subject.kind === 'commit') return commit && changesLink(commit.commit);
  const uri = targetOf(subject, home);
  return uri && commandLink('Show provenance', commands.showProvenance, { uri });
}

/** The commit in the editor's own diff: what it changed, and what has changed since. */
const changesLink = (commit: string): string =>
  [
    commandLink('Show its changes', commands.compareCode, { before: `${commit}^`, after: commit }),
    commandLink('Compare with HEAD', commands.compareCode, { before: commit, after: 'HEAD' }),
  ].join(' | ');

const commandLink = (title: string, command: string, given: object): string =>
  `[${title}](command:${command}?${encodeURIComponent(JSON.stringify([given]))})`;

const lines = (...parts: readonly (string | undefined | readonly string[])[]): string =>
  parts
    .flat()
    .filter((part) => part !== undefined)
    .join('  \n');

const shown = ({ home }: Facts, path: string): string => {
  const below = relative(home, path);
  return below.startsWith('..') ? path : below.replaceAll('\\', '/');
};

const link = (facts: Facts, path: string): string => `[${escaped(shown(facts, path))}](${pathToFileURL(path).href})`;

// ---------------------------------------------------------------------------------------------------------------- data

const statuses: Readonly<Record<DatasetStatus, string | undefined>> = {
  unchanged: undefined,
  modified: 'changed since',
  missing: 'missing on disk',
  pointer: 'only its pointer is on disk',
  'not-in-cache': 'not in the cache',
  untracked: 'not committed yet',
  unknown: undefined,
};

const trackers: Readonly<Record<string, string>> = {
  git: 'Git',
  'git-lfs': 'Git LFS',
  dvc: 'DVC',
  lakefs: 'lakeFS',
  mlflow: 'MLflow',
  wandb: 'W&B',
  none: 'no tracker',
};

function datasetWords({ dataset, runs, contract }: DatasetSubject, facts: Facts): string {
  const { path, tracker, version, algorithm, status, sizeBytes } = dataset;
  const size = sizeBytes === null ? '' : `, ${sizeWords(sizeBytes)}`;
  const state = status === 'unchanged' ? 'unchanged' : statuses[status];
  const id =
    version === null ? undefined : `Version \`${algorithm === null ? '' : `${algorithm}:`}${version.slice(0, 12)}\``;
  return lines(
    `Data **${escaped(path)}**: ${trackers[tracker] ?? tracker}${size}`,
    [id, state].filter((part) => part !== undefined).join(', ') || undefined,
    facts.version?.commit ? versionWords({ ...facts.version, status: 'unchanged' }) : undefined,
    contract === undefined ? undefined : `Contract ${link(facts, contract)}`,
    listOf(
      runs.length > 0 ? `Used by ${amount(runs.length, 'run')}:` : undefined,
      runs.map((run) => `${runLine(run)}${usedWords(run, path)}`),
    ),
  );
}

/** Which content of the data the run had. */
function usedWords({ datasets }: RunReport, path: string): string {
  const used = datasets.find((dataset) => dataset.path === path);
  if (!used) return '';
  const version = used.current === true ? ', this version' : used.current === false ? ', **another version**' : '';
  return `${used.role === 'output' ? ', made it' : ''}${version}`;
}

const fileWords = ({ path, version }: FileSubject, facts: Facts): string =>
  lines(
    `${version.role === 'contract' ? 'Contract' : 'Experiment manifest'} ${link(facts, path)}`,
    versionWords(version),
  );

const units = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

function sizeWords(bytes: number): string {
  const step = Math.min(units.length - 1, bytes > 0 ? Math.floor(Math.log10(bytes) / 3) : 0);
  return `${Number((bytes / 1000 ** step).toPrecision(3))} ${units[step]}`;
}

// ---------------------------------------------------------------------------------------------------------------- runs

const titleOf = ({ name, id }: RunReport): string => cut(name ?? id, 40);

const dirtyWord = ({ dirty }: RunReport): string | undefined => (dirty === true ? 'uncommitted changes' : undefined);

const dayOf = ({ startedAt, endedAt }: RunReport): string | undefined => (startedAt ?? endedAt)?.slice(0, 10);

const runLine = (run: RunReport): string =>
  [`**${escaped(titleOf(run))}**`, trackers[run.tracker], run.status, dayOf(run)].filter(Boolean).join(', ');

function runWords({ run, files }: RunSubject): string {
  const { commit, commitExists, experiment, params, metrics, datasets, models } = run;
  const gone = commitExists === false ? ', which is not in this repository' : '';
  const dirty = run.dirty === true ? ', with uncommitted changes' : run.dirty === false ? ', clean' : '';
  return lines(
    `Run ${runLine(run)}`,
    `Id \`${run.id}\`${experiment === null ? '' : `, ${run.tracker === 'dvc' ? 'baseline' : 'experiment'} ${escaped(experiment)}`}`,
    commit === null ? undefined : `Commit \`${commit.slice(0, 7)}\`${gone}${dirty}`,
    pairs('Parameters', params),
    pairs('Metrics', metrics),
    datasets.length > 0
      ? `Data: ${datasets
          .map(({ name, path }) => `\`${path ?? name}\``)
          .slice(0, MOST_LISTED)
          .join(', ')}`
      : undefined,
    models.length > 0
      ? `Models: ${models.map(({ name, version }) => `${escaped(name)}${version === null ? '' : ` ${version}`}`).join(', ')}`
      : undefined,
    files[0] && signatureWords(files[0]),
  );
}

const isSecret = /passw|secret|token|api_?key|credential/i;

/** `Parameters: ridge 0.5, kind apple, 3 more`. */
function pairs(title: string, values: Readonly<Record<string, Datum>>): string | undefined {
  const all = Object.entries(values);
  if (all.length === 0) return undefined;
  const named = all
    .slice(0, MOST_LISTED)
    .map(([name, value]) => `${escaped(cut(name, 40))} ${valueWords(value, name)}`);
  return `${title}: ${[...named, ...(all.length > MOST_LISTED ? [`${all.length - MOST_LISTED} more`] : [])].join(', ')}`;
}

/** A value as code, on one line; of what is called like a secret, nothing. */
function valueWords(value: Datum, name: string): string {
  if (isSecret.test(name)) return '`…`';
  const text =
    typeof value === 'string'
      ? value
      : (JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? String(item) : item)) ?? '');
  return `\`${cut(text.replaceAll(/[`\s]+/g, ' '), 40)}\``;
}

function listOf(title: string | undefined, items: readonly string[]): string | undefined {
  if (title === undefined) return undefined;
  const more = items.length > MOST_LISTED ? [`- and ${items.length - MOST_LISTED} more`] : [];
  return `${title}\n${[...items.slice(0, MOST_LISTED).map((item) => `- ${item}`), ...more].join('\n')}\n`;
}

const experimentWords = ({ name, runs }: Experiment): string =>
  lines(`Experiment **${escaped(name)}**`, listOf(`${amount(runs.length, 'run')}, newest first:`, runs.map(runLine)));

/** `Made with sklearn 1.9.1, takes age double, gives double`. */
function signatureWords(file: ModelFileReport): string {
  const part = (title: string, words: string) =>
    words === '' ? [] : [`${title} \`${cut(words, 100).replaceAll('`', "'")}\``];
  return [
    ...part('Made with', flavorWords(file)),
    ...part('takes', columnWords(file.inputs)),
    ...part('gives', columnWords(file.outputs)),
  ].join(', ');
}

/** What it takes is told of the newest version that has its file here. */
function modelWords({ name, versions, files }: Model): string {
  const [newest] =
    versions.length > 0 ? versions.toReversed().flatMap(({ file }) => files.get(file ?? '') ?? []) : files.values();
  const told = versions.map(({ version, aliases, stage, run, runExists }) =>
    [
      `version ${version}`,
      ...aliases.map((alias) => `\`@${alias}\``),
      ...(stage === null ? [] : [stage]),
      ...(run === null ? [] : [`run \`${run.slice(0, 8)}\`${runExists === false ? ', which is not here' : ''}`]),
    ].join(', '),
  );
  return lines(
    `Model **${escaped(name)}**`,
    newest && signatureWords(newest),
    listOf(versions.length > 0 ? `${amount(versions.length, 'version')}:` : undefined, told),
  );
}

// ---------------------------------------------------------------------------------------------- code and environment

/** `3f2c1e9 by Ada on 2026-05-02: Add customers (in v1.2.0)`. */
const commitLine = ({ commit, author, date, subject, tag }: GitCommit): string =>
  `\`${commit.slice(0, 7)}\` by ${escaped(author)} on ${date.slice(0, 10)}: ${escaped(subject)}${tag ? ` (in \`${tag}\`)` : ''}`;

const commitWords = (_: Commit, { commit }: Facts): string | undefined => commit && `Commit ${commitLine(commit)}`;

function imageWords({ image, uses }: Image, facts: Facts): string {
  const digest = uses.find((use) => use.digest !== null)?.digest;
  const places = [...new Set(uses.map(({ path }) => path))];
  return lines(
    `Image \`${image}\``,
    digest ? `Pinned to \`${digest}\`` : '**Not pinned**: the tag may move. Name its digest (`@sha256:…`).',
    `Used in ${places.map((path) => link(facts, join(facts.home, path))).join(', ')}`,
  );
}

const stageWords = ({ name, command, location }: Stage, facts: Facts): string =>
  lines(
    `Stage **${escaped(name)}** of ${link(facts, location.path)}`,
    command === undefined ? undefined : `Runs \`${cut(command.replaceAll('`', "'"), 100)}\``,
  );

function parameterWords({ name, now, atHead, runs }: Parameter, facts: Facts): string {
  const [last] = runs;
  const words = (value: Datum) => valueWords(value, name);
  const differs = last && now && words(last.value) !== words(now.value);
  return lines(
    `Parameter **${escaped(name)}**${now ? ` of ${link(facts, now.location.path)}` : ''}`,
    now &&
      `Now ${words(now.value)}${atHead !== undefined && words(atHead) !== words(now.value) ? `, ${words(atHead)} in the last commit` : ''}`,
    last && `Last run: ${words(last.value)}${differs ? ' (**another value**)' : ''}, ${runLine(last.run)}`,
    listOf(
      runs.length > 1 ? 'Runs before it:' : undefined,
      runs.slice(1).map(({ run, value }) => `${words(value)}, ${runLine(run)}`),
    ),
  );
}
