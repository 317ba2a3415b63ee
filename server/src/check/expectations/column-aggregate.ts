import { identifier } from '../../sql/fragment';
import { counting, type Figures, type Measure, unjudged } from '../check';
import { deviationSql, listOf, noNumbers, ofColumn, valueWords } from './column-map';
import {
  boundWords,
  type Call,
  type Expected,
  type Family,
  figureOutcome,
  type Kwargs,
  partOf,
  within,
} from './expectation';
import { COUNT, comparand, isIn, listedIn, numberIn, type Operand, VALUE } from './operand';

/** Expectations about one figure of a column, all of them aggregates of the shared scan but where texts are compared. */
export const columnAggregate: Family = {
  expect_column_min_to_be_between: ofColumn(boundWords, (operand, call) => extreme(operand, call, 'min')),
  expect_column_max_to_be_between: ofColumn(boundWords, (operand, call) => extreme(operand, call, 'max')),
  expect_column_mean_to_be_between: numeric('The mean', (value) => `avg(CAST(${value} AS DOUBLE))`),
  expect_column_median_to_be_between: numeric('The median', (value) => `median(CAST(${value} AS DOUBLE))`),
  expect_column_sum_to_be_between: numeric('The sum', (value) => `coalesce(sum(${value}), 0)`),
  expect_column_stdev_to_be_between: numeric('The standard deviation', deviationSql),
  expect_column_unique_value_count_to_be_between: counted(
    'The count of different values',
    ({ different = 0 }) => different,
  ),
  expect_column_proportion_of_unique_values_to_be_between: counted(
    'The share of different values',
    ({ different = 0, present = 0 }) => (present === 0 ? 0 : different / present),
  ),
  expect_column_proportion_of_non_null_values_to_be_between: counted(
    'The share of values that are not null',
    ({ present = 0 }, rows) => (rows === 0 ? 0 : present / rows),
  ),
  expect_column_distinct_values_to_be_in_set: distinct({ others: false, all: true }),
  expect_column_distinct_values_to_contain_set: distinct({ others: true, all: false }),
  expect_column_distinct_values_to_equal_set: distinct({ others: false, all: false }),
  expect_column_most_common_value_to_be_in_set: ofColumn(
    ({ value_set }) => `one of ${valueWords({ value_set })}`,
    commonest,
  ),
};

function numeric(what: string, sqlOf: (value: string) => string): Expected {
  return ofColumn(boundWords, (operand, call) => {
    const value = numberIn(operand);
    if (value === undefined) return unjudged(noNumbers(operand));
    return {
      via: 'scan',
      of: call.scope,
      figures: { figure: sqlOf(value) },
      judge: ({ figure = Number.NaN }) => figureOutcome(call, what, figure),
    };
  });
}

function counted(what: string, figureOf: (figures: Figures, rows: number) => number): Expected {
  return ofColumn(boundWords, ({ value, present }, call) => ({
    via: 'scan',
    of: call.scope,
    figures: { different: `count(DISTINCT ${value})`, present: counting(present) },
    judge: (figures, rows) => figureOutcome(call, what, figureOf(figures, rows)),
  }));
}

const named = { min: 'The least value', max: 'The greatest value' } as const;

/** Numbers and moments are figures; of texts the engine gives the extreme itself. */
function extreme(operand: Operand, call: Call, which: 'min' | 'max'): Measure {
  const value = numberIn(operand);
  if (operand.is === 'moment' && operand.field.family !== 'time') return extremeMoment(operand, call, which);
  if (value === undefined) return extremeText(operand, call, which);
  const wrong = [call.kwargs.min_value, call.kwargs.max_value]
    .map((bound) => (bound === undefined ? undefined : comparand(operand, bound)))
    .find((made) => typeof made === 'string');
  if (typeof wrong === 'string') return unjudged(wrong);
  return {
    via: 'scan',
    of: call.scope,
    figures: { figure: `${which}(${value})` },
    judge: ({ figure = Number.NaN }) => figureOutcome(call, named[which], figure),
  };
}

/** Microseconds since 1970, in which all moments are compared. */
const microseconds = (sql: string): string => `epoch_us(CAST(${sql} AS TIMESTAMP))`;

function extremeMoment(operand: Operand, call: Call, which: 'min' | 'max'): Measure {
  const limits: Record<string, string> = {};
  for (const bound of ['min_value', 'max_value'] as const) {
    if (call.kwargs[bound] === undefined) continue;
    const made = comparand(operand, call.kwargs[bound]);
    if (typeof made === 'string') return unjudged(made);
    limits[bound] = microseconds(made.sql);
  }
  return {
    via: 'scan',
    of: call.scope,
    figures: { figure: microseconds(`${which}(${operand.value})`), ...limits },
    judge: ({ figure = Number.NaN, ...bounds }) => {
      if (Number.isNaN(figure)) return figureOutcome(call, named[which], figure);
      const moment = new Date(figure / 1000).toISOString().replace(/(\.000)?Z$/, '');
      const shown = operand.field.family === 'date' ? moment.slice(0, 10) : moment;
      const holds = within({ ...call.kwargs, ...bounds }, figure);
      return {
        verdict: holds ? 'holds' : 'fails',
        observed: shown,
        message: `${named[which]} of ${partOf(call)} should be ${call.words}${holds ? ', and' : ', but'} is ${shown}.`,
      };
    },
  };
}

