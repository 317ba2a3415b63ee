import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { CheckResult } from '../../server/src/protocol';
import { checkFiles } from '../check/checking';

interface Failure {
  readonly column: string | null;
  readonly check: string;
  readonly failure_cases: number;
}

interface Case {
  readonly case: string;
  readonly schema: unknown;
  /** What fails in pandera 0.35.0 by `test/fixtures/contract/pandera/generate`. */
  readonly failed?: readonly Failure[];
  /** Checks that only warn. */
  readonly warnings?: number;
  /** The error with which pandera does not load the schema. */
  readonly refused?: string;
}

const home = 'test/fixtures/contract/pandera';
const cases: readonly Case[] = JSON.parse(readFileSync(`${home}/verdicts.json`, 'utf8'));
const rows = readFileSync(`${home}/rows.csv`, 'utf8');

/** Our kinds for pandera's words that the model itself checks. */
const kinds: Readonly<Record<string, string>> = {
  column_in_dataframe: 'columnPresent',
  add_missing_has_default: 'columnPresent',
  column_in_schema: 'undocumentedColumn',
  not_nullable: 'required',
  dtype: 'columnType',
};

/** Counts of columns, and of a check that is about all values at once. */
const uncounted = ['columnPresent', 'undocumentedColumn', 'column_ordered', 'unique_values_eq'];

/** Cases that end otherwise here: what fails, and what is told to be not judged. */
const apart: Readonly<Record<string, Ending>> = {
  // pandera holds dates against texts, so that none is among them; it means the same as the comparison, which it reads.
  'day {"isin": ["2024-01-01"]}': { failed: ['day isin 4'] },
  // pandera shows no null among the rows of a key that repeats, and fails for it all the same.
  'unique with nulls': { failed: ['score field_uniqueness 4'] },
  'unique with two nulls alone': { failed: ['rare field_uniqueness 2'] },
  'unique together with nulls': { failed: [' multiple_fields_uniqueness 2'] },
  // One failure, told once; numpy has no null among whole numbers.
  'coerced, some not': { failed: ['code columnType 6'], told: ['coerce skipped'] },
  // pandas finds whole numbers in a file of text, which has no types.
  'whole numbers as float64': { failed: [] },
  drop: { failed: ['n greater_than 2'], told: ['drop_invalid_rows skipped'] },
  'score {"greater_than": {"value": 0, "options": {"ignore_na": false}}}': skipping('greater_than'),
  'code {"str_contains": "\\\\bA"}': skipping('str_contains'),
  'code {"str_matches": "(?i)a"}': skipping('str_matches'),
  'pattern of names': skipping('regex'),
  'check of the frame': skipping('not_equal_to'),
};

/** Told beside verdicts that are pandera's. */
const told: Readonly<Record<string, readonly string[]>> = {
  absent: ['columnType error', 'greater_than error', 'required error'],
  'added, without a default': ['columnType error', 'required error'],
  'optional and absent': ['columnType skipped', 'field_uniqueness skipped', 'greater_than skipped', 'required skipped'],
  'ordered with an absent one': ['required skipped'],
  added: ['columnType skipped', 'default skipped'],
  'added, of nulls': ['columnType skipped'],
  default: ['default skipped'],
  category: ['coerce skipped', 'dtype skipped'],
  coerced: ['coerce skipped'],
  'coerced frame': ['coerce skipped'],
  'unique names': ['unique_column_names skipped'],
  index: ['index skipped'],
};

/** Schemas that pandera does not load: the check that is no check is told as such. */
const refused: Readonly<Record<string, readonly string[]>> = {
  'score {"greater_than": {}}': ['greater_than error'],
  'score {"in_range": {"min_value": 1}}': ['in_range error'],
  'score {"in_range": 3}': ['in_range error'],
  'score {"ours": 3}': ['ours skipped'],
  'code {"str_length": {"min_value": null, "max_value": null}}': ['str_length error'],
  groups: ['greater_than error'],
};

interface Ending {
  readonly failed: readonly string[];
  readonly told?: readonly string[];
}

function skipping(kind: string): Ending {
  return { failed: [], told: [`${kind} skipped`] };
}

const endingOf = (one: Case): Ending => {
  if (one.refused !== undefined) return { failed: [], told: refused[one.case] ?? ['to be told'] };
  return apart[one.case] ?? { failed: failedOf(one), told: told[one.case] ?? [] };
};

const failedOf = ({ failed = [] }: Case): readonly string[] =>
  failed
    .map(({ column, check, failure_cases }) => {
      const word = check.replace(/\(.*/s, '');
      const kind = kinds[word] ?? word;
      return uncounted.includes(kind) ? kind : `${column ?? ''} ${kind} ${failure_cases}`;
    })
    .toSorted();

const failedIn = (checks: readonly CheckResult[]): readonly string[] =>
  checks
    .filter(({ status }) => status === 'failed')
    .map(({ kind, column, unexpectedCount }) =>
      uncounted.includes(kind) ? kind : `${column ?? ''} ${kind} ${unexpectedCount ?? 0}`,
    )
    .toSorted();

const toldIn = (checks: readonly CheckResult[]): readonly string[] =>
  checks
    .filter(({ status }) => status === 'skipped' || status === 'error')
    .map(({ kind, status }) => `${kind} ${status}`)
    .toSorted();

describe('verdicts of pandera', () => {
  for (const one of cases)
    it(one.case, async function () {
      this.timeout(60_000);
      const files = { 'schema.json': JSON.stringify(one.schema), 'rows.csv': rows };
      const { report } = await checkFiles('schema.json', files, { job: { data: { schema: 'rows.csv' } } });
      const { failed, told = [] } = endingOf(one);
      assert.deepEqual({ failed: failedIn(report.checks), told: toldIn(report.checks) }, { failed, told });
      const warnings = report.checks.filter(({ status }) => status === 'warning').length;
      assert.equal(warnings, one.warnings ?? 0);
    });
});
