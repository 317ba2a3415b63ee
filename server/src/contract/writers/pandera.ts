import type { Node, Scalar } from '../../text/tree';
import type { Loss, Writer, Written } from '../dialect';
import { pandera as dialect } from '../dialects/pandera';
import { type Column, type Contract, primaryKeyOf, type Rule, type Table } from '../model';
import { PANDERA } from '../pandera';
import { pythonOf } from '../python-pattern';
import { engineName } from '../rule-engine';
import { dropEmpty, inOrder, onlyTable, unsaidProse, unsaidRule, yamlText } from '../writing';

export const pandera: Writer = { dialect, write };

const TITLE = 'pandera schema';

type Values = Readonly<Record<string, unknown>>;

/** The schema as YAML that `pandera.io` reads, of old versions and new: checks as a map, or a list where one comes twice. */
function write(contract: Contract): Written {
  const { table, losses: left } = onlyTable(contract, TITLE);
  const losses: Loss[] = [...left];
  const schema = table ? new Schema(table, losses).written() : { schema_type: 'dataframe', columns: {} };
  return { text: yamlText(schema), suffix: '.yaml', losses: inOrder(losses) };
}

/** Types by logicalType: one that holds no nulls, and one that does. */
const types: Readonly<Record<string, readonly [full: string, nullable: string]>> = {
  string: ['str', 'str'],
  integer: ['int64', 'Int64'],
  number: ['float64', 'float64'],
  boolean: ['bool', 'boolean'],
  date: ['date', 'date'],
  timestamp: ['datetime64[ns]', 'datetime64[ns]'],
};

/** A check by its name and its argument or arguments. */
interface Said {
  readonly check: string;
  readonly given: unknown;
}

/** What a rule adds to its column. */
type Fact = 'required' | 'unique' | Said;

class Schema {
  constructor(
    readonly table: Table,
    readonly losses: Loss[],
  ) {}

  written(): Values {
    const { table } = this;
    const { about } = table;
    for (const { node } of table.relationships)
      this.#lose(node, 'A relationship is left out: a schema knows no other table.');
    const { undocumentedColumns, ...custom } = about?.custom ?? {};
    this.losses.push(
      ...unsaidProse(about && { ...about, custom }, `table "${table.name}"`, table.nameNode, [
        'description',
        'businessName',
      ]),
    );
    const key = primaryKeyOf(table);
    const together = key.length > 1 ? [key.map(({ physicalName }) => physicalName)] : [];
    const frame = this.#frame();
    const unique = [...together, ...frame.keys];
    const columns = Object.fromEntries(table.columns.map((column) => this.#column(column, key)));
    return {
      schema_type: 'dataframe',
      columns,
      checks: frame.checks.length > 0 ? checksOf(frame.checks) : null,
      index: null,
      name: table.physicalName,
      ...dropEmpty({ title: about?.businessName, description: about?.description }),
      strict: undocumentedColumns !== undefined,
      ...(frame.isOrdered ? { ordered: true } : {}),
      ...(unique.length > 0 ? { unique: unique.length === 1 ? unique[0] : unique } : {}),
    };
  }

  #lose(node: Node, message: string): void {
    this.losses.push({ node, message });
  }

  #unsaid(rule: Rule, what: string): void {
    this.losses.push(unsaidRule(rule, what, 'pandera has no check for it.'));
  }

