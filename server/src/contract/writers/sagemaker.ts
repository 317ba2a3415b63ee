import type { Node } from '../../text/tree';
import type { Loss, Writer, Written } from '../dialect';
import { sagemaker as dialect } from '../dialects/sagemaker';
import { type Column, type Contract, primaryKeyOf, type Rule, type Table } from '../model';
import { type Constraint, constraintOf, DISTANCE, type FeatureType, SHARE } from '../sagemaker';
import { dropEmpty, inOrder, jsonText, onlyTable, unsaidRule } from '../writing';

export const sagemaker: Writer = { dialect, write };

const TITLE = 'SageMaker constraints.json';

/** The file as a baseline job would suggest it, a feature a column. */
function write(contract: Contract): Written {
  const { table, losses: left } = onlyTable(contract, TITLE);
  const losses: Loss[] = [...left];
  const file = table ? new Constraints(table, losses).file() : { version: 0, features: [] };
  return { text: jsonText(file), suffix: '.constraints.json', losses: inOrder(losses) };
}

const types: Readonly<Record<string, FeatureType>> = {
  string: 'String',
  date: 'String',
  timestamp: 'String',
  time: 'String',
  boolean: 'String',
  integer: 'Integral',
  number: 'Fractional',
};

/** Types that are String to the service because it has no other word for them. */
const asText = ['date', 'timestamp', 'time', 'boolean'];

/** What a rule says of a feature. */
interface Said {
  readonly completeness?: number;
  readonly domains?: readonly string[];
  readonly minimum?: 0;
  readonly drift?: Constraint;
  readonly type?: FeatureType;
}

class Constraints {
  /** Shares that the file has one of for all features, as the first feature that says one has it. */
  #typeShare: number | undefined;
  #domainShare: number | undefined;

  constructor(
    readonly table: Table,
    readonly losses: Loss[],
  ) {}

  file(): object {
    const { table } = this;
    for (const { node } of table.relationships)
      this.#lose(node, `A relationship is left out: a ${TITLE} knows no other table.`);
    for (const { path, nameNode } of primaryKeyOf(table))
      this.#lose(
        nameNode,
        `That "${path}" is of the primary key is left out: Model Monitor does not look for duplicates.`,
      );
    for (const rule of table.rules) this.#table(rule);
    const columns = table.columns.map((column) => ({ column, said: this.#said(column) }));
    const drifts = columns.flatMap(({ said: { drift } }) => (drift ? [drift] : []));
    const shared = sharedOf(drifts);
    const features = columns.flatMap(({ column, said }) => this.#feature(column, said, shared));
    return {
      version: 0,
      features,
      monitoring_config: {
        evaluate_constraints: 'Enabled',
        emit_metrics: 'Enabled',
        datatype_check_threshold: this.#typeShare ?? SHARE,
        domain_content_threshold: this.#domainShare ?? SHARE,
        distribution_constraints: {
          perform_comparison: drifts.length > 0 ? 'Enabled' : 'Disabled',
          comparison_threshold: shared.limit ?? DISTANCE,
          comparison_method: shared.comparison ?? 'Robust',
          categorical_comparison_threshold: shared.limit ?? DISTANCE,
          categorical_drift_method: 'LInfinity',
        },
      },
    };
  }

  #lose(node: Node, message: string): void {
    this.losses.push({ node, message });
  }

  /** Columns that are missing or new are told of any file. */
  #table(rule: Rule): void {
    const check = ruleConstraint(rule)?.check;
    if (check !== 'missing_column_check' && check !== 'extra_column_check')
      this.losses.push(unsaidRule(rule, `table "${this.table.name}"`, 'Model Monitor has no check for it.'));
  }

  #said(column: Column): Said {
    const { path, rules, logicalType } = column;
    const typed = rules.map((rule) => ruleConstraint(rule)?.type).find((type) => type !== undefined);
    const type = types[logicalType ?? ''] ?? typed;
    const said = rules.map((rule) => {
      const more = this.#rule(rule, type);
      if (!more) this.losses.push(unsaidRule(rule, `column "${path}"`, 'Model Monitor has no check for it.'));
      return more ?? {};
    });
    return Object.assign({}, ...said);
  }

