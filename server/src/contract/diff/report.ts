import type { Datum, DiffReport, DiffSide, Severity } from '../../protocol';
import { Lines } from '../../text/lines';
import { TOOL } from '../../tool';
import type { Contract } from '../model';
import { changesBetween } from './changes';
import type { Impact } from './kinds';
import { versionVerdict } from './version';

/** A contract and where it was read from. */
export interface Side {
  readonly path: string;
  readonly revision: string | undefined;
  readonly contract: Contract;
}

/** What has changed from one contract to another, as a report. */
export function diffReport(before: Side, after: Side): DiffReport {
  const changes = changesBetween(before.contract, after.contract);
  const { bump, needed, enough } = versionVerdict(before.contract, after.contract, changes);
  const lines = new Lines(after.contract.tree.text);
  return {
    schemaVersion: 1,
    tool: TOOL,
    verb: 'diff',
    from: sideOf(before),
    to: sideOf(after),
    changes: changes.map(({ span, before: was, after: is, ...change }) => ({
      ...change,
      before: datum(was),
      after: datum(is),
      severity: enough ? 'info' : severities[change.impact],
      location: { path: after.path, range: lines.range(span) },
    })),
    bump,
    neededVersion: needed ?? null,
    versionIsEnough: enough,
  };
}

/** Of a change that the version does not tell of. */
const severities: Readonly<Record<Impact, Severity>> = { breaking: 'error', compatible: 'warning', cosmetic: 'info' };

const sideOf = ({ path, revision, contract: { dialect, version } }: Side): DiffSide => ({
  path,
  revision: revision ?? null,
  dialect,
  version: version ?? null,
});

function datum(value: unknown): Datum {
  if (value === undefined || value === null) return null;
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return value.map(datum);
  if (typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, datum(inner)]));
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : String(value);
}
