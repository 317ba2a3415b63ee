import { dirname, join, normalize, sep } from 'node:path';
import { isWithin } from '../../paths';
import type { FileVersion, ProvenanceReport, RunReport } from '../../protocol';
import type { DatasetSubject, Parameter, Stage, Subject } from './subject';

/** What is read beside a report: what its tools say in files of the workspace. */
export interface Surroundings {
  /** Folder that the report's paths start from. */
  readonly home: string;
  readonly stages: readonly Stage[];
  /** Those that a file of the workspace holds, with no runs yet. */
  readonly parameters: readonly Parameter[];
  /** Absolute path of a dataset → where its record stands. */
  readonly records: ReadonlyMap<string, DatasetSubject['record']>;
}

/** How a word has to be meant for a subject that is called by a plain word. */
export type Role = 'run' | 'experiment' | 'model' | 'stage' | 'parameter' | 'image' | 'commit';

/** What a word turned out to name. */
export interface Found {
  readonly subject: Subject;
  /** The revision after `@` of a path. */
  readonly revision?: string;
}

/** Texts longer than this name nothing. UTF-16 units. */
const LONGEST = 1024;

/** Letters of a commit's id that are enough, as Git shows them. */
const SHORT_COMMIT = 7;

/** An id that no word of a language is: W&B's are the shortest. */
const SHORT_ID = 8;

