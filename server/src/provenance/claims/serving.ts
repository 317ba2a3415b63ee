import type { Amount } from '../../manifest/model';
import type { Claim } from '../../protocol';
import { type Context, claimAt, claimOf, type Judgement, pathOf, type Section } from './section';

/** Bytes of a file of measurements that is read to hold a budget against it. */
const LARGEST = 64_000_000;

/**
 * The budget is held by what was measured. `measuredBy` is a file of JSON lines: either one request a line, with
 * `latencyMs`, `cost` and the time `at` (ISO 8601 or milliseconds), or one summary a line, with the budget's own words
 * `latencyP95Ms`, `throughputPerSecond`, `costPer1k`; of several summaries the worst counts.
 */
export const serving: Section = async (context) => {
  const { measuredBy } = context.manifest.serving;
  const budgets = limits.flatMap((limit) => {
    const amount = context.manifest.serving[limit.key];
    return amount ? [{ limit, amount }] : [];
  });
  if (!measuredBy)
    return budgets.map(({ limit, amount }) =>
      budgetClaim(context, limit, amount, {
        verdict: 'claimed',
        message: 'Nothing measured stands behind the serving budget; name a file of measurements under `measuredBy`.',
      }),
    );
  const measured = await measurementsIn(context, measuredBy.text);
  return [
    claimOf(context, 'serving.measuredBy', measuredBy, measured.judgement),
    ...budgets.map(({ limit, amount }) => budgetClaim(context, limit, amount, held(limit, amount, measured.lines))),
  ];
};

type Measurement = Readonly<Record<string, unknown>>;

interface Limit {
  readonly key: 'latencyP95Ms' | 'throughputPerSecond' | 'costPer1k';
  readonly words: string;
  readonly unit: string;
  /** Whether a figure above the budget breaks it. */
  readonly isMost: boolean;
  /** What single requests come to. */
  of(lines: readonly Measurement[]): number | undefined;
}

const limits: readonly Limit[] = [
  {
    key: 'latencyP95Ms',
    words: '95 of 100 requests took up to',
    unit: ' ms',
    isMost: true,
    of: (lines) => quantile95(numbersOf(lines, 'latencyMs')),
  },
  { key: 'throughputPerSecond', words: 'Requests in a second:', unit: '', isMost: false, of: perSecond },
  {
    key: 'costPer1k',
    words: 'A thousand requests cost',
    unit: '',
    isMost: true,
    of: (lines) => mean(numbersOf(lines, 'cost'), 1000),
  },
];

const budgetClaim = (context: Context, { key }: Limit, amount: Amount, judgement: Judgement): Claim =>
  claimAt(context, `serving.${key}`, amount.node, { expected: amount.value, ...judgement });

function held({ key, words, unit, isMost, of }: Limit, { value }: Amount, lines: readonly Measurement[]): Judgement {
  const summaries = numbersOf(lines, key);
  const figure =
    summaries.length > 0 ? summaries.reduce((a, b) => (isMost ? Math.max(a, b) : Math.min(a, b))) : of(lines);
  if (figure === undefined) return { verdict: 'claimed', message: `The measurements say nothing of ${key}.` };
  const isHeld = isMost ? figure <= value : figure >= value;
  const said = `${words} ${Number(figure.toPrecision(6))}${unit}`;
  return isHeld
    ? { verdict: 'verified', found: figure, message: `${said}.` }
    : { verdict: 'false', found: figure, message: `${said}, and the budget is ${value}${unit}.` };
}

async function measurementsIn(
  context: Context,
  name: string,
): Promise<{ readonly judgement: Judgement; readonly lines: readonly Measurement[] }> {
  const { world } = context.evidence;
  const path = await pathOf(context, name);
  const none = (judgement: Judgement) => ({ judgement, lines: [] });
  const stat = await world.stat(path);
  if (stat?.kind !== 'file')
    return none({ verdict: 'false', message: `There is no file ${name}; measure, or correct the path.` });
  if (stat.size > LARGEST)
    return none({
      verdict: 'claimed',
      message: `${name} is larger than ${LARGEST / 1e6} MB, so it is not read; write a summary of it.`,
    });
  const text = await world.readText(path).catch(() => undefined);
  if (text === undefined)
    return none({ verdict: 'false', message: `${name} cannot be read; ask its owner for the right to read it.` });
  const lines: Measurement[] = [];
  let broken: number | undefined;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const value = objectIn(line);
    if (value) lines.push(value);
    else broken ??= index + 1;
  }
  if (broken !== undefined)
    return {
      lines,
      judgement: {
        verdict: 'claimed',
        message: `Line ${broken} of ${name} is no JSON object, so it is left out; write it anew.`,
      },
    };
  if (lines.length === 0) return none({ verdict: 'false', message: `${name} has no measurements; measure again.` });
  return {
    lines,
    judgement: { verdict: 'verified', found: lines.length, message: `${name} has ${lines.length} measurements.` },
  };
}

function objectIn(line: string): Measurement | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Measurement) : undefined;
  } catch {
    return undefined;
  }
}

const numbersOf = (lines: readonly Measurement[], key: string): readonly number[] =>
  lines.flatMap((line) => (typeof line[key] === 'number' ? [line[key]] : []));

/** The nearest rank: the least latency that 95 of 100 requests do not pass. */
const quantile95 = (values: readonly number[]): number | undefined =>
  values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(0.95 * values.length) - 1)];

const mean = (values: readonly number[], times: number): number | undefined =>
  values.length === 0 ? undefined : (times * values.reduce((sum, value) => sum + value, 0)) / values.length;

/** Requests after the first, by the time between the first and the last. */
function perSecond(lines: readonly Measurement[]): number | undefined {
  const times = lines
    .flatMap(({ at }) => (typeof at === 'number' ? [at] : typeof at === 'string' ? [Date.parse(at)] : []))
    .filter(Number.isFinite);
  const [least, most] = times.reduce(
    ([low, high], time) => [Math.min(low, time), Math.max(high, time)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  return most > least ? (1000 * (times.length - 1)) / (most - least) : undefined;
}
