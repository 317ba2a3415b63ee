import { PANDERA } from '../../contract/pandera';
import { pandera as engine, partsOf } from '../../contract/rule-engines/pandera';
import { amount } from '../../text/words';
import { type Check, type Data, type Measure, nothing, optionalWords, type Subject, skipped } from '../check';
import type { CustomEngine } from '../custom-engine';
import { duplicatesIn, duplicateWords, keyOf } from '../duplicates';
import { ruled } from '../rule';
import type { Field } from '../source';
import { translatedCheck } from '../translated';
import { list, subjectWords } from '../words';

/** What a schema of pandera demands beside the checks of its columns, which run as what they mean. */
export const pandera: CustomEngine = {
  names: [PANDERA],
  check: (subject, rule) => {
    const parts = partsOf(rule.implementation);
    const own = Object.hasOwn(kinds, parts.check) && parts.skipped === undefined ? kinds[parts.check] : undefined;
    if (own)
      return ruled(subject, rule, {
        kind: parts.check,
        dimension: own.dimension,
        expected: own.expected,
        measure: (data) => own.measure(data, subject, parts),
      });
    return unlessAbsent(subject, translatedCheck(subject, rule, engine.meaningOf(rule, subject.table, subject.column)));
  },
};

function unlessAbsent({ column }: Subject, check: Check): Check {
  if (!column?.optional) return check;
  return {
    ...check,
    measure: (data) => (data.source.field(column) ? check.measure(data) : skipped(optionalWords(column))),
  };
}

type Parts = ReturnType<typeof partsOf>;

interface Kind {
  readonly dimension: string;
  readonly expected: string;
  measure(data: Data, subject: Subject, parts: Parts): Measure;
}

const kinds: Readonly<Record<string, Kind>> = {
  field_uniqueness: {
    dimension: 'uniqueness',
    expected: 'no duplicates, of nulls too',
    measure: ({ source }, { table, column }, parts) => {
      const field = column && source.field(column);
      if (!field) return skipped(`Column "${column?.path ?? ''}" is not in the data.`);
      return once([field], subjectWords(table.name, field.column.path), parts);
    },
  },
  multiple_fields_uniqueness: {
    dimension: 'uniqueness',
    expected: 'no key twice, with nulls or without',
    // Those that the data lack are left out of the key, as pandera leaves them.
    measure: ({ source }, { table }, parts) => {
      const fields = parts.columns.flatMap((name) => source.named(name) ?? []);
      return once(fields, `${subjectWords(table.name, undefined)} by ${list(parts.columns)}`, parts);
    },
  },
  column_ordered: {
    dimension: 'conformity',
    expected: 'columns in the order of the schema',
    measure: inOrder,
  },
};

/** Rows whose values another row has too, where a null equals a null: all of them, or all but one of each key. */
function once(fields: readonly Field[], who: string, { report }: Parts): Measure {
  const [first] = fields;
  if (!first)
    return nothing({ verdict: 'holds', unexpected: 0, message: `${who}: the data have none of the columns.` });
  const of = first.scope;
  const keys = fields.flatMap(keyOf).join(', ');
  const counted = `SELECT count(*) AS n FROM ${of.relation} GROUP BY ${keys}`;
  const repeated = 'FILTER (WHERE n > 1)';
  // Rows of one part compare their nulls as unknown, rows of several as equal.
  const row = `row(${keys}, 0)`;
  return {
    via: 'statement',
    of,
    sql: `SELECT count(*) ${repeated} AS keys, coalesce(sum(n - 1) ${repeated}, 0) AS surplus, coalesce(sum(n) ${repeated}, 0) AS rows FROM (${counted})`,
    judge: (figures, rows) => {
      const found = duplicatesIn(figures);
      const message =
        found.keys === 0
          ? `${who}: nothing occurs twice in ${amount(rows, of.unit)}.`
          : `${who}: ${duplicateWords(found, fields.length === 1 ? 'value' : 'key')}.`;
      const isAll = report === undefined || report === 'all';
      return {
        verdict: found.keys === 0 ? 'holds' : 'fails',
        observed: { keys: found.keys, surplus: found.surplus, rows: found.rows, used: 'keys' },
        unexpected: isAll ? found.rows : found.surplus,
        message,
      };
    },
    failing: {
      predicate: `${row} IN (SELECT ${row} FROM ${of.relation} GROUP BY ${keys} HAVING count(*) > 1)`,
      fields,
    },
  };
}

/** Each described column of the data has to be the next one of the schema that the data have at all. */
function inOrder({ source }: Data, { table }: Subject): Measure {
  const wanted = table.columns.flatMap((column) => source.field(column)?.name ?? []);
  const known = new Set(wanted);
  const there = source.columns.map(({ name }) => name).filter((name) => known.has(name));
  const wrong = there.filter((name, at) => name !== wanted[at]);
  if (wrong.length === 0)
    return nothing({
      verdict: 'holds',
      observed: 0,
      message: `Columns of "${table.name}" stand in the order of the schema.`,
    });
  return nothing({
    verdict: 'fails',
    observed: wrong.length,
    message: `Columns of "${table.name}" stand in the order ${list(there)}, and the schema has ${list(wanted)}.`,
  });
}
