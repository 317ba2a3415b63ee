import { Document, isMap, type Pair, type Scalar, type YAMLMap } from 'yaml';
import type { Datum } from '../protocol';

/** What is known when a manifest is begun, of a run or of the workspace. Paths are relative to the folder of the manifest. */
export interface Known {
  readonly name: string;
  readonly description?: string | undefined;
  readonly owner?: { readonly name: string; readonly contact?: string | undefined } | undefined;
  readonly repository?: string | undefined;
  /** In full. */
  readonly commit?: string | undefined;
  readonly entrypoint?: string | undefined;
  readonly lockFile?: string | undefined;
  readonly image?: string | undefined;
  readonly dockerfile?: string | undefined;
  readonly data?: readonly KnownData[] | undefined;
  readonly run?: KnownRun | undefined;
  /** File of parameters; those are then not repeated, but for the seed. */
  readonly parameterFile?: string | undefined;
  readonly params?: Readonly<Record<string, Datum>> | undefined;
  readonly metrics?: Readonly<Record<string, number>> | undefined;
  readonly model?:
    | { readonly name: string; readonly version?: string | undefined; readonly registry?: string | undefined }
    | undefined;
}

export interface KnownData {
  readonly name: string;
  readonly ref: string;
  readonly contract?: string | undefined;
  /** `md5:…` */
  readonly version?: string | undefined;
  readonly role?: string | undefined;
}

/** What a run of a store tells of itself; a `Run` of the stores is one. */
export interface KnownRun {
  readonly tracker: string;
  readonly id: string;
  readonly name?: string | undefined;
  readonly code?: { readonly commit: string | undefined; readonly entrypoint?: string | undefined } | undefined;
  readonly params?: Readonly<Record<string, Datum>> | undefined;
  readonly metrics?: Readonly<Record<string, number>> | undefined;
  readonly image?: string | undefined;
}

const trackers = ['mlflow', 'wandb', 'dvc'];

/** Of each section: what it is for, and what to write where nothing is known. */
const comments: Readonly<Record<string, string>> = {
  owners: ' Who answers for the experiment: one of them with the role "owner".',
  code: ' The code that made the result. The commit has to be on a branch, and the tree clean at the run.',
  environment: ' What the code ran in: a lock file with exact versions, an image with its digest.',
  data: ' The data that were read, each with the hash of its content, and the contract that it keeps.',
  runs: ' The runs that made the result. Their commit, data and parameters are compared with this file.',
  parameters: ' Compared with the run. A seed makes the result the same again.',
  metrics: ' The figures of the result. Add what each has to reach: accept: ">= 0.78"',
  model: ' The model that came out, as its registry knows it.',
};

/** What follows for a person to fill in. */
const REMAINING = [
  ' Where they apply: serving (latencyP95Ms, measuredBy), monitoring (reference, current, columns),',
  ' retraining, rollout, approvals (by, on, commit).',
].join('\n');

/**
 * Text of a new manifest: valid, commented, and with nothing in it that is not known. What the run tells goes before the
 * rest. What the caller knows to be gone, such as a commit that Git lacks, is to be left out.
 */
export function newManifest(known: Known): string {
  const { run } = known;
  const sections: Readonly<Record<string, unknown>> = {
    owners: known.owner && [{ name: known.owner.name, contact: known.owner.contact, role: 'owner' }],
    code: {
      repository: known.repository,
      commit: run?.code?.commit ?? known.commit,
      entrypoint: run?.code?.entrypoint ?? known.entrypoint,
    },
    environment: { lockFile: known.lockFile, image: run?.image ?? known.image, dockerfile: known.dockerfile },
    data: known.data?.map(({ name, ref, contract, version, role }) => ({ name, ref, contract, version, role })),
    runs: run && trackers.includes(run.tracker) ? [runEntry(run)] : undefined,
    parameters: parametersOf(known),
    metrics: metricsOf(run?.metrics ?? known.metrics ?? {}),
    model: known.model,
  };
  const head = { apiVersion: 'plumbline.dev/v1', kind: 'Experiment', name: known.name, description: known.description };
  const document = new Document(withoutGaps({ ...head, ...sections }), { version: '1.2' });
  document.commentBefore =
    ' One experiment: everything that is needed to make its result again. `plumbline provenance` verifies it.';
  if (isMap(document.contents)) annotate(document.contents);
  document.comment = REMAINING;
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

/** A DVC experiment has a name that lasts; its id is a commit. */
const runEntry = ({ tracker, id, name }: KnownRun) =>
  tracker === 'dvc' ? { tracker, rev: name ?? id } : { tracker, id };

/** The file is named when no value of the run contradicts it; all but the seed then stands there. */
function parametersOf({ parameterFile, params = {}, run }: Known): Readonly<Record<string, unknown>> {
  const own = run?.params ?? params;
  const isOfFile = Object.entries(own).every(
    ([name, value]) => !Object.hasOwn(params, name) || isSame(params[name], value),
  );
  const from = isOfFile ? parameterFile : undefined;
  const shown = Object.entries(own).filter(([name]) => from === undefined || /(^|[._-])seed$/i.test(name));
  return { from, ...Object.fromEntries(shown.flatMap(([name, value]) => entryOf(name, value))) };
}

/** MLflow keeps texts, and Python capitalises what is true. */
const isSame = (a: Datum | undefined, b: Datum): boolean => plainly(a) === plainly(b);
const plainly = (value: Datum | undefined): string =>
  (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).toLowerCase();

/** `from` names the file, and a seed that is a text of digits is the number that the format asks for. */
function entryOf(name: string, value: Datum): readonly (readonly [string, Datum])[] {
  if (name === 'from') return [];
  if (name !== 'seed') return [[name, value]];
  const seed = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof seed === 'number' && Number.isInteger(seed) ? [[name, seed]] : [];
}

/** Figures that JSON can hold: a NaN is no result. */
const metricsOf = (metrics: Readonly<Record<string, number>>) =>
  Object.entries(metrics)
    .filter(([, value]) => Number.isFinite(value))
    .map(([name, value]) => ({ name, value }));

/** Without what is undefined, and without what is then empty. */
function withoutGaps(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutGaps);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, withoutGaps(inner)] as const);
  return Object.fromEntries(entries.filter(([, inner]) => inner !== undefined && !isEmpty(inner)));
}

const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;

function annotate(map: YAMLMap): void {
  for (const pair of map.items as Pair<Scalar, unknown>[]) {
    const comment = comments[String(pair.key.value)];
    if (comment === undefined) continue;
    pair.key.commentBefore = comment;
    pair.key.spaceBefore = true;
  }
}
