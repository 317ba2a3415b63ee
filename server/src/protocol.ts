/**
 * What crosses a process border: reports, jobs, requests between editor and server, messages between panel and page.
 * The only file of the server that client and page import, so it holds types and names, and no behaviour.
 */
import type { Range } from './text/tree';

export type { Position, Range } from './text/tree';

// ---------------------------------------------------------------------------------------------------- reports

export interface Tool {
  readonly name: 'plumbline';
  readonly version: string;
}

export interface Location {
  readonly path: string;
  readonly range: Range;
}

/** A number that JSON can hold: NaN and the infinities travel as their names. */
export type Figure = number | 'NaN' | 'Infinity' | '-Infinity' | null;

/** A value of the data as JSON: integers past 2⁵³ and decimals as their digits, times as ISO 8601, bytes as base64. */
export type Datum = string | number | boolean | null | readonly Datum[] | { readonly [key: string]: Datum };

export type CheckStatus = 'passed' | 'failed' | 'warning' | 'error' | 'skipped';
export type Severity = 'error' | 'warning' | 'info';

export interface CheckResult {
  /** Stable over runs and over edits elsewhere in the contract. */
  readonly id: string;
  readonly name: string;
  readonly table: string;
  readonly column: string | null;
  readonly dimension: string | null;
  readonly kind: string;
  readonly status: CheckStatus;
  readonly severity: Severity;
  readonly observed: Figure | string | boolean | Readonly<Record<string, Figure | string>>;
  /** The rule in words: `≥ 3`, `between 0 and 5 %`. */
  readonly expected: string;
  /** The same in numbers, where the rule holds what was observed against some: all of them must be kept. */
  readonly limits?: readonly CheckLimit[];
  /** Rows that were looked at; null when none were. */
  readonly rows: number | null;
  readonly unexpectedCount: number | null;
  readonly unexpectedPercent: number | null;
  readonly samples: readonly Sample[];
  readonly message: string;
  readonly location: Location;
  /** Of a check that holds one figure against one limit: which way it breaks it. */
  readonly limit?: { readonly figure: Figure; readonly threshold: number; readonly breaks: 'above' | 'below' };
}

/** One operator of a rule in ODCS's words, and what it holds the observed figure against. */
export interface CheckLimit {
  readonly operator:
    | 'mustBe'
    | 'mustNotBe'
    | 'mustBeGreaterThan'
    | 'mustBeGreaterOrEqualTo'
    | 'mustBeLessThan'
    | 'mustBeLessOrEqualTo'
    | 'mustBeBetween'
    | 'mustNotBeBetween';
  /** One number; of a range its two ends, the lower first. */
  readonly values: readonly number[];
  /** Of the numbers and of what was observed; null where it is that of a query or of the values themselves. */
  readonly unit: 'rows' | 'percent' | 'days' | null;
}

export interface Sample {
  /** From 1 in its file; null where the engine keeps no order. */
  readonly row: number | null;
  readonly file?: string;
  readonly values: Readonly<Record<string, Datum>>;
}

export interface Summary {
  readonly passed: number;
  readonly failed: number;
  readonly warning: number;
  readonly error: number;
  readonly skipped: number;
  readonly status: 'passed' | 'failed' | 'error';
}

export interface CheckReport {
  readonly schemaVersion: 1;
  readonly tool: Tool;
  readonly verb: 'check';
  readonly contract: { readonly path: string; readonly dialect: string; readonly version: string | null };
  readonly engine: { readonly name: string; readonly version: string };
  readonly startedAt: string;
  readonly durationMs: number;
  readonly checks: readonly CheckResult[];
  readonly summary: Summary;
  /** The data that each table was read from, and its rows. */
  readonly data: readonly {
    readonly table: string;
    readonly ref: string;
    readonly path: string;
    readonly rows: number | null;
    /** The condition in SQL whose rows alone were looked at; left out when all were. */
    readonly where?: string;
    /** What to know of how the files were read, in sentences; left out when there is nothing. */
    readonly notes?: readonly string[];
  }[];
  /** Versions of the contract and of each data file at the time of the run. */
  readonly provenance: readonly FileVersion[];
}

/** What a check would ask of the data, table by table. */
export interface CheckPlan {
  readonly schemaVersion: 1;
  readonly tool: Tool;
  readonly verb: 'plan';
  readonly contract: CheckReport['contract'];
  readonly engine: CheckReport['engine'];
  readonly tables: readonly {
    readonly table: string;
    /** Null where there are no data to ask. */
    readonly ref: string | null;
    readonly path: string | null;
    readonly where?: string;
    readonly statements: readonly PlannedStatement[];
    /** Checks that no statement is for: known from the columns alone, or not to be run, with the reason. */
    readonly without: readonly { readonly check: string; readonly status: CheckStatus; readonly message: string }[];
  }[];
}

export interface PlannedStatement {
  /**
   * `scan`: all aggregates of one pass; `distinct`: one that groups or joins; `values`: distinct values that JavaScript
   * tests; `query`: the author's own; `samples`: only when the check fails; `drift`: a comparison, which has no one SQL;
   * `versions`: a count of the rows of other data.
   */
  readonly kind: 'scan' | 'distinct' | 'values' | 'query' | 'samples' | 'drift' | 'versions';
  readonly sql: string | null;
  /** Ids of the checks that it is for. */
  readonly checks: readonly string[];
}

