import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { schemaJudge } from '../../server/src/check/json-schema';
import { judgedApart } from '../../server/src/check/thread';
import { type Checked, checkFile } from './checking';

// Schemas of all drafts that are run, and what Great Expectations said of the same texts: `golden.py` beside the files
// makes them.
const folder = 'test/fixtures/check/great-expectations/json-schema';
const read = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8'));

interface Golden {
  readonly error?: true;
  readonly success?: boolean;
  readonly unexpected_count?: number;
  readonly unexpected_percent?: number;
}

const wishes: readonly { readonly kwargs: { readonly json_schema: unknown } }[] = read('suite.json').expectations;
const { results }: { readonly results: readonly Golden[] } = read('expected.json');

describe('texts held against a JSON Schema', () => {
  let checked: Checked;
  before(async function () {
    this.timeout(60_000);
    const data = { '': join(process.cwd(), folder, 'texts.parquet') };
    checked = await checkFile(join(process.cwd(), folder, 'suite.json'), { job: { data } });
  });

  for (const [index, golden] of results.entries()) {
    it(`${index} ${JSON.stringify(wishes[index]?.kwargs.json_schema)}`, () => {
      const check = checked.report.checks[index];
      if (golden.error) return assert.equal(check?.status, 'error', check?.message);
      assert.equal(check?.status, golden.success ? 'passed' : 'failed', check?.message);
      assert.equal(check?.unexpectedCount, golden.unexpected_count);
      assert.equal(check?.unexpectedPercent, golden.unexpected_percent);
    });
  }
});

describe('a JSON Schema of a suite', () => {
  const limit = { milliseconds: 20_000, signal: new AbortController().signal };
  const judged = async (
    schema: Readonly<Record<string, unknown>>,
    values: readonly string[],
    milliseconds = 20_000,
  ) => {
    const judge = schemaJudge(schema);
    assert.ok(typeof judge !== 'string', String(judge));
    const answer = await judgedApart(judge, values, { ...limit, milliseconds });
    return answer && [...answer];
  };

  it('fails a text that is no JSON', async () => assert.deepEqual(await judged({}, ['1', '{a:1}', '']), [1, 0, 0]));
  it('is ended when its pattern never would', async () =>
    assert.equal(await judged({ pattern: '^(a+)+$' }, [JSON.stringify(`${'a'.repeat(50)}!`)], 500), undefined));
  it('of a draft before the sixth is told', () =>
    assert.equal(
      schemaJudge({ $schema: 'http://json-schema.org/draft-04/schema#' }),
      'Drafts of JSON Schema before the sixth are not run: write it for a later one.',
    ));
  it('that points outside itself is told', () =>
    assert.match(String(schemaJudge({ $ref: 'https://example.com/other.json' })), /cannot be used: can't resolve/));
});
