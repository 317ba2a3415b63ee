import type { Datum, Figure, RunReport } from '../../../../server/src/protocol';
import { fieldValue } from '../runs/fields';
import { numberIn, sameKey } from '../runs/values';

/** What one name has in each of the runs, in their order. */
export interface Compared<T> {
  readonly name: string;
  readonly values: readonly (T | undefined)[];
  readonly differs: boolean;
}

/** `same` and `different` are known; `unknown` cannot be told; `partly`: only some of the runs have it. */
export type Sameness = 'same' | 'different' | 'unknown' | 'partly';

export interface ComparedData extends Compared<RunReport['datasets'][number]> {
  readonly sameness: Sameness;
  /** Why it cannot be told, or what the answer rests on. */
  readonly reason: string | undefined;
}

/** What differs between runs. */
export interface Differences {
  readonly runs: readonly RunReport[];
  readonly params: readonly Compared<Datum>[];
  readonly metrics: readonly Compared<Figure>[];
  readonly data: readonly ComparedData[];
  readonly code: {
    readonly commits: Sameness;
    /** Names of runs that had uncommitted changes. */
    readonly edited: readonly RunReport[];
    /** Of some run, nobody recorded whether there were any. */
    readonly unrecorded: boolean;
  };
  readonly environment: readonly Compared<Datum>[];
}

/** Two or more runs held against each other. */
export function differencesOf(runs: readonly RunReport[]): Differences {
  return {
    runs,
    params: fieldsCompared<Datum>(runs, 'params'),
    metrics: fieldsCompared<Figure>(runs, 'metrics'),
    data: dataCompared(runs),
    code: {
      commits: commitsOf(runs),
      edited: runs.filter(({ dirty }) => dirty === true),
      unrecorded: runs.some(({ dirty }) => dirty === null),
    },
    environment: environmentOf(runs),
  };
}

function fieldsCompared<T extends Datum>(
  runs: readonly RunReport[],
  kind: 'params' | 'metrics',
): readonly Compared<T>[] {
  const names = [...new Set(runs.flatMap((run) => Object.keys(run[kind])))];
  const rows = names.map((name) =>
    comparedOf(
      name,
      runs.map((run) => fieldValue(run, { kind, name }) as T | undefined),
    ),
  );
  return differingFirst(rows);
}

function comparedOf<T extends Datum>(name: string, values: readonly (T | undefined)[]): Compared<T> {
  return { name, values, differs: new Set(values.map(sameKey)).size > 1 };
}

const differingFirst = <T extends { readonly differs: boolean; readonly name: string }>(rows: readonly T[]) =>
  rows.toSorted((a, b) => Number(b.differs) - Number(a.differs) || a.name.localeCompare(b.name));

/** A dataset is known by the file that it is, else by what its run calls it. */
function dataCompared(runs: readonly RunReport[]): readonly ComparedData[] {
  const keyOf = ({ role, path, name }: RunReport['datasets'][number]) => `${role} ${path ?? name}`;
  const keys = [...new Set(runs.flatMap(({ datasets }) => datasets.map(keyOf)))];
  const rows = keys.map((key): ComparedData => {
    const values = runs.map(({ datasets }) => datasets.find((dataset) => keyOf(dataset) === key));
    const first = values.find((value) => value !== undefined);
    const sameness = sameData(values);
    return { name: first?.path ?? first?.name ?? key, values, differs: sameness.sameness !== 'same', ...sameness };
  });
  return differingFirst(rows);
}

/** MLflow hashes the first 10,000 rows to 32 bits, with what the installed pandas makes of them. */
const isShort = (algorithm: string | null) => algorithm?.startsWith('mlflow') ?? false;

function sameData(
  values: readonly (RunReport['datasets'][number] | undefined)[],
): Pick<ComparedData, 'sameness' | 'reason'> {
  const had = values.filter((value) => value !== undefined);
  if (had.length < values.length) return { sameness: 'partly', reason: undefined };
  if (had.some(({ version }) => version === null))
    return { sameness: 'unknown', reason: 'Not every run recorded a version.' };
  if (new Set(had.map(({ algorithm }) => algorithm)).size > 1)
    return { sameness: 'unknown', reason: 'The trackers hash in different ways.' };
  const same = new Set(had.map(({ version }) => version)).size === 1;
  if (!isShort(had[0]?.algorithm ?? null)) return { sameness: same ? 'same' : 'different', reason: undefined };
  return same
    ? { sameness: 'same', reason: "By MLflow's digest, which covers the first 10,000 rows." }
    : { sameness: 'unknown', reason: "MLflow's digest differs for equal data too, after an update of pandas." };
}

function commitsOf(runs: readonly RunReport[]): Sameness {
  if (runs.some(({ commit }) => commit === null)) return 'unknown';
  return new Set(runs.map(({ commit }) => commit)).size === 1 ? 'same' : 'different';
}

/** Tags of trackers that tell about the machine and its packages. */
const environmentTags = /(python|version|flavor|docker|image|host|gpu|cuda|platform|os)/i;

function environmentOf(runs: readonly RunReport[]): readonly Compared<Datum>[] {
  const facts = (['entrypoint', 'image', 'environment', 'user', 'branch'] as const).map((name) =>
    comparedOf<Datum>(
      name === 'entrypoint' ? 'program' : name,
      runs.map((run) => run[name] ?? undefined),
    ),
  );
  const tags = [...new Set(runs.flatMap((run) => Object.keys(run.tags)))]
    .filter((name) => environmentTags.test(name))
    .map((name) =>
      comparedOf<Datum>(
        name,
        runs.map(({ tags: own }) => own[name]),
      ),
    );
  return differingFirst([...facts, ...tags].filter(({ values }) => values.some((value) => value !== undefined)));
}

/** How far a metric is from the first run's; undefined where either is no number. */
export function changeOf(value: Figure | undefined, first: Figure | undefined): number | undefined {
  const [to, from] = [numberIn(value), numberIn(first)];
  return to === undefined || from === undefined ? undefined : to - from;
}
