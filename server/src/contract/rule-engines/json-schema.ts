import type { Scalar } from '../../text/tree';
import {
  type Asked,
  allowsNull,
  askedBy,
  formats,
  isPresence,
  JSON_SCHEMA,
  typedFormats,
  typesOf,
} from '../json-schema';
import type { Column, Table } from '../model';
import type { Meaning, RuleEngine, Terms } from '../rule-engine';

/** For conversions: Plumbline judges the keywords themselves, by ajv. */
export const jsonSchema: RuleEngine = {
  id: JSON_SCHEMA,
  names: ['jsonschema'],
  meaningOf: (rule, table, column): Meaning => {
    const asked = askedBy(rule);
    if (!asked) return { kind: 'custom', complaint: 'A rule of the engine json-schema names no keyword.' };
    const terms = termsOf(asked, table, column);
    return terms ? { kind: asked.keyword, ...terms } : { kind: asked.keyword, skipped: 'ODCS has no words for it.' };
  },
};

const asOption: readonly string[] = [
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  ...['pattern', 'minLength', 'maxLength', 'minItems', 'maxItems', 'uniqueItems'],
];

const isScalar = (value: unknown): value is Scalar => value === null || typeof value !== 'object';

function termsOf(asked: Asked, table: Table, column: Column | undefined): Terms | undefined {
  const { keyword, schema, properties, ofRows } = asked;
  if (ofRows) {
    // That other columns may not be there is the table's own property.
    const first = table.columns[0]?.path;
    return keyword === 'additionalProperties' && schema.additionalProperties === false && first !== undefined
      ? { column: first, facts: {} }
      : undefined;
  }
  const own = column && properties?.[column.name];
  // A property that has to be there and may be null is what ODCS has no word for.
  if (isPresence(asked)) return allowsNull(own) ? undefined : { facts: { required: true } };
  const value = schema[keyword];
  if (keyword === 'type') return typeTerms(own, column);
  if (keyword === 'enum' && Array.isArray(value) && value.every(isScalar))
    return { facts: { values: value.filter((one) => one !== null) } };
  if (keyword === 'const' && isScalar(value) && value !== null) return { facts: { values: [value] } };
  return asOption.includes(keyword) && isScalar(value) ? { facts: { options: { [keyword]: value } } } : undefined;
}

function typeTerms(own: unknown, column: Column | undefined): Terms | undefined {
  const logicalType = column?.logicalType;
  if (logicalType === undefined || typesOf(own).length === 0) return undefined;
  const format = (own as { readonly format?: unknown }).format;
  const isSaid = typeof format === 'string' && formats.includes(format) && !typedFormats[format];
  return { facts: { logicalType, ...(isSaid && logicalType === 'string' ? { options: { format } } : {}) } };
}