export interface CheckReports {
  readonly schemaVersion: 1;
  readonly tool: Tool;
  readonly verb: 'check';
  readonly startedAt: string;
  readonly durationMs: number;
  readonly runs: readonly CheckReport[];
  readonly summary: Summary;
}

export type ColumnType = 'numerical' | 'categorical' | 'boolean' | 'datetime' | 'text';

/** Numbers share their edges on both sides; categories share their order. */
export type Histogram =
  | { readonly edges: readonly number[]; readonly counts: readonly number[] }
  | { readonly categories: readonly string[]; readonly other: number; readonly counts: readonly number[] };

export interface DriftSide {
  readonly histogram: Histogram | null;
  /** Rows of this side; `nulls` of them without a value. */
  readonly rows: number;
  readonly nulls: number;
  readonly mean: Figure;
  readonly median: Figure;
  /** Of the numbers, at 0, 1/40, … 1: what a quantile–quantile picture is drawn from. Left out for what has none. */
  readonly quantiles?: readonly number[];
}

export interface DriftColumn {
  /** Null for a row about all columns together. */
  readonly column: string | null;
  readonly type: ColumnType;
  readonly method: string | null;
  readonly statistic: Figure;
  readonly pValue: Figure;
  readonly threshold: number | null;
  readonly drifted: boolean | null;
  /** Which figure was held against the threshold: the statistic drifts above it, the p-value below. */
  readonly decidedBy: 'statistic' | 'pValue' | null;
  /** Why the column is not judged, or what is to be known about the verdict. */
  readonly reason: string | null;
  readonly segment: Readonly<Record<string, Datum>> | null;
  readonly window: { readonly column: string; readonly start: string; readonly end: string } | null;
  /** Base, bins and normaliser of the statistic. */
  readonly parameters: Readonly<Record<string, number | string | boolean>>;
  /** What moved, in the column's own unit: `median −5 → 4`, `UA 17 % → 22 %`. */
  readonly moved: string | null;
  readonly reference: DriftSide;
  readonly current: DriftSide;
}

/** What a row is called that is about no column of its own. */
export const ALL_COLUMNS = 'all columns';

/** A row about one column. */
export type NamedColumn = DriftColumn & { readonly column: string };

export interface DriftReport {
  readonly schemaVersion: 1;
  readonly tool: Tool;
  readonly verb: 'drift';
  readonly preset: string;
  readonly reference: { readonly ref: string; readonly rows: number };
  readonly current: { readonly ref: string; readonly rows: number };
  readonly startedAt: string;
  readonly durationMs: number;
  readonly columns: readonly DriftColumn[];
  readonly dataset: {
    readonly drifted: boolean;
    readonly driftedColumns: number;
    readonly columns: number;
    readonly share: number;
    readonly threshold: number;
    readonly method: string;
  };
  readonly engine: { readonly name: string; readonly version: string };
  readonly provenance: readonly FileVersion[];
  /** The monitor that asked for the comparison, and its file. What it asks for beside is among the notes. */
  readonly monitor?: {
    readonly path: string;
    readonly name: string;
    /** Columns whose limit its file holds as a number, which can be written; none when left out. */
    readonly limited?: readonly string[];
    /** Its file holds the share of columns at which the dataset drifts. */
    readonly isShareLimited?: boolean;
  };
  /** What was left out, in sentences: segments beyond the largest, windows before the latest. */
  readonly notes?: readonly string[];
  /** Why it drifted; left out of comparisons that were not made here. */
  readonly diagnosis?: DriftDiagnosis;
  /** Where drift began in the history of the current data, when that was looked for. */
  readonly start?: DriftStart;
}

/** Lists begin with what matters most. Shares and contributions are 0 … 1. */
export interface DriftDiagnosis {
  /** `effect`: how many times its limit the column moved; `contribution`: its share of all effects. */
  readonly columns: readonly {
    readonly column: string;
    readonly drifted: boolean;
    readonly effect: number;
    readonly contribution: number;
    readonly moved: string | null;
  }[];
  /** Of each drifted column, the segments that carry most of it; `share`: of the current rows. */
  readonly segments: readonly {
    readonly column: string;
    readonly segment: Readonly<Record<string, Datum>>;
    readonly contribution: number;
    readonly share: number;
    readonly drifted: boolean;
    readonly moved: string | null;
  }[];
  /** Starts of windows: the first from which the column stays beyond its limit, and where its level rose most. */
  readonly starts: readonly {
    readonly column: string;
    readonly since: string;
    readonly estimate: string | null;
    readonly windows: number;
  }[];
  /** Pairs of columns that hang together otherwise than before. */
  readonly dependencies: readonly {
    readonly columns: readonly [string, string];
    readonly measure: 'pearson' | 'spearman' | 'cramers-v';
    readonly reference: number;
    readonly current: number;
    readonly pValue: number | null;
  }[];
  /** Shares of empty values that changed. */
  readonly missing: readonly {
    readonly column: string;
    readonly reference: number;
    readonly current: number;
    readonly pValue: number;
    readonly adjustedPValue: number;
  }[];
  /** Current values outside the reference's `low` … `high`: how many, and how far they reach. */
  readonly range: readonly {
    readonly column: string;
    readonly low: number;
    readonly high: number;
    readonly below: number;
    readonly above: number;
    readonly share: number;
    readonly smallest: number;
    readonly largest: number;
  }[];
  /** The columns that a model predicted or is to predict, when they were named. */
  readonly roles: readonly {
    readonly role: 'prediction' | 'target';
    readonly column: string;
    readonly drifted: boolean | null;
    readonly moved: string | null;
  }[];
}

