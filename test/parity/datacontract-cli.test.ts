import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { CheckReport } from '../../server/src/protocol';
import { checkFile } from '../check/checking';

// What datacontract-cli 1.2.8 said of its own fixtures with local data: the peer's behaviour, not the truth. Every
// difference is told here, with who is right and why; the README's table says the same in fewer words.

interface Tested {
  readonly result: string;
  readonly checks: readonly { readonly type: string; readonly field: string | null; readonly result: string | null }[];
}
interface Difference {
  readonly right: 'plumbline' | 'both';
  readonly why: string;
}

const SHARED = '../shared/corpus/datacontract-cli';

const absentInJson: Difference = {
  right: 'plumbline',
  why: 'The rows lack a column that the contract has. The peer reads JSON with the columns of the contract, so that one that is in no row counts as there and as valid.',
};
const delta: Difference = {
  right: 'both',
  why: 'Neither reads Delta Lake without an extension of DuckDB that is a download; the peer fails, Plumbline says that it cannot read the format.',
};

const noData: Difference = {
  right: 'plumbline',
  why: 'There is no such file. Plumbline says so and ends with 2; the peer warns, runs no rule, and does not fail.',
};

const differences: Readonly<Record<string, Difference>> = {
  'fixtures/schema-evolution/odcs-datacontract-cities-version-2.yaml historical-json': absentInJson,
  'fixtures/quality-sql-dialects/local.yaml production': noData,
  'fixtures/local-delta/datacontract.yaml production': delta,
};

/** The columns that something failed of, in order; `null` for a check of a table. */
const failingIn = (
  checks: readonly { readonly column: string | null; readonly failed: boolean }[],
): readonly string[] => [...new Set(checks.filter(({ failed }) => failed).map(({ column }) => String(column)))].sort();

const ours = ({ checks }: CheckReport): readonly string[] =>
  failingIn(checks.map(({ column, status }) => ({ column, failed: status === 'failed' || status === 'error' })));
const theirs = ({ checks }: Tested): readonly string[] =>
  failingIn(checks.map(({ field, result }) => ({ column: field, failed: result === 'failed' || result === 'error' })));

if (existsSync(SHARED)) {
  describe('fixtures of datacontract-cli fail in the columns in which they fail there, but for the differences told', function () {
    this.timeout(60_000);
    const { files } = JSON.parse(readFileSync(join(SHARED, 'VERDICTS.json'), 'utf8'));
    let folder: string;
    before(() => {
      folder = mkdtempSync(join(tmpdir(), 'plumbline-peer-'));
      cpSync(join(SHARED, 'fixtures'), join(folder, 'fixtures'), { recursive: true });
      symlinkSync(folder, join(folder, 'tests'));
    });
    after(() => rmSync(folder, { recursive: true, force: true }));

    for (const [file, { test = {} }] of Object.entries<{ readonly test?: Record<string, Tested> }>(files)) {
      for (const [server, tested] of Object.entries(test)) {
        const name = `${file} ${server}`;
        it(name, async () => {
          const failing = await checked(folder, file, server);
          const isDifferent = JSON.stringify(failing) !== JSON.stringify(theirs(tested));
          assert.equal(isDifferent, name in differences, `${name}: here ${failing}, there ${theirs(tested)}`);
        });
      }
    }
  });
}

/** The peer reads the paths of servers from the folder in which it was started, Plumbline from the contract's. */
async function checked(folder: string, file: string, server: string): Promise<readonly string[]> {
  const isRootless = !readFileSync(join(folder, file), 'utf8').includes('fixtures/');
  const path = isRootless ? join(folder, file) : join(folder, `${basename(dirname(file))}-${basename(file)}`);
  if (!isRootless) cpSync(join(folder, file), path);
  try {
    return ours((await checkFile(path, { job: { server } })).report);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}
