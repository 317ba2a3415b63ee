import type { Column, Table } from '../../contract/model';
import { columnsOf } from '../../contract/model';
import { amount } from '../../text/words';
import { absentWords, type Data, type Measure, type Outcome, unjudged } from '../check';
import { type Duplicates, duplicatesIn, duplicatesSql, duplicateWords, isRepeated } from '../duplicates';
import { compareCount, libraryKind, listArgument, sentence, share, type Wish } from '../library';
import { percent, subjectWords } from '../words';

/**
 * Values, or tuples of the columns named, that occur more than once; those with a NULL are none. Tools count them in three
 * ways: all three are told, and a count is held against the keys, a share against the rows.
 */
export const duplicateValues = libraryKind('duplicateValues', (wish, data) => {
  const columns = wish.subject.column
    ? [wish.subject.column]
    : namedColumns(wish.subject.table, wish.arguments.properties);
  return typeof columns === 'string' ? unjudged(columns) : repeats(wish, data, columns);
});

/** The columns that the argument names, or a text about the first that is none of the table's. */
function namedColumns(table: Table, properties: unknown): readonly Column[] | string {
  const names = (listArgument(properties) ?? []).map(String);
  if (names.length === 0) return '"properties" names no column.';
  const found = names.map((name) => columnsOf(table).find(({ path }) => path === name) ?? name);
  const unknown = found.find((column) => typeof column === 'string');
  if (unknown !== undefined) {
    return `Table "${table.name}" has no column "${unknown}"; it has ${table.columns.map(({ name }) => name).join(', ')}.`;
  }
  return found.filter((column) => typeof column !== 'string');
}

function repeats(wish: Wish, { source }: Data, columns: readonly Column[]): Measure {
  const fields = columns.flatMap((column) => source.field(column) ?? []);
  const absent = columns.find((column) => !source.field(column));
  if (absent) return unjudged(absentWords(absent));
  const of = fields[0]?.scope ?? source.scope;
  if (fields.some(({ scope }) => scope !== of))
    return unjudged('Columns inside an array and outside of it make no key together.');
  return {
    via: 'statement',
    of,
    sql: duplicatesSql(of, fields),
    judge: (figures, rows) => duplicatesOutcome(wish, duplicatesIn(figures), rows),
    failing: { predicate: isRepeated(of, fields), fields },
  };
}

const countings = ['keys', 'surplus', 'rows'] as const;

function duplicatesOutcome(wish: Wish, found: Duplicates, rows: number): Outcome {
  const used = wish.unit === 'percent' ? 'rows' : 'keys';
  const compare = compareCount(wish, found[used], rows);
  const verdicts = countings.map((counting) => wish.bound.holds(compareCount(wish, found[counting], rows)));
  const figureOf = (count: number) => (wish.unit === 'percent' ? share(count, rows) : count);
  const { table, column } = wish.subject;
  const noun = column ? 'value' : 'key';
  const part = wish.unit === 'percent' ? ` (${percent(share(found.rows, rows))} of ${amount(rows, 'row')})` : '';
  const hint = new Set(verdicts).size > 1 ? differing(found, noun) : undefined;
  return {
    verdict: wish.bound.holds(compare) ? 'holds' : 'fails',
    observed: { keys: figureOf(found.keys), surplus: figureOf(found.surplus), rows: figureOf(found.rows), used },
    unexpected: found.rows,
    message: sentence(
      `${subjectWords(table.name, column?.path)}: ${duplicateWords(found, noun)}${part}`,
      wish,
      compare,
      hint,
    ),
  };
}

const differing = ({ keys, surplus, rows }: Duplicates, noun: string): string =>
  `Tools count duplicates differently and would not agree here: ${amount(keys, `repeated ${noun}`)}, ${amount(surplus, 'surplus row')}, ${amount(rows, 'row')} in all.`;