  #rule(rule: Rule, type: FeatureType | undefined): Said | undefined {
    const constraint = ruleConstraint(rule);
    return constraint ? this.#constraint(constraint, type) : this.#metric(rule, type);
  }

  #constraint(constraint: Constraint, type: FeatureType | undefined): Said | undefined {
    const { check, limit = SHARE, values = [], off } = constraint;
    if (off) return {};
    if (check === 'completeness_check') return { completeness: limit };
    if (check === 'is_non_negative') return { minimum: 0 };
    if (check === 'baseline_drift_check') return { drift: constraint };
    if (check === 'categorical_values_check') return this.#domain(values, limit, type ?? 'String');
    if (check !== 'data_type_check') return undefined;
    this.#typeShare ??= limit;
    return limit === this.#typeShare ? { type: constraint.type } : undefined;
  }

  /** Only strings have a domain, and all domains one threshold. */
  #domain(domains: readonly string[], share: number, type: FeatureType | undefined): Said | undefined {
    if (type !== 'String') return undefined;
    this.#domainShare ??= share;
    return share === this.#domainShare ? { domains } : undefined;
  }

  #metric(rule: Rule, type: FeatureType | undefined): Said | undefined {
    const share = shareOf(rule);
    if (share === undefined) return undefined;
    const { validValues, ...others } = rule.arguments;
    if (Object.keys(others).length > 0) return undefined;
    if (rule.metric === 'nullValues' && validValues === undefined) return { completeness: share };
    return rule.metric === 'invalidValues' && Array.isArray(validValues)
      ? this.#domain(validValues.map(String), share, type)
      : undefined;
  }

  #feature(column: Column, said: Said, shared: Shared): readonly object[] {
    const { path, physicalName, logicalType, nameNode } = column;
    const type = said.type ?? types[logicalType ?? ''];
    if (!type) {
      const what = logicalType === undefined ? 'without a logicalType' : `of type ${logicalType}`;
      this.#lose(nameNode, `Column "${path}" is left out: Model Monitor has no type for a column ${what}.`);
      this.#below(column);
      return [];
    }
    if (asText.includes(logicalType ?? ''))
      this.#lose(nameNode, `Column "${path}" is of type ${logicalType}, which is String to Model Monitor.`);
    this.#unsaidOf(column);
    const isRequired = column.required || column.primaryKey;
    const isNonNegative = said.minimum === 0 || column.options.minimum === 0;
    const domains = said.domains ?? (type === 'String' ? this.#values(column) : undefined);
    return [
      dropEmpty({
        name: physicalName,
        inferred_type: type,
        completeness: isRequired ? 1 : (said.completeness ?? 0),
        num_constraints: type !== 'String' ? { is_non_negative: isNonNegative } : undefined,
        string_constraints: domains ? { domains } : undefined,
        monitoring_config_overrides: dropEmpty({
          distribution_constraints: shared.any ? overridesOf(said.drift, shared) : undefined,
        }),
      }),
    ];
  }

  #values({ values, path, node }: Column): readonly string[] | undefined {
    if (!values) return undefined;
    const said = this.#domain(values.map(String), SHARE, 'String');
    if (!said)
      this.#lose(node, `The values allowed in "${path}" are left out: a ${TITLE} has one domain_content_threshold.`);
    return said?.domains;
  }

  /** Columns within a column that is left out. */
  #below({ columns, items }: Column): void {
    for (const { path, nameNode } of [...columns, ...(items ? [items] : [])])
      this.#lose(nameNode, `Column "${path}" is left out: Model Monitor knows no columns within others.`);
  }

  #unsaidOf({
    path,
    unique,
    relationships,
    options,
    optionNodes,
    values,
    logicalType,
    node,
    about,
    nameNode,
  }: Column): void {
    if (unique) this.#lose(node, `That "${path}" is unique is left out: Model Monitor does not look for duplicates.`);
    for (const { node: place } of relationships)
      this.#lose(place, `A relationship of "${path}" is left out: a ${TITLE} knows no other table.`);
    for (const [option, value] of Object.entries(options)) {
      if (option === 'minimum' && value === 0) continue;
      this.#lose(
        optionNodes[option] ?? node,
        `"${option}" of column "${path}" is left out: Model Monitor has no check for it.`,
      );
    }
    if (values && types[logicalType ?? ''] !== 'String')
      this.#lose(node, `The values allowed in "${path}" are left out: only a String has a domain.`);
    if (about?.description !== undefined)
      this.#lose(nameNode, `The description of "${path}" is left out: a ${TITLE} has no place for it.`);
  }
}

const ruleConstraint = ({ type, implementation }: Rule): Constraint | undefined =>
  type === 'custom' ? constraintOf(implementation) : undefined;

/** The least share of rows that are as the rule wants, where it says it as a percentage or as none. */
function shareOf({ type, filter, operators: [first, ...others], unit }: Rule): number | undefined {
  if (type !== 'library' || filter !== undefined || !first || others.length > 0) return undefined;
  const { keyword, value } = first;
  if (value === 0 && (keyword === 'mustBe' || keyword === 'mustBeLessOrEqualTo')) return 1;
  return unit === 'percent' && keyword === 'mustBeLessOrEqualTo' && typeof value === 'number'
    ? Number((1 - value / 100).toPrecision(12))
    : undefined;
}

interface Shared extends Partial<Pick<Constraint, 'limit' | 'comparison'>> {
  readonly any: boolean;
}

const sharedOf = ([first]: readonly Constraint[]): Shared => ({
  any: first !== undefined,
  limit: first?.limit,
  comparison: first?.comparison,
});

/** What of a feature's comparison is not as the file says of all. */
function overridesOf(drift: Constraint | undefined, { limit }: Shared): object | undefined {
  if (!drift) return { perform_comparison: 'Disabled' };
  return dropEmpty({
    comparison_threshold: drift.limit === limit || drift.type === 'String' ? undefined : drift.limit,
    categorical_comparison_threshold: drift.limit === limit || drift.type !== 'String' ? undefined : drift.limit,
    categorical_drift_method: drift.method === 'chi-square' ? 'ChiSquared' : undefined,
  });
}
