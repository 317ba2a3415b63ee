import * as vscode from 'vscode';
import type { ProvenanceReport, RunReport } from '../../../server/src/protocol';
import { coloured, fact, group, opening, type ProvenanceNode, row, timeOf } from './node';
import { runIcon, runWords, statusWords, trackerName } from './status';

interface Around {
  readonly report: ProvenanceReport;
  readonly home: string;
  /** Id of the row that the run is told below, since one run may stand below several. */
  readonly below: string;
}

/** What identifies a run among those of all stores. */
export const keyOf = ({ tracker, store, id }: RunReport): string => `run:${tracker}:${store}:${id}`;

/** What a run is called. */
export const titleOf = ({ name, id }: RunReport): string => name ?? id;

/** The commit whose code a run had. An experiment of DVC is a commit of its own, which has its parameters too. */
export const codeOf = ({ tracker, id, commit }: RunReport): string | null => (tracker === 'dvc' ? id : commit);

/** A run with its commit, parameters, metrics, data, and what else its tracker kept. */
export function runNode(run: RunReport, around: Around): ProvenanceNode {
  const id = `${around.below}${keyOf(run)}`;
  const time = timeOf(run.startedAt ?? run.endedAt);
  const lines = [
    `${trackerName(run.tracker)} ${run.id}`,
    run.experiment && vscode.l10n.t('Experiment: {0}', run.experiment),
    runWords(run.status),
    time,
    storeOf(run),
  ];
  return row(titleOf(run), {
    id,
    description: [trackerName(run.tracker), time].filter(Boolean).join(' · '),
    spoken: runWords(run.status),
    icon: runIcon(run.status),
    tooltip: lines.filter(Boolean).join('\n'),
    children: () => childrenOf(run, { ...around, below: id }),
    context: ['run', codeOf(run) && run.commitExists !== false ? 'commit' : ''].filter(Boolean).join('+'),
    run,
  });
}

function childrenOf(run: RunReport, around: Around): readonly ProvenanceNode[] {
  const { below } = around;
  const parent = around.report.runs.find(({ id }) => id === run.parent);
  return [
    ...commitNode(run),
    ...group(
      `${below}:data`,
      vscode.l10n.t('Data'),
      run.datasets.map((used) => usedNode(used, around.report)),
      {
        icon: new vscode.ThemeIcon('database'),
        open: true,
      },
    ),
    ...group(`${below}:params`, vscode.l10n.t('Parameters'), valueRows('symbol-parameter', run.params), {
      icon: new vscode.ThemeIcon('settings'),
    }),
    ...group(`${below}:metrics`, vscode.l10n.t('Metrics'), valueRows('graph', run.metrics), {
      icon: new vscode.ThemeIcon('graph'),
    }),
    ...run.models.flatMap(({ name, version }) =>
      fact(
        'package',
        vscode.l10n.t('Model'),
        version === null ? name : vscode.l10n.t('{0}, version {1}', name, version),
      ),
    ),
    ...fact('file-code', vscode.l10n.t('Started'), run.entrypoint),
    ...fact('list-tree', vscode.l10n.t('Nested in'), parent ? titleOf(parent) : run.parent),
    ...fact('beaker', vscode.l10n.t('Experiment'), run.tracker === 'dvc' ? null : run.experiment),
    ...fact('person', vscode.l10n.t('User'), run.user),
    ...fact('vm', vscode.l10n.t('Image'), run.image),
    ...fact('lock', vscode.l10n.t('Packages'), run.environment),
    recordNode(run),
  ];
}

function commitNode(run: RunReport): ProvenanceNode[] {
  const { commit, branch, dirty, commitExists } = run;
  if (commit === null) return fact('git-commit', vscode.l10n.t('Commit'), vscode.l10n.t('not recorded'));
  const gone = commitExists === false;
  const words = [
    commit.slice(0, 7),
    branch,
    gone ? vscode.l10n.t('not in this repository') : undefined,
    dirty === true ? vscode.l10n.t('with uncommitted changes') : undefined,
    dirty === false ? vscode.l10n.t('no uncommitted changes') : undefined,
  ];
  const icon = gone || dirty ? coloured('warning', 'warning') : new vscode.ThemeIcon('git-commit');
  const description = words.filter(Boolean).join(' · ');
  return [
    row(vscode.l10n.t('Commit'), { description, icon, tooltip: commit, run, context: gone ? 'fact' : 'run+commit' }),
  ];
}

type Used = RunReport['datasets'][number];

function usedNode(used: Used, { datasets }: ProvenanceReport): ProvenanceNode {
  const known = datasets.find(({ path }) => path === used.path);
  const isGone = known?.status === 'missing';
  const state = isGone ? statusWords('missing') : onDisk(used.current, known !== undefined);
  const role = used.role === 'input' ? vscode.l10n.t('read') : vscode.l10n.t('written');
  const version = used.version && `${used.algorithm ?? ''} ${used.version}`.trim();
  const icons = {
    true: coloured('pass', 'pass'),
    false: coloured('diff-modified', 'warning'),
    null: coloured('question', 'muted'),
  };
  return row(used.path ?? used.name, {
    description: [role, used.context, state].filter(Boolean).join(' · '),
    icon: isGone ? coloured('error', 'error') : icons[`${used.current}`],
    tooltip: [used.name, version, used.source].filter(Boolean).join('\n'),
  });
}

const onDisk = (current: boolean | null, known: boolean): string =>
  current === true
    ? vscode.l10n.t('this version is on disk')
    : current === false
      ? vscode.l10n.t('another version is on disk')
      : known
        ? vscode.l10n.t('whether on disk is unknown')
        : vscode.l10n.t('not among the data here');

const valueRows = (icon: string, values: Readonly<Record<string, unknown>>): readonly ProvenanceNode[] =>
  Object.entries(values).map(([name, value]) =>
    row(name, {
      description: typeof value === 'string' ? value : JSON.stringify(value),
      icon: new vscode.ThemeIcon(icon),
    }),
  );

function recordNode(run: RunReport): ProvenanceNode {
  const { location } = run;
  const label = vscode.l10n.t('Recorded in');
  const isText = !/\.(db|sqlite3?|wandb)$/i.test(location.path);
  const command = isText && /\.[a-z]+$/i.test(location.path) ? { command: opening(location) } : {};
  return row(label, {
    description: storeOf(run),
    icon: new vscode.ThemeIcon('archive'),
    tooltip: location.path,
    ...command,
  });
}

/** Experiments of DVC are kept in the repository itself. */
const storeOf = ({ tracker, store }: RunReport): string => (tracker === 'dvc' ? 'refs/exps' : store);
