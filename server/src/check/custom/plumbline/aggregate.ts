import { identifier } from '../../../sql/fragment';
import { number } from '../../../text/words';
import { type Data, type Measure, measureOf, type Outcome, type Subject, unjudged } from '../../check';
import { deviationSql } from '../../expectations/column-map';
import { numberIn, type Operand, operandOf } from '../../expectations/operand';
import { type Bound, compareNumber } from '../../operators';
import type { Field } from '../../source';
import { subjectWords } from '../../words';
import { boundIn, type Form, type Given, isShare } from './form';

/** One figure of all values of a column. */
interface Aggregate {
  /** After "the". */
  readonly noun: string;
  /** Whether it is of numbers; of any values otherwise. */
  readonly numeric: boolean;
  /** Which word has to stand beside it. */
  readonly needs?: 'quantile' | 'with';
  sql(value: string, given: Parameters): string;
}

interface Parameters {
  readonly quantile: number;
  /** SQL of the values beside. */
  readonly other: string;
}

const double = (value: string): string => `CAST(${value} AS DOUBLE)`;
const ofNumbers = (noun: string, sql: Aggregate['sql']): Aggregate => ({ noun, numeric: true, sql });
const ofAny = (noun: string, sql: Aggregate['sql']): Aggregate => ({ noun, numeric: false, sql });

/** SQL of a quantile, which lies between the two nearest values in proportion. */
export const quantileSql = (value: string, quantile: number): string => `quantile_cont(${double(value)}, ${quantile})`;

/** By the word under `function`. Nulls and NaN are left out. */
const aggregates: Readonly<Record<string, Aggregate>> = {
  mean: ofNumbers('mean', (value) => `avg(${double(value)})`),
  median: ofNumbers('median', (value) => `median(${double(value)})`),
  sum: ofNumbers('sum', (value) => `sum(${value})`),
  min: ofNumbers('least value', (value) => `min(${value})`),
  max: ofNumbers('greatest value', (value) => `max(${value})`),
  stddev: ofNumbers('standard deviation', deviationSql),
  variance: ofNumbers('variance', (value) => `power(${deviationSql(value)}, 2)`),
  quantile: { ...ofNumbers('quantile', (value, { quantile }) => quantileSql(value, quantile)), needs: 'quantile' },
  correlation: {
    ...ofNumbers('correlation', (value, { other }) => `corr(${double(value)}, ${double(other)})`),
    needs: 'with',
  },
  count: ofAny('count of values', (value) => `count(${value})`),
  distinct: ofAny('count of different values', (value) => `count(DISTINCT ${value})`),
  distinctShare: ofAny('share of different values', (value) => `count(DISTINCT ${value}) / nullif(count(${value}), 0)`),
};

/** One figure of a column, or of an expression over the columns of each row, held against any operator. */
export const aggregate: Form = {
  word: 'aggregate',
  example: '{aggregate: {function: mean, mustBeBetween: [10, 20]}}',
  takes: ['function', 'quantile', 'with', 'expression', 'where'],
  operators: true,
  rule(subject, given, rule) {
    const figure = figureOf(subject, given);
    if (typeof figure === 'string') return figure;
    const bound = boundIn('aggregate', given, rule);
    if (typeof bound === 'string') return bound;
    return {
      expected: `${figure.noun} ${bound.expected}`,
      // Bounds are in whatever the figure is in, which no unit of the standard names.
      limits: bound.limits.map((limit) => ({ ...limit, unit: null })),
      filter: figure.where,
      measure: (data) => measured(subject, figure, bound, data),
    };
  },
};

interface Figure {
  readonly aggregate: Aggregate;
  /** With its parameters: `0.95 quantile`, `correlation with "tax"`. */
  readonly noun: string;
  readonly quantile: number;
  readonly with: string | undefined;
  readonly expression: string | undefined;
  readonly where: string | undefined;
}

