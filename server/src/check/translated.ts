import { type Column, columnsOf, type Rule } from '../contract/model';
import type { Meaning, Terms } from '../contract/rule-engine';
import { type Check, type CheckKind, type Data, type Subject, skipped, unjudged } from './check';
import { greatExpectations } from './custom/great-expectations';
import { bounds } from './members/bounds';
import { columnType } from './members/column-type';
import { duplicateValues } from './members/duplicate-values';
import { enumeration } from './members/enumeration';
import { foreignKey } from './members/foreign-key';
import { format } from './members/format';
import { invalidValues } from './members/invalid-values';
import { lengths } from './members/lengths';
import { missingValues } from './members/missing-values';
import { multipleOf } from './members/multiple-of';
import { nullValues } from './members/null-values';
import { pattern } from './members/pattern';
import { required } from './members/required';
import { rowCount } from './members/row-count';
import { sql } from './members/sql';
import { unique } from './members/unique';
import { ruled } from './rule';
import { undeclared } from './source';

/** All that a rule of another tool may mean. */
const kinds: readonly CheckKind[] = [
  required,
  unique,
  enumeration,
  bounds,
  lengths,
  pattern,
  format,
  multipleOf,
  columnType,
  nullValues,
  missingValues,
  invalidValues,
  duplicateValues,
  rowCount,
  sql,
  foreignKey,
];

/** The check of a rule that another tool would run, by what it means in ODCS's terms. */
export function translatedCheck(subject: Subject, rule: Rule, meaning: Meaning): Check {
  const place = { ...subject, column: columnNamed(subject, meaning.column) };
  const inTerms = 'complaint' in meaning || 'skipped' in meaning ? undefined : checkInTerms(place, meaning);
  const check = ruled(place, rule, {
    kind: meaning.kind,
    expected: inTerms?.expected ?? `as ${meaning.kind} says`,
    ...(inTerms?.limits ? { limits: inTerms.limits } : {}),
    ...(inTerms?.dimension ? { dimension: inTerms.dimension } : {}),
    measure: (data) => {
      if ('complaint' in meaning) return unjudged(meaning.complaint);
      if ('skipped' in meaning) return skipped(meaning.skipped);
      return inTerms ? inTerms.measure(data) : unjudged(`"${meaning.kind}" says nothing that can be checked.`);
    },
  });
  return { ...check, column: check.column ?? meaning.column };
}

function columnNamed({ table, column }: Subject, path: string | undefined): Column | undefined {
  if (path === undefined) return column;
  return columnsOf(table).find((candidate) => candidate.path === path) ?? undeclared(path, table);
}

/** The first check that follows from a column, or a table, of which nothing but the terms is said. */
function checkInTerms({ contract, table, column }: Subject, terms: Terms): Check | undefined {
  const said = {
    rules: terms.rule ? [terms.rule] : [],
    relationships: terms.relationship ? [terms.relationship] : [],
  };
  const about = column && { ...bare(column), ...terms.facts, ...said };
  const subject: Subject = { contract, column: about, table: about ? table : { ...table, ...said } };
  if (terms.rule?.type === 'custom') return greatExpectations.check(subject, terms.rule);
  // The type of the column is its table's demand, unless it is what the rule says.
  const isType = terms.facts?.logicalType !== undefined || terms.facts?.physicalType !== undefined;
  const [check] = kinds.filter((kind) => isType || kind !== columnType).flatMap((kind) => kind.checks(subject));
  return check && { ...check, measure: (data) => check.measure(withField(data, about)) };
}

/** The column with its name and type, and nothing that is asked of it. */
const bare = (column: Column): Column => ({
  ...column,
  required: false,
  unique: false,
  primaryKey: false,
  values: undefined,
  options: {},
});

/** The data, in which a column that was made for a rule is found by its name. */
function withField(data: Data, column: Column | undefined): Data {
  if (!column) return data;
  const { source } = data;
  const field = (asked: Column) => (asked === column ? source.named(column.path) : source.field(asked));
  return { ...data, source: { ...source, field } };
}
