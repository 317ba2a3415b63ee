// Runs as every tracker has them. A reader leaves undefined what its tracker does not know: unknown is not no.
import type { Datum, Location, RunStatus, Tracker } from '../protocol';
import type { World } from '../world';
import type { Codes, Reading } from './finding';

/** One run of an experiment. */
export interface Run {
  readonly tracker: Tracker;
  /** Absolute: the folder or database that holds it, for DVC the repository. */
  readonly store: string;
  readonly id: string;
  readonly name: string | undefined;
  /** Name of the experiment, project or baseline that it belongs to. */
  readonly experiment: string | undefined;
  readonly status: RunStatus;
  /** Milliseconds since 1970. */
  readonly started: number | undefined;
  readonly ended: number | undefined;
  readonly code: RunCode;
  /** Id of the run that this one is nested in. */
  readonly parent: string | undefined;
  readonly user: string | undefined;
  /** As the tracker keeps them: MLflow's are texts. Nested ones have dotted names. */
  readonly params: Readonly<Record<string, Datum>>;
  /** The last, or the summary, as the tracker's own list shows it; may be NaN or infinite. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly datasets: readonly RunDataset[];
  readonly models: readonly RunModel[];
  /** Absolute path of the file that names the packages it ran with. */
  readonly environment: string | undefined;
  /** Image of the container that it ran in. */
  readonly image: string | undefined;
  readonly artifacts: RunArtifacts;
  /** Where it begins to be told: its own file, or the store. */
  readonly location: Location;
}

export interface RunCode {
  /** As recorded, in full or short. */
  readonly commit: string | undefined;
  readonly branch: string | undefined;
  /** Without user name and password. */
  readonly repository: string | undefined;
  /** Script or command that was run. */
  readonly entrypoint: string | undefined;
  /** Whether there were uncommitted changes; undefined where the tracker does not record it. */
  readonly dirty: boolean | undefined;
  /** Where that, or the commit, was read. */
  readonly location: Location | undefined;
}

/** Data that a run read or wrote. */
export interface RunDataset {
  readonly name: string;
  readonly role: 'input' | 'output';
  /** Of its content, or of what the tracker takes for it; undefined when it has none. */
  readonly version: string | undefined;
  /** What `version` is: `md5`, `sha256`, `mlflow-pandas`, `wandb-manifest`, `uri`. */
  readonly algorithm: string | undefined;
  /** What it was for: `training`. */
  readonly context: string | undefined;
  /** Path or address, as recorded. */
  readonly source: string | undefined;
  /** Its files with their content ids, where the tracker keeps a list; `md5` as 32 hex digits. */
  readonly files: readonly RunFile[];
  readonly location: Location;
}

export interface RunFile {
  readonly path: string;
  readonly md5: string | undefined;
  /** Bytes. */
  readonly size: number | undefined;
  /** An address elsewhere, in place of content: `lakefs://repo/main/a.csv`. */
  readonly reference: string | undefined;
}

export interface RunModel {
  readonly name: string;
  readonly id: string | undefined;
  /** In the registry. */
  readonly version: string | undefined;
  /** Of a model that does not lie among the run's artifacts: what the run called it, and its absolute folder here. */
  readonly logged?: { readonly name: string; readonly folder: string };
  readonly location: Location;
}

/** One version of a model in a registry. */
export interface ModelVersion {
  readonly tracker: Tracker;
  readonly store: string;
  readonly name: string;
  readonly version: string;
  /** The run that it says it is from. */
  readonly run: string | undefined;
  readonly source: string | undefined;
  readonly aliases: readonly string[];
  readonly stage: string | undefined;
  readonly status: string | undefined;
  readonly location: Location;
}

export interface RunArtifacts {
  /** As recorded; often an absolute path of the machine that ran it. */
  readonly recorded: string | undefined;
  /** Absolute folder here; undefined when they are not on this machine. */
  readonly path: string | undefined;
}

/** What is read only when somebody looks at one run. */
export interface RunDetails {
  /** In order of step. */
  readonly histories: Readonly<Record<string, readonly MetricPoint[]>>;
  /** Where each `params/NAME` and `metrics/NAME` stands: a run may have a parameter and a metric of one name. */
  readonly places: Readonly<Record<string, Location>>;
  /** Paths from the artifacts' folder, with slashes. */
  readonly artifacts: readonly string[];
}

export interface MetricPoint {
  readonly step: number;
  readonly value: number;
  /** Milliseconds since 1970. */
  readonly time: number | undefined;
}

/** What one store holds. */
export interface Runs {
  readonly runs: readonly Run[];
  readonly models: readonly ModelVersion[];
}

/** How to read one kind of store. Read-only in the strict sense; nothing that is broken in a store hides the rest of it. */
export interface RunTracker {
  readonly tracker: Tracker;
  /** What its findings can be. */
  readonly codes: Codes;
  /** Absolute paths of the stores at or below the folder. */
  stores(folder: string, world: World): Promise<readonly string[]>;
  /** All runs, newest first. Large stores stay quick, and what has not changed since is not read again. */
  read(store: string, world: World, signal?: AbortSignal): Promise<Reading<Runs>>;
  /** Undefined when the store has no such run. */
  details(store: string, id: string, world: World, signal?: AbortSignal): Promise<RunDetails | undefined>;
}
