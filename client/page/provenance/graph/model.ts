import type { FromProvenancePage, ModelReport, ProvenanceReport, RunReport } from '../../../../server/src/protocol';
import { count } from '../../numbers';
import { fileName } from '../../paths';

export type NodeKind = 'environment' | 'code' | 'data' | 'run' | 'model';

/** What is to be known of a node at a glance; `problem` is in the way of knowing or repeating it. */
export interface Mark {
  readonly tone: 'problem' | 'change' | 'busy';
  /** One or two words. */
  readonly words: string;
}

export interface Node {
  readonly id: string;
  readonly kind: NodeKind;
  readonly title: string;
  /** What it is, in a few words. */
  readonly about: string;
  readonly mark?: Mark | undefined;
  /** What the panel is asked for when a person chooses it. */
  readonly message?: FromProvenancePage | undefined;
  /** A group of runs that is shown member by member when a person chooses it. */
  readonly group?: string | undefined;
}

export interface Edge {
  readonly from: string;
  readonly to: string;
  /** How many runs it stands for. */
  readonly runs: number;
}

export interface Picture {
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
}

/** How much of a report is drawn. */
export interface Extent {
  /** Runs, or groups of runs, the newest first. */
  readonly most: number;
  /** Of groups, how many of their newest runs are drawn one by one. */
  readonly open: ReadonlyMap<string, number>;
}

/** Groups or runs that a picture begins with, and that each step adds. */
export const STEP = 12;
/** Datasets, commits, environments or models of one node that are drawn by themselves. */
const MOST_BESIDE = 8;

/** The node that stands for runs not drawn. */
export const MORE = 'more';

/**
 * What stands behind what, each kind in its own column: files of the environment and commits before runs, runs before
 * models. Of many runs those of one commit and experiment are one node, so that ten thousand are still a picture.
 */
export function pictureOf(report: ProvenanceReport, extent: Extent): Picture {
  const drawing = new Drawing(report);
  const groups = groupsOf(report.runs);
  const shown = groups.slice(0, extent.most);
  for (const group of shown) drawing.addGroup(group, extent.open.get(group.id) ?? 0);
  const left = groups.slice(extent.most).reduce((sum, { runs }) => sum + runs.length, 0);
  if (left > 0) drawing.addMore(left, groups.length - shown.length);
  drawing.addModels();
  drawing.addData();
  drawing.addCode();
  return drawing.picture();
}

/** Runs that are drawn as one. */
interface Group {
  readonly id: string;
  readonly runs: readonly RunReport[];
}

/** Each run by itself while there are few; else those of one experiment and commit together, in order of the newest. */
function groupsOf(runs: readonly RunReport[]): readonly Group[] {
  if (runs.length <= STEP) return runs.map((run) => ({ id: runId(run), runs: [run] }));
  const groups = grouped(
    runs,
    ({ tracker, store, experiment, commit }) => `runs:${tracker}:${store}:${experiment ?? ''}:${commit ?? ''}`,
  );
  return [...groups].map(([id, members]) => ({ id, runs: members }));
}

/** In the order in which each key comes first. */
function grouped<T, K>(values: readonly T[], keyOf: (value: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const value of values) {
    const group = groups.get(keyOf(value));
    if (group) group.push(value);
    else groups.set(keyOf(value), [value]);
  }
  return groups;
}

const runId = ({ tracker, store, id }: RunReport): string => `run:${tracker}:${store}:${id}`;

class Drawing {
  readonly #nodes = new Map<string, Node>();
  readonly #edges = new Map<string, Edge>();
  /** Node that stands for each run that is drawn. */
  readonly #standIns = new Map<string, string>();
  readonly #data: ReadonlyMap<string, Dataset>;

  constructor(private readonly report: ProvenanceReport) {
    this.#data = new Map(report.datasets.map((dataset) => [dataset.path, dataset]));
  }

