// Runs as every tracker has them. A reader leaves undefined what its tracker does not know: unknown is not no.
import type { Datum, Location, RunStatus, Tracker } from '../protocol';
import type { World } from '../world';
import type { LockFile } from './environment';
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
  /** As the tracker recorded them of what the run read; undefined when it did not. Types in the tracker's words. */
  readonly columns?: readonly RecordedColumn[];
  /** Its files with their content ids, where the tracker keeps a list; `md5` as 32 hex digits. */
  readonly files: readonly RunFile[];
  readonly location: Location;
}

export interface RecordedColumn {
  readonly name: string;
  readonly type: string;
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
  /** Absolute folder on this machine that it lies in, wherever that is. */
  readonly folder?: string;
  readonly location: Location;
}

/** A word or number with the place that it was read from. */
export interface Told<T> {
  readonly value: T;
  readonly location: Location;
}

/** What a model's own file says of it. */
export interface ModelFile {
  /** Absolute. */
  readonly path: string;
  /** Ways to load it, in the order of the file. */
  readonly flavors: readonly ModelFlavor[];
  /** What it takes and gives, as its author or its tracker wrote it down; undefined without a signature. */
  readonly inputs: readonly ModelColumn[] | undefined;
  readonly outputs: readonly ModelColumn[] | undefined;
  /** That may be given with each call. */
  readonly params: readonly ModelColumn[] | undefined;
  readonly id: Told<string> | undefined;
  readonly run: Told<string> | undefined;
  /** Milliseconds since 1970. */
  readonly created: Told<number> | undefined;
  /** Version of the tracker that wrote it. */
  readonly writer: Told<string> | undefined;
  /** Bytes. */
  readonly size: Told<number> | undefined;
  /** Files beside it that name its packages, the most exact first. */
  readonly environment: readonly LockFile[];
}

export interface ModelFlavor {
  readonly name: string;
  /** Of the library that made it. */
  readonly version: string | undefined;
  /** Module that loads it. */
  readonly loader: string | undefined;
  readonly location: Location;
}

export interface ModelColumn {
  /** Undefined where there is only one, or they go by their order. */
  readonly name: string | undefined;
  /** In the tracker's words: `double`, `array<string>`. */
  readonly type: string | undefined;
  /** Of a tensor; -1 is any length. */
  readonly shape: readonly number[] | undefined;
  readonly required: boolean;
  readonly location: Location;
}

/** A project that a tracker runs by itself. */
export interface Project {
  /** Absolute. */
  readonly path: string;
  readonly name: string | undefined;
  /** `conda_env`, `python_env`, `docker_env` with the file, or the image, that it names. */
  readonly environment: { readonly kind: string; readonly of: string | undefined } | undefined;
  readonly entryPoints: readonly EntryPoint[];
  readonly location: Location;
}

export interface EntryPoint {
  readonly name: string;
  readonly command: string | undefined;
  readonly parameters: readonly {
    readonly name: string;
    readonly type: string | undefined;
    readonly default: Datum | undefined;
  }[];
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
  /** Absolute folders of all models that lie here, also of those whose run is gone; of trackers that keep a file in each. */
  readonly modelFolders?: readonly string[];
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
  /** Of a tracker that puts a file beside each model that tells what the model is. */
  readonly modelFiles?: {
    /** By its name alone. */
    matches(path: string): boolean;
    /** Of those of the folders that hold one. Rejects only when the signal is aborted. */
    read(folders: readonly string[], world: World, signal?: AbortSignal): Promise<Reading<readonly ModelFile[]>>;
  };
  /** Of a tracker that runs projects by itself. */
  readonly projects?: {
    matches(path: string): boolean;
    read(path: string, world: World): Promise<Reading<Project | undefined>>;
  };
}
