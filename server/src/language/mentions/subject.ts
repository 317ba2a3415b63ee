import type {
  Datum,
  FileVersion,
  ImageReport,
  Location,
  ModelFileReport,
  ModelReport,
  ProvenanceReport,
  RunReport,
} from '../../protocol';

/** Something of the workspace that a text can name. Paths are absolute but for those of reports. */
export type Subject =
  | DatasetSubject
  | FileSubject
  | RunSubject
  | Experiment
  | Commit
  | Image
  | Stage
  | Parameter
  | Model;

export interface DatasetSubject {
  readonly kind: 'dataset';
  readonly path: string;
  readonly dataset: ProvenanceReport['datasets'][number];
  /** Newest first. */
  readonly runs: readonly RunReport[];
  /** Where its tracker keeps its record; undefined where Git has the file itself. */
  readonly record: Location | undefined;
  readonly contract: string | undefined;
}

/** A contract or a manifest. */
export interface FileSubject {
  readonly kind: 'file';
  readonly path: string;
  readonly version: FileVersion;
}

export interface RunSubject {
  readonly kind: 'run';
  readonly run: RunReport;
  /** Of its models, those that have a file here. */
  readonly files: readonly ModelFileReport[];
}

export interface Experiment {
  readonly kind: 'experiment';
  readonly name: string;
  /** Newest first. */
  readonly runs: readonly RunReport[];
}

/** Known by its id only: Git is asked for the rest when somebody looks. */
export interface Commit {
  readonly kind: 'commit';
  /** As far as it is spelt. */
  readonly commit: string;
}

export interface Image {
  readonly kind: 'image';
  readonly image: string;
  readonly uses: readonly ImageReport[];
}

export interface Stage {
  readonly kind: 'stage';
  readonly name: string;
  readonly command: string | undefined;
  readonly location: Location;
}

export interface Parameter {
  readonly kind: 'parameter';
  /** Dotted. */
  readonly name: string;
  /** On disk; undefined where only runs know it. */
  readonly now: { readonly value: Datum; readonly location: Location } | undefined;
  /** In the last commit; undefined where that has none. */
  readonly atHead: Datum | undefined;
  /** Runs that had it, newest first. */
  readonly runs: readonly { readonly run: RunReport; readonly value: Datum }[];
}

export interface Model {
  readonly kind: 'model';
  readonly name: string;
  readonly versions: readonly ModelReport[];
  /** Those that have a file here, by its path. */
  readonly files: ReadonlyMap<string, ModelFileReport>;
}
