import { type Column, columnsOf, type Rule } from '../../contract/model';
import { meaningOfProblem, sodaMeaning } from '../../contract/rule-engines/soda';
import { checkOf, type SodaCheck } from '../../contract/soda/check';
import { booleanOf, get } from '../../text/tree';
import { type Answer, type Check, type Data, type Measure, nothing, type Outcome, type Subject } from '../check';
import type { CustomEngine } from '../custom-engine';
import { ruled } from '../rule';
import type { Field } from '../source';
import { translatedCheck } from '../translated';
import { subjectWords } from '../words';

/** Checks of Soda: each runs as what it means, at the level that it names, or at both, of which failing goes first. */
export const soda: CustomEngine = { names: ['soda', 'sodacl', 'sodacore'], check: sodaCheck };

function sodaCheck(subject: Subject, rule: Rule): Check {
  const check = checkOf(rule.implementation);
  if ('problem' in check) return translatedCheck(subject, rule, meaningOfProblem(check));
  if (check.metric === 'schema') return schemaCheck(subject, rule, check);
  const at = (level: 'fail' | 'warn') => levelCheck(subject, rule, check, level);
  if (!check.warn) return at('fail');
  if (!check.fail) return at('warn');
  const [fail, warn] = [at('fail'), at('warn')];
  return {
    ...fail,
    severity: 'error',
    expected: `fails unless ${fail.expected}, warns unless ${warn.expected}`,
    // The milder limits are the first that a figure leaves.
    limits: warn.limits,
    measure: (data) => both(fail.measure(data), warn.measure(data)),
  };
}

function levelCheck({ contract, table, column }: Subject, rule: Rule, check: SodaCheck, level: 'fail' | 'warn'): Check {
  const meaning = sodaMeaning(check, rule, table, column, level);
  const said = 'rule' in meaning ? meaning.rule : undefined;
  const own: Rule = {
    ...rule,
    name: rule.name ?? check.name,
    severity: rule.severity ?? (level === 'warn' ? 'warning' : undefined),
    ...(said?.filter === undefined ? {} : { filter: said.filter }),
  };
  const path = meaning.column ?? column?.path;
  const found = path === undefined ? undefined : columnsOf(table).find((candidate) => candidate.path === path);
  // Its type is nothing that the check asks for.
  const untyped = found && { ...found, logicalType: undefined, physicalType: undefined };
  const { column: _, ...unplaced } = meaning;
  const made = untyped
    ? translatedCheck({ contract, table, column: untyped }, own, unplaced)
    : translatedCheck({ contract, table, column }, own, meaning);
  if (check.metric !== 'freshness') return made;
  return { ...made, measure: (data) => withoutMoment(made.measure(data), subjectWords(table.name, path)) };
}

/** No moment at all is one that is infinitely old. */
const withoutMoment = (measure: Measure, who: string): Measure =>
  measure.via === 'query'
    ? {
        ...measure,
        judge: (answer: Answer): Outcome =>
          Number(answer.rows[0]?.[0]) === Number.POSITIVE_INFINITY
            ? { verdict: 'fails', message: `${who} has no moment, so nothing is known to be fresh.` }
            : measure.judge(answer),
      }
    : measure;

/** The same figures, held against both limits. */
function both(fail: Measure, warn: Measure): Measure {
  if (fail.via === 'scan' && warn.via === 'scan')
    return { ...fail, judge: (figures, rows) => graver(fail.judge(figures, rows), () => warn.judge(figures, rows)) };
  if (fail.via === 'statement' && warn.via === 'statement')
    return { ...fail, judge: (figures, rows) => graver(fail.judge(figures, rows), () => warn.judge(figures, rows)) };
  if (fail.via === 'values' && warn.via === 'values')
    return { ...fail, judge: (figures, rows) => graver(fail.judge(figures, rows), () => warn.judge(figures, rows)) };
  if (fail.via === 'query' && warn.via === 'query')
    return { ...fail, judge: (answer: Answer) => graver(fail.judge(answer), () => warn.judge(answer)) };
  return fail;
}

function graver(failing: Outcome, warning: () => Outcome): Outcome {
  if (failing.verdict !== 'holds') return failing;
  const outcome = warning();
  return outcome.verdict === 'fails' ? { ...outcome, severity: 'warning' } : failing;
}

/** Columns that are missing, too many, of another type or in another place. */
function schemaCheck(subject: Subject, rule: Rule, check: SodaCheck): Check {
  const asked = demandsOf(check, subject);
  return ruled(
    subject,
    { ...rule, name: rule.name ?? check.name, filter: undefined },
    {
      kind: 'schema',
      dimension: 'conformity',
      expected: 'the columns that it names',
      measure: (data) =>
        typeof asked === 'string'
          ? nothing({ verdict: 'skipped', message: asked })
          : nothing(schemaOutcome(subject.table.name, asked, data)),
    },
  );
}

interface Demands {
  readonly level: 'fail' | 'warn';
  /** Columns with the type that each must have, if any. */
  readonly columns: readonly (readonly [name: string, type: string | undefined])[];
  readonly optional: readonly string[];
  readonly forbidden: readonly string[];
  /** Places from 0. */
  readonly indexes: readonly (readonly [name: string, index: number])[];
  readonly noOthers: boolean;
  readonly inOrder: boolean;
}

