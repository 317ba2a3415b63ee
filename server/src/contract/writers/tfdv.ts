import type { Node, Scalar } from '../../text/tree';
import type { Loss, Writer, Written } from '../dialect';
import { tfdv as dialect } from '../dialects/tfdv';
import { type Column, type Contract, primaryKeyOf, type Rule, type Table } from '../model';
import { type Constraint, constraintOf, type FeatureType } from '../tfdv';
import { inOrder, onlyTable, unsaidProse, unsaidRule } from '../writing';

export const tfdv: Writer = { dialect, write };

const TITLE = 'TensorFlow Data Validation schema';

/** A message of protocol buffers: fields by name, one that is repeated as a list. */
interface Message {
  readonly [field: string]: Value | readonly Value[] | undefined;
}
/** A word is an enum's, without quotes. */
type Value = Message | string | number | boolean | Word;

interface Word {
  readonly word: string;
}

/** The schema as text: a feature a column, with what TFDV can demand of its values. */
function write(contract: Contract): Written {
  const { table, losses: left } = onlyTable(contract, TITLE);
  const losses: Loss[] = [...left];
  const schema = table ? new Schema(table, losses).message() : {};
  return { text: pbtxtText(schema), suffix: '.pbtxt', losses: inOrder(losses) };
}

const types: Readonly<Record<string, FeatureType>> = {
  string: 'BYTES',
  date: 'BYTES',
  timestamp: 'BYTES',
  time: 'BYTES',
  integer: 'INT',
  boolean: 'INT',
  number: 'FLOAT',
  object: 'STRUCT',
  map: 'STRUCT',
};

class Schema {
  constructor(
    readonly table: Table,
    readonly losses: Loss[],
  ) {}

  message(): Message {
    const { table } = this;
    for (const { node } of table.relationships)
      this.#lose(node, 'A relationship is left out: a schema knows no other table.');
    this.losses.push(...unsaidProse(table.about, `table "${table.name}"`, table.nameNode, []));
    const key = primaryKeyOf(table);
    for (const { path, nameNode } of key)
      this.#lose(nameNode, `That "${path}" is of the primary key is left out: TFDV does not look for duplicates.`);
    const features = table.columns.flatMap((column) => this.#feature(column));
    return { feature: features, dataset_constraints: this.#dataset() };
  }

  #lose(node: Node, message: string): void {
    this.losses.push({ node, message });
  }

  #feature(column: Column): readonly Message[] {
    const { path, physicalName, items, nameNode, about } = column;
    const value = items ?? column;
    const type = types[value.logicalType ?? ''];
    if (type === undefined) {
      const what = value.logicalType === undefined ? 'without a logicalType' : `of type ${value.logicalType}`;
      this.#lose(nameNode, `Column "${path}" is left out: TFDV has no type for a column ${what}.`);
      return [];
    }
    this.losses.push(...unsaidProse(about, `column "${path}"`, nameNode, ['description', 'tags']));
    this.#unsaidOf(column);
    if (items) this.#unsaidOf(items);
    const inner = value.columns.flatMap((below) => this.#feature(below));
    const said = column.rules
      .map((rule) => this.#rule(rule, path))
      .concat(items?.rules.map((rule) => this.#rule(rule, items.path)) ?? []);
    const isRequired = column.required || column.primaryKey;
    const feature: Message = {
      name: physicalName,
      type: { word: type },
      presence: isRequired ? { min_fraction: 1, min_count: 1 } : undefined,
      shape: isRequired && !items ? { dim: { size: 1 } } : undefined,
      annotation:
        about?.description === undefined && !about?.tags?.length
          ? undefined
          : { tag: about.tags ?? [], comment: about.description },
      struct_domain: inner.length > 0 ? { feature: inner } : undefined,
      ...domainOf(value, type),
    };
    return [said.reduce<Message>(merged, feature)];
  }

  #unsaidOf({ path, unique, relationships, options, optionNodes, values, logicalType, node }: Column): void {
    if (unique) this.#lose(node, `That "${path}" is unique is left out: TFDV does not look for duplicates.`);
    for (const { node: place } of relationships)
      this.#lose(place, `A relationship of "${path}" is left out: a schema knows no other table.`);
    const isNumber = logicalType === 'integer' || logicalType === 'number';
    for (const option of Object.keys(options)) {
      if (isNumber && (option === 'minimum' || option === 'maximum')) continue;
      this.#lose(
        optionNodes[option] ?? node,
        `"${option}" of column "${path}" is left out: TFDV has no constraint for it.`,
      );
    }
    if (values && logicalType !== 'string')
      this.#lose(node, `The values allowed in "${path}" are left out: only text has a domain of values.`);
  }

  /** What a rule adds to its feature; nothing, with a loss told, for one that TFDV cannot say. */
  #rule(rule: Rule, path: string): Message {
    const constraint = constraintOf(rule.implementation);
    const message = rule.type === 'custom' && constraint ? ofConstraint(constraint) : ofMetric(rule);
    if (!message) this.losses.push(unsaidRule(rule, `column "${path}"`, 'TFDV has no constraint for it.'));
    return message ?? {};
  }

  #dataset(): Message | undefined {
    const said = this.table.rules.flatMap((rule): readonly Message[] => {
      const constraint = constraintOf(rule.implementation);
      // TFDV always tells of columns that the schema lacks.
      if (constraint?.anomaly === 'SCHEMA_NEW_COLUMN') return [];
      const message = constraint ? ofExamples(constraint) : ofRowCount(rule);
      if (!message) this.losses.push(unsaidRule(rule, `table "${this.table.name}"`, 'TFDV has no constraint for it.'));
      return message ? [message] : [];
    });
    return said.length > 0 ? said.reduce(merged, {}) : undefined;
  }
}

