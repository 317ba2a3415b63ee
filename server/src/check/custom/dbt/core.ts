import { duplicatesSql, isRepeated } from '../../duplicates';
import type { Field } from '../../source';
import { isNumeric, isOneOf } from '../../values';
import { type Call, type Counted, listed, rowsWith, type Tests, valueSql, written } from './call';

/** The four generic tests that dbt itself brings. */
export const core: Tests = {
  not_null: ({ model, column, field }) => ({
    rows: `SELECT ${column} FROM ${model} WHERE ${column} IS NULL`,
    ...(field ? { counted: rowsWith(field, `${field.stored} IS NULL`) } : {}),
  }),
  unique: ({ model, column, field }) => ({
    rows: `SELECT ${column} FROM ${model} WHERE ${column} IS NOT NULL GROUP BY ${column} HAVING count(*) > 1`,
    ...(field ? { counted: repeated(field) } : {}),
  }),
  accepted_values: (call) => {
    const { model, column, field } = call;
    const among = valuesSql(call);
    return {
      rows: `SELECT DISTINCT ${column} FROM ${model} WHERE ${column} NOT IN (${among})`,
      ...(field ? { counted: otherValues(field, call.arguments.values) } : {}),
    };
  },
  relationships: (call) => {
    const { model, column, field } = call;
    const [to, key] = [call.other('to'), written(call, 'field')];
    const target = call.otherField('to', 'field');
    return {
      rows: `SELECT ${column} FROM ${model} WHERE ${column} IS NOT NULL AND ${column} NOT IN (SELECT ${key} FROM ${to} WHERE ${key} IS NOT NULL)`,
      ...(field && target ? { counted: orphans(field, target) } : {}),
    };
  },
};

/** The values of the list, in SQL. */
export const valuesSql = (call: Call, argument = 'values', quote = 'quote'): string =>
  (Array.isArray(call.arguments[argument]) ? call.arguments[argument] : [call.arguments[argument]])
    .map((value) => valueSql(value, call.arguments[quote] !== false))
    .join(', ');

const repeated = (field: Field): Counted => ({
  via: 'statement',
  of: field.scope,
  // dbt counts the values that occur more than once, not their rows.
  sql: `SELECT keys AS failures FROM (${duplicatesSql(field.scope, [field])})`,
  failing: { predicate: isRepeated(field.scope, [field]), fields: [field] },
});

/** dbt counts each value that is not allowed once, however many rows have it. */
function otherValues(field: Field, values: unknown): Counted {
  const predicate = `${field.stored} IS NOT NULL AND NOT ${isOneOf(field, Array.isArray(values) ? values : [])}`;
  return {
    via: 'scan',
    of: field.scope,
    figures: { failures: `count(DISTINCT ${field.text}) FILTER (WHERE ${predicate})` },
    failing: { predicate, fields: [field] },
  };
}

function orphans(from: Field, to: Field): Counted {
  const alike = from.family === to.family || (isNumeric(from) && isNumeric(to));
  const [one, other] = alike ? [from.value, to.value] : [from.text, to.text];
  const parents = `SELECT ${other} FROM ${to.scope.relation} WHERE ${to.stored} IS NOT NULL`;
  const predicate = `${from.stored} IS NOT NULL AND coalesce(${one} NOT IN (${parents}), true)`;
  return {
    via: 'statement',
    of: from.scope,
    sql: `SELECT count(*) AS failures FROM ${from.scope.relation} WHERE ${predicate}`,
    failing: { predicate, fields: [from] },
  };
}

/** Counts rows outside of bounds in the shared scan; undefined where the column or a bound is no number. */
export function outside(call: Call, isInclusive: boolean): Counted | undefined {
  const { field } = call;
  const { min_value: low, max_value: high } = call.arguments;
  if (!field || !isNumeric(field) || [low, high].some((bound) => bound !== undefined && typeof bound !== 'number'))
    return undefined;
  const equal = isInclusive ? '' : '=';
  const parts = [
    ...(low === undefined ? [] : [`${field.value} <${equal} ${low}`]),
    ...(high === undefined ? [] : [`${field.value} >${equal} ${high}`]),
  ];
  return rowsWith(field, `(${parts.join(' OR ')})`);
}

export const grouping = (call: Call, argument: string): { readonly by: string; readonly columns: string } => {
  const columns = listed(call, argument).join(', ');
  return { columns: columns === '' ? '' : `${columns}, `, by: columns === '' ? '' : ` GROUP BY ${columns}` };
};
