import { identifier } from '../../sql/fragment';
import { amount, number } from '../../text/words';
import { type Measure, nothing, type Outcome, skipped } from '../check';
import { list } from '../words';
import { listOf } from './column-map';
import { boundWords, type Call, type Family, type Kwargs, partOf, subjectOf, within } from './expectation';

const isHeld = (holds: boolean): Outcome['verdict'] => (holds ? 'holds' : 'fails');
const columnNames = ({ data }: Call): readonly string[] => data.source.columns.map(({ name }) => name);

/** Expectations about a table: its columns, its rows, and what a query of the author's finds in it. */
export const table: Family = {
  expect_column_to_exist: {
    words: ({ column, column_index }) => `there${column_index ? ` at index ${column_index}` : ''}: ${column}`,
    measure: (call) => {
      const { column, column_index: index } = call.kwargs;
      const names = columnNames(call);
      // GX takes an index of 0 for none.
      const holds = index ? names.at(Number(index)) === column : names.includes(String(column));
      const where = index ? ` at index ${index}` : '';
      const message = `Table "${call.data.source.table.name}" should have the column "${column}"${where}${holds ? ', and has it' : `; it has ${list(names)}`}.`;
      return nothing({ verdict: isHeld(holds), message });
    },
  },
  expect_table_column_count_to_equal: columnCount(equalTo),
  expect_table_column_count_to_be_between: columnCount(bounds),
  expect_table_columns_to_match_ordered_list: {
    words: ({ column_list }) => `columns ${list(listOf(column_list))}, in this order`,
    measure: (call) => {
      const names = columnNames(call);
      const wanted = listOf(call.kwargs.column_list);
      return columnsOutcome(call, names.length === wanted.length && names.every((name, i) => name === wanted[i]));
    },
  },
  expect_table_columns_to_match_set: {
    words: ({ column_set, exact_match }) =>
      `columns ${list(listOf(column_set))}${exact_match === false ? ' and any others' : ''}`,
    measure: (call) => {
      const names = columnNames(call);
      const wanted = listOf(call.kwargs.column_set).map(String);
      const hasAll = wanted.every((name) => names.includes(name));
      return columnsOutcome(
        call,
        hasAll && (call.kwargs.exact_match === false || names.every((name) => wanted.includes(name))),
      );
    },
  },
  expect_table_row_count_to_equal: rowCount(equalTo),
  expect_table_row_count_to_be_between: rowCount(bounds),
  expect_table_row_count_to_equal_other_table: {
    words: ({ other_table_name }) => `as many rows as ${other_table_name}`,
    measure: (call) => asManyAs(call, String(call.kwargs.other_table_name)),
  },
  unexpected_rows_expectation: {
    words: () => 'no rows that the query finds',
    measure: (call) => unexpectedRows(call, String(call.kwargs.unexpected_rows_query)),
  },
};

/** What a count must be. */
interface Limit {
  words(kwargs: Kwargs): string;
  holds(kwargs: Kwargs, count: number): boolean;
}

function equalTo(): Limit {
  return { words: ({ value }) => `= ${number(Number(value))}`, holds: ({ value }, count) => count === Number(value) };
}

function bounds(): Limit {
  return { words: boundWords, holds: within };
}

const countOutcome = (call: Call, { holds }: Limit, count: number, noun: string): Outcome => {
  const isRight = holds(call.kwargs, count);
  const message = `${subjectOf(call)} has ${amount(count, noun)}${isRight ? ', and' : ', but'} the expectation says ${call.words}.`;
  return { verdict: isHeld(isRight), observed: count, message };
};

function columnCount(limitOf: () => Limit) {
  const limit = limitOf();
  return {
    words: limit.words,
    measure: (call: Call) => nothing(countOutcome(call, limit, columnNames(call).length, 'column')),
  };
}

function rowCount(limitOf: () => Limit) {
  const limit = limitOf();
  return {
    words: limit.words,
    measure: (call: Call): Measure => ({
      via: 'scan',
      of: call.scope,
      figures: {},
      judge: (_, rows) => countOutcome(call, limit, rows, 'row'),
    }),
  };
}

function columnsOutcome(call: Call, holds: boolean): Measure {
  const names = columnNames(call);
  const message = `${subjectOf(call)} should have the ${call.words}${holds ? ', and has them' : `, but has ${list(names)}`}.`;
  return nothing({ verdict: isHeld(holds), observed: names.join(', '), message });
}

function asManyAs(call: Call, name: string): Measure {
  const other = call.tableNamed(name);
  if (typeof other === 'string') return skipped(other);
  return {
    via: 'statement',
    of: call.scope,
    sql: `SELECT count(*) AS other FROM ${other.scope.relation}`,
    judge: ({ other: count = Number.NaN }, rows) => ({
      verdict: isHeld(count === rows),
      observed: { self: rows, other: count },
      message: `${subjectOf(call)} has ${amount(rows, 'row')} and "${name}" ${number(count)}.`,
    }),
  };
}

/** Counts what the query gives; `{batch}` stands for the table. */
function unexpectedRows(call: Call, query: string): Measure {
  const written = query
    .trim()
    .replace(/;\s*$/, '')
    .replaceAll('{batch}', identifier(call.data.source.table.physicalName));
  return {
    via: 'query',
    sql: `SELECT count(*) AS n FROM (${written}\n)`,
    judge: ({ rows: [[n = null] = []] }) => {
      const count = Number(n ?? Number.NaN);
      const message = `The query should find no rows in ${partOf(call)}${count === 0 ? ', and finds none' : `, but finds ${number(count)}`}.`;
      return { verdict: isHeld(count === 0), observed: count, unexpected: count, unexpectedPercent: null, message };
    },
  };
}