/** The monitors of one file. */
export interface DriftReports {
  readonly schemaVersion: 1;
  readonly tool: Tool;
  readonly verb: 'drift';
  readonly startedAt: string;
  readonly durationMs: number;
  readonly runs: readonly DriftReport[];
  /** Monitors that could not be run, with the reason in a sentence. */
  readonly notRun: readonly { readonly name: string; readonly reason: string; readonly location: Location }[];
  readonly summary: { readonly drifted: number; readonly notDrifted: number; readonly notRun: number };
}

/** The first version of a data file that drifted from a reference. */
export interface DriftStart {
  readonly path: string;
  /** False when even the newest version has not drifted. */
  readonly drifted: boolean;
  /** Whether it began with changes that no commit has yet; `first` is then null. */
  readonly uncommitted: boolean;
  readonly first: DriftCommit | null;
  /** The last version without drift; null when the oldest one looked at had drifted. */
  readonly before: DriftCommit | null;
  readonly versions: number;
  readonly comparisons: number;
}

export interface DriftCommit {
  readonly commit: string;
  readonly author: string;
  /** ISO 8601. */
  readonly date: string;
  readonly subject: string;
}

export interface ProfileColumn {
  readonly column: string;
  readonly type: ColumnType;
  readonly physicalType: string;
  readonly nulls: number;
  readonly distinct: number;
  readonly distinctExact: boolean;
  readonly min: Datum;
  readonly max: Datum;
  readonly mean: Figure;
  readonly standardDeviation: Figure;
  readonly quantiles: Readonly<Record<'0.05' | '0.25' | '0.5' | '0.75' | '0.95', Datum>> | null;
  readonly top: readonly { readonly value: Datum; readonly count: number }[];
  readonly histogram: Histogram | null;
  /** Only in a saved baseline, and there of columns that drift can be measured of. */
  readonly kept?: KeptColumn;
  /** Only where it was asked for, of numbers. */
  readonly sketch?: SketchedColumn;
}

/** What SageMaker's statistics.json says of numbers beyond a profile, as deequ computes it. */
export interface SketchedColumn {
  /** Of the quantile sketch, level by level: each number of level i stands for 2^i rows. */
  readonly levels: readonly (readonly number[])[];
  /** Of finite values: their sum, and their standard deviation as a population. */
  readonly sum: Figure;
  readonly deviation: Figure;
}

/**
 * What a saved baseline keeps of a column so that drift can be measured without its rows. Numbers are doubles, times
 * milliseconds since 1970.
 */
export interface KeptColumn {
  readonly nan: number;
  /** Infinite values below and above all numbers. */
  readonly infinite: readonly [number, number];
  /** Values in ascending order, or categories, the most frequent first. */
  readonly values: readonly (number | string)[];
  /** Rows that have each value. */
  readonly counts: readonly number[];
  /**
   * Rows that lie strictly between each value and the one before it, at places that are not kept; left out when every
   * value is. None holds more than one row in 2,048.
   */
  readonly between?: readonly number[];
  /** Categories that are not kept, and their rows; left out when every one is. */
  readonly others?: { readonly categories: number; readonly rows: number };
}

export interface ProfileReport {
  readonly schemaVersion: 1;
  readonly tool: Tool;
  readonly verb: 'profile';
  readonly ref: string;
  readonly rows: number;
  readonly sizeBytes: number;
  readonly version: { readonly tracker: string; readonly version: string | null };
  readonly columns: readonly ProfileColumn[];
  /** Version of what a saved baseline keeps; left out when the report keeps nothing. */
  readonly baseline?: 1;
}

export type LintSeverity = Severity | 'hint';

export interface LintReport {
  readonly schemaVersion: 1;
  readonly tool: Tool;
  readonly verb: 'lint';
  readonly files: readonly {
    readonly path: string;
    readonly dialect: string | null;
    readonly diagnostics: readonly {
      readonly code: string;
      readonly severity: LintSeverity;
      readonly message: string;
      readonly range: Range;
      readonly fix: string | null;
    }[];
  }[];
  readonly summary: Readonly<Record<LintSeverity, number>> & { readonly files: number };
}

/** What has changed from one contract to another. */
export interface DiffReport {
  readonly schemaVersion: 1;
  readonly tool: Tool;
  readonly verb: 'diff';
  readonly from: DiffSide;
  readonly to: DiffSide;
  /** The gravest first. */
  readonly changes: readonly DiffChange[];
  /** What the gravest of them calls for. */
  readonly bump: 'major' | 'minor' | 'patch' | 'none';
  /** The least version of `to` that says so; null when none is called for or the old one is no number. */
  readonly neededVersion: string | null;
  /** Whether the version of `to` says what has changed. */
  readonly versionIsEnough: boolean;
}

export interface DiffSide {
  readonly path: string;
  /** As it was asked for, or the name of the commit that was found. Null for the file on disk. */
  readonly revision: string | null;
  readonly dialect: string;
  readonly version: string | null;
}

export interface DiffChange {
  /** Such as `column-removed`. */
  readonly kind: string;
  readonly impact: 'breaking' | 'compatible' | 'cosmetic';
  /** From the contract: `schema/orders/amount`. */
  readonly path: string;
  readonly message: string;
  readonly before: Datum;
  readonly after: Datum;
  /** Error where it breaks and the version does not say so, warning where the version does not say that there is more. */
  readonly severity: Severity;
  /** In `to`. */
  readonly location: Location;
}

