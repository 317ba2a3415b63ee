import type { CheckKind } from './check';

/** A line of the reference about one kind of check. */
export interface KindText {
  /** The member that makes it. */
  readonly member: CheckKind['id'];
  /** What in a contract asks for it. */
  readonly from: string;
  /** What must hold, or why it does not run. */
  readonly holds: string;
}

/** Every kind of check, as `check/KIND` in the editor and as `kind` in reports. */
export const checkKinds: Readonly<Record<string, KindText>> = {
  columnPresent: { member: 'columnPresent', from: 'every property', holds: 'The column is in the data.' },
  columnType: {
    member: 'columnType',
    from: '`logicalType`, `physicalType`',
    holds: 'Every value can be read as the type; each that cannot is counted.',
  },
  required: { member: 'required', from: '`required: true`', holds: 'No value is null.' },
  unique: { member: 'unique', from: '`unique: true`', holds: 'No value occurs twice; nulls are left out.' },
  primaryKey: {
    member: 'primaryKey',
    from: '`primaryKey: true`',
    holds: 'All key columns together are not null and unique; one check for the whole key.',
  },
  foreignKey: {
    member: 'foreignKey',
    from: '`relationships`',
    holds:
      'Every value, or tuple, is in the other table; one with a null is no orphan. Skipped when the other table is in another contract.',
  },
  minimum: { member: 'bounds', from: '`logicalTypeOptions.minimum`', holds: 'No value is below.' },
  maximum: { member: 'bounds', from: '`logicalTypeOptions.maximum`', holds: 'No value is above.' },
  exclusiveMinimum: { member: 'bounds', from: '`logicalTypeOptions.exclusiveMinimum`', holds: 'Every value is above.' },
  exclusiveMaximum: { member: 'bounds', from: '`logicalTypeOptions.exclusiveMaximum`', holds: 'Every value is below.' },
  multipleOf: { member: 'multipleOf', from: '`logicalTypeOptions.multipleOf`', holds: 'Every value is a multiple.' },
  minLength: { member: 'lengths', from: '`logicalTypeOptions.minLength`', holds: 'No text has fewer characters.' },
  maxLength: { member: 'lengths', from: '`logicalTypeOptions.maxLength`', holds: 'No text has more characters.' },
  minItems: { member: 'lengths', from: '`logicalTypeOptions.minItems`', holds: 'No list has fewer items.' },
  maxItems: { member: 'lengths', from: '`logicalTypeOptions.maxItems`', holds: 'No list has more items.' },
  uniqueItems: { member: 'uniqueItems', from: '`logicalTypeOptions.uniqueItems`', holds: 'No list repeats an item.' },
  pattern: {
    member: 'pattern',
    from: '`logicalTypeOptions.pattern`',
    holds: 'The regular expression is found in every value.',
  },
  format: {
    member: 'format',
    from: '`logicalTypeOptions.format`',
    holds:
      'Every text is an email, uuid, uri, hostname, ipv4, ipv6 or byte (base64); every integer fits i8 … i128 or u8 … u128. Other formats make no check.',
  },
  enum: { member: 'enum', from: '`enum`', holds: 'Every value is one of the list.' },
  freshness: { member: 'sla', from: '`slaProperties`: `freshness`', holds: 'The newest moment is younger.' },
  latency: { member: 'sla', from: '`slaProperties`: `latency`, `ly`', holds: 'The newest moment is younger.' },
  retention: { member: 'sla', from: '`slaProperties`: `retention`, `re`', holds: 'The oldest moment is younger.' },
  frequency: {
    member: 'sla',
    from: '`slaProperties`: `frequency`, `fy`',
    holds: 'No two moments that follow each other lie further apart.',
  },
  availability: {
    member: 'availability',
    from: '`slaProperties`: `availability`, `av`, `timeOfAvailability`, with a column as `element` and a `schedule`',
    holds:
      'The partition of the period that ended at the last time of the cron expression (in UTC) is there, `value` and `unit` after that time.',
  },
  undocumentedColumn: {
    member: 'undocumentedColumn',
    from: '`customProperties` of a table: `undocumentedColumns: warning` (or `error`, `info`)',
    holds: 'The contract describes every column of the data. No check where nobody asks for it.',
  },
  nullValues: { member: 'nullValues', from: '`quality`, `metric: nullValues`', holds: 'The count of nulls.' },
  missingValues: {
    member: 'missingValues',
    from: '`quality`, `metric: missingValues`',
    holds: 'The count of nulls and of the values listed.',
  },
  invalidValues: {
    member: 'invalidValues',
    from: '`quality`, `metric: invalidValues`',
    holds: 'The count of values that are not in the list, or not like the pattern.',
  },
  duplicateValues: {
    member: 'duplicateValues',
    from: '`quality`, `metric: duplicateValues`',
    holds: 'The count of values, or of tuples of the named columns, that occur more than once.',
  },
  rowCount: { member: 'rowCount', from: '`quality`, `metric: rowCount`', holds: 'The count of rows.' },
  sql: {
    member: 'sql',
    from: '`quality`, `type: sql`',
    holds: 'The one value that the SELECT gives. `{object}` and `{property}` stand for table and column.',
  },
  text: { member: 'text', from: '`quality`, `type: text`', holds: 'Skipped: the rule is for people to read.' },
  custom: {
    member: 'custom',
    from: '`quality`, `type: custom`',
    holds:
      '[`engine: plumbline`](#rules-of-plumblines-own) measures drift, the change of rows, aggregates and distributions. Rules of DQX and others are skipped, with the reason: they run in their own tools.',
  },
  'the type of an expectation': {
    member: 'custom',
    from: 'a suite of Great Expectations; `quality`, `type: custom`, `engine: greatExpectations`',
    holds: 'What Great Expectations says of `expect_column_values_to_not_be_null` and the other core expectations.',
  },
  'the name of a test': {
    member: 'custom',
    from: 'a schema of dbt; `quality`, `type: custom`, `engine: dbt`',
    holds: 'What dbt says of `not_null`, `dbt_utils.accepted_range` and the other tests of dbt and its two packages.',
  },
  'the name of a check of Soda': {
    member: 'custom',
    from: 'a contract or checks of Soda; `quality`, `type: custom`, `engine: soda`',
    holds: 'What Soda says of `missing_count`, `no_duplicate_values`, `failed_rows`, `schema` and its other checks.',
  },
  'the name of a check of pandera': {
    member: 'custom',
    from: 'a schema of pandera; `quality`, `type: custom`, `engine: pandera`',
    holds:
      'What pandera says of `in_range`, `str_matches` and its other built-in checks, of `field_uniqueness`, `multiple_fields_uniqueness` and `column_ordered`.',
  },
  data_type_check: {
    member: 'custom',
    from: "SageMaker's `constraints.json`: `inferred_type`",
    holds: 'The share of values that are of the type is not below `datatype_check_threshold`.',
  },
  completeness_check: {
    member: 'custom',
    from: "SageMaker's `constraints.json`: `completeness`",
    holds: 'The share of rows that are not null is not below.',
  },
  categorical_values_check: {
    member: 'custom',
    from: "SageMaker's `constraints.json`: `domains`",
    holds: 'The share of values in the domain is not below `domain_content_threshold`.',
  },
  baseline_drift_check: {
    member: 'custom',
    from: "SageMaker's `constraints.json`: `distribution_constraints`",
    holds: 'The distance to the baseline is not above its threshold.',
  },
  missing_column_check: {
    member: 'custom',
    from: "SageMaker's `constraints.json`",
    holds: 'The data have every feature. `extra_column_check`: they have no other column.',
  },
  NullValueRate: {
    member: 'custom',
    from: 'a monitor of Azure ML: a signal of `type: data_quality`',
    holds: 'The share of nulls is not above the reference’s own and `null_value_rate`.',
  },
  DataTypeErrorRate: {
    member: 'custom',
    from: 'a monitor of Azure ML: a signal of `type: data_quality`',
    holds: 'The share of values that the reference’s type cannot hold is not above its own and `data_type_error_rate`.',
  },
  OutOfBoundsRate: {
    member: 'custom',
    from: 'a monitor of Azure ML: a signal of `type: data_quality`',
    holds:
      'The share of numbers beyond the reference’s range, or of texts that it lacks, is not above its own and `out_of_bounds_rate`.',
  },
  'an error of frictionless': {
    member: 'custom',
    from: 'a data package, resource or table schema of Frictionless; `quality`, `type: custom`, `engine: frictionless`',
    holds:
      'What frictionless would not report: `type-error`, `constraint-error`, `unique-error`, `primary-key`, `foreign-key`, `missing-label`, `extra-label`, `incorrect-label`, `unmatched-header`, `blank-row`; `unique-key` of version 2, which frictionless itself passes over, warns.',
  },
  'a keyword of JSON Schema': {
    member: 'custom',
    from: 'a `*.record.schema.json`; `quality`, `type: custom`, `engine: json-schema`',
    holds:
      'What the keyword says of each value of its property, or of each record: `type`, `enum`, `pattern`, `required`, `anyOf`, `if`, `additionalProperties` and the others.',
  },
  'any other word': {
    member: 'other',
    from: '`quality`, another `metric`, `rule` or `type`',
    holds:
      'An old `rule` word without an agreed meaning is skipped; anything else is an error that names what is known.',
  },
};