function domainOf({ values, logicalType, options }: Column, type: FeatureType): Message {
  if (logicalType === 'boolean') return { bool_domain: {} };
  if (type === 'BYTES') return values ? { string_domain: { value: values.map(textOf) } } : {};
  const { minimum, maximum } = options;
  const limits = { min: numberIn(minimum), max: numberIn(maximum) };
  if (limits.min === undefined && limits.max === undefined) return {};
  return type === 'INT' ? { int_domain: limits } : { float_domain: limits };
}

const textOf = (value: Scalar): string => String(value);
const numberIn = (value: Scalar | undefined): number | undefined =>
  typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined;

const limitOf = ({ operators: [first, ...others] }: Rule, keyword: string): number | undefined =>
  first?.keyword === keyword && others.length === 0 && typeof first.value === 'number' ? first.value : undefined;

function ofMetric(rule: Rule): Message | undefined {
  if (rule.type !== 'library' || rule.filter !== undefined) return undefined;
  const none = limitOf(rule, 'mustBe') === 0 || limitOf(rule, 'mustBeLessOrEqualTo') === 0 ? 0 : undefined;
  const percent = none ?? (rule.unit === 'percent' ? limitOf(rule, 'mustBeLessOrEqualTo') : undefined);
  if (percent === undefined) return undefined;
  const share = Number((1 - percent / 100).toPrecision(12));
  if (rule.metric === 'nullValues') return { presence: { min_fraction: share } };
  const { validValues, ...others } = rule.arguments;
  if (rule.metric !== 'invalidValues' || !Array.isArray(validValues) || Object.keys(others).length > 0)
    return undefined;
  return {
    string_domain: { value: validValues.map(String) },
    distribution_constraints: share === 1 ? undefined : { min_domain_mass: share },
  };
}

function ofRowCount(rule: Rule): Message | undefined {
  if (rule.type !== 'library' || rule.metric !== 'rowCount' || rule.filter !== undefined) return undefined;
  const more = limitOf(rule, 'mustBeGreaterThan');
  const least = limitOf(rule, 'mustBeGreaterOrEqualTo') ?? (more === undefined ? undefined : Math.floor(more) + 1);
  return least === undefined ? undefined : { min_examples_count: least };
}

const comparatorOf = ({ against }: Constraint): string =>
  against === 'serving' ? 'skew_comparator' : 'drift_comparator';

