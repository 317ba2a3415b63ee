import { didYouMean, meantBy, slipsOf } from '../../text/nearest';
import { plain } from '../../text/tree';
import { parseYaml } from '../../text/yaml';
import { type Complaint, isMap } from '../expectations';
import { type Kind, type Signature, testNames } from './signatures';

/** `engine` of the rules that a test of dbt makes. */
export const DBT = 'dbt';

/** One test as it stands under `data_tests`. */
export interface DbtTest {
  /** With its package: `dbt_utils.accepted_range`. */
  readonly name: string;
  /** What the test is given, without what says how it is run. */
  readonly arguments: Readonly<Record<string, unknown>>;
  /** `severity`, `where`, `warn_if`, … whether they stand in `config` or beside the arguments, as older files have it. */
  readonly config: Readonly<Record<string, unknown>>;
  /** The author's name of it. */
  readonly called: string | undefined;
  readonly description: string | undefined;
}

/** What may stand in `config` of a test; most of it may stand beside the arguments too. */
export const configKeys: readonly string[] = [
  ...['alias', 'database', 'enabled', 'error_if', 'fail_calc', 'group', 'limit', 'meta', 'schema', 'severity'],
  ...['sql_header', 'store_failures', 'store_failures_as', 'tags', 'warn_if', 'where'],
];

const besideArguments = ['arguments', 'config', 'description', 'name', 'test_name', 'tags', 'meta'];

/** Reads a test: a word, a map of one test, or either as YAML in a text. A text about what is wrong when it is none. */
export function testOf(implementation: unknown): DbtTest | string {
  const given = typeof implementation === 'string' ? plain(parseYaml(implementation).root) : implementation;
  const one: unknown = Array.isArray(given) && given.length === 1 ? given[0] : given;
  if (typeof one === 'string') return testFrom(one, {});
  if (!isMap(one)) return 'A rule of dbt holds one test. Write "implementation: {accepted_values: {values: [a, b]}}".';
  if (typeof one.test_name === 'string') return testFrom(one.test_name, one);
  const keys = Object.keys(one);
  const [name = '', ...others] = keys;
  if (keys.length === 0) return 'The test has no name.';
  if (others.length > 0)
    return `A test is a map of one name, and here are ${keys.length}: what belongs to "${name}" stands further in.`;
  const given_ = one[name];
  if (given_ !== null && given_ !== undefined && !isMap(given_))
    return `What "${name}" is given must be a map of its arguments.`;
  return testFrom(name, isMap(given_) ? given_ : {});
}

function testFrom(name: string, given: Readonly<Record<string, unknown>>): DbtTest {
  const config = isMap(given.config) ? given.config : {};
  const beside = Object.entries(given).filter(([key]) => configKeys.includes(key));
  const flat = Object.entries(given).filter(([key]) => !besideArguments.includes(key) && !configKeys.includes(key));
  const nested = isMap(given.arguments) ? given.arguments : {};
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  const known = Object.entries({ ...Object.fromEntries(flat), ...nested }).filter(([, value]) => value !== null);
  return {
    name: name.startsWith('dbt.') ? name.slice('dbt.'.length) : name,
    arguments: Object.fromEntries(known),
    config: { ...Object.fromEntries(beside), ...config },
    called: text(given.name),
    description: text(given.description),
  };
}

interface Form {
  readonly is: string;
  holds(value: unknown): boolean;
}

const isNumber = (value: unknown): value is number => typeof value === 'number';
const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isWord = (value: unknown): boolean => isText(value) || isNumber(value) || typeof value === 'boolean';

const forms: Readonly<Record<Kind, Form>> = {
  bound: { is: 'a number or an expression of SQL', holds: (value) => isNumber(value) || isText(value) },
  count: { is: 'a whole number', holds: Number.isInteger },
  flag: { is: 'true or false', holds: (value) => typeof value === 'boolean' },
  list: { is: 'a list of values', holds: (value) => Array.isArray(value) && value.length > 0 && value.every(isWord) },
  model: { is: `a model, such as ref('orders')`, holds: isText },
  number: { is: 'a number', holds: isNumber },
  pairs: {
    is: 'a list of pairs',
    holds: (value) => Array.isArray(value) && value.every((pair) => Array.isArray(pair) && pair.length === 2),
  },
  share: { is: 'a number from 0 to 1', holds: (value) => isNumber(value) && value >= 0 && value <= 1 },
  sql: { is: 'an expression of SQL', holds: isWord },
  text: { is: 'a text', holds: isText },
  texts: { is: 'a list of texts', holds: (value) => Array.isArray(value) && value.length > 0 && value.every(isText) },
};

