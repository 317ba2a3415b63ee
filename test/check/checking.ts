import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { planCheck, runCheck } from '../../server/src/check/run';
import { loadContract } from '../../server/src/contract/load';
import type { Contract } from '../../server/src/contract/model';
import { createNodeWorld } from '../../server/src/node-world';
import type { CheckJob, CheckPlan, CheckReport, CheckResult, Progress } from '../../server/src/protocol';
import type { Session } from '../../server/src/session';
import type { Engine } from '../../server/src/sql/engine';
import { openDuckDB } from '../../server/src/sql/engines/duckdb';

export interface Checked {
  readonly report: CheckReport;
  /** Every statement that the engine was given, in order. */
  readonly statements: readonly string[];
  readonly progress: readonly Progress[];
  /** How many engines were started: the run's own, and one a comparison. */
  readonly opened: number;
  /** The one check that these words of a result pick. Fails when it is not one. */
  one(words: Partial<CheckResult>): CheckResult;
}

export interface Setting {
  readonly job?: Partial<CheckJob>;
  readonly signal?: AbortSignal;
  readonly now?: Date;
  /** Changes what was read of the contract. */
  readonly alter?: (contract: Contract) => Contract;
  /** Changes what the engine answers. */
  readonly wrap?: (engine: Engine) => Engine;
}

/** Checks a contract of a file on a real DuckDB. */
export async function checkFile(path: string, setting: Setting = {}): Promise<Checked> {
  const { result: report, ...asked } = await withEngine(path, setting, runCheck);
  return { report, ...asked, one: (words) => only(report, words) };
}

interface Asked<T> {
  readonly result: T;
  readonly statements: readonly string[];
  readonly progress: readonly Progress[];
  readonly opened: number;
}

async function withEngine<T>(
  path: string,
  setting: Setting,
  work: (job: CheckJob, contract: Contract, session: Session) => Promise<T>,
): Promise<Asked<T>> {
  const temporary = mkdtempSync(join(tmpdir(), 'plumbline-check-'));
  const silent = { error() {}, warn() {}, info() {}, debug() {} };
  const real = createNodeWorld({ trusted: true, storage: temporary, temporary, log: silent });
  const world = setting.now ? { ...real, now: () => setting.now ?? new Date() } : real;
  const signal = setting.signal ?? new AbortController().signal;
  const statements: string[] = [];
  const progress: Progress[] = [];
  let opened = 0;
  const job: CheckJob = { kind: 'check', contract: { path }, folder: dirname(path), ...setting.job };
  try {
    const contract = await loadContract(job.contract, world);
    const result = await work(job, setting.alter?.(contract) ?? contract, {
      world,
      signal,
      onProgress: (step) => progress.push(step),
      open: async ({ folders }) => {
        opened++;
        const engine = await openDuckDB({ folders: [...folders, temporary], temporary, threads: 2, signal });
        return counted(setting.wrap?.(engine) ?? engine, statements);
      },
    });
    return { result, statements, progress, opened };
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** Checks a contract given as text on files given as texts, all in a folder that is gone afterwards. */
export const checkText = (
  contract: string,
  files: Readonly<Record<string, string | Uint8Array>>,
  setting: Setting = {},
): Promise<Checked> => checkFiles(ODCS, { ...files, [ODCS]: contract }, setting);

const ODCS = 'contract.odcs.yaml';

/** Checks one of the files given as texts, which is a contract of any dialect. */
export const checkFiles = (
  contract: string,
  files: Readonly<Record<string, string | Uint8Array>>,
  setting: Setting = {},
): Promise<Checked> => inFolder(files, (folder) => checkFile(join(folder, contract), setting));

/** What the check of such a contract would ask, and what was asked to tell it. */
export const planText = (
  contract: string,
  files: Readonly<Record<string, string | Uint8Array>>,
  job: Partial<CheckJob> = {},
): Promise<{ readonly plan: CheckPlan; readonly statements: readonly string[] }> =>
  inFolder({ ...files, [ODCS]: contract }, async (folder) => {
    const { result, statements } = await withEngine(join(folder, ODCS), { job }, (asked, model, session) =>
      planCheck({ ...asked, kind: 'plan' }, model, session),
    );
    return { plan: result, statements };
  });

async function inFolder<T>(
  files: Readonly<Record<string, string | Uint8Array>>,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-data-'));
  try {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A contract of one table `t` on `t.csv`, with these properties and, after them, these rules of the table. */
export function tableContract(properties: string, quality = ''): string {
  const indent = (text: string, by: string) => text.replaceAll(/^(?=.)/gm, by);
  return [
    'apiVersion: v3.1.0',
    'kind: DataContract',
    'id: t',
    'version: 1.0.0',
    'status: active',
    'schema:',
    '  - name: t',
    '    properties:',
    indent(properties, '      '),
    ...(quality ? ['    quality:', indent(quality, '      ')] : []),
    '',
  ].join('\n');
}

/** Writes a Parquet file by a query, for tests of typed data. */
export async function writeParquet(path: string, query: string): Promise<void> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`COPY (${query}) TO '${resolve(path)}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
}

function only({ checks }: CheckReport, words: Partial<CheckResult>): CheckResult {
  const found = checks.filter((check) =>
    Object.entries(words).every(([key, value]) => check[key as keyof CheckResult] === value),
  );
  const [first] = found;
  if (found.length === 1 && first) return first;
  throw new Error(
    `${found.length} checks like ${JSON.stringify(words)} among ${checks.map(({ id }) => id).join(', ')}`,
  );
}

function counted(engine: Engine, statements: string[]): Engine {
  const noted = <T>(sql: string, run: () => Promise<T>): Promise<T> => {
    statements.push(sql);
    return run();
  };
  return {
    name: engine.name,
    version: engine.version,
    columns: (relation) => engine.columns(relation),
    rows: (sql) => noted(sql, () => engine.rows(sql)),
    numbers: (sql) => noted(sql, () => engine.numbers(sql)),
    select: (sql) => noted(sql, () => engine.select(sql)),
    close: () => engine.close(),
  };
}