/** Everything that a workspace is known to hold, by what people call it. */
export class Names {
  readonly home: string;
  readonly #paths = new Map<string, Subject>();
  /** Names of files and folders of known paths: a text without any of them is no path of ours. */
  readonly #segments = new Set<string>();
  readonly #ids = new Map<string, Subject>();
  readonly #roles: Readonly<Record<Role, Map<string, Subject>>> = {
    run: new Map(),
    experiment: new Map(),
    model: new Map(),
    stage: new Map(),
    parameter: new Map(),
    image: new Map(),
    commit: new Map(),
  };
  /** Every word that has a meaning in some place, so that all others are left alone without looking around them. */
  readonly #words = new Set<string>();
  readonly #commits = new Map<string, string>();

  constructor(report: ProvenanceReport, { home, stages, parameters, records }: Surroundings) {
    this.home = home;
    this.#addFiles(report.files);
    this.#addDatasets(report, records);
    this.#addRuns(report);
    this.#addModels(report);
    this.#addImages(report);
    for (const stage of stages) this.#roles.stage.set(stage.name, stage);
    this.#addParameters(parameters, report.runs);
    for (const known of Object.values(this.#roles)) {
      for (const name of known.keys()) this.#words.add(name).add(leaf(name));
    }
    const commits = [
      report.code.commit,
      ...[...report.runs, ...report.datasets, ...report.files].map(({ commit }) => commit),
    ];
    for (const commit of commits) {
      if (commit && commit.length >= SHORT_COMMIT) this.#commits.set(commit.slice(0, SHORT_COMMIT), commit);
    }
  }

  /** Whether there is nothing that a text could name but commits. */
  get isEmpty(): boolean {
    const { run, stage, image } = this.#roles;
    return this.#paths.size + run.size + stage.size + image.size === 0;
  }

  /**
   * What a text that stands for itself names: a path, an id, an address, a dotted parameter, an image with its tag. Plain
   * words name nothing here.
   *
   * @param folder Absolute folder that the text may be relative to, as are those around it up to home.
   */
  named(text: string, folder: string): Found | undefined {
    if (text.length < SHORT_COMMIT || text.length > LONGEST || /[\r\n]/.test(text)) return this.#short(text, folder);
    return this.#byAddress(text) ?? this.#byId(text) ?? this.#byPath(text, folder);
  }

  /** Data of few letters: `a.csv`. */
  #short(text: string, folder: string): Found | undefined {
    return text.length < SHORT_COMMIT && text.length > 2 ? this.#byPath(text, folder) : undefined;
  }

  /** Whether `meant` can have an answer other than for a commit. */
  isWord(text: string): boolean {
    return this.#words.has(text);
  }

  /** What a word names that stands where a run, an image or a parameter is meant. */
  meant(role: Role, text: string): Found | undefined {
    const subject = this.#roles[role].get(text);
    if (subject) return { subject };
    if (role === 'run') return this.#byId(text);
    if (role !== 'commit') return undefined;
    // A word that is meant to be a commit is one, whatever its name; nothing is told when Git does not know it.
    return /^[\w.][\w./~^-]*$/.test(text) && text.length <= 100
      ? { subject: { kind: 'commit', commit: text } }
      : undefined;
  }

  /** The subject at an absolute path: what is there, or the dataset folder around it. */
  at(path: string): Subject | undefined {
    for (let here = path; here.length >= this.home.length; here = dirname(here)) {
      const subject = this.#paths.get(here);
      if (subject) return here === path || subject.kind === 'dataset' ? subject : undefined;
      if (here === dirname(here)) return undefined;
    }
    return undefined;
  }

  #byAddress(text: string): Found | undefined {
    const [, scheme, rest = ''] = /^([a-z][a-z0-9+.-]+):\/{0,2}(.+)$/is.exec(text) ?? [];
    if (scheme === undefined) return undefined;
    const [first = ''] = rest.replace(/^\//, '').split(/[/@]/);
    const subject =
      scheme === 'runs' ? this.#roles.run.get(first) : scheme === 'models' ? this.#roles.model.get(first) : undefined;
    const known = subject ?? this.#paths.get(text);
    return known && { subject: known };
  }

  #byId(text: string): Found | undefined {
    const subject =
      this.#ids.get(text) ??
      (/[:/@]/.test(text) ? this.#roles.image.get(text) : undefined) ??
      (text.includes('.') ? this.#roles.parameter.get(text) : undefined) ??
      // `entity/project/run`, as the public API of W&B takes it.
      (/^[\w.-]+\/[\w.-]+\/\w+$/.test(text) ? this.#ids.get(text.slice(text.lastIndexOf('/') + 1)) : undefined);
    if (subject) return { subject };
    if (!/^[0-9a-f]{7,64}$/.test(text)) return undefined;
    const commit = this.#commits.get(text.slice(0, SHORT_COMMIT));
    return commit?.startsWith(text) ? { subject: { kind: 'commit', commit } } : undefined;
  }

  #byPath(text: string, folder: string): Found | undefined {
    const [, path = '', revision] = /^([^@]+)(?:@([\w./~^-]+))?$/.exec(text.replace(/^file:\/\//, '')) ?? [];
    const parts = path.split(/[\\/]+/);
    if (!/[\\/.]/.test(path) || /[\0*?"<>|]/.test(path) || !parts.some((part) => this.#segments.has(part)))
      return undefined;
    const slashed = parts.join(sep);
    for (const place of this.#placesFor(slashed, folder)) {
      const subject = this.at(place);
      if (subject) return { subject, ...(revision === undefined ? {} : { revision }) };
    }
    return undefined;
  }

  /** Programs are run from a file's own folder, or from one above it. */
  *#placesFor(path: string, folder: string): Generator<string> {
    if (path.startsWith(sep) || /^[a-z]:/i.test(path)) {
      yield trimmed(normalize(path));
      return;
    }
    for (
      let here = isWithin(this.home, folder) ? folder : this.home;
      here.length >= this.home.length;
      here = dirname(here)
    ) {
      yield trimmed(join(here, path));
      if (here === dirname(here)) return;
    }
  }

  #addPath(path: string, subject: Subject): void {
    this.#paths.set(path, subject);
    this.#segments.add(path.slice(path.lastIndexOf(sep) + 1));
  }

  #addFiles(files: readonly FileVersion[]): void {
    for (const version of files) {
      const { path, role } = version;
      if (role === 'contract' || role === 'manifest') this.#addPath(path, { kind: 'file', path, version });
    }
  }

  #addDatasets({ datasets, runs }: ProvenanceReport, records: Surroundings['records']): void {
    const users = new Map<string, RunReport[]>();
    for (const run of runs) {
      for (const path of new Set(run.datasets.map((dataset) => dataset.path))) {
        if (path !== null) users.set(path, [...(users.get(path) ?? []), run]);
      }
    }
    for (const dataset of datasets) {
      const path = this.#absolute(dataset.path);
      const contract = dataset.contract === null ? undefined : this.#absolute(dataset.contract);
      const used = users.get(dataset.path) ?? [];
      this.#addPath(path, { kind: 'dataset', path, dataset, runs: used, record: records.get(path), contract });
    }
  }

  #absolute(path: string): string {
    return /^([\\/]|[a-z][a-z0-9+.-]*:)/i.test(path) ? path : join(this.home, ...path.split('/'));
  }

  /** The newest goes before older ones of the same name. */
  #addRuns({ runs, modelFiles = [] }: ProvenanceReport): void {
    const files = groupedBy(modelFiles, (file) => file.run);
    const experiments = new Map<string, RunReport[]>();
    for (const run of runs) {
      const subject: Subject = { kind: 'run', run, files: files.get(run.id) ?? [] };
      if (run.id.length >= SHORT_ID) this.#ids.set(run.id, subject);
      for (const name of [run.id, run.name]) {
        if (name !== null && !this.#roles.run.has(name)) this.#roles.run.set(name, subject);
      }
      // The experiments of DVC are grouped by commit, which has a place of its own.
      if (run.experiment === null || run.tracker === 'dvc') continue;
      const group = experiments.get(run.experiment);
      if (group) group.push(run);
      else experiments.set(run.experiment, [run]);
    }
    for (const [name, group] of experiments) {
      this.#roles.experiment.set(name, { kind: 'experiment', name, runs: group });
    }
  }

  /** By the name in its registry, and by the id that its tracker gave it. */
  #addModels({ models, runs, modelFiles = [] }: ProvenanceReport): void {
    const files = new Map(modelFiles.map((file) => [file.path, file] as const));
    for (const [name, versions] of groupedBy(models, (model) => model.name)) {
      this.#roles.model.set(name, { kind: 'model', name, versions, files });
    }
    const logged = new Map(runs.flatMap((run) => run.models.map(({ file, name }) => [file, name] as const)));
    for (const file of modelFiles) {
      if (file.id === null || file.id.length < SHORT_ID) continue;
      const versions = models.filter((model) => model.file === file.path);
      const name = versions[0]?.name ?? logged.get(file.path) ?? file.id;
      this.#ids.set(file.id, { kind: 'model', name, versions, files: new Map([[file.path, file]]) });
    }
  }

  #addImages({ environment }: ProvenanceReport): void {
    for (const [image, uses] of groupedBy(environment.images, (use) => use.image)) {
      const digest = uses[0]?.digest;
      const subject: Subject = { kind: 'image', image, uses };
      this.#roles.image.set(image, subject);
      if (digest && !image.includes('@')) this.#roles.image.set(`${image}@${digest}`, subject);
    }
  }

  /** A parameter of a file is called by its last word too, as trackers log it, where no other has the same one. */
  #addParameters(parameters: readonly Parameter[], runs: readonly RunReport[]): void {
    const logged = new Map<string, Parameter['runs'][number][]>();
    for (const run of runs) {
      for (const [name, value] of Object.entries(run.params)) {
        const known = logged.get(name);
        if (known) known.push({ run, value });
        else logged.set(name, [{ run, value }]);
      }
    }
    for (const [name, of] of logged)
      this.#roles.parameter.set(name, { kind: 'parameter', name, now: undefined, atHead: undefined, runs: of });
    const order = new Map(runs.map((run, index) => [run, index]));
    const byLeaf = groupedBy(parameters, ({ name }) => leaf(name));
    for (const parameter of parameters) {
      const { name } = parameter;
      const short = leaf(name);
      const isOnly = byLeaf.get(short)?.length === 1;
      const had = [...(logged.get(name) ?? []), ...(isOnly && short !== name ? (logged.get(short) ?? []) : [])];
      had.sort((a, b) => (order.get(a.run) ?? 0) - (order.get(b.run) ?? 0));
      const subject = { ...parameter, runs: had };
      for (const word of isOnly ? [name, short] : [name]) this.#roles.parameter.set(word, subject);
    }
  }
}

const leaf = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

const trimmed = (path: string): string => (path.length > 1 && path.endsWith(sep) ? path.slice(0, -1) : path);

function groupedBy<T, K>(items: readonly T[], keyOf: (item: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