/** What Jinja computes when dbt runs, other than the name of a model. */
export const jinjaIn = (value: unknown): string | undefined => {
  const found = JSON.stringify(value)?.match(/\{\{.*?\}\}|\{%.*?%\}/)?.[0];
  return found?.replaceAll('\\"', '"');
};

/**
 * The model that `ref` or `source` names, in Jinja's braces or without. Undefined for anything else.
 */
export function modelNamed(reference: unknown): ModelName | undefined {
  const inner = String(reference)
    .trim()
    .replace(/^\{\{-?(.*?)-?\}\}$/s, '$1')
    .trim();
  const call =
    /^(ref|source)\(\s*(['"])([^'"]+)\2\s*(?:,\s*(['"])([^'"]+)\4\s*)?(?:,\s*v(?:ersion)?\s*=\s*\d+\s*)?\)$/.exec(
      inner,
    );
  if (!call) return undefined;
  const [, by, , first = '', , second] = call;
  if (by === 'source') return second === undefined ? undefined : { source: first, name: second };
  return { source: undefined, name: second ?? first };
}

/** `ref('orders')`, or `source('raw', 'orders')` with its source. */
export interface ModelName {
  readonly source: string | undefined;
  readonly name: string;
}

/** All that is wrong with a test of a known name, worst first. `column` tells whether it stands at one. */
export function complaintsOf(test: DbtTest, signature: Signature, column: string | undefined): readonly Complaint[] {
  const { name, arguments: given, config } = test;
  const takes = { ...signature.takes, ...(signature.domain === 'model' ? {} : { column_name: 'text' as const }) };
  const wrong = Object.entries(given).flatMap(([argument, value]): readonly Complaint[] => {
    const form: Kind | undefined = Object.hasOwn(takes, argument) ? takes[argument as keyof typeof takes] : undefined;
    if (form === undefined) return [unknown(test, argument, Object.keys(takes))];
    if (jinjaIn(value) !== undefined) return [];
    if (!forms[form].holds(value))
      return [
        { argument, message: `"${argument}" of ${name} must be ${forms[form].is}, not ${JSON.stringify(value)}.` },
      ];
    const words = signature.words?.[argument];
    return words && !words.includes(String(value))
      ? [{ argument, message: `"${argument}" of ${name} must be ${words.join(' or ')}, not "${value}".` }]
      : [];
  });
  const missing = signature.needs
    .filter((argument) => given[argument] === undefined)
    .map((argument) => ({ argument: undefined, message: `${name} needs the argument "${argument}".` }));
  const one = signature.needsOne;
  const none = one?.every((argument) => given[argument] === undefined)
    ? [{ argument: undefined, message: `${name} needs ${one.map((word) => `"${word}"`).join(' or ')}.` }]
    : [];
  return [
    ...(wrong.some(({ meant }) => meant) ? wrong : [...missing, ...none, ...wrong]),
    ...placeComplaints(test, signature, column),
    ...configComplaints(name, config),
  ];
}

function placeComplaints(test: DbtTest, { domain }: Signature, column: string | undefined): readonly Complaint[] {
  if (domain === 'column' && column === undefined && test.arguments.column_name === undefined)
    return [{ argument: undefined, message: `${test.name} is about a column: move it there, or give "column_name".` }];
  if (domain === 'model' && column !== undefined)
    return [{ argument: undefined, message: `${test.name} is about a whole table: move it out of the columns.` }];
  return [];
}

const severities = ['error', 'warn'];

function configComplaints(name: string, config: DbtTest['config']): readonly Complaint[] {
  const { severity, enabled, limit } = config;
  const about = (argument: string, message: string): Complaint => ({ argument, message });
  return [
    ...Object.keys(config)
      .filter((key) => !configKeys.includes(key))
      .map((key): Complaint => {
        const meant = meantBy(key, configKeys);
        const message = `"config" of ${name} has no "${key}".${didYouMean(meant)}`;
        return { ...about(key, message), ...(meant[0] === undefined ? {} : { meant: meant[0] }) };
      }),
    ...(severity === undefined || jinjaIn(severity) || severities.includes(String(severity).toLowerCase())
      ? []
      : [about('severity', `"severity" of ${name} must be error or warn, not ${JSON.stringify(severity)}.`)]),
    ...(enabled === undefined || jinjaIn(enabled) || typeof enabled === 'boolean'
      ? []
      : [about('enabled', `"enabled" of ${name} must be true or false.`)]),
    ...(limit === undefined || limit === null || jinjaIn(limit) || Number.isInteger(limit)
      ? []
      : [about('limit', `"limit" of ${name} must be a whole number.`)]),
    ...['warn_if', 'error_if'].flatMap((key) => {
      const threshold = config[key];
      return threshold === undefined || jinjaIn(threshold) || thresholdOf(threshold)
        ? []
        : [
            about(
              key,
              `"${key}" of ${name} compares the number of failures, as in ">10", not ${JSON.stringify(threshold)}.`,
            ),
          ];
    }),
  ];
}

function unknown({ name }: DbtTest, argument: string, takes: readonly string[]): Complaint {
  const meant = meantBy(argument, [...takes, ...configKeys, 'config']);
  return {
    argument,
    message: `${name} has no argument "${argument}".${didYouMean(meant)}`,
    ...(meant[0] === undefined ? {} : { meant: meant[0] }),
  };
}

/** What to say of a test that nobody knows here, and what was meant. */
export function unknownTest(name: string): { readonly message: string; readonly meant: string | undefined } {
  const bare = testNames.filter((known) => known.endsWith(`.${name}`));
  const meant = bare.length > 0 ? bare : slipsOf(name, testNames);
  const known = 'dbt itself, dbt_utils or dbt_expectations';
  return { message: `"${name}" is no test of ${known}, so it is skipped.${didYouMean(meant)}`, meant: meant[0] };
}

/** When a number of failures is too many. */
export interface Threshold {
  /** `> 10`, as dbt puts it behind the number in SQL. */
  readonly words: string;
  /** `>`, `!=`, `between`, `not between`. */
  readonly sign: string;
  readonly bounds: readonly number[];
  meets(failures: number): boolean;
}

const signs: Readonly<Record<string, (failures: number, bound: number) => boolean>> = {
  '=': (failures, bound) => failures === bound,
  '==': (failures, bound) => failures === bound,
  '!=': (failures, bound) => failures !== bound,
  '<>': (failures, bound) => failures !== bound,
  '>': (failures, bound) => failures > bound,
  '>=': (failures, bound) => failures >= bound,
  '<': (failures, bound) => failures < bound,
  '<=': (failures, bound) => failures <= bound,
};

/** Undefined for one that is no comparison with numbers. */
export function thresholdOf(condition: unknown): Threshold | undefined {
  const text = String(condition).trim();
  const [, sign = '', bound = ''] = /^([=!<>]=?|<>)\s*(-?\d+(?:\.\d+)?)$/.exec(text) ?? [];
  const holds = Object.hasOwn(signs, sign) ? signs[sign] : undefined;
  if (holds)
    return {
      words: `${sign} ${bound}`,
      sign,
      bounds: [Number(bound)],
      meets: (failures) => holds(failures, Number(bound)),
    };
  const between = /^(not\s+)?between\s+(-?\d+(?:\.\d+)?)\s+and\s+(-?\d+(?:\.\d+)?)$/i.exec(text);
  if (!between) return undefined;
  const [, not, low, high] = between;
  const inside = (failures: number) => failures >= Number(low) && failures <= Number(high);
  const word = `${not ? 'not ' : ''}between`;
  return {
    words: `${word} ${low} and ${high}`,
    sign: word,
    bounds: [Number(low), Number(high)],
    meets: (failures) => inside(failures) === (not === undefined),
  };
}
