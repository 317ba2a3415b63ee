import { raggedWords } from '../data/written-text';
import type { Datum } from '../protocol';
import { type Engine, QueryFailed, type Row } from '../sql/engine';
import { literal } from '../sql/fragment';
import { isDateutilDate } from '../text/dateutil';
import type { Figures, ValuesTest, ValueTest } from './check';
import { compile, matchesOf } from './pattern';
import type { Answered, Scan } from './plan';
import type { Scope } from './source';
import { judgedApart, type Limit } from './thread';

/** What the statement gives, or why the engine refused it. Rejects only when the engine died or the job was cancelled. */
export async function answered<T>(ask: () => Promise<T>): Promise<Answered<T>> {
  try {
    return { value: await ask() };
  } catch (error) {
    if (error instanceof QueryFailed) return { error: raggedWords(error.message) ?? error.message };
    throw error;
  }
}

/** NULL is NaN; whole numbers past 2⁵³ come as their digits. */
const figure = (value: Datum | undefined): number =>
  value === null || value === undefined ? Number.NaN : Number(value);

/** The one row of a statement. */
export function figuresOf(engine: Engine, sql: string): Promise<Answered<Figures>> {
  return answered(async () => {
    const [row = {}] = await engine.rows(sql);
    return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, figure(value)]));
  });
}

/**
 * All aggregates of a scope in one statement. When the engine refuses it, halves are tried until what it refuses stands
 * alone, so that one wrong expression costs no other check its answer.
 */
export async function scanned(
  engine: Engine,
  { scope, aggregates }: Scan,
): Promise<ReadonlyMap<string, Answered<number>>> {
  const row = await answered(() => engine.rows(scanSql({ scope, aggregates })));
  if ('value' in row) {
    return new Map(aggregates.map((aggregate, index) => [aggregate, { value: figure(row.value[0]?.[`f${index}`]) }]));
  }
  if (aggregates.length === 1) return new Map(aggregates.map((aggregate) => [aggregate, row]));
  const half = Math.ceil(aggregates.length / 2);
  const first = await scanned(engine, { scope, aggregates: aggregates.slice(0, half) });
  const second = await scanned(engine, { scope, aggregates: aggregates.slice(half) });
  return new Map([...first, ...second]);
}

/** The one statement of a scan. */
export function scanSql({ scope, aggregates }: Scan): string {
  const named = aggregates.map((aggregate, index) => `${aggregate} AS f${index}`);
  return `SELECT ${named.join(', ')} FROM ${scope.relation}`;
}

/** Every distinct value, with how often it occurs and whether it is bad whatever the test says. */
export const valuesSql = ({ relation }: Scope, { text, bad }: Pick<ValuesTest, 'text' | 'bad'>, batch = ''): string =>
  `SELECT ${text} AS value, count(*) AS n, ${bad} AS bad FROM ${relation} WHERE ${text} IS NOT NULL${batch} GROUP BY ${text}, ${bad}`;

/** Distinct values that are held at once. */
const BATCH = 200_000;
/** How long one test may take over all values of its column. Milliseconds. */
const TEST_LIMIT = 10_000;
/** Bad values that are kept, to find rows that show them. */
const KEPT = 20;

export interface Counted {
  readonly broken: number;
  /** SQL that is true for rows with one of the bad values kept. */
  readonly predicate: string;
}

/** Counts the rows whose value fails a test that JavaScript makes. One that takes too long is refused. */
export async function valuesCounted(
  engine: Engine,
  scope: Scope,
  { text, bad, test }: ValuesTest,
  rows: number,
  signal: AbortSignal,
  limit = TEST_LIMIT,
): Promise<Answered<Counted>> {
  const tester = await testerOf(test);
  if (typeof tester === 'string') return { error: tester };
  const parts = Math.max(1, Math.ceil(rows / BATCH));
  const until = performance.now() + limit;
  const kept: string[] = [];
  let broken = 0;
  for (let part = 0; part < parts; part++) {
    const batch = parts > 1 ? ` AND hash(${text}) % ${parts} = ${part}` : '';
    const values = await answered(() => engine.rows(valuesSql(scope, { text, bad }, batch)));
    if ('error' in values) return values;
    const left = until - performance.now();
    const passes = await tester.passes(values.value.map(valueIn), { milliseconds: left, signal });
    if (!passes) return { error: tester.tooSlow(`longer than ${limit / 1000} seconds`) };
    for (const [index, row] of values.value.entries()) {
      if (passes[index] === tester.good && row.bad !== true) continue;
      broken += Number(row.n);
      if (kept.length < KEPT) kept.push(valueIn(row));
    }
  }
  return { value: { broken, predicate: kept.length === 0 ? 'false' : `${text} IN (${kept.map(literal).join(', ')})` } };
}

const valueIn = ({ value }: Row): string => String(value);

/** A test made ready, once for all batches of values. */
interface Tester {
  /** What is answered of a value that is as it should be. */
  readonly good: 0 | 1;
  passes(values: readonly string[], limit: Limit): Promise<Uint8Array | undefined>;
  /** @param time After "took": how long that is too long. */
  tooSlow(time: string): string;
}

async function testerOf(test: ValueTest): Promise<Tester | string> {
  if (test.by === 'pattern') return patternTester(test);
  if (test.by === 'dateutil') return dateTester(test.now);
  // A compiler of JSON Schemas is large, and few suites ask for it.
  const { schemaJudge } = await import('./json-schema');
  const judge = schemaJudge(test.schema);
  if (typeof judge === 'string') return judge;
  return {
    good: 1,
    passes: (values, limit) => judgedApart(judge, values, limit),
    tooSlow: (time) =>
      `The JSON Schema took ${time} over the values. Write its patterns so that a text can match in one way only.`,
  };
}

/** One pass over a value, so that no value takes long. */
function dateTester(now: Date): Tester {
  const today = { year: now.getFullYear(), month: now.getMonth() + 1, day: now.getDate() };
  return {
    good: 1,
    passes: async (values) => Uint8Array.from(values, (value) => (isDateutilDate(value, today) ? 1 : 0)),
    tooSlow: (time) => `Reading the values as dates took ${time}.`,
  };
}

function patternTester({ pattern, wanted = 'found' }: Extract<ValueTest, { by: 'pattern' }>): Tester | string {
  const regex = compile(pattern);
  if (!regex) return `"${pattern}" is not a valid regular expression.`;
  return {
    good: wanted === 'found' ? 1 : 0,
    passes: (values, limit) => matchesOf(regex, values, limit),
    tooSlow: (time) => `The pattern ${pattern} took ${time}. Write it so that a text can match in one way only.`,
  };
}
