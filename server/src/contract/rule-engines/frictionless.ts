import type { MapNode, Scalar } from '../../text/tree';
import { type Asked, askedBy, FRICTIONLESS, inOdcs } from '../frictionless';
import { type Column, plainRule, type Relationship, type Rule, type Table, type Word } from '../model';
import { ecmaOf } from '../python-pattern';
import type { Meaning, RuleEngine, Terms } from '../rule-engine';

/** For conversions: Plumbline runs the checks themselves, by the rules of frictionless. */
export const frictionless: RuleEngine = {
  id: FRICTIONLESS,
  names: [FRICTIONLESS],
  meaningOf: (rule, table, column): Meaning => {
    const asked = askedBy(rule);
    if (!asked)
      return { kind: 'custom', complaint: 'A rule of the engine frictionless names no error of frictionless.' };
    const terms = termsOf(asked, rule, table, column);
    return terms ? { kind: asked.check, ...terms } : { kind: asked.check, skipped: 'ODCS has no words for it.' };
  },
};

function termsOf(asked: Asked, rule: Rule, table: Table, column: Column | undefined): Terms | undefined {
  switch (asked.check) {
    case 'type-error': {
      const said = inOdcs(asked.field);
      if (!said) return undefined;
      const { logicalType, format } = said;
      return {
        facts: {
          ...(logicalType === undefined ? {} : { logicalType }),
          ...(format === undefined ? {} : { options: { format } }),
        },
      };
    }
    case 'constraint-error':
      return constraintTerms(asked, rule);
    case 'unique-error':
      return { facts: { unique: true } };
    case 'primary-key':
      return { primaryKey: asked.fields };
    case 'unique-key':
      return { rule: noDuplicates(rule, asked.fields) };
    case 'foreign-key':
      return { relationship: relationshipOf(asked, rule, table) };
    case 'schema-error':
      return undefined;
    default: {
      // What ODCS declares has to be there; other columns are told by the table's own property.
      const path = column?.path ?? table.columns[0]?.path;
      return path === undefined ? undefined : { column: path, facts: {} };
    }
  }
}

const isScalar = (value: unknown): value is Scalar => value === null || typeof value !== 'object';

function constraintTerms(
  { constraint, value, field }: Extract<Asked, { readonly check: 'constraint-error' }>,
  rule: Rule,
): Terms | undefined {
  const said = inOdcs(field);
  const isPlain = field.missing.every((text) => text === '');
  if (constraint === 'required')
    return isPlain ? { facts: { required: true } } : { rule: noMissing(rule, field.missing) };
  if (!said) return undefined;
  if (constraint === 'enum')
    return Array.isArray(value) && value.every(isScalar) ? { facts: { values: value } } : undefined;
  if (constraint === 'pattern') {
    const ecma = ecmaOf(String(value));
    return ecma === undefined ? undefined : { facts: { options: { pattern: `^(?:${ecma})$` } } };
  }
  if (!isScalar(value) || (field.type === 'array' && /Length$/.test(constraint))) return undefined;
  return { facts: { options: { [constraint]: value } } };
}

const none = (rule: Rule, metric: string, given: Rule['arguments']): Rule => ({
  ...plainRule('library', rule.node),
  metric,
  arguments: given,
  severity: rule.severity,
  operators: [{ keyword: 'mustBe', value: 0, node: rule.node }],
});

const noMissing = (rule: Rule, missing: readonly string[]): Rule =>
  none(rule, 'missingValues', { missingValues: [null, ...missing] });

/** As grave as any other, though frictionless itself does not look. */
const noDuplicates = (rule: Rule, properties: readonly string[]): Rule =>
  none({ ...rule, severity: undefined }, 'duplicateValues', { properties });

function relationshipOf(
  { fields, resource, to }: Extract<Asked, { readonly check: 'foreign-key' }>,
  { node }: Rule,
  { name }: Table,
): Relationship {
  const word = (text: string): Word => ({ text, node: wordAt(node, text) });
  const other = resource === '' ? name : resource;
  return {
    from: fields.map(word),
    to: to.map((field) => word(`${other}.${field}`)),
    type: 'foreignKey',
    node,
  };
}

const wordAt = ({ span }: MapNode, value: string): Word['node'] => ({ kind: 'scalar', span, value });