function demandsOf({ version, schema = {} }: SodaCheck, { table }: Subject): readonly Demands[] | string {
  if (version === 4)
    return [
      {
        level: 'fail',
        columns: table.columns.map(({ physicalName, physicalType }) => [physicalName, physicalType]),
        optional: table.columns.filter(isOptional).map(({ physicalName }) => physicalName),
        forbidden: [],
        indexes: [],
        noOthers: schema.allow_extra_columns !== true,
        inOrder: schema.allow_other_column_order !== true,
      },
    ];
  const levels = (['fail', 'warn'] as const).filter((level) => schema[level] !== undefined);
  if (levels.length === 0)
    return 'The schema is held against nothing. Write "fail: {when required column missing: [id]}".';
  if (levels.some((level) => Object.keys(mapOf(schema[level])).includes('when schema changes')))
    return 'Changes of a schema are those since earlier runs, which are in Soda Cloud.';
  return levels.map((level) => olderDemands(level, mapOf(schema[level])));
}

const isOptional = (column: Column): boolean => booleanOf(get(column.node, 'optional')) === true;

const mapOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
const listOf = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

function olderDemands(level: 'fail' | 'warn', given: Readonly<Record<string, unknown>>): Demands {
  const exact = given['when mismatching columns'];
  const types = Object.entries(mapOf(exact ?? given['when wrong column type'])).map(
    ([name, type]) => [name, type === null ? undefined : String(type)] as const,
  );
  const typed = types.map(([name]) => name);
  const required = listOf(given['when required column missing']);
  return {
    level,
    columns: [...types, ...required.filter((name) => !typed.includes(name)).map((name) => [name, undefined] as const)],
    optional: [...listOf(given['with optional columns'])],
    forbidden: listOf(given['when forbidden column present']),
    indexes: Object.entries(mapOf(given['when wrong column index'])).map(([name, index]) => [name, Number(index)]),
    noOthers: exact !== undefined,
    inOrder: false,
  };
}

function schemaOutcome(table: string, demands: readonly Demands[], data: Data): Outcome {
  for (const one of demands) {
    const found = breaches(one, data);
    if (found.length === 0) continue;
    const message = `Table "${table}": ${found.join('; ')}.`;
    return {
      verdict: 'fails',
      observed: found.length,
      message,
      ...(one.level === 'warn' ? { severity: 'warning' } : {}),
    };
  }
  return { verdict: 'holds', message: `Table "${table}" has the columns that it must have.` };
}

function breaches(demands: Demands, { source }: Data): readonly string[] {
  const { columns, optional, forbidden, indexes, noOthers, inOrder } = demands;
  const there = new Map(source.columns.map(({ name, type }) => [name.toLowerCase(), type]));
  const has = (name: string) => there.has(name.toLowerCase());
  const known = columns.map(([name]) => name.toLowerCase());
  const order = source.columns.map(({ name }) => known.indexOf(name.toLowerCase())).filter((index) => index >= 0);
  return [
    ...columns
      .filter(([name]) => !has(name) && !optional.includes(name))
      .map(([name]) => `column "${name}" is missing`),
    ...columns.flatMap(([name, type]) => {
      const actual = there.get(name.toLowerCase());
      return type === undefined ||
        actual === undefined ||
        isSameType(type, actual) ||
        isMoment(type, source.named(name))
        ? []
        : [`column "${name}" is ${actual}, not ${type}`];
    }),
    ...forbidden.flatMap((pattern) =>
      source.columns.filter(({ name }) => isLike(name, pattern)).map(({ name }) => `column "${name}" is forbidden`),
    ),
    ...indexes.flatMap(([name, index]) => {
      const at = source.columns.findIndex((column) => column.name.toLowerCase() === name.toLowerCase());
      return at < 0 || at === index ? [] : [`column "${name}" stands at ${at}, not at ${index}`];
    }),
    ...(noOthers
      ? source.columns
          .filter(({ name }) => !known.includes(name.toLowerCase()))
          .map(({ name }) => `column "${name}" is one too many`)
      : []),
    ...(inOrder && order.some((index, at) => index < (order[at - 1] ?? 0))
      ? ['the columns stand in another order']
      : []),
  ];
}

/** A moment in a file of text, which has no types: it was not read as one. */
const isMoment = (type: string, field: Field | undefined): boolean =>
  field?.untyped === true && field.type === 'VARCHAR' && /^(date|time)/i.test(type.trim());

/** A name in which `%` and `*` stand for anything. */
function isLike(name: string, pattern: string): boolean {
  const parts = pattern
    .toLowerCase()
    .split(/[%*]/)
    .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(name.toLowerCase());
}

/** Words for one type of DuckDB. */
const synonyms: readonly (readonly string[])[] = [
  ['varchar', 'text', 'string', 'char', 'character', 'character varying', 'bpchar'],
  ['integer', 'int', 'int4', 'signed'],
  ['bigint', 'int8', 'long'],
  ['smallint', 'int2', 'short'],
  ['double', 'double precision', 'float8'],
  ['real', 'float', 'float4'],
  ['decimal', 'numeric'],
  ['boolean', 'bool', 'logical'],
  ['timestamp', 'datetime', 'timestamp without time zone'],
  ['timestamp with time zone', 'timestamptz', 'timestamp_tz'],
];

/** Lengths and digits count only where the contract writes them. */
function isSameType(wanted: string, actual: string): boolean {
  const [one, other] = [wanted, actual].map((type) => type.trim().toLowerCase().replaceAll(/\s+/g, ' '));
  if (one === undefined || other === undefined || one === other) return true;
  const [base, found] = [one, other].map((type) => baseOf(type.replace(/\s*\(.*\)/, '')));
  return base === found && (!one.includes('(') || base === 'varchar' || digits(one) === digits(other));
}

const baseOf = (word: string): string => synonyms.find((words) => words.includes(word))?.[0] ?? word;
const digits = (type: string): string => type.replace(/^[^(]*/, '').replaceAll(' ', '');