  #frame(): {
    readonly keys: readonly (readonly string[])[];
    readonly checks: readonly Said[];
    readonly isOrdered: boolean;
  } {
    const keys: (readonly string[])[] = [];
    const checks: Said[] = [];
    let isOrdered = false;
    for (const rule of this.table.rules) {
      const properties = keyIn(rule);
      const own = ownCheck(rule);
      if (properties) keys.push(properties);
      else if (own?.check === 'column_ordered') isOrdered = true;
      else if (own && own.given !== undefined) checks.push(own);
      else this.#unsaid(rule, `table "${this.table.name}"`);
    }
    return { keys, checks, isOrdered };
  }

  #column(column: Column, key: readonly Column[]): readonly [string, Values] {
    const { path, physicalName, nameNode, node, about, values } = column;
    this.losses.push(...unsaidProse(about, `column "${path}"`, nameNode, ['description', 'businessName']));
    this.#unsaidInside(column);
    for (const { node: place } of column.relationships)
      this.#lose(place, `A relationship of "${path}" is left out: a schema knows no other table.`);
    const rules = column.rules.flatMap((rule): readonly Fact[] => {
      const facts = factsOf(rule);
      if (!facts) this.#unsaid(rule, `column "${path}"`);
      return facts ?? [];
    });
    const isKey = key.includes(column);
    const isRequired = column.required || isKey || rules.includes('required');
    const isUnique = column.unique || (isKey && key.length === 1) || rules.includes('unique');
    const checks = [
      ...this.#optionChecks(column),
      ...(values ? [{ check: 'isin', given: values }] : []),
      ...rules.filter((rule) => typeof rule === 'object'),
    ];
    const dtype = types[column.logicalType ?? '']?.[isRequired ? 0 : 1];
    if (column.logicalType !== undefined && dtype === undefined)
      this.#lose(node, `The type ${column.logicalType} of column "${path}" is left out: pandera has no such type.`);
    const written = {
      ...dropEmpty({ title: about?.businessName, description: about?.description, dtype }),
      nullable: !isRequired,
      ...(isUnique ? { unique: true } : {}),
      ...(column.optional ? { required: false } : {}),
      ...(checks.length > 0 ? { checks: checksOf(checks) } : {}),
    };
    return [physicalName, written];
  }

  #unsaidInside({ columns, items }: Column): void {
    for (const inner of [...columns, ...(items ? [items] : [])]) {
      this.#lose(inner.nameNode, `Column "${inner.path}" is left out: a data frame has no columns inside of columns.`);
      this.#unsaidInside(inner);
    }
  }

  #optionChecks({ path, options, optionNodes, node }: Column): readonly Said[] {
    const { minLength, maxLength } = options;
    const length = dropEmpty({ min_value: minLength, max_value: maxLength });
    const checks: Said[] = Object.keys(length).length > 0 ? [{ check: 'str_length', given: length }] : [];
    for (const [option, value] of Object.entries(options)) {
      if (option === 'minLength' || option === 'maxLength') continue;
      const said = ofOption(option, value);
      if (said) checks.push(said);
      else
        this.#lose(
          optionNodes[option] ?? node,
          `"${option}" of column "${path}" is left out: pandera has no check for it.`,
        );
    }
    return checks;
  }
}

const bounds: Readonly<Record<string, string>> = {
  minimum: 'greater_than_or_equal_to',
  exclusiveMinimum: 'greater_than',
  maximum: 'less_than_or_equal_to',
  exclusiveMaximum: 'less_than',
};

function ofOption(option: string, value: Scalar): Said | undefined {
  const check = Object.hasOwn(bounds, option) ? bounds[option] : undefined;
  if (check !== undefined) return { check, given: value };
  const pattern = option === 'pattern' && typeof value === 'string' ? pythonOf(value) : undefined;
  return pattern === undefined ? undefined : { check: 'str_contains', given: pattern };
}

/** By name, or as a list where a name comes twice. */
function checksOf(checks: readonly Said[]): unknown {
  const names = new Set(checks.map(({ check }) => check));
  if (names.size === checks.length) return Object.fromEntries(checks.map(({ check, given }) => [check, given]));
  return checks.map(({ check, given }) => {
    const map = isMap(given) ? given : { value: given };
    return { ...map, options: { check_name: check, ...(isMap(map.options) ? map.options : {}) } };
  });
}

const isMap = (value: unknown): value is Values => typeof value === 'object' && value !== null && !Array.isArray(value);

const isNone = ({ operators: [first, ...others], filter }: Rule): boolean =>
  first?.keyword === 'mustBe' && first.value === 0 && others.length === 0 && filter === undefined;

/** The columns that a rule of the table wants to be unique together. */
function keyIn(rule: Rule): readonly string[] | undefined {
  const { properties } = rule.arguments;
  const isKey = rule.type === 'library' && rule.metric === 'duplicateValues' && isNone(rule) && !isWarning(rule);
  if (!isKey || !Array.isArray(properties)) return undefined;
  return properties.filter((name) => typeof name === 'string');
}