export type Tracker = 'git' | 'git-lfs' | 'dvc' | 'lakefs' | 'mlflow' | 'wandb' | 'none';
export type DatasetStatus = 'unchanged' | 'modified' | 'missing' | 'pointer' | 'not-in-cache' | 'untracked' | 'unknown';

export interface Finding {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly location: Location | null;
}

/** The version of one file: which commit it is from, and whether the file on disk still is that version. */
export interface FileVersion {
  readonly path: string;
  /** What the file is to us. */
  readonly role: 'contract' | 'data' | 'manifest' | 'other';
  readonly tracker: Tracker;
  readonly status: DatasetStatus;
  readonly commit: string | null;
  readonly author: string | null;
  readonly date: string | null;
  readonly subject: string | null;
  /** First tag that contains the commit. */
  readonly tag: string | null;
  readonly branch: string | null;
  readonly sizeBytes: number | null;
}

export type RunStatus = 'queued' | 'scheduled' | 'running' | 'finished' | 'failed' | 'killed' | 'unknown';

/** A run as reports show it. Null is unknown, never no. Paths are from the target's home, with slashes. */
export interface RunReport {
  readonly id: string;
  readonly tracker: Tracker;
  readonly store: string;
  readonly name: string | null;
  readonly experiment: string | null;
  readonly status: RunStatus;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly commit: string | null;
  readonly commitExists: boolean | null;
  readonly branch: string | null;
  readonly dirty: boolean | null;
  readonly entrypoint: string | null;
  readonly parent: string | null;
  readonly user: string | null;
  readonly params: Readonly<Record<string, Datum>>;
  readonly metrics: Readonly<Record<string, Figure>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly datasets: readonly {
    readonly name: string;
    readonly role: 'input' | 'output';
    readonly version: string | null;
    readonly algorithm: string | null;
    readonly context: string | null;
    readonly source: string | null;
    /** The dataset of the report that it is, and how that is known: `hash` or `path`. */
    readonly path: string | null;
    readonly joinedBy: 'hash' | 'path' | null;
    /** Whether the file on disk is the one that the run had; null when that cannot be told. */
    readonly current: boolean | null;
  }[];
  readonly models: readonly {
    readonly name: string;
    readonly version: string | null;
    readonly id: string | null;
    /** Path of the model file of the report that tells of it. */
    readonly file?: string;
  }[];
  /** The file that names the packages it ran with. */
  readonly environment: string | null;
  readonly image: string | null;
  /** Folder of its artifacts on this machine. */
  readonly artifacts: string | null;
  readonly location: Location;
}

/** Metric histories, in order of step, and where things stand. */
export interface RunDetailsReport {
  readonly id: string;
  readonly histories: Readonly<
    Record<string, readonly { readonly step: number; readonly value: Figure; readonly time: string | null }[]>
  >;
  /** Where each `params/NAME` and `metrics/NAME` stands: a run may have a parameter and a metric of one name. */
  readonly places: Readonly<Record<string, Location>>;
  /** Paths from the artifacts' folder, with slashes. */
  readonly artifacts: readonly string[];
}

/** Versions of one dataset, newest first. */
export interface TimelineReport {
  readonly schemaVersion: 1;
  readonly tool: Tool;
  readonly verb: 'timeline';
  /** As it was asked for. */
  readonly dataset: string;
  readonly versions: readonly TimelineVersion[];
  /** Versions beyond the newest that were asked for. */
  readonly older: number;
}

export interface TimelineVersion {
  readonly tracker: Tracker;
  /** Dataset reference that reads it again: `data/a.csv@3f2c1e9`; the file itself for what is not committed yet. */
  readonly ref: string;
  readonly version: string | null;
  readonly algorithm: string | null;
  readonly commit: string | null;
  readonly author: string | null;
  readonly date: string | null;
  readonly subject: string | null;
  readonly tag: string | null;
  readonly sizeBytes: number | null;
  readonly rows: number | null;
  /** As the engine types them; null for what cannot be read. */
  readonly columns: readonly { readonly name: string; readonly type: string }[] | null;
  /** Against the version before. */
  readonly changes: readonly {
    readonly kind: 'added' | 'removed' | 'type';
    readonly column: string;
    readonly before: string | null;
    readonly after: string | null;
  }[];
  /** Against the version before; null for the first, and for what cannot be read. */
  readonly drift: {
    readonly drifted: boolean;
    readonly driftedColumns: number;
    readonly columns: number;
    /** The columns that moved most, in words. */
    readonly moved: readonly string[];
  } | null;
  /** Why it was not compared with the version before, though both can be read. */
  readonly note: string | null;
  /** Ids of runs that used this version. */
  readonly runs: readonly string[];
  /** Why its content is not shown: it is nowhere on this machine. */
  readonly reason: string | null;
}

export interface ModelReport {
  readonly name: string;
  readonly version: string;
  readonly tracker: Tracker;
  readonly run: string | null;
  /** Null when it names no run. */
  readonly runExists: boolean | null;
  readonly aliases: readonly string[];
  readonly stage: string | null;
  /** Path of the model file of the report that tells of it. */
  readonly file?: string;
  readonly location: Location;
}

