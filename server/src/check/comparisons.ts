import type { DriftJob, DriftReport } from '../protocol';
import { Unreadable } from '../world';
import type { DriftWish } from './check';

/** A comparison of several columns, of which each is judged as if it were alone. */
interface Joint {
  readonly job: DriftJob;
  report?: Promise<DriftReport>;
}

/**
 * The comparisons that the drift rules of a table ask for. Those of columns which are judged by themselves are made at
 * once where they have the same reference and preset, so that both sides are opened and read once for all of them.
 */
export class Comparisons {
  readonly #joints = new Map<DriftWish, Joint>();

  /**
   * @param jobs What each wish asks for by itself.
   * @param judgesApart Whether a verdict on one of its columns can be the same whatever other columns are compared.
   */
  constructor(
    readonly jobs: ReadonlyMap<DriftWish, DriftJob>,
    judgesApart: (job: DriftJob) => boolean,
    readonly run: (job: DriftJob, judged: 'together' | 'apart') => Promise<DriftReport>,
  ) {
    const made: Joint[] = [];
    for (const [wish, job] of jobs) {
      if (wish.column === undefined || !judgesApart(job)) continue;
      const at = made.findIndex((joint) => isSame(joint.job, job) && agree(joint.job, job));
      const joint = { job: at < 0 ? job : joined(made[at]?.job ?? job, job) };
      made.splice(at < 0 ? made.length : at, 1, joint);
    }
    for (const [wish, job] of jobs) {
      const joint = made.find((one) => isSame(one.job, job) && holds(one.job, job, wish.column));
      if (joint) this.#joints.set(wish, joint);
    }
  }

  /** The report of a wish's own comparison, or the part of a shared one that is about its column. */
  async reportFor(wish: DriftWish, job: DriftJob): Promise<DriftReport> {
    const joint = this.#joints.get(wish);
    if (!joint) return this.run(job, 'together');
    try {
      joint.report ??= this.run(joint.job, 'apart');
      const report = await joint.report;
      return { ...report, columns: report.columns.filter(({ column }) => column === wish.column) };
    } catch (error) {
      // What is wrong may be another column's wish.
      if (error instanceof Unreadable && joint.job.columns?.length !== 1) return this.run(job, 'together');
      throw error;
    }
  }
}

const isSame = (one: DriftJob, other: DriftJob): boolean =>
  one.reference === other.reference && one.current === other.current && one.preset === other.preset;

/** A comparison asks one method of a column. */
const agree = (one: DriftJob, other: DriftJob): boolean =>
  (other.columns ?? []).every((column) => !one.columns?.includes(column) || holds(one, other, column));

const holds = (one: DriftJob, other: DriftJob, column: string | undefined): boolean =>
  column !== undefined &&
  one.columns?.includes(column) === true &&
  one.methods?.[column] === other.methods?.[column] &&
  one.types?.[column] === other.types?.[column];

const joined = (one: DriftJob, other: DriftJob): DriftJob => ({
  ...one,
  columns: [...new Set([...(one.columns ?? []), ...(other.columns ?? [])])],
  methods: { ...one.methods, ...other.methods },
  types: { ...one.types, ...other.types },
});