const isWarning = ({ severity }: Rule): boolean => severity !== undefined && severity !== 'error';

/** A check of pandera that stands in the contract as one: kept as it is, but for one that was never a check. */
function ownCheck({ type, engine, implementation }: Rule): Said | undefined {
  if (type !== 'custom' || engineName(engine ?? '') !== PANDERA || !isMap(implementation)) return undefined;
  const { check, given, skipped } = implementation;
  return typeof check === 'string' && skipped === undefined ? { check, given } : undefined;
}

/** What a rule says of its column in pandera's words. Undefined when those cannot say it. */
function factsOf(rule: Rule): readonly Fact[] | undefined {
  const own = ownCheck(rule);
  if (own) return own.given === undefined ? undefined : [own];
  if (rule.type === 'custom') return ofExpectation(rule);
  return rule.type === 'library' && isNone(rule) ? ofMetric(rule) : undefined;
}

function ofMetric(rule: Rule): readonly Fact[] | undefined {
  const { validValues, pattern, ...others } = rule.arguments;
  if (Object.keys(others).length > 0) return undefined;
  if (rule.metric === 'nullValues') return isWarning(rule) ? undefined : ['required'];
  if (rule.metric === 'duplicateValues') return isWarning(rule) ? undefined : ['unique'];
  if (rule.metric !== 'invalidValues' || (validValues === undefined) === (pattern === undefined)) return undefined;
  if (Array.isArray(validValues)) return [warned(rule, 'isin', { allowed_values: validValues })];
  const said = typeof pattern === 'string' ? pythonOf(pattern) : undefined;
  return said === undefined ? undefined : [warned(rule, 'str_contains', { pattern: said })];
}

/** A check with its arguments, which only warns where the rule does. */
const warned = (rule: Rule, check: string, given: Values): Said => ({
  check,
  given: isWarning(rule) ? { ...given, options: { raise_warning: true } } : given,
});

const setChecks: Readonly<Record<string, readonly [check: string, argument: string]>> = {
  expect_column_values_to_be_in_set: ['isin', 'allowed_values'],
  expect_column_values_to_not_be_in_set: ['notin', 'forbidden_values'],
  expect_column_distinct_values_to_equal_set: ['unique_values_eq', 'values'],
};

/** Expectations of Great Expectations that a built-in check says whole. */
function ofExpectation(rule: Rule): readonly Fact[] | undefined {
  const { implementation, filter } = rule;
  if (engineName(rule.engine ?? '') !== 'greatexpectations' || !isMap(implementation) || filter) return undefined;
  const { type, kwargs } = implementation;
  if (typeof type !== 'string' || !isMap(kwargs)) return undefined;
  const { column: _, ...given } = kwargs;
  const set = Object.hasOwn(setChecks, type) ? setChecks[type] : undefined;
  if (set) return onlyHas(given, ['value_set']) ? [warned(rule, set[0], { [set[1]]: given.value_set })] : undefined;
  if (type === 'expect_column_values_to_be_between') return rangeOf(rule, given);
  if (type !== 'expect_column_value_lengths_to_be_between' || !onlyHas(given, ['min_value', 'max_value']))
    return undefined;
  return [warned(rule, 'str_length', given)];
}

const onlyHas = (given: Values, keys: readonly string[]): boolean =>
  Object.keys(given).every((key) => keys.includes(key));

function rangeOf(rule: Rule, given: Values): readonly Fact[] | undefined {
  const { min_value, max_value, strict_min, strict_max } = given;
  if (!onlyHas(given, ['min_value', 'max_value', 'strict_min', 'strict_max'])) return undefined;
  if (min_value !== undefined && max_value !== undefined)
    return [
      warned(rule, 'in_range', {
        min_value,
        max_value,
        include_min: strict_min !== true,
        include_max: strict_max !== true,
      }),
    ];
  if (min_value !== undefined)
    return [warned(rule, strict_min === true ? 'greater_than' : 'greater_than_or_equal_to', { min_value })];
  return max_value === undefined
    ? undefined
    : [warned(rule, strict_max === true ? 'less_than' : 'less_than_or_equal_to', { max_value })];
}