/** What a model's own file, MLflow's `MLmodel`, says of it. */
export interface ModelFileReport {
  readonly path: string;
  /** Ways to load it, with the version of the library that made it. */
  readonly flavors: readonly {
    readonly name: string;
    readonly version: string | null;
    readonly loader: string | null;
    readonly location: Location;
  }[];
  /** Null without a signature. */
  readonly inputs: readonly ModelColumnReport[] | null;
  readonly outputs: readonly ModelColumnReport[] | null;
  readonly params: readonly ModelColumnReport[] | null;
  readonly id: string | null;
  readonly run: string | null;
  /** Null when it names no run. */
  readonly runExists: boolean | null;
  readonly createdAt: string | null;
  /** Version of the tracker that wrote it. */
  readonly writer: string | null;
  readonly sizeBytes: number | null;
  /** Files of packages beside it, the most exact first. */
  readonly environment: readonly LockFileReport[];
  /** Where `id`, `run`, `createdAt`, `writer` and `sizeBytes` stand. */
  readonly places: Readonly<Record<string, Location>>;
}

export interface ModelColumnReport {
  /** Null where there is only one, or they go by their order. */
  readonly name: string | null;
  /** In the tracker's words: `double`, `array<string>`. */
  readonly type: string | null;
  /** Of a tensor; -1 is any length. */
  readonly shape: readonly number[] | null;
  readonly required: boolean;
  readonly location: Location;
}

/** What a tracker runs by itself: MLflow's `MLproject`. */
export interface ProjectReport {
  readonly path: string;
  readonly name: string | null;
  /** `conda_env`, `python_env` or `docker_env`, and the file or image that it names. */
  readonly environment: { readonly kind: string; readonly of: string | null } | null;
  readonly entryPoints: readonly {
    readonly name: string;
    readonly command: string | null;
    readonly parameters: readonly {
      readonly name: string;
      readonly type: string | null;
      readonly default: Datum;
    }[];
    readonly location: Location;
  }[];
  readonly location: Location;
}

export interface LockFileReport {
  readonly path: string;
  readonly kind: string;
  readonly pinned: boolean;
  readonly packages: number;
}

export interface ImageReport {
  readonly path: string;
  readonly image: string;
  readonly digest: string | null;
  readonly location: Location;
}

/** What a notebook was last run with, as it records it. */
export interface NotebookReport {
  readonly path: string;
  readonly kernel: string | null;
  readonly language: string | null;
  readonly version: string | null;
  readonly libraries: readonly { readonly name: string; readonly version: string | null }[];
}

/** `claimed`: nothing here can show it; `missing`: the manifest does not say it. */
export type ClaimVerdict = 'verified' | 'claimed' | 'missing' | 'false';

export interface Claim {
  /** Where it stands in the manifest: `code.commit`, `data[0].version`. */
  readonly claim: string;
  readonly verdict: ClaimVerdict;
  readonly expected: Datum;
  readonly found: Datum;
  readonly message: string;
  readonly location: Location;
}

export interface ProvenanceReport {
  readonly schemaVersion: 1;
  readonly tool: Tool;
  readonly verb: 'provenance';
  readonly target: string;
  readonly code: {
    readonly commit: string | null;
    readonly branch: string | null;
    readonly tag: string | null;
    readonly dirty: boolean | null;
    readonly changed: readonly string[];
    readonly remote: string | null;
  };
  readonly datasets: readonly {
    readonly path: string;
    readonly tracker: Tracker;
    readonly version: string | null;
    readonly algorithm: string | null;
    readonly sizeBytes: number | null;
    readonly status: DatasetStatus;
    readonly commit: string | null;
    readonly contract: string | null;
  }[];
  readonly runs: readonly RunReport[];
  readonly models: readonly ModelReport[];
  /** Of the models that lie here, those of the newest runs first. */
  readonly modelFiles?: readonly ModelFileReport[];
  readonly projects?: readonly ProjectReport[];
  readonly environment: {
    readonly lockFiles: readonly LockFileReport[];
    readonly images: readonly ImageReport[];
    readonly notebooks: readonly NotebookReport[];
  };
  readonly findings: readonly Finding[];
  /** Of an experiment manifest: what it says, held against what is there. */
  readonly claims?: readonly Claim[];
  /** Contracts, their data and manifests with the commit that each is from. */
  readonly files: readonly FileVersion[];
}

// ------------------------------------------------------------------------------------------------------- jobs

/** A contract as the worker is given it: its text when the editor's differs from the file. */
export interface ContractSource {
  readonly path: string;
  readonly text?: string;
}

export interface EngineOptions {
  readonly threads?: number;
  /** As DuckDB takes it: `2GB`. */
  readonly memory?: string;
}

export interface CheckJob {
  readonly kind: 'check';
  readonly contract: ContractSource;
  /** Table → dataset reference; `''` stands for the only table. References are absolute or relative to `folder`. */
  readonly data?: Readonly<Record<string, string>>;
  /** The same for data to compare with, where the contract's dialect does. */
  readonly reference?: Readonly<Record<string, string>>;
  /** Of those that a schema of TFDV tells apart, the one that the data are from. */
  readonly environment?: string;
  readonly folder: string;
  readonly server?: string;
  /** Only this table. */
  readonly table?: string;
  /** Only checks that meet each list given: one of its ids, dimensions or tags, all of which may hold `*`. */
  readonly only?: {
    readonly checks?: readonly string[];
    readonly dimensions?: readonly string[];
    readonly tags?: readonly string[];
  };
  /** Table → a condition in SQL on its columns: only rows for which it is true are looked at. `''`: the only table. */
  readonly where?: Readonly<Record<string, string>>;
  /** Whether no row is read: what needs one is skipped. */
  readonly metadataOnly?: boolean;
  readonly sampleRows?: number;
  readonly engine?: EngineOptions;
}

