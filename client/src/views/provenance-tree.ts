import { isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';
import type { FileVersion, Finding, ModelReport, ProvenanceReport, Tracker } from '../../../server/src/protocol';
import { coloured, fact, group, opening, type ProvenanceNode, row, sizeOf, timeOf } from './node';
import { runNode } from './run-node';
import { statusIcon, statusWords, trackerName } from './status';

/** A report with what is to be shown of it. */
export interface Shown {
  readonly report: ProvenanceReport;
  /** Absolute folder from which the paths of the report are told. */
  readonly home: string;
  /** Only what has these letters; empty for all. */
  readonly filter: string;
  /** How many runs are listed. */
  readonly runs: number;
}

export type Dataset = ProvenanceReport['datasets'][number];

/** The rows of the view: data ↔ code ↔ runs ↔ models ↔ environment, and what is in the way of knowing them. */
export const nodesOf = (shown: Shown): ProvenanceNode[] => [
  ...codeNode(shown),
  ...filesNode(shown, 'contract', vscode.l10n.t('Contracts')),
  ...filesNode(shown, 'manifest', vscode.l10n.t('Experiment Manifests')),
  ...dataNode(shown),
  ...runsNode(shown),
  ...modelsNode(shown),
  ...environmentNode(shown),
  ...findingsNode(shown),
];

/** Absolute path of one that the report tells from its home. */
export const whole = (home: string, path: string): string => (isAbsolute(path) ? path : join(home, path));

/** Runs that the filter leaves, in the order of the report: newest first. */
export const runsIn = ({ report, filter }: Pick<Shown, 'report' | 'filter'>) =>
  report.runs.filter((run) =>
    has(
      filter,
      run.name,
      run.id,
      run.experiment,
      run.status,
      run.commit,
      trackerName(run.tracker),
      ...Object.entries(run.params).map(([name, value]) => `${name}=${value}`),
    ),
  );

const has = (filter: string, ...texts: readonly (string | null)[]): boolean => {
  const wanted = filter.toLowerCase();
  return wanted === '' || texts.some((text) => text?.toLowerCase().includes(wanted));
};

// ------------------------------------------------------------------------------------------------------- code

function codeNode({ report: { code }, filter }: Shown): ProvenanceNode[] {
  if (code.commit === null || !has(filter, code.commit, code.branch, code.tag, ...code.changed)) return [];
  const { commit, branch, tag, dirty, remote, changed } = code;
  const state =
    dirty === null ? undefined : dirty ? changesIn(changed.length) : vscode.l10n.t('no uncommitted changes');
  const facts = () => [
    ...fact('git-commit', vscode.l10n.t('Commit'), commit),
    ...fact('remote', vscode.l10n.t('Remote'), remote),
    ...changed.flatMap((path) => fact('edit', path, vscode.l10n.t('uncommitted'))),
  ];
  const description = [commit.slice(0, 7), tag, state].filter(Boolean).join(' · ');
  const icon = new vscode.ThemeIcon('git-branch');
  return [row(branch ?? vscode.l10n.t('detached HEAD'), { id: 'code', description, icon, children: facts })];
}

const changesIn = (count: number): string =>
  count === 1 ? vscode.l10n.t('1 uncommitted change') : vscode.l10n.t('{0} uncommitted changes', count);

// ------------------------------------------------------------------------------------------------------ files

function filesNode({ report, filter }: Shown, role: FileVersion['role'], label: string): ProvenanceNode[] {
  const files = report.files.filter((file) => file.role === role && has(filter, file.path, file.commit));
  return group(role, label, files.map(fileNode), { open: true });
}

function fileNode(file: FileVersion): ProvenanceNode {
  const { path, role, status, commit, tag, tracker } = file;
  const description = [commit?.slice(0, 7), tag, statusWords(status, tracker)].filter(Boolean).join(' · ');
  const facts = factsOf(file);
  return row(nameOf(path), {
    id: `${role}:${path}`,
    description,
    icon: statusIcon(status),
    tooltip: `${path}\n${statusWords(status, tracker)}`,
    ...(facts.length > 0 ? { children: () => facts } : {}),
    ...(status === 'missing' ? {} : { command: opening({ path }) }),
    context: role,
  });
}

const factsOf = (file: FileVersion): readonly ProvenanceNode[] => [
  ...fact('git-commit', vscode.l10n.t('Commit'), file.commit),
  ...fact('comment', vscode.l10n.t('Subject'), file.subject),
  ...fact('person', vscode.l10n.t('Author'), file.author),
  ...fact('calendar', vscode.l10n.t('Date'), timeOf(file.date)),
  ...fact('tag', vscode.l10n.t('Tag'), file.tag),
  ...fact('git-branch', vscode.l10n.t('Branch'), file.branch),
  ...fact('database', vscode.l10n.t('Size'), file.sizeBytes === null ? null : sizeOf(file.sizeBytes)),
];

const nameOf = (path: string): string => path.split(/[\\/]/).at(-1) ?? path;

// ------------------------------------------------------------------------------------------------------- data

/** By tracker when there are several. */
function dataNode(shown: Shown): ProvenanceNode[] {
  const datasets = shown.report.datasets.filter(({ path, tracker, version }) =>
    has(shown.filter, path, trackerName(tracker), version),
  );
  const trackers = [...new Set(datasets.map(({ tracker }) => tracker))];
  const of = (tracker: Tracker) =>
    datasets.filter((dataset) => dataset.tracker === tracker).map((dataset) => datasetNode(dataset, shown));
  const label = vscode.l10n.t('Data');
  const [only] = trackers;
  if (trackers.length === 1 && only)
    return group('data', label, of(only), { open: true, description: `${trackerName(only)} · ${datasets.length}` });
  const groups = trackers.flatMap((tracker) =>
    group(`data:${tracker}`, trackerName(tracker), of(tracker), { open: true }),
  );
  return group('data', label, groups, { open: true, description: String(datasets.length) });
}

function datasetNode(dataset: Dataset, { report, home }: Shown): ProvenanceNode {
  const { path, tracker, version, algorithm, status, sizeBytes, contract } = dataset;
  const file = whole(home, path);
  const known = report.files.find((candidate) => candidate.role === 'data' && candidate.path === file);
  const runs = report.runs.filter((run) => run.datasets.some((used) => used.path === path));
  const children = () => [
    ...fact('key', vscode.l10n.t('Version'), version && `${algorithm ?? ''} ${version}`.trim()),
    ...(known
      ? factsOf(known)
      : fact('database', vscode.l10n.t('Size'), sizeBytes === null ? null : sizeOf(sizeBytes))),
    ...(contract === null ? [] : [fileLink('checklist', vscode.l10n.t('Contract'), contract, home)]),
    ...group(
      `data:${path}:runs`,
      vscode.l10n.t('Runs'),
      runs.slice(0, MOST_LINKS).map((run) => runNode(run, { report, home, below: `data:${path}` })),
      { icon: new vscode.ThemeIcon('play-circle'), description: String(runs.length) },
    ),
  ];
  return row(nameOf(path), {
    id: `data:${path}`,
    description: [path === nameOf(path) ? '' : path.slice(0, -nameOf(path).length - 1), statusWords(status, tracker)]
      .filter(Boolean)
      .join(' · '),
    icon: statusIcon(status),
    tooltip: `${path}\n${trackerName(tracker)}: ${statusWords(status, tracker)}`,
    children,
    context: 'data',
  });
}

/** Runs that one dataset lists: the newest. */
const MOST_LINKS = 50;

function fileLink(icon: string, label: string, path: string, home: string): ProvenanceNode {
  const options = { description: path, icon: new vscode.ThemeIcon(icon), tooltip: `${label}: ${path}` };
  return row(label, { ...options, command: opening({ path: whole(home, path) }) });
}

// ------------------------------------------------------------------------------------------------------- runs

function runsNode(shown: Shown): ProvenanceNode[] {
  const runs = runsIn(shown);
  const rows = runs.slice(0, shown.runs).map((run) => runNode(run, { ...shown, below: '' }));
  const rest = runs.length - rows.length;
  const more = rest > 0 ? [moreNode(rest)] : [];
  const description = runs.length.toLocaleString(vscode.env.language);
  return group('runs', vscode.l10n.t('Runs'), [...rows, ...more], { open: true, description });
}

function moreNode(rest: number): ProvenanceNode {
  const label = vscode.l10n.t('Show More');
  const description =
    rest === 1
      ? vscode.l10n.t('1 older run')
      : vscode.l10n.t('{0} older runs', rest.toLocaleString(vscode.env.language));
  const command = { command: 'plumbline.showMoreRuns', title: label };
  return row(label, { id: 'runs:more', description, icon: new vscode.ThemeIcon('ellipsis'), command, context: 'more' });
}

// ----------------------------------------------------------------------------------------------------- models

function modelsNode(shown: Shown): ProvenanceNode[] {
  const models = shown.report.models.filter(({ name, version, aliases, run }) =>
    has(shown.filter, name, version, run, ...aliases),
  );
  return group(
    'models',
    vscode.l10n.t('Models'),
    models.map((model) => modelNode(model, shown)),
    { open: true },
  );
}

function modelNode(model: ModelReport, { report, home }: Shown): ProvenanceNode {
  const { name, version, tracker, aliases, stage, location } = model;
  const run = report.runs.find(({ id }) => id === model.run);
  const gone = model.runExists === false;
  const words = [
    ...aliases.map((alias) => `@${alias}`),
    stage,
    gone ? vscode.l10n.t('its run is not here') : (run?.name ?? run?.id),
    trackerName(tracker),
  ];
  const id = `model:${location.path}:${name}:${version}`;
  return row(vscode.l10n.t('{0}, version {1}', name, version), {
    id,
    description: words.filter(Boolean).join(' · '),
    icon: gone ? coloured('warning', 'warning') : new vscode.ThemeIcon('package'),
    ...(run ? { run, children: () => [runNode(run, { report, home, below: id })] } : {}),
    context: run ? 'model+run' : 'model',
  });
}

// ------------------------------------------------------------------------------------------------ environment

function environmentNode({ report: { environment }, home, filter }: Shown): ProvenanceNode[] {
  const locks = environment.lockFiles
    .filter(({ path, kind }) => has(filter, path, kind))
    .map(({ path, kind, pinned, packages }) =>
      row(nameOf(path), {
        id: `lock:${path}`,
        description: [
          pinned ? vscode.l10n.t('pinned') : vscode.l10n.t('versions left open'),
          packages === 1 ? vscode.l10n.t('1 package') : vscode.l10n.t('{0} packages', packages),
        ].join(' · '),
        tooltip: `${path} (${kind})`,
        icon: pinned ? coloured('lock', 'pass') : coloured('unlock', 'warning'),
        command: opening({ path: whole(home, path) }),
        context: 'lockFile',
      }),
    );
  const images = environment.images
    .filter(({ path, image }) => has(filter, path, image))
    .map(({ path, image, digest, location }, index) =>
      row(image, {
        id: `image:${index}:${path}`,
        description: [digest === null ? vscode.l10n.t('by a tag, which may move') : vscode.l10n.t('pinned'), path].join(
          ' · ',
        ),
        icon: digest === null ? coloured('unlock', 'warning') : coloured('lock', 'pass'),
        command: opening(location),
        context: 'image',
      }),
    );
  return group('environment', vscode.l10n.t('Environment'), [...locks, ...images], { open: true });
}

// --------------------------------------------------------------------------------------------------- findings

function findingsNode({ report, home, filter }: Shown): ProvenanceNode[] {
  const placed = report.findings.filter(
    ({ location, message, code }) => location !== null && has(filter, message, code),
  );
  return group(
    'findings',
    vscode.l10n.t('Findings'),
    placed.map((finding) => findingNode(finding, home)),
  );
}

function findingNode({ code, message, severity, location }: Finding, home: string): ProvenanceNode {
  const place =
    location &&
    `${location.path.startsWith(home) ? location.path.slice(home.length + 1) : location.path}:${location.range.start.line + 1}`;
  const options = {
    tooltip: [message, place].filter(Boolean).join('\n'),
    icon: severityIcons[severity],
    context: 'finding',
  };
  return row(message, { ...options, description: code, ...(location ? { command: opening(location) } : {}) });
}

const severityIcons: Readonly<Record<Finding['severity'], vscode.ThemeIcon>> = {
  error: coloured('error', 'error'),
  warning: coloured('warning', 'warning'),
  info: new vscode.ThemeIcon('info'),
};
