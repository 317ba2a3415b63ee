import type { Metric } from '../../manifest/model';
import type { Claim } from '../../protocol';
import type { Run } from '../../stores/run';
import { spelling } from '../../text/tree';
import { type Context, claimAt, claimOf, type Judgement, type Section } from './section';
import { conditionOf, writtenAs } from './values';

/** Figures are those of the runs, and what they have to be. */
export const metrics: Section = async (context) =>
  context.manifest.metrics.flatMap((metric, index) => ofMetric(context, metric, `metrics[${index}]`));

function ofMetric(context: Context, metric: Metric, at: string): readonly Claim[] {
  const { value, accept, name = '' } = metric;
  const measured = context.runs
    .flatMap(({ run }) => (run ? [{ run, figure: figureIn(run, metric) }] : []))
    .filter((one): one is Measured => one.figure !== undefined);
  return [
    ...(value
      ? [claimAt(context, `${at}.value`, value.node, { expected: value.value, ...ofValue(context, metric, measured) })]
      : []),
    ...(accept
      ? [claimOf(context, `${at}.accept`, accept, ofCondition(name, accept.text, { said: value?.value, measured }))]
      : []),
  ];
}

interface Measured {
  readonly run: Run;
  readonly figure: number;
}

/** A figure on a part of the data is called by both names, in one of the ways that are common. */
function figureIn({ metrics: figures }: Run, { name = '', on }: Metric): number | undefined {
  const part = on?.text;
  const names =
    part === undefined
      ? [name]
      : ['/', '_', '.', '-'].flatMap((sign) => [`${part}${sign}${name}`, `${name}${sign}${part}`]).concat(name);
  const found = names.find((key) => Object.hasOwn(figures, key));
  return found === undefined ? undefined : figures[found];
}

function ofValue({ manifest, runs }: Context, { name, value }: Metric, measured: readonly Measured[]): Judgement {
  if (!value) return { verdict: 'missing', message: `${name} has no value.` };
  const spelt = spelling(manifest.tree, value.node);
  const wrong = measured.find(({ figure }) => !writtenAs(spelt, value.value, figure));
  if (wrong)
    return {
      verdict: 'false',
      found: json(wrong.figure),
      message: `Run ${wrong.run.id} has ${name} ${wrong.figure}, not ${spelt}; write what the run has.`,
    };
  const [first] = measured;
  if (first)
    return {
      verdict: 'verified',
      found: json(first.figure),
      message: `Run ${first.run.id} has ${name} ${first.figure}.`,
    };
  const known = runs.flatMap(({ run }) => run ?? []);
  const has =
    known.length === 0
      ? 'No run here can show it'
      : `No run has a metric ${name}; it has ${
          Object.keys(known[0]?.metrics ?? {})
            .slice(0, 5)
            .join(', ') || 'none'
        }`;
  return { verdict: 'claimed', message: `${has}.` };
}

interface Figures {
  readonly said: number | undefined;
  readonly measured: readonly Measured[];
}

function ofCondition(name: string, condition: string, { said, measured }: Figures): Judgement {
  const holds = conditionOf(condition);
  if (!holds)
    return {
      verdict: 'false',
      message: `"${condition}" is no condition; write a comparison and a number, such as ">= 0.78".`,
    };
  const figures = measured.length > 0 ? measured.map(({ figure }) => figure) : said === undefined ? [] : [said];
  const wrong = figures.find((figure) => !holds(figure));
  if (wrong !== undefined)
    return { verdict: 'false', found: json(wrong), message: `${name} is ${wrong}, and has to be ${condition.trim()}.` };
  const [first] = figures;
  if (first === undefined)
    return { verdict: 'claimed', message: `No figure of ${name} is known to hold against ${condition.trim()}.` };
  return measured.length > 0
    ? { verdict: 'verified', found: json(first), message: `${name} is ${first}.` }
    : { verdict: 'claimed', found: first, message: `${name} is ${first} by this file alone, which no run here shows.` };
}

const json = (figure: number): number | string => (Number.isFinite(figure) ? figure : String(figure));