/** A check that is not run: what it would ask is told. */
export type PlanJob = Omit<CheckJob, 'kind'> & { readonly kind: 'plan' };

export interface DriftJob {
  readonly kind: 'drift';
  /** A dataset, or `previous`: each window is compared with the one before it. */
  readonly reference: string;
  readonly current: string;
  readonly folder: string;
  readonly contract?: ContractSource;
  readonly table?: string;
  readonly preset?: string;
  /** Column → method and, after a colon, threshold: `psi:0.2`. */
  readonly methods?: Readonly<Record<string, string>>;
  readonly types?: Readonly<Record<string, string>>;
  readonly columns?: readonly string[];
  /**
   * Method and threshold of the columns of a type for which `methods` names none; `:0.2` there is a threshold for it.
   * What is no number counts as categorical, where its own type has none.
   */
  readonly methodOfType?: Readonly<Partial<Record<'numerical' | 'categorical' | 'boolean', string>>>;
  /** The data have drifted when at least this share of the columns has, whatever the preset says. */
  readonly share?: number;
  /** Only the rows that have one of these values, written as text, in a column. */
  readonly only?: { readonly column: string; readonly values: readonly string[] };
  /** One more row a column for each combination of these columns' values. */
  readonly segmentBy?: readonly string[];
  /** One more row a column for each window of time. */
  readonly windowBy?: { readonly column: string; readonly every: string };
  /** A window is compared with the reference of its `weekday` or `month` only; with all of it when `none` or left out. */
  readonly season?: string;
  /** Columns that a model gave or was to give, which the diagnosis tells apart. */
  readonly prediction?: string;
  readonly target?: string;
  readonly engine?: EngineOptions;
}

export interface ProfileJob {
  readonly kind: 'profile';
  readonly ref: string;
  readonly folder: string;
  /** Whether the report keeps what drift needs, to be saved as a baseline. */
  readonly keep?: boolean;
  /** Whether it has the sketches of SageMaker's statistics.json. */
  readonly sketch?: boolean;
  readonly engine?: EngineOptions;
}

/** Which versions stand behind a file, a folder or a run. */
export interface ProvenanceJob {
  readonly kind: 'provenance';
  /** Absolute. */
  readonly target: string;
}

/** What is told of one run only when somebody looks at it. */
export interface RunDetailsJob {
  readonly kind: 'runDetails';
  readonly tracker: Tracker;
  /** Absolute. */
  readonly store: string;
  readonly id: string;
}

/** The versions of a dataset through Git, DVC or lakeFS. */
export interface TimelineJob {
  readonly kind: 'timeline';
  /** A dataset reference. */
  readonly dataset: string;
  readonly folder: string;
  /** How many of the newest are read; 20 when left out. */
  readonly most?: number;
  readonly engine?: EngineOptions;
}

export type Job = CheckJob | PlanJob | DriftJob | ProfileJob | ProvenanceJob | RunDetailsJob | TimelineJob;

/** What a job ends with. */
export type JobReport =
  | CheckReport
  | CheckPlan
  | DriftReport
  | ProfileReport
  | ProvenanceReport
  | RunDetailsReport
  | TimelineReport;

export type ReportOf<J extends Job> = J extends CheckJob
  ? CheckReport
  : J extends PlanJob
    ? CheckPlan
    : J extends DriftJob
      ? DriftReport
      : J extends ProfileJob
        ? ProfileReport
        : J extends ProvenanceJob
          ? ProvenanceReport
          : J extends TimelineJob
            ? TimelineReport
            : RunDetailsReport;

export interface Progress {
  /** 0 … 1; undefined while unknown. */
  readonly share: number | undefined;
  /** What the step that begins here adds to the share until the next is told; 0 when left out. */
  readonly step?: number;
  readonly message: string;
}

/** Parent → worker. */
export type WorkerRequest =
  | { readonly type: 'run'; readonly id: number; readonly job: Job }
  | { readonly type: 'cancel'; readonly id: number };

/** Worker → parent. `usage` marks an input that cannot be read (exit 2); the others are the engine's own (exit 3). */
export type WorkerReply =
  | { readonly type: 'progress'; readonly id: number; readonly progress: Progress }
  | { readonly type: 'done'; readonly id: number; readonly report: JobReport }
  | {
      readonly type: 'failed';
      readonly id: number;
      readonly reason: 'usage' | 'engine' | 'cancelled';
      readonly message: string;
      /** What a check that was cancelled knew by then. */
      readonly partial?: CheckReport;
    };

// --------------------------------------------------------------------------------------------- editor ↔ server

export interface ServerOptions {
  readonly trusted: boolean;
  /** Folder of the editor for caches and the history of results. */
  readonly storage: string;
}

/** A result in the history: what the panel shows and finds again after a reload. */
export type StoredResult =
  | { readonly id: string; readonly kind: 'check'; readonly contract: string; readonly report: CheckReport }
  | {
      readonly id: string;
      readonly kind: 'drift';
      readonly contract: string | null;
      readonly table?: string;
      readonly report: DriftReport;
    };