  picture(): Picture {
    return { nodes: [...this.#nodes.values()], edges: [...this.#edges.values()] };
  }

  /** @param alone How many of its runs are drawn by themselves. */
  addGroup({ id, runs }: Group, alone: number): void {
    const [only, ...others] = runs;
    if (!only) return;
    if (others.length === 0) this.#addRuns(runNode(only), [only]);
    else if (alone === 0) this.#addRuns(groupNode(id, runs), runs);
    else {
      for (const run of runs.slice(0, alone)) this.#addRuns(runNode(run), [run]);
      const rest = runs.slice(alone);
      if (rest.length > 0) this.#addRuns(restNode(id, rest), rest);
    }
  }

  addMore(runs: number, groups: number): void {
    const about = groups === runs ? 'older runs' : `in ${count(groups)} older groups`;
    this.#add({ id: MORE, kind: 'run', title: `+ ${count(runs)} more`, about, group: MORE });
  }

  /** Models of the runs that are drawn, and those whose run is not there. */
  addModels(): void {
    const models = grouped(this.report.models, ({ run, runExists }) =>
      run !== null && runExists ? this.#standIns.get(run) : ALONE,
    );
    for (const [standIn, some] of models) {
      if (standIn !== undefined) this.#addFew(some.map(modelNode), { of: standIn, noun: 'models', side: 'after' });
    }
  }

  /** Data of the report that no run had, changed ones first. */
  addData(): void {
    const alone = this.report.datasets.map((dataset) => dataNode(dataset.path, dataset));
    const undrawn = alone.filter(({ id }) => !this.#nodes.has(id));
    const ordered = undrawn.toSorted((a, b) => Number(b.mark !== undefined) - Number(a.mark !== undefined));
    this.#addFew(ordered, { of: ALONE, noun: 'datasets', side: 'before' });
  }

  /** HEAD, with the files of the environment that it holds. */
  addCode(): void {
    const { code, environment } = this.report;
    if (code.commit === null) return;
    const head = this.#add(this.#commitNode(code.commit, undefined));
    const files = environment.lockFiles.map(({ path, kind, pinned, packages }) =>
      fileNode(
        path,
        `${kind} · ${count(packages)} packages`,
        pinned ? undefined : { tone: 'problem', words: 'not pinned' },
      ),
    );
    const images = environment.images.map(({ image, digest, location }) =>
      imageNode(image, digest === null ? { tone: 'problem', words: 'no digest' } : undefined, {
        type: 'reveal',
        location,
      }),
    );
    this.#addFew([...files, ...images], { of: head, noun: 'environments', side: 'before' });
  }

  /** One node for these runs, and what they stand on. */
  #addRuns(node: Node, runs: readonly RunReport[]): void {
    this.#add(node);
    for (const { id } of runs) this.#standIns.set(id, node.id);
    const before = { of: node.id, side: 'before' } as const;
    const commits = runs.flatMap((run) => (run.commit === null ? [] : [this.#commitNode(run.commit, run)]));
    this.#addFew(commits, { ...before, noun: 'commits' });
    const environments = runs.flatMap(({ environment, image }) => [
      ...(environment === null ? [] : [fileNode(environment, folderName(environment))]),
      ...(image === null ? [] : [imageNode(image)]),
    ]);
    this.#addFew(environments, { ...before, noun: 'environments' });
    const datasets = runs.flatMap((run) => run.datasets);
    const dataOf = (role: 'input' | 'output') =>
      datasets
        .filter((dataset) => dataset.role === role)
        .map((dataset) =>
          dataset.path === null ? elsewhereNode(dataset) : dataNode(dataset.path, this.#data.get(dataset.path)),
        );
    this.#addFew(dataOf('input'), { ...before, noun: 'datasets' });
    this.#addFew(dataOf('output'), { of: node.id, side: 'after', noun: 'datasets' });
  }

  /** The first of these nodes beside another one, and one more for the rest. */
  #addFew(nodes: readonly Node[], { of, noun, side }: Beside): void {
    const distinct = grouped(nodes, ({ id }) => id);
    const shown = [...distinct.values()].slice(0, distinct.size === MOST_BESIDE + 1 ? MOST_BESIDE + 1 : MOST_BESIDE);
    const link = (id: string, runs: number): void => {
      if (of !== ALONE) this.#link(side === 'before' ? id : of, side === 'before' ? of : id, runs);
    };
    for (const some of shown) if (some[0]) link(this.#add(some[0]), some.length);
    const [first] = nodes;
    const rest = distinct.size - shown.length;
    if (rest > 0 && first) {
      const id = `${noun}:${side}:${of}`;
      link(this.#add({ id, kind: first.kind, title: `+ ${count(rest)} more`, about: noun }), rest);
    }
  }

  #commitNode(commit: string, run: RunReport | undefined): Node {
    const { code } = this.report;
    const isHead = code.commit !== null && (code.commit.startsWith(commit) || commit.startsWith(code.commit));
    const known = isHead ? (code.commit ?? commit) : commit;
    const isMissing = !isHead && run?.commitExists === false;
    const words = isHead ? ['HEAD', code.branch, code.tag] : ['commit', run?.branch];
    return {
      id: `code:${known}`,
      kind: 'code',
      title: known.slice(0, 7),
      about: words.filter(Boolean).join(' · '),
      mark: isHead ? headMark(code) : isMissing ? { tone: 'problem', words: 'missing' } : undefined,
      message:
        isHead || isMissing || code.commit === null
          ? { type: 'copy', text: known }
          : { type: 'compareCode', before: known, after: code.commit },
    };
  }

  /** The first to tell of a node wins, but for a mark that a later one knows. */
  #add(node: Node): string {
    const before = this.#nodes.get(node.id);
    if (!before) this.#nodes.set(node.id, node);
    else if (!before.mark && node.mark) this.#nodes.set(node.id, { ...before, about: node.about, mark: node.mark });
    return node.id;
  }

  #link(from: string, to: string, runs: number): void {
    const key = `${from}\n${to}`;
    const before = this.#edges.get(key);
    this.#edges.set(key, { from, to, runs: (before?.runs ?? 0) + runs });
  }
}

/** Which node others are drawn beside, and what they are called together. */
interface Beside {
  readonly of: string;
  readonly noun: string;
  readonly side: 'before' | 'after';
}

/** In place of a node, for what hangs on none. */
const ALONE = '';

type Dataset = ProvenanceReport['datasets'][number];

const dataNode = (path: string, dataset: Dataset | undefined): Node => ({
  id: `data:${path}`,
  kind: 'data',
  title: fileName(path),
  about: [dataset?.tracker === 'none' ? undefined : dataset?.tracker, dataset?.version?.slice(0, 8)]
    .filter(Boolean)
    .join(' · '),
  mark: dataset && dataMarks[dataset.status],
  message: { type: 'openFile', path },
});

/** Data of a run that are no file here. */
const elsewhereNode = ({ name, version }: RunReport['datasets'][number]): Node => ({
  id: `elsewhere:${name}:${version ?? ''}`,
  kind: 'data',
  title: fileName(name),
  about: version?.slice(0, 8) ?? 'no version',
  mark: { tone: 'problem', words: 'not here' },
  message: { type: 'copy', text: version === null ? name : `${name} ${version}` },
});

const fileNode = (path: string, about: string, mark?: Mark): Node => ({
  id: `file:${path}`,
  kind: 'environment',
  title: fileName(path),
  about,
  mark,
  message: { type: 'openFile', path },
});

/** Files of one name are told apart by where they lie. */
const folderName = (path: string): string => path.split('/').slice(0, -1).join('/') || 'environment';

const imageNode = (image: string, mark?: Mark, message?: FromProvenancePage): Node => ({
  id: `image:${image}`,
  kind: 'environment',
  title: fileName(image),
  about: 'image',
  mark,
  message: message ?? { type: 'copy', text: image },
});

const modelNode = ({ name, version, tracker, aliases, stage, run, runExists, location }: ModelReport): Node => ({
  id: `model:${tracker}:${name}:${version}`,
  kind: 'model',
  title: `${name} ${version}`,
  about: [...aliases, stage ?? ''].filter(Boolean).join(', ') || tracker,
  mark: run !== null && runExists === false ? { tone: 'problem', words: 'run missing' } : undefined,
  message: { type: 'reveal', location },
});

const headMark = ({ dirty, changed }: ProvenanceReport['code']): Mark | undefined =>
  dirty
    ? { tone: 'change', words: changed.length === 1 ? '1 file changed' : `${count(changed.length)} changed` }
    : undefined;

const dataMarks: Readonly<Record<ProvenanceReport['datasets'][number]['status'], Mark | undefined>> = {
  unchanged: undefined,
  modified: { tone: 'change', words: 'changed' },
  missing: { tone: 'problem', words: 'missing' },
  pointer: { tone: 'problem', words: 'pointer' },
  'not-in-cache': { tone: 'problem', words: 'not in cache' },
  untracked: { tone: 'change', words: 'untracked' },
  unknown: undefined,
};

const runMarks: Readonly<Record<RunReport['status'], Mark | undefined>> = {
  queued: { tone: 'busy', words: 'queued' },
  scheduled: { tone: 'busy', words: 'scheduled' },
  running: { tone: 'busy', words: 'running' },
  finished: undefined,
  failed: { tone: 'problem', words: 'failed' },
  killed: { tone: 'problem', words: 'killed' },
  unknown: undefined,
};

const runNode = (run: RunReport): Node => ({
  id: runId(run),
  kind: 'run',
  title: run.name ?? run.id.slice(0, 8),
  about: [run.tracker, run.experiment].filter(Boolean).join(' · '),
  mark: runMarks[run.status] ?? (run.dirty ? { tone: 'change', words: 'dirty' } : undefined),
  message: { type: 'reveal', location: run.location },
});

function groupNode(id: string, runs: readonly RunReport[]): Node {
  const [first] = runs;
  const failed = runs.filter(({ status }) => runMarks[status]?.tone === 'problem').length;
  const dirty = runs.filter((run) => run.dirty).length;
  return {
    id,
    kind: 'run',
    title: first?.experiment ?? 'Runs',
    about: [`${count(runs.length)} runs`, first?.tracker].join(' · '),
    mark:
      failed > 0
        ? { tone: 'problem', words: `${count(failed)} failed` }
        : dirty > 0
          ? { tone: 'change', words: `${count(dirty)} dirty` }
          : undefined,
    group: id,
  };
}

/** Runs of an open group that are not drawn by themselves. */
function restNode(id: string, runs: readonly RunReport[]): Node {
  const node = groupNode(id, runs);
  return { ...node, title: `+ ${count(runs.length)} more`, about: node.title };
}