const signs: readonly (readonly [keyof Kwargs & string, string, string, string])[] = [
  ['min_value', 'strict_min', '>', '>='],
  ['max_value', 'strict_max', '<', '<='],
];

function extremeText(operand: Operand, call: Call, which: 'min' | 'max'): Measure {
  const parts: string[] = [];
  for (const [bound, strict, exclusive, inclusive] of signs) {
    const given = call.kwargs[bound];
    if (given === undefined) continue;
    const made = comparand(operand, given);
    if (typeof made === 'string') return unjudged(made);
    parts.push(`${which}(${operand.value}) ${call.kwargs[strict] === true ? exclusive : inclusive} ${made.sql}`);
  }
  return {
    via: 'query',
    sql: `SELECT ${which}(${operand.value}) AS figure, ${parts.join(' AND ')} AS holds FROM ${call.scope.relation}`,
    judge: ({ rows: [[figure = null, holds = null] = []] }) => {
      const should = `${named[which]} of ${partOf(call)} should be ${call.words}`;
      if (figure === null) return { verdict: 'fails', message: `${should}, but there are no values to take it of.` };
      const message = `${should}${holds === true ? ', and' : ', but'} is ${String(figure)}.`;
      return { verdict: holds === true ? 'holds' : 'fails', observed: String(figure), message };
    },
  };
}

/** Which values may stand in the column: others than those of the set, and not all of the set. */
function distinct({ others, all: mayLack }: { readonly others: boolean; readonly all: boolean }): Expected {
  const words = ({ value_set }: Kwargs) => {
    const verb = others ? 'including' : mayLack ? 'among' : 'exactly';
    return `${verb} ${valueWords({ value_set })}`;
  };
  return ofColumn(words, (operand, call) => {
    const wanted = listOf(call.kwargs.value_set).filter((value) => value !== null);
    const listed = listedIn(operand, wanted);
    // A value of another type than the column's is in no row.
    const impossible = wanted.filter((value) => listedIn(operand, [value]).length === 0).length;
    const isListed = `coalesce(${isIn(operand, wanted)}, false)`;
    return {
      via: 'scan',
      of: call.scope,
      figures: {
        other: `count(DISTINCT ${operand.value}) FILTER (WHERE ${operand.present} AND NOT ${isListed})`,
        seen: `count(DISTINCT ${operand.value}) FILTER (WHERE ${isListed})`,
      },
      judge: ({ other = 0, seen = 0 }) => {
        const lacking = listed.length - seen + impossible;
        const holds = (others || other === 0) && (mayLack || lacking === 0);
        const found = [
          ...(others ? [] : [`${other} of its different values ${other === 1 ? 'is' : 'are'} not in the set`]),
          ...(mayLack ? [] : [`${lacking} of the set ${lacking === 1 ? 'is' : 'are'} not in the column`]),
        ];
        return {
          verdict: holds ? 'holds' : 'fails',
          unexpectedPercent: null,
          ...(others ? {} : { unexpected: other }),
          message: `The different values of ${partOf(call)} should be ${call.words}${holds ? ', and' : ', but'} ${found.join(' and ')}.`,
        };
      },
      ...(others ? {} : { failing: { predicate: `${operand.present} AND NOT ${isListed}`, fields: [operand.field] } }),
    };
  });
}

const LISTED = identifier('plumbline listed');

/** The value that occurs most often, of which there may be several. */
function commonest(operand: Operand, call: Call): Measure {
  const isListed = `coalesce(${isIn(operand, listOf(call.kwargs.value_set))}, false)`;
  const counts = `SELECT ${operand.value} AS ${VALUE}, ${isListed} AS ${LISTED}, count(*) AS ${COUNT} FROM ${call.scope.relation} WHERE ${operand.present} GROUP BY ALL`;
  const first = `SELECT * FROM (${counts}) WHERE ${COUNT} = (SELECT max(${COUNT}) FROM (${counts}))`;
  return {
    via: 'query',
    sql: `SELECT CAST(min(${VALUE}) AS VARCHAR) AS value, count(*) AS modes, count(*) FILTER (WHERE ${LISTED}) AS hits FROM (${first})`,
    judge: ({ rows: [[value = null, modes = 0, hits = 0] = []] }) => {
      const several = Number(modes);
      const listed = Number(hits);
      const holds = call.kwargs.ties_okay === true ? listed > 0 : several === 1 && listed === 1;
      const found =
        several === 0
          ? 'there are no values'
          : several === 1
            ? `is ${value}`
            : `${several} values are equally common, such as ${value}`;
      return {
        verdict: holds ? 'holds' : 'fails',
        observed: value === null ? null : String(value),
        message: `The most common value of ${partOf(call)} should be ${call.words}${holds ? ', and' : ', but'} ${found}.`,
      };
    },
  };
}