/** What the history keeps of one check of a run. */
export interface PastCheck {
  readonly status: CheckStatus;
  /** The figure that the rule is about, else the rows that break it; null where there is none. */
  readonly value: number | null;
  /** Rows that break it, of so many; left out where they are not counted. */
  readonly unexpected?: number;
  readonly rows?: number;
  /** What `value` must not leave, where the rule says so; `isPercent` when it is a share, `inDays` when it is a time. */
  readonly low?: number;
  readonly high?: number;
  readonly isPercent?: boolean;
  readonly inDays?: boolean;
}

/** A run of a contract's checks as the history of the workspace keeps it: figures, no row of the data. */
export interface PastRun {
  readonly id: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly by: 'editor' | 'command-line';
  readonly contractVersion: string | null;
  readonly data: readonly { readonly table: string; readonly ref: string; readonly rows: number | null }[];
  readonly summary: Summary;
  /** By the id of the check. */
  readonly checks: Readonly<Record<string, PastCheck>>;
}

/** How long results are kept. 0 is no limit. */
export interface HistoryLimits {
  readonly maxDays: number;
  /** Of each contract. */
  readonly maxMegabytes: number;
}

export interface CheckParams {
  readonly uri: string;
  readonly table?: string;
  /** Only checks with one of these ids. */
  readonly checks?: readonly string[];
  readonly data?: Readonly<Record<string, string>>;
}

export interface DriftParams {
  /** The contract, when one stands behind the data. */
  readonly uri?: string;
  readonly table?: string;
  /** Absolute paths or references. */
  readonly reference: string;
  readonly current: string;
  readonly preset?: string;
}

/** A monitor of a manifest or of another system's file, run as it stands. */
export interface MonitorParams {
  readonly uri: string;
  readonly monitor: string;
}

/** A limit that a person chose for a column of a comparison. */
export interface DriftLimit {
  /** Undefined: the first table that has the column. */
  readonly table?: string;
  /** Its name in the data; null for the share of drifted columns, which monitors alone have a limit for. */
  readonly column: string | null;
  readonly method: string;
  readonly threshold: number;
  readonly reference: string;
  /** The monitor of the file whose limit it is; a rule of the contract is meant when left out. */
  readonly monitor?: string;
  /** Type of the column, by which monitors have limits. */
  readonly type?: ColumnType;
}

/** A change of a document, in the terms of editors. */
export interface TextChange {
  readonly range: Range;
  readonly newText: string;
}

/** What a table of a contract can be checked on, for the pick lists. */
export interface TableInfo {
  readonly table: string;
  readonly range: Range;
  /** Absolute path or pattern of the data the contract's server gives; undefined when it gives none. */
  readonly ref: string | undefined;
  readonly path: string | undefined;
}

/** The checks of a contract as they are planned, in the order of its text. */
export interface ContractChecks {
  readonly name: string | null;
  readonly tables: readonly {
    readonly table: string;
    readonly range: Range;
    /** By their paths, nested ones too. */
    readonly columns: readonly { readonly column: string; readonly range: Range }[];
  }[];
  readonly checks: readonly PlannedCheck[];
}

/** A check before it is run, by the id that it has in reports. */
export type PlannedCheck = Pick<CheckResult, 'id' | 'name' | 'table' | 'column' | 'expected'> & {
  readonly range: Range;
};

/** A commit that a person can choose, by one of its tags or by its id. */
export interface RevisionInfo {
  readonly commit: string;
  readonly tag: string | null;
  readonly author: string | null;
  /** ISO 8601. */
  readonly date: string;
  readonly subject: string;
}

/** A file that differs between two commits. */
export interface CodeChange {
  /** Absolute, as it is in the later commit; in the earlier one when it is deleted. */
  readonly path: string;
  readonly state: 'added' | 'deleted' | 'modified' | 'renamed';
  /** Absolute, as it was in the earlier commit. */
  readonly from?: string;
}

/** Text that is put before a person, and where it would be saved. */
/** A contract that was made and not saved yet. */
export interface ContractDraft extends Draft {
  /** What the format cannot say, with its place in the contract that was converted. */
  readonly losses: readonly { readonly message: string; readonly range: Range }[];
}

/** A format of contracts: its id, and what people call it. */
export interface DialectInfo {
  readonly id: string;
  readonly title: string;
}

export interface Draft {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
}

/** Shapes of other systems that provenance can be written in. */
export type ProvenanceFormat = 'openlineage' | 'prov' | 'ro-crate';

/** Shapes that the result of a run can be saved in. */
export type ResultFormat = 'json' | 'csv' | 'html' | 'markdown' | 'junit' | 'sarif' | 'evidently' | 'sagemaker';

/** A drawing that goes into a report. */
export interface ReportPicture {
  /** What it shows, for who does not see it. */
  readonly caption: string;
  /** A whole SVG that needs nothing else. */
  readonly svg: string;
}

