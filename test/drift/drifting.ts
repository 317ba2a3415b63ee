import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runDrift } from '../../server/src/drift/run';
import { createNodeWorld } from '../../server/src/node-world';
import type { DriftColumn, DriftJob, DriftReport } from '../../server/src/protocol';
import type { Session } from '../../server/src/session';
import { openDuckDB } from '../../server/src/sql/engines/duckdb';

const quiet = { error() {}, warn() {}, info() {}, debug() {} };

/** A session of this process, with a real database. */
export function sessionOf(more: Partial<Session> = {}): Session {
  const temporary = mkdtempSync(join(tmpdir(), 'plumbline-drift-'));
  return {
    world: createNodeWorld({ trusted: false, storage: temporary, temporary, log: quiet }),
    open: (options) => openDuckDB({ ...options, temporary }),
    signal: new AbortController().signal,
    onProgress() {},
    ...more,
  };
}

/** Drift between two files, relative to the root of the repository. */
export const drift = (reference: string, current: string, job: Partial<DriftJob> = {}): Promise<DriftReport> =>
  runDrift({ kind: 'drift', folder: process.cwd(), reference, current, ...job }, sessionOf());

/** The row of that column; fails when the report has none. */
export function columnOf(report: DriftReport, name: string): DriftColumn {
  const column = report.columns.find((candidate) => candidate.column === name);
  if (!column) throw new Error(`${name} is missing among ${report.columns.map((one) => one.column).join(', ')}`);
  return column;
}
