/** What a change does to those who read the data by the contract. */
export type Impact = 'breaking' | 'compatible' | 'cosmetic';

/** The part of a version that a change calls for. */
export type Bump = 'major' | 'minor' | 'patch';

/** By the rules of Semantic Versioning. */
export const bumps: Readonly<Record<Impact, Bump>> = { breaking: 'major', compatible: 'minor', cosmetic: 'patch' };

interface Kind {
  readonly impact: Impact;
  /** What has changed, for the reference. */
  readonly what: string;
}

/**
 * Every change that is told between two contracts. The measure is whoever reads the data: what is gone, has another name or
 * is promised less breaks them, what is there or promised beyond that does not, as it is with the answers of an API.
 */
export const changeKinds = {
  'id-changed': {
    impact: 'breaking',
    what: 'The contract has another `id`, so that it is another contract to its readers.',
  },
  'status-changed': { impact: 'compatible', what: 'The status is another one, such as `deprecated`.' },
  'words-changed': {
    impact: 'cosmetic',
    what: 'A description, a business name, tags, examples or other words for people.',
  },
  'table-removed': { impact: 'breaking', what: 'A table is gone.' },
  'table-renamed': { impact: 'breaking', what: 'A table has another name, or another name in the store.' },
  'table-added': { impact: 'compatible', what: 'A table is new.' },
  'column-removed': { impact: 'breaking', what: 'A column is gone; a nested one or the item of a list too.' },
  'column-renamed': {
    impact: 'breaking',
    what: 'A column has another name, or another name in the store. Without its old name it is known by type, description, neighbours and letters.',
  },
  'column-added': { impact: 'compatible', what: 'A column is new.' },
  'type-widened': {
    impact: 'breaking',
    what: 'The type takes values that the old one did not, or is left out: `integer` to `number`, `int` to `bigint`, `varchar(10)` to `text`, `decimal(10,2)` to `decimal(12,2)`.',
  },
  'type-changed': { impact: 'breaking', what: 'The type is of another kind: `string` to `date`.' },
  'type-narrowed': { impact: 'compatible', what: 'Every value of the type is one of the old type, or there was none.' },
  'limit-loosened': {
    impact: 'breaking',
    what: 'A length, bound, precision or other option of the type allows more, or is left out.',
  },
  'limit-changed': {
    impact: 'breaking',
    what: 'An option of the type is another one and neither allows less nor more, such as a pattern or a format.',
  },
  'limit-tightened': { impact: 'compatible', what: 'An option of the type allows less, or is new.' },
  'column-optional': { impact: 'breaking', what: 'A column that was required may be empty.' },
  'column-required': { impact: 'compatible', what: 'A column may not be empty any more.' },
  'unique-removed': { impact: 'breaking', what: 'A column need not be unique any more.' },
  'unique-added': { impact: 'compatible', what: 'A column must be unique.' },
  'primary-key-changed': { impact: 'breaking', what: 'Other columns are the primary key, or none is.' },
  'primary-key-reordered': {
    impact: 'cosmetic',
    what: 'The columns of the primary key are the same in another order.',
  },
  'primary-key-added': { impact: 'compatible', what: 'A table has a primary key and had none.' },
  'partition-changed': {
    impact: 'breaking',
    what: 'The data are partitioned by other columns or in another order, or not at all.',
  },
  'partition-added': { impact: 'compatible', what: 'The data are partitioned and were not.' },
  'values-added': {
    impact: 'breaking',
    what: 'Values are allowed that were not, or the list of allowed values is gone.',
  },
  'values-removed': {
    impact: 'compatible',
    what: 'Values are not allowed any more, or a list of allowed values is new.',
  },
  'relationship-removed': { impact: 'breaking', what: 'Values need not be found in another table any more.' },
  'relationship-added': { impact: 'compatible', what: 'Values must be found in another table.' },
  'rule-removed': { impact: 'breaking', what: 'A quality rule is gone.' },
  'rule-loosened': {
    impact: 'breaking',
    what: 'What a quality rule accepts, by its operators, thresholds, lists and arguments, has become more.',
  },
  'rule-changed': {
    impact: 'breaking',
    what: 'A quality rule asks for something else: another metric, query, pattern or filter.',
  },
  'severity-lowered': { impact: 'breaking', what: 'A broken quality rule counts for less: `error` to `warning`.' },
  'rule-tightened': { impact: 'compatible', what: 'What a quality rule accepts has become less.' },
  'rule-added': { impact: 'compatible', what: 'A quality rule is new.' },
  'severity-raised': { impact: 'compatible', what: 'A broken quality rule counts for more.' },
  'sla-removed': { impact: 'breaking', what: 'A service level is promised no more.' },
  'sla-loosened': { impact: 'breaking', what: 'A service level promises less: `latency` of 4 h to 1 d.' },
  'sla-changed': {
    impact: 'breaking',
    what: 'A service level is another one that cannot be compared, or is about other columns.',
  },
  'sla-tightened': { impact: 'compatible', what: 'A service level promises more.' },
  'sla-added': { impact: 'compatible', what: 'A service level is new.' },
  'server-removed': { impact: 'breaking', what: 'A server is gone.' },
  'server-renamed': { impact: 'breaking', what: 'A server has another name and is otherwise the same.' },
  'server-changed': {
    impact: 'breaking',
    what: 'A server is of another type, or lies or is read elsewhere or otherwise.',
  },
  'server-added': { impact: 'compatible', what: 'A server is new.' },
  'classification-raised': {
    impact: 'breaking',
    what: 'A column is guarded more closely, so that readers may lose their access: `internal` to `confidential`.',
  },
  'classification-changed': {
    impact: 'compatible',
    what: 'A column is guarded less closely, or its classification is new, gone or a word that has no rank.',
  },
} as const satisfies Readonly<Record<string, Kind>>;

export type ChangeKind = keyof typeof changeKinds;
