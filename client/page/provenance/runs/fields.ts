import type { Datum, RunReport } from '../../../../server/src/protocol';
import { sameKey } from './values';

/** A parameter or a metric that runs have. */
export interface Field {
  /** `params.lr` */
  readonly id: string;
  readonly kind: 'params' | 'metrics';
  readonly name: string;
  /** Whether runs that have it have it with other values. */
  readonly differs: boolean;
  /** Runs that have it. */
  readonly runs: number;
}

/** All parameters and metrics: those that differ between runs first, then those that most runs have. */
export function fieldsOf(runs: readonly RunReport[]): readonly Field[] {
  const fields = (['params', 'metrics'] as const).flatMap((kind) => fieldsIn(runs, kind));
  return fields.toSorted(
    (a, b) => Number(b.differs) - Number(a.differs) || b.runs - a.runs || a.name.localeCompare(b.name),
  );
}

function fieldsIn(runs: readonly RunReport[], kind: Field['kind']): readonly Field[] {
  const seen = new Map<string, { first: string; differs: boolean; runs: number }>();
  for (const run of runs) {
    for (const [name, value] of Object.entries<Datum>(run[kind])) {
      const key = sameKey(value);
      const known = seen.get(name);
      if (!known) seen.set(name, { first: key, differs: false, runs: 1 });
      else {
        known.runs++;
        known.differs ||= key !== known.first;
      }
    }
  }
  return [...seen].map(([name, { differs, runs: count }]) => ({
    id: `${kind}.${name}`,
    kind,
    name,
    differs,
    runs: count,
  }));
}

/** Parameters and metrics that are shown before anybody picks any. */
const unasked = { params: 4, metrics: 3 } as const;

/** The fields that tell most about the runs: those that differ, else the first ones. */
export function usualFields(fields: readonly Field[]): readonly string[] {
  return (['params', 'metrics'] as const).flatMap((kind) => {
    const own = fields.filter((field) => field.kind === kind);
    const differing = own.filter(({ differs }) => differs);
    return (differing.length > 0 ? differing : own).slice(0, unasked[kind]).map(({ id }) => id);
  });
}

/** Value of a field; undefined when the run has none. */
export const fieldValue = (run: RunReport, { kind, name }: Pick<Field, 'kind' | 'name'>): Datum | undefined =>
  Object.hasOwn(run[kind], name) ? run[kind][name] : undefined;
