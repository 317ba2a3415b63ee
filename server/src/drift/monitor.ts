import { relative, resolve } from 'node:path';
import { isAddress } from '../data/dataset';
import type { DriftColumn, DriftJob, DriftReport, EngineOptions } from '../protocol';
import type { Node, Tree } from '../text/tree';
import { Unreadable } from '../world';
import { PREVIOUS } from './slices';

/** One format of files that say what is to be watched. */
export interface MonitorFormat {
  readonly id: string;
  /** Whether the file is of this format, by its name or by its keys. */
  recognises(path: string, tree: Tree): boolean;
  /** Reads what can be read: a key that is missing or of the wrong type leaves its part out. */
  read(tree: Tree): readonly Monitor[];
}

/** A comparison that a file asks for, in the terms of a drift job. */
export interface Monitor
  extends Pick<
    DriftJob,
    'preset' | 'columns' | 'types' | 'methods' | 'methodOfType' | 'share' | 'only' | 'segmentBy' | 'windowBy'
  > {
  readonly name: string;
  /** Where the file names it. */
  readonly node: Node;
  /** Data that the file names: dataset references relative to its folder, or addresses of the service's own store. */
  readonly reference: Named | undefined;
  readonly current: Named | undefined;
  /** Limits that the file holds as numbers; one of a column goes before one of its type. */
  readonly limits?: readonly MonitorLimit[];
  /** Why it cannot be run at all. */
  readonly refusal?: string;
  /** What it asks for beside the comparison that is not done. */
  readonly unsupported: readonly Unsupported[];
}

/**
 * Where a file holds the limit of a column, or of all columns of a type that have none of their own; with neither it is
 * the share of columns at which the dataset drifts.
 */
export interface MonitorLimit {
  readonly column?: string;
  readonly type?: LimitedType;
  /** The one method that the limit is for, where the file names it. */
  readonly method?: string;
  /** The number. */
  readonly node: Node;
}

/** What is no number and no boolean with a limit of its own counts as categorical. */
export type LimitedType = keyof NonNullable<DriftJob['methodOfType']>;

/**
 * The number that a column is held against, or for null the share of them; undefined when the file has none for it, or has
 * it for another method than the one that the column was measured by.
 */
export function limitIn({ limits = [] }: Monitor, { column, type, method }: Measured): Node | undefined {
  if (column === null) return limits.find((limit) => limit.column === undefined && limit.type === undefined)?.node;
  const own = limits.find((limit) => limit.column === column);
  const exact = limits.find((limit) => limit.column === undefined && limit.type === type);
  const other = type === 'numerical' ? undefined : limits.find((limit) => limit.type === 'categorical');
  const limit = own ?? exact ?? other;
  return limit?.method === undefined || limit.method === method ? limit?.node : undefined;
}

type Measured = Pick<DriftColumn, 'column' | 'type' | 'method'>;

/** Data as a file names them. */
export interface Named {
  readonly ref: string;
  readonly node: Node;
}

/** What a file asks for and Plumbline does not do. */
export interface Unsupported {
  /** A sentence, with what would help. */
  readonly what: string;
  readonly node: Node;
}

/** Where a monitor is run, and the data that stand in for those it names. */
export interface MonitorRun {
  /** Path of the file that the monitor is from. */
  readonly path: string;
  /** Where the report's references start; absolute, like `home`. */
  readonly folder: string;
  readonly home: string;
  /** Relative to `folder`. */
  readonly reference?: string | undefined;
  readonly current?: string | undefined;
  readonly engine?: EngineOptions | undefined;
}

/** Throws `Unreadable` when it is not to be run, or when its data lie elsewhere and nothing stands in for them. */
export function jobOf(monitor: Monitor, { path, folder, home, engine, ...given }: MonitorRun): DriftJob {
  const { name, refusal } = monitor;
  if (refusal !== undefined) throw new Unreadable(`Monitor "${name}" is not run: ${refusal}`, path);
  const side = (which: Side): string => {
    const standIn = given[which];
    if (standIn !== undefined) return standIn;
    const obstacle = absenceOf(monitor, which);
    if (obstacle) throw new Unreadable(`Monitor "${name}" cannot be run: ${obstacle.what}`, path);
    return seenFrom(folder, home, monitor[which]?.ref ?? '');
  };
  const { preset, columns, types, methods, methodOfType, share, only, segmentBy, windowBy } = monitor;
  const wishes = { preset, columns, types, methods, methodOfType, share, only, segmentBy, windowBy };
  return { kind: 'drift', reference: side('reference'), current: side('current'), folder, ...wishes, engine };
}

type Side = 'reference' | 'current';

/** The report of a monitor's run, with what it asks for and is not done among the notes. */
export function withMonitor(report: DriftReport, monitor: Monitor, path: string): DriftReport {
  const { name, unsupported } = monitor;
  const notes = [...(report.notes ?? []), ...unsupported.map(({ what }) => what)];
  const limited = [
    ...new Set(report.columns.flatMap((one) => (one.column !== null && limitIn(monitor, one) ? [one.column] : []))),
  ];
  const told = {
    path,
    name,
    ...(limited.length > 0 ? { limited } : {}),
    ...(limitIn(monitor, { column: null, type: 'text', method: null }) ? { isShareLimited: true } : {}),
  };
  return { ...report, monitor: told, ...(notes.length > 0 ? { notes } : {}) };
}

/** All of a monitor that is not run as it stands, in the order of the sides first. */
export function obstaclesOf(monitor: Monitor): readonly Unsupported[] {
  if (monitor.refusal !== undefined) return [{ what: monitor.refusal, node: monitor.node }];
  const absent = (['reference', 'current'] as const).map((side) => absenceOf(monitor, side));
  return [...absent.filter((obstacle) => obstacle !== undefined), ...monitor.unsupported];
}

/** Schemes that a dataset reference may have; any other one is the address of a service's own store. */
const ours = /^(file|runs|lakefs|server):/i;

/** Undefined when the file names data that may be on this machine. */
function absenceOf(monitor: Monitor, side: Side): Unsupported | undefined {
  const named = monitor[side];
  const words = side === 'reference' ? 'reference' : 'current';
  if (!named)
    return {
      what: `It names no ${words} data; name them on the command line with --${side} FILE.`,
      node: monitor.node,
    };
  if (!isAddress(named.ref) || ours.test(named.ref)) return undefined;
  return {
    what: `Its ${words} data, ${named.ref}, lie elsewhere; download them and name the file there, or with --${side} FILE on the command line.`,
    node: named.node,
  };
}

/** A reference that starts at `home`, written so that it starts at `folder`. */
function seenFrom(folder: string, home: string, ref: string): string {
  if (folder === home || isAddress(ref) || ref === PREVIOUS) return ref;
  return relative(folder, resolve(home, ref)).replaceAll('\\', '/') || '.';
}