/** The fields that a constraint was read from. Undefined for one that follows from others. */
function ofConstraint(constraint: Constraint): Message | undefined {
  const { anomaly, limit, environments } = constraint;
  switch (anomaly) {
    case 'FEATURE_TYPE_NOT_PRESENT':
    case 'COMPARATOR_CONTROL_DATA_MISSING':
      return {};
    case 'SCHEMA_NEW_COLUMN':
      return { in_environment: environments?.within ?? [], not_in_environment: environments?.without ?? [] };
    case 'FEATURE_TYPE_LOW_NUMBER_PRESENT':
      return { presence: { min_count: limit } };
    case 'FEATURE_TYPE_LOW_NUMBER_VALUES':
      return { value_count: { min: limit } };
    case 'FEATURE_TYPE_HIGH_NUMBER_VALUES':
      return { value_count: { max: limit } };
    case 'INVALID_FEATURE_SHAPE':
      return { shape: { dim: { size: limit } } };
    case 'FEATURE_TYPE_LOW_UNIQUE':
      return { unique_constraints: { min: limit } };
    case 'FEATURE_TYPE_HIGH_UNIQUE':
      return { unique_constraints: { max: limit } };
    case 'FLOAT_TYPE_HAS_NAN':
      return { float_domain: { disallow_nan: true } };
    case 'FLOAT_TYPE_HAS_INF':
      return { float_domain: { disallow_inf: true } };
    case 'INT_TYPE_NOT_INT_STRING':
      return { int_domain: {} };
    case 'FLOAT_TYPE_STRING_NOT_FLOAT':
      return { float_domain: {} };
    case 'COMPARATOR_L_INFTY_HIGH':
      return { [comparatorOf(constraint)]: { infinity_norm: { threshold: limit } } };
    case 'COMPARATOR_JENSEN_SHANNON_DIVERGENCE_HIGH':
      return { [comparatorOf(constraint)]: { jensen_shannon_divergence: { threshold: limit } } };
    case 'COMPARATOR_NORMALIZED_ABSOLUTE_DIFFERENCE_HIGH':
      return { [comparatorOf(constraint)]: { normalized_abs_difference: { threshold: limit } } };
    default:
      return undefined;
  }
}

function ofExamples({ anomaly, limit, against }: Constraint): Message | undefined {
  const comparator = against === 'version' ? 'num_examples_version_comparator' : 'num_examples_drift_comparator';
  if (anomaly === 'COMPARATOR_LOW_NUM_EXAMPLES') return { [comparator]: { min_fraction_threshold: limit } };
  if (anomaly === 'COMPARATOR_HIGH_NUM_EXAMPLES') return { [comparator]: { max_fraction_threshold: limit } };
  return undefined;
}

const isWord = (value: object): value is Word => 'word' in value && typeof value.word === 'string';

const isMessage = (value: Value | readonly Value[] | undefined): value is Message =>
  typeof value === 'object' && !Array.isArray(value) && !isWord(value);

/** Both messages as one: what both say is said by the second. */
function merged(one: Message, other: Message): Message {
  const both: Record<string, Message[string]> = { ...one };
  for (const [field, value] of Object.entries(other)) {
    if (value === undefined) continue;
    const before = both[field];
    both[field] = isMessage(before) && isMessage(value) ? merged(before, value) : value;
  }
  return both;
}

/** The text format of protocol buffers, as TFDV writes it. */
function pbtxtText(message: Message, indent = ''): string {
  return Object.entries(message)
    .flatMap(([field, value]) =>
      (Array.isArray(value) ? value : [value]).map((one: Value | undefined) => [field, one] as const),
    )
    .map(([field, value]) => fieldText(field, value, indent))
    .join('');
}

function fieldText(field: string, value: Value | undefined, indent: string): string {
  if (value === undefined) return '';
  if (isMessage(value)) return `${indent}${field} {\n${pbtxtText(value, `${indent}  `)}${indent}}\n`;
  return `${indent}${field}: ${scalarText(value)}\n`;
}

const scalarText = (value: Word | string | number | boolean): string =>
  typeof value === 'object' ? value.word : typeof value === 'string' ? quoted(value) : String(value);

/** JSON's escapes are those of the text format, but for characters by number. */
const quoted = (text: string): string =>
  JSON.stringify(text).replaceAll(/\\u([0-9a-f]{4})/gi, (_, code: string) =>
    [...Buffer.from(String.fromCharCode(Number.parseInt(code, 16)))]
      .map((byte) => `\\${byte.toString(8).padStart(3, '0')}`)
      .join(''),
  );