function figureOf({ column }: Subject, given: Given): Figure | string {
  const { function: word, quantile, with: beside } = given;
  const found = typeof word === 'string' && Object.hasOwn(aggregates, word) ? aggregates[word] : undefined;
  if (!found) return `"function" of an aggregate is one of ${Object.keys(aggregates).join(', ')}.`;
  const texts = { with: beside, expression: given.expression, where: given.where };
  const wrong = Object.entries(texts).find(([, value]) => value !== undefined && typeof value !== 'string')?.[0];
  if (wrong !== undefined) return `"${wrong}" of an aggregate is a text.`;
  if (found.needs === 'quantile' && !isShare(quantile)) return 'A quantile needs "quantile" between 0 and 1.';
  if (found.needs === 'with' && beside === undefined) return 'A correlation needs the other column under "with".';
  if (!column && given.expression === undefined)
    return 'An aggregate of a table needs an "expression", for instance amount * quantity. Else move the rule to a property.';
  const shown = { quantile: `${String(quantile)} quantile`, with: `correlation with ${String(beside)}` };
  return {
    aggregate: found,
    noun: found.needs ? shown[found.needs] : found.noun,
    quantile: Number(quantile),
    with: texts.with as string | undefined,
    expression: texts.expression as string | undefined,
    where: texts.where as string | undefined,
  };
}

function measured({ table, column }: Subject, figure: Figure, bound: Bound, data: Data): Measure {
  const { expression } = figure;
  if (expression !== undefined) return ofExpression(table.name, expression, figure, bound);
  if (!column) return unjudged('An aggregate is about a column or an expression.');
  return measureOf(data, column, (field) => ofField(field, figure, bound, data));
}

function ofField(field: Field, figure: Figure, bound: Bound, data: Data): Measure {
  const { aggregate: found, quantile } = figure;
  const operand = operandOf(field, field.column.path);
  const value = valueFor(operand, found);
  if (typeof value !== 'string') return value;
  const other = figure.with === undefined ? '' : besides(field, figure.with, data);
  if (typeof other !== 'string') return other;
  return {
    via: 'scan',
    of: field.scope,
    figures: { figure: found.sql(value, { quantile, other }) },
    judge: ({ figure: observed = Number.NaN }) =>
      outcomeOf(subjectWords('', field.column.path), figure, bound, observed),
  };
}

const valueFor = (operand: Operand, { numeric }: Pick<Aggregate, 'numeric'>): string | Measure =>
  numeric
    ? (numberIn(operand) ?? unjudged(`Column "${operand.name}" is ${operand.field.type}, and this is of numbers.`))
    : operand.value;

function besides(field: Field, name: string, { source }: Data): string | Measure {
  const other = source.named(name);
  if (!other) return unjudged(`Column "${name}" is not in the data, so this cannot be checked.`);
  if (other.scope !== field.scope)
    return unjudged(`Columns "${field.column.path}" and "${name}" are not in the same rows.`);
  return valueFor(operandOf(other, name), { numeric: true });
}

/** The author's own SQL, over a view of the table in the types of the contract. */
function ofExpression(table: string, expression: string, figure: Figure, bound: Bound): Measure {
  const { aggregate: found, quantile } = figure;
  const other = figure.with === undefined ? '' : identifier(figure.with);
  return {
    via: 'query',
    sql: `SELECT ${found.sql(`(\n${expression}\n)`, { quantile, other })} AS figure FROM ${identifier(table)}`,
    judge: ({ columns, rows: [[observed = null] = []] }) =>
      columns.length === 1
        ? outcomeOf(expression.trim(), figure, bound, observed === null ? Number.NaN : Number(observed))
        : { verdict: 'unjudged', message: `"expression" must be one expression, and ${expression.trim()} is not.` },
  };
}

function outcomeOf(subject: string, { noun }: Figure, bound: Bound, observed: number): Outcome {
  if (Number.isNaN(observed))
    return { verdict: 'unjudged', message: `${subject}: there are too few values to take the ${noun} of.` };
  const compare = compareNumber(observed);
  const holds = bound.holds(compare);
  const found = `${subject}: the ${noun} is ${number(observed)}, ${holds ? 'and' : 'but'} the rule says ${bound.expected}.`;
  return {
    verdict: holds ? 'holds' : 'fails',
    observed,
    message: [found, bound.edge(compare)].filter(Boolean).join(' '),
  };
}