/** Methods of the language server beyond the protocol. `run*` report progress on the request's work-done token. */
export const requests = {
  check: 'plumbline/check',
  drift: 'plumbline/drift',
  driftStart: 'plumbline/driftStart',
  provenance: 'plumbline/provenance',
  runDetails: 'plumbline/runDetails',
  timeline: 'plumbline/timeline',
  /** Absolute folder from which the paths of a report are told. */
  home: 'plumbline/home',
  /** Text of a file at a commit. */
  textAt: 'plumbline/textAt',
  /** Commits of a file or folder, and the tags of its repository. */
  revisions: 'plumbline/revisions',
  /** What differs between two commits. */
  codeChanges: 'plumbline/codeChanges',
  /** Commands that make a run again. */
  recipe: 'plumbline/recipe',
  /** A manifest begun from a run, or from the workspace. */
  newManifest: 'plumbline/newManifest',
  /** What stands behind a file, a folder or a run, as another system's text. */
  exportProvenance: 'plumbline/exportProvenance',
  /** The result of a run as a file to be saved. */
  exportResult: 'plumbline/exportResult',
  /** A contract in another format, unsaved, with what is lost. */
  convert: 'plumbline/convert',
  /** A first contract for data, unsaved. */
  infer: 'plumbline/infer',
  /** Formats that contracts are written in. */
  dialects: 'plumbline/dialects',
  tables: 'plumbline/tables',
  /** The checks of a contract, without a look at data; null for any other file. */
  checks: 'plumbline/checks',
  result: 'plumbline/result',
  latest: 'plumbline/latest',
  /** Earlier runs of a contract's checks, oldest first. */
  pastRuns: 'plumbline/pastRuns',
  /** Forgets the results of a contract, or all of the workspace. */
  deleteResults: 'plumbline/deleteResults',
  /** Edits that write the limit of a drift comparison into its contract. */
  driftLimit: 'plumbline/driftLimit',
} as const;

export const notifications = {
  trustGranted: 'plumbline/trustGranted',
  /** Server → editor: a run ended; its id. */
  resultStored: 'plumbline/resultStored',
} as const;

/** Commands that the server puts into lenses and hovers, and the editor carries out. */
export const commands = {
  checkData: 'plumbline.checkData',
  checkDrift: 'plumbline.checkDrift',
  showProvenance: 'plumbline.showProvenance',
  openResults: 'plumbline.openResults',
  /** Takes `{ before, after }`, two revisions. */
  compareCode: 'plumbline.compareCode',
} as const;

// ------------------------------------------------------------------------------------------------ panel ↔ page

/** Panel → page. */
export type ToPage =
  | {
      readonly type: 'result';
      readonly result: StoredResult;
      readonly stale: boolean;
      /** Runs of the contract's checks so far, oldest first. */
      readonly past?: readonly PastRun[];
    }
  | { readonly type: 'running'; readonly title: string; readonly progress: Progress }
  | { readonly type: 'failed'; readonly title: string; readonly message: string }
  | { readonly type: 'empty' };

/** Panel → the page of provenance. */
export type ToProvenancePage =
  | { readonly type: 'report'; readonly report: ProvenanceReport; readonly focus?: ProvenanceFocus }
  | { readonly type: 'details'; readonly details: RunDetailsReport }
  | { readonly type: 'timeline'; readonly timeline: TimelineReport }
  | { readonly type: 'running'; readonly title: string; readonly progress: Progress }
  | { readonly type: 'failed'; readonly title: string; readonly message: string };

/** What of a report is looked at. */
export type ProvenanceFocus =
  | { readonly view: 'graph' | 'runs' | 'claims' }
  /** Runs by id, side by side. */
  | { readonly view: 'compare'; readonly runs: readonly string[] }
  | { readonly view: 'timeline'; readonly dataset: string };

/** Page of provenance → panel. */
export type FromProvenancePage =
  | { readonly type: 'ready' }
  | { readonly type: 'refresh' }
  | { readonly type: 'cancel' }
  | { readonly type: 'reveal'; readonly location: Location }
  | { readonly type: 'openFile'; readonly path: string }
  | { readonly type: 'copy'; readonly text: string }
  | { readonly type: 'details'; readonly tracker: Tracker; readonly store: string; readonly id: string }
  | { readonly type: 'timeline'; readonly dataset: string }
  /** Code of two commits in the editor's own diff. */
  | { readonly type: 'compareCode'; readonly before: string; readonly after: string }
  /** Data of two versions, as a drift comparison. */
  | { readonly type: 'compareData'; readonly reference: string; readonly current: string }
  | { readonly type: 'copyRecipe'; readonly run: string }
  | { readonly type: 'newManifest'; readonly run: string }
  /** Of all that the report tells, or of one run by id; the format is asked for when none is given. */
  | { readonly type: 'exportProvenance'; readonly format?: ProvenanceFormat; readonly run?: string };

/** Page → panel. */
export type FromPage =
  | { readonly type: 'ready'; readonly resultId: string | undefined }
  | { readonly type: 'reveal'; readonly location: Location }
  | { readonly type: 'openFile'; readonly path: string }
  | { readonly type: 'runAgain' }
  | { readonly type: 'compare' }
  | { readonly type: 'cancel' }
  | { readonly type: 'copy'; readonly text: string }
  /** The result that is shown, with the pictures that are open. */
  | { readonly type: 'export'; readonly format: ResultFormat; readonly pictures: readonly ReportPicture[] }
  /** A file that the page has made: text, or the bytes of an `image/png` as base64. */
  | { readonly type: 'save'; readonly name: string; readonly mime: string; readonly content: string }
  /** The limit that a column's statistic or its p-value, or the share of drifted columns, is held against from now on. */
  | {
      readonly type: 'writeThreshold';
      readonly column: string | null;
      readonly method: string;
      readonly threshold: number;
    };
