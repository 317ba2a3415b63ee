import { dirname } from 'node:path';
import type { Jobs } from '../../jobs';
import { isWithin } from '../../paths';
import type { FileVersion } from '../../protocol';
import { versionsOf } from '../../provenance/versions';
import type { Document } from '../../workspace/document';
import type { GitCommit, World } from '../../world';
import { isOurs, namesOf } from './gather';
import { type Mention, mentionsIn } from './mentions';
import type { Names } from './names';
import type { Subject } from './subject';
import type { Facts } from './words';

/** Files whose change can change what texts name, as patterns for an editor to watch. */
export const watchedPatterns: readonly string[] = [
  '**/*.dvc',
  '**/dvc.{yaml,lock}',
  '**/params.{yaml,yml,json,toml}',
  '**/*.{odcs,experiment}.{yaml,yml,json}',
  '**/mlruns/**/meta.yaml',
  '**/mlflow.db',
  '**/wandb/**/*.wandb',
  '**/{uv.lock,poetry.lock,pdm.lock,pixi.lock,pylock.toml,renv.lock,conda-lock.yml,requirements*.txt}',
  '**/{Dockerfile,*.dockerfile,Dockerfile.*,compose.yaml,docker-compose.yaml,docker-compose.yml}',
  '**/*.{csv,tsv,parquet,pq,jsonl,ndjson,arrow,feather}',
  '**/.git/{HEAD,packed-refs}',
  '**/.git/refs/heads/**',
];

/** Data whose change matters only where they are known; the other patterns are records. */
const isData = (path: string): boolean => /\.(csv|tsv|parquet|pq|jsonl|ndjson|arrow|feather)$/i.test(path);

/** Milliseconds of quiet after a change before a workspace is read anew; longer where reading takes long. */
const QUIET = 1500;
const REST = 3;
const LONGEST_REST = 30_000;

/** What one folder of the workspace holds, read when it is opened and again after a file that matters has changed; never while a person types. */
export class KnownWorkspace {
  readonly #folder: string;
  readonly #world: World;
  readonly #jobs: Jobs;
  readonly #onChange: () => void;
  readonly #abort = new AbortController();
  #names: Names | undefined;
  #mentions = new WeakMap<Document, readonly Mention[]>();
  #versions = new Map<string, Promise<FileVersion | undefined>>();
  #timer: NodeJS.Timeout | undefined;
  #reading = false;
  #stale = false;
  #took = 0;

  /** @param onChange Called after other names are known. */
  constructor(folder: string, parts: { readonly world: World; readonly jobs: Jobs; readonly onChange: () => void }) {
    this.#folder = folder;
    this.#world = parts.world;
    this.#jobs = parts.jobs;
    this.#onChange = parts.onChange;
  }

  /** Undefined until it is read, and for a folder that holds nothing of ours. */
  get names(): Names | undefined {
    return this.#names;
  }

  holds(path: string): boolean {
    return isWithin(this.#folder, path);
  }

  /** Whether a change of the file may be a change of what is known: any record, and data that are known. */
  isTouchedBy(path: string): boolean {
    return this.holds(path) && (!isData(path) || this.#names?.at(path) !== undefined);
  }

  /** Reads the folder, when it is ours at all. Never rejects: what cannot be read is not known. */
  async read(): Promise<void> {
    if (this.#reading) {
      this.#stale = true;
      return;
    }
    this.#reading = true;
    const started = this.#world.now().getTime();
    try {
      if (this.#names || (await isOurs(this.#world, this.#folder))) await this.#take();
    } catch (error) {
      this.#world.log.debug(`${this.#folder} is not read for its provenance: ${String(error)}`);
    } finally {
      this.#took = this.#world.now().getTime() - started;
      this.#reading = false;
      if (this.#stale) this.readLater();
      this.#stale = false;
    }
  }

  async #take(): Promise<void> {
    const { signal } = this.#abort;
    const job = { kind: 'provenance', target: this.#folder } as const;
    const report = await this.#jobs.run(job, { signal, onProgress: () => undefined });
    const names = await namesOf(this.#world, report, signal);
    if (signal.aborted) return;
    this.#names = names.isEmpty ? undefined : names;
    this.#mentions = new WeakMap();
    this.#versions = new Map();
    this.#onChange();
  }

  /** After the files have been quiet for a while. */
  readLater(): void {
    if (this.#abort.signal.aborted) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.read(), Math.max(QUIET, Math.min(LONGEST_REST, REST * this.#took)));
    this.#timer.unref();
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#abort.abort();
  }

  /** What a document names. Each version of a text is looked at once. */
  mentions(document: Document, language: string): readonly Mention[] {
    if (!this.#names) return [];
    const known = this.#mentions.get(document) ?? mentionsIn(document, language, this.#names);
    this.#mentions.set(document, known);
    return known;
  }

  /** What Git says of a mention in the file at `path`, asked when somebody looks at it. */
  async facts({ subject, revision }: Mention, { path, commands }: { path: string; commands: boolean }): Promise<Facts> {
    const named = subject.kind === 'commit' ? subject.commit : revision;
    const [version, commit] = await Promise.all([
      this.version(subject),
      named === undefined ? undefined : this.#commit(path, named),
    ]);
    return { home: this.#names?.home ?? this.#folder, commands, version, commit };
  }

  /** Version of a file, or of a dataset's record. Asked once until something changes. */
  version(subject: Subject): Promise<FileVersion | undefined> {
    if (subject.kind === 'file') return Promise.resolve(subject.version);
    if (subject.kind !== 'dataset') return Promise.resolve(undefined);
    const path = subject.record?.path ?? subject.path;
    const known =
      this.#versions.get(path) ?? versionsOf(this.#world, [{ path, role: 'data' }]).then(([first]) => first);
    this.#versions.set(path, known);
    return known;
  }

  /** Of the repository of the file, which may be one of several in the folder. */
  async #commit(path: string, revision: string): Promise<GitCommit | undefined> {
    const { git } = this.#world;
    const root = await git?.root(dirname(path)).catch(() => undefined);
    const id = root === undefined ? undefined : await git?.commit(root, revision).catch(() => undefined);
    return root === undefined || id === undefined ? undefined : git?.describe(root, id);
  }
}
