import { dirname } from 'node:path';
import { loadContract } from '../contract/load';
import { findDriftStart } from '../drift/find-start';
import { jobOf, withMonitor } from '../drift/monitor';
import type { Jobs } from '../jobs';
import { isWithin } from '../paths';
import type {
  CheckParams,
  CodeChange,
  ContractChecks,
  ContractDraft,
  ContractSource,
  DialectInfo,
  Draft,
  DriftJob,
  DriftLimit,
  DriftParams,
  DriftReport,
  EngineOptions,
  FileVersion,
  HistoryLimits,
  MonitorParams,
  PastRun,
  Progress,
  ProvenanceReport,
  RevisionInfo,
  RunDetailsJob,
  RunDetailsReport,
  StoredResult,
  TableInfo,
  TextChange,
  TimelineJob,
  TimelineReport,
} from '../protocol';
import { beginManifest } from '../provenance/begin-manifest';
import { codeChanges, revisionsOf, textAt } from '../provenance/code';
import { homeOf, recipeFor } from '../provenance/recipe';
import { versionsOf, withVersions } from '../provenance/versions';
import { addRun, forgetAllRuns, forgetRuns, pastRuns } from '../results/history';
import { createKeptResults, type KeptResults } from '../results/kept-results';
import { type Document, pathOf } from '../workspace/document';
import { Documents } from '../workspace/documents';
import { tablesOf } from '../workspace/tables';
import { Unreadable, type World } from '../world';
import { ContractBases } from './contract-bases';
import { contractChecks } from './contract-checks';
import { type CheckRun, continued, statedIn } from './diagnostics';
import { limitFix } from './drift-limit';
import type { Known } from './hover';
import { ManifestClaims } from './manifest-claims';
import { KnownWorkspace } from './mentions/known-workspace';
import { type Mention, mayMention } from './mentions/mentions';
import type { ExportWish } from './provenance-export';
import type { ResultWish } from './result-export';

/** What the person has set. */
export interface Settings {
  readonly engine?: EngineOptions;
  readonly sampleRows?: number;
  /** Left out: no run is kept in the workspace. */
  readonly history?: HistorySettings;
}

/** How runs of checks are kept in the workspace. */
export interface HistorySettings extends HistoryLimits {
  readonly enabled: boolean;
  /** Whether Git is to have them. */
  readonly shared: boolean;
}

/** How a run tells of itself and is stopped. */
export interface Watched {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  readonly settings: Settings;
}

/** Milliseconds for which Git's answer about a file is taken again, while a person types. */
const VERSION_KEPT = 10_000;

type Versions = Pick<Known, 'version' | 'data'>;

/** What an editor asks of Plumbline beyond one document: runs, results, versions. Knows no protocol. */
export class Service {
  readonly documents = new Documents();
  /** What the open manifests claim. */
  readonly claims: ManifestClaims;
  /** What the open contracts are compared with. */
  readonly bases = new ContractBases(() => this.#world);
  readonly #jobs: Jobs;
  readonly #kept: KeptResults;
  readonly #runs = new Map<string, CheckRun>();
  readonly #monitorRuns = new Map<string, Map<string, DriftReport>>();
  readonly #versions = new Map<string, { readonly until: number; readonly versions: Promise<Versions> }>();
  #workspaces: readonly KnownWorkspace[] = [];
  #folders: readonly string[] = [];
  #world: World;

  constructor(world: World, jobs: Jobs) {
    this.#world = world;
    this.#jobs = jobs;
    this.#kept = createKeptResults(world);
    this.claims = new ManifestClaims({
      judge: async (path, signal) => {
        this.#assertTrusted();
        return this.#jobs.run({ kind: 'provenance', target: path }, { signal, onProgress: () => undefined });
      },
      textOf: (path) => this.#world.readText(path),
      log: world.log,
    });
  }

  /** Takes another world, as when the person trusts the workspace. */
  set world(world: World) {
    this.#world = world;
    this.forgetVersions();
    this.claims.judgeAllLater();
  }

  /** Whether the workspace is trusted, so that contracts may be run and Git may be asked. */
  get trusted(): boolean {
    return this.#world.git !== undefined;
  }

  /** Git is asked anew, as after a file was saved. */
  forgetVersions(): void {
    this.#versions.clear();
  }

  /**
   * Learns what folders hold, so that texts that name it can be explained; nothing before the person's trust.
   *
   * @param onChange Called after more, or other, names are known.
   */
  learn(folders: readonly string[], onChange: () => void): void {
    for (const workspace of this.#workspaces) workspace.end();
    this.#folders = folders;
    const parts = { world: this.#world, jobs: this.#jobs, onChange };
    this.#workspaces = this.trusted ? folders.map((folder) => new KnownWorkspace(folder, parts)) : [];
    for (const workspace of this.#workspaces) void workspace.read();
  }

  /** Files have changed on disk. */
  filesChanged(paths: readonly string[]): void {
    if (paths.length > 0) this.claims.judgeAllLater();
    for (const workspace of this.#workspaces) {
      if (paths.some((path) => workspace.isTouchedBy(path))) workspace.readLater();
    }
  }

  /** Whether texts are known to name anything. */
  get knowsNames(): boolean {
    return this.#workspaces.some(({ names }) => names !== undefined);
  }

  /** What a document names, with the part of the workspace that knows it. */
  mentions(
    document: Document,
  ): { readonly workspace: KnownWorkspace; readonly mentions: readonly Mention[] } | undefined {
    const { path, language } = document;
    const workspace = this.#workspaces.find((candidate) => candidate.holds(path));
    if (!workspace || language === undefined || !mayMention(language)) return undefined;
    return { workspace, mentions: workspace.mentions(document, language) };
  }

  /** Judges what an open manifest claims, as soon as it is quiet. */
  judge(uri: string): void {
    const document = this.documents.get(uri);
    if (document?.kind === 'manifest' && uri.startsWith('file:')) this.claims.judgeLater(document.path);
  }

  /**
   * Asks what an open contract is to be compared with.
   *
   * @param revision The place where its branch left the main one when left out.
   */
  async compare(uri: string, revision: string | undefined): Promise<void> {
    const document = this.documents.get(uri);
    if (document?.kind === 'contract' && uri.startsWith('file:')) await this.bases.ask(document.path, revision);
  }

  /** The last run of a contract's checks in this session. */
  run({ path }: Document): CheckRun | undefined {
    return this.#runs.get(path);
  }

  /** What features draw on beside the document. */
  async known(document: Document): Promise<Known> {
    const monitors = this.#monitorRuns.get(document.path);
    const judged = this.claims.of(document.path);
    const now = this.#world.now();
    return { run: this.run(document), judged, monitors, now, ...(await this.#versionsBehind(document)) };
  }

  async #versionsBehind(document: Document): Promise<Versions> {
    const { uri, path, kind } = document;
    if (!this.#world.git || !kind || !uri.startsWith('file:')) return {};
    const now = this.#world.now().getTime();
    const before = this.#versions.get(path);
    if (before && before.until > now) return before.versions;
    const versions = this.#askVersions(document, kind === 'monitor' ? 'other' : kind).catch(() => ({}));
    this.#versions.set(path, { until: now + VERSION_KEPT, versions });
    return versions;
  }

  /** Versions of the document and of the data of its tables, in one question to Git. */
  async #askVersions(document: Document, role: FileVersion['role']): Promise<Versions> {
    const tables = (await tablesOf(document, this.#world)).filter(({ path }) => path !== undefined);
    const data = tables.map(({ path = '' }) => ({ path, role: 'data' as const }));
    const [version, ...others] = await versionsOf(this.#world, [{ path: document.path, role }, ...data]);
    const pairs = tables.flatMap(({ table }, i) => (others[i] ? [[table, others[i]] as const] : []));
    return { version, data: new Map(pairs) };
  }

  /** Runs a contract's checks. Rejects with `Unreadable`, `EngineDied` or `Cancelled`. */
  async check({ uri, table, checks, data }: CheckParams, { settings, ...watched }: Watched): Promise<StoredResult> {
    this.#assertTrusted();
    const document = await this.documents.read(uri, this.#world);
    const { path } = document;
    // A file that is no contract is refused here, in the words that say what it lacks.
    const contract = document.contract ?? (await loadContract(this.#sourceOf(document), this.#world));
    const stated = statedIn(contract);
    const folder = dirname(path);
    const { history, ...others } = settings;
    const only = checks && { checks };
    const job = { kind: 'check', contract: this.#sourceOf(document), folder, table, only, data, ...others } as const;
    const report = await withVersions(this.#world, await this.#jobs.run(job, watched), folder);
    const run = { report, stated };
    this.#runs.set(path, checks || table ? continued(run, this.#runs.get(path)) : run);
    // Another look, at data of a commit, is none at how the contract's own data fare.
    if (history?.enabled && !data) {
      const keeping = { by: 'editor', base: this.#folderOf(path), limits: history, shared: history.shared } as const;
      await addRun(this.#world, report, path, keeping);
    }
    return this.#kept.store({ kind: 'check', contract: path, report });
  }

  /** Compares two datasets. Rejects with `Unreadable`, `EngineDied` or `Cancelled`. */
  async drift(params: DriftParams, { settings, ...watched }: Watched): Promise<StoredResult> {
    this.#assertTrusted();
    const { uri, table, reference, current, preset } = params;
    const document = uri === undefined ? undefined : await this.documents.read(uri, this.#world);
    const contract = document && this.#sourceOf(document);
    const folder = dirname(document?.path ?? current);
    const { engine } = settings;
    const job = { kind: 'drift', reference, current, folder, contract, table, preset, engine } as const;
    const report = await withVersions(this.#world, await this.#jobs.run(job, watched), folder);
    return this.#kept.store({ kind: 'drift', contract: document?.path ?? null, table, report });
  }

  /** Looks for the version of the current file with which drift began. Rejects with `Unreadable`, `EngineDied` or `Cancelled`. */
  async driftStart(
    { reference, current, preset }: DriftParams,
    { settings, ...watched }: Watched,
  ): Promise<StoredResult> {
    this.#assertTrusted();
    const folder = dirname(current);
    const job = { kind: 'drift', reference, current, folder, preset, engine: settings.engine } as const;
    const run = (one: DriftJob) => this.#jobs.run(one, { ...watched, onProgress: () => undefined });
    const found = await findDriftStart(job, { world: this.#world, run, onProgress: watched.onProgress });
    return this.#kept.store({
      kind: 'drift',
      contract: null,
      report: await withVersions(this.#world, found, folder),
    });
  }

  /** Runs a monitor of a file as it stands. Rejects with `Unreadable`, `EngineDied` or `Cancelled`. */
  async monitor({ uri, monitor: name }: MonitorParams, { settings, ...watched }: Watched): Promise<StoredResult> {
    this.#assertTrusted();
    const { path, monitors } = await this.documents.read(uri, this.#world);
    const monitor = monitors.find((candidate) => candidate.name === name);
    if (!monitor) throw new Unreadable(`${path} has no monitor "${name}" any more.`, path);
    const home = dirname(path);
    const job = jobOf(monitor, { path, home, folder: home, engine: settings.engine });
    const found = await withVersions(this.#world, await this.#jobs.run(job, watched), home);
    const report = withMonitor(found, monitor, path);
    const runs = this.#monitorRuns.get(path) ?? new Map<string, DriftReport>();
    this.#monitorRuns.set(path, runs.set(name, report));
    return this.#kept.store({ kind: 'drift', contract: null, report });
  }

  /** An engine's work runs what a contract says, so it waits for the person's trust. */
  #assertTrusted(): void {
    if (this.trusted) return;
    throw new Unreadable('Plumbline reads no data in Restricted Mode. Trust this workspace first.', '');
  }

  /** The editor's text goes along, since the file may be older. */
  #sourceOf({ uri, path, text }: Document): ContractSource {
    return this.documents.get(uri) ? { path, text } : { path };
  }

  /** Changes that write a limit into the contract. Rejects with `Unreadable` when it has no place for it. */
  async limitChanges({ uri, limit }: { uri: string; limit: DriftLimit }): Promise<readonly TextChange[]> {
    const document = await this.documents.read(uri, this.#world);
    const fix = limitFix(document, limit);
    if (!fix)
      throw new Unreadable(
        limit.monitor === undefined
          ? `${document.path} has no place for a limit of "${limit.column}". Add a drift rule to that column by hand.`
          : `${document.path} holds no limit of ${limit.column === null ? 'the share of columns' : `"${limit.column}"`} as a number. Write it there by hand.`,
        document.path,
      );
    return fix.edits.map(({ span, text }) => ({ range: document.lines.range(span), newText: text }));
  }

  /** Versions behind a file or folder. Rejects with `Unreadable`, `EngineDied` or `Cancelled`. */
  async provenance(uri: string, signal: AbortSignal): Promise<ProvenanceReport> {
    if (!this.trusted) {
      // The worker's world is a trusted one, which asks Git. Start-up does not wait for the readers of every tracker.
      const { provenanceOf } = await import('../provenance/graph');
      return provenanceOf(this.#world, pathOf(uri), signal);
    }
    return this.#jobs.run({ kind: 'provenance', target: pathOf(uri) }, { signal, onProgress: () => undefined });
  }

  /** Absolute folder from which the paths of the file's or folder's report are told. Rejects with `Unreadable`. */
  home(uri: string): Promise<string> {
    return homeOf(this.#world, pathOf(uri));
  }

  /** Text of a file at a commit. Rejects with `Unreadable`. */
  textAt(uri: string, revision: string): Promise<string> {
    return textAt(this.#world, pathOf(uri), revision);
  }

  /** Commits and tags that a person can choose for a file or folder. Rejects with `Unreadable`. */
  revisions(uri: string): Promise<readonly RevisionInfo[]> {
    return revisionsOf(this.#world, pathOf(uri));
  }

  /** What differs between two commits of the repository that holds the file or folder. Rejects with `Unreadable`. */
  codeChanges(
    uri: string,
    commits: { readonly before: string; readonly after: string },
  ): Promise<readonly CodeChange[]> {
    return codeChanges(this.#world, pathOf(uri), commits);
  }

  /** Commands that make a run again. Rejects with `Unreadable`. */
  async recipe(uri: string, run: string, signal: AbortSignal): Promise<string> {
    return recipeFor(this.#world, await this.provenance(uri, signal), run);
  }

  /** A manifest begun from a run, or from what is at hand. Rejects with `Unreadable`. */
  async newManifest(uri: string, run: string | undefined, signal: AbortSignal): Promise<Draft> {
    return beginManifest(this.#world, await this.provenance(uri, signal), run);
  }

  /** What stands behind a file, a folder or one run, in another system's shape. Rejects with `Unreadable`. */
  async exportProvenance(
    { uri, ...wish }: { readonly uri: string } & Omit<ExportWish, 'home'>,
    signal: AbortSignal,
  ): Promise<Draft> {
    const [report, home, { exportOf }] = await Promise.all([
      this.provenance(uri, signal),
      this.home(uri),
      import('./provenance-export'),
    ]);
    return exportOf(report, { ...wish, home });
  }

  /** Histories, places and artifacts of one run. Rejects with `Unreadable`, `EngineDied` or `Cancelled`. */
  runDetails(run: Omit<RunDetailsJob, 'kind'>, signal: AbortSignal): Promise<RunDetailsReport> {
    return this.#jobs.run({ kind: 'runDetails', ...run }, { signal, onProgress: () => undefined });
  }

  /** The versions of a dataset. Rejects with `Unreadable`, `EngineDied` or `Cancelled`. */
  async timeline(
    asked: Omit<TimelineJob, 'kind' | 'engine'>,
    { settings, ...watched }: Watched,
  ): Promise<TimelineReport> {
    this.#assertTrusted();
    return this.#jobs.run({ kind: 'timeline', ...asked, engine: settings.engine }, watched);
  }

  /** A contract in another format. Rejects with `Unreadable`. */
  async convert({ uri, to }: { readonly uri: string; readonly to: string }): Promise<ContractDraft> {
    const { convertedDraft } = await import('./contract-draft');
    return convertedDraft(await this.documents.read(uri, this.#world), to, this.#world);
  }

  /** A first contract for data. Rejects with `Unreadable`, `EngineDied` or `Cancelled`. */
  async infer(ref: string, { settings, ...watched }: Watched): Promise<ContractDraft> {
    this.#assertTrusted();
    const { inferredDraft } = await import('./contract-draft');
    return inferredDraft(ref, { engine: settings.engine, world: this.#world }, (job) => this.#jobs.run(job, watched));
  }

  /** The formats that contracts are written in. */
  async dialects(): Promise<readonly DialectInfo[]> {
    return (await import('./contract-draft')).dialectInfos;
  }

  /** The tables of a contract and where their data lie. Rejects with `Unreadable`. */
  async tables(uri: string): Promise<readonly TableInfo[]> {
    return tablesOf(await this.documents.read(uri, this.#world), this.#world);
  }

  /** The checks that follow from a contract; undefined for any other file. Rejects with `Unreadable`. */
  async checks(uri: string): Promise<ContractChecks | undefined> {
    return contractChecks(await this.documents.read(uri, this.#world));
  }

  /** The folder of the workspace that holds a file. */
  #folderOf(path: string): string | undefined {
    return this.#folders.find((folder) => isWithin(folder, path));
  }

  /** Runs of a contract's checks so far, oldest first. */
  pastRuns(uri: string): Promise<readonly PastRun[]> {
    const path = pathOf(uri);
    return pastRuns(this.#world, path, this.#folderOf(path));
  }

  /** Forgets the results of a contract, or all of the workspace. Rejects with `Unreadable` when a file cannot be removed. */
  async deleteResults(uri: string | undefined): Promise<void> {
    const path = uri === undefined ? undefined : pathOf(uri);
    await this.#kept.forget(path);
    if (path !== undefined) return forgetRuns(this.#world, path, this.#folderOf(path));
    for (const folder of this.#folders) await forgetAllRuns(this.#world, folder);
  }

  /** A result as a file to be saved. Rejects with `Unreadable` when it is not kept any more, or the format has no place for it. */
  async exportResult({ id, ...wish }: { readonly id: string } & Omit<ResultWish, 'home'>): Promise<Draft> {
    const [result, { exportOfResult }] = await Promise.all([this.#kept.load(id), import('./result-export')]);
    if (!result) throw new Unreadable('This result is not kept any more. Run it again to export it.', '');
    const about = result.contract ?? (result.kind === 'drift' ? result.report.current.ref : '');
    const home = this.#folderOf(about) ?? this.#folders[0] ?? dirname(about);
    return exportOfResult(result, { ...wish, home });
  }

  result(id: string): Promise<StoredResult | undefined> {
    return this.#kept.load(id);
  }

  latest(uri: string | undefined): Promise<StoredResult | undefined> {
    return this.#kept.latest(uri === undefined ? undefined : pathOf(uri));
  }
}
