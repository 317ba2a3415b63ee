import { modelIn } from '../../../contract/dbt/model-name';
import { signatureOf } from '../../../contract/dbt/signatures';
import {
  complaintsOf,
  type DbtTest,
  jinjaIn,
  modelNamed,
  testOf,
  thresholdOf,
  unknownTest,
} from '../../../contract/dbt/test';
import { type Column, columnsOf, type Rule, type Table } from '../../../contract/model';
import { identifier } from '../../../sql/fragment';
import { get } from '../../../text/tree';
import { amount } from '../../../text/words';
import {
  absentWords,
  type Check,
  type Data,
  type Measure,
  nothing,
  type Outcome,
  type Subject,
  skipped,
  unjudged,
} from '../../check';
import type { CustomEngine } from '../../custom-engine';
import { ruled } from '../../rule';
import { type Source, undeclared } from '../../source';
import { subjectWords } from '../../words';
import type { Call, Failing, Tests } from './call';
import { core } from './core';
import { dbtExpectations } from './package-expectations';
import { dbtUtils } from './package-utils';

/** Tests of dbt, which counts the rows that its query gives and holds that number against `warn_if` and `error_if`. */
export const dbt: CustomEngine = { names: ['dbt'], check: dbtCheck };

const tests: Tests = {
  ...core,
  ...Object.fromEntries(Object.entries(dbtUtils).map(([name, test]) => [`dbt_utils.${name}`, test])),
  ...Object.fromEntries(Object.entries(dbtExpectations).map(([name, test]) => [`dbt_expectations.${name}`, test])),
};

function dbtCheck(subject: Subject, rule: Rule): Check {
  const test = testOf(rule.implementation);
  if (typeof test === 'string')
    return ruled(subject, rule, { kind: 'custom', expected: 'as dbt says', measure: () => unjudged(test) });
  const { config, called } = test;
  const column = columnOf(subject, test);
  const about = { ...subject, column };
  const severity = rule.severity ?? (String(config.severity).toLowerCase() === 'warn' ? 'warning' : undefined);
  const isRun = whyUnrun(test, column?.path) === undefined;
  const filter = isRun && typeof config.where === 'string' ? config.where : undefined;
  const check = ruled(
    about,
    { ...rule, name: rule.name ?? called, severity, filter: rule.filter ?? filter },
    { kind: test.name, expected: expectedOf(test), measure: (data) => measureOf(about, test, data) },
  );
  return { ...check, node: placeIn(rule) ?? check.node, tags: [...(check.tags ?? []), ...tagsOf(config.tags)] };
}

/** In a schema the word that names the test; a rule of a contract has its own place. */
const placeIn = ({ node }: Rule) => (get(node, 'implementation') ? undefined : node.entries[0]?.key);

const tagsOf = (tags: unknown): readonly string[] =>
  (Array.isArray(tags) ? tags : [tags]).filter((tag): tag is string => typeof tag === 'string');

function columnOf({ table, column }: Subject, { arguments: given }: DbtTest): Column | undefined {
  const name = given.column_name;
  if (typeof name !== 'string') return column;
  return columnsOf(table).find(({ path }) => path.toLowerCase() === name.toLowerCase()) ?? undeclared(name, table);
}

/** `no failure`, or the numbers of failures from which it warns and fails. */
function expectedOf({ config }: DbtTest): string {
  const parts = [
    ...(config.error_if !== undefined && !isWarning(config) ? [`fails at ${String(config.error_if).trim()}`] : []),
    ...(config.warn_if !== undefined ? [`warns at ${String(config.warn_if).trim()}`] : []),
  ];
  return parts.length === 0 ? 'no failure' : parts.join(', ');
}

const isWarning = (config: DbtTest['config']): boolean => String(config.severity).toLowerCase() === 'warn';

/** Why a test gives no verdict whatever the data are. */
function whyUnrun(test: DbtTest, column: string | undefined): Measure | undefined {
  const { name, config } = test;
  if (config.enabled === false) return skipped('It is switched off by "enabled: false".');
  const signature = signatureOf(name);
  if (!signature) return skipped(unknownTest(name).message);
  const jinja = jinjaOf(test);
  if (jinja !== undefined) return skipped(`${jinja} is computed by dbt when it runs, so its value is not known here.`);
  const [complaint] = complaintsOf(test, signature, column);
  if (complaint) return unjudged(complaint.message);
  return signature.unrun === undefined ? undefined : skipped(signature.unrun);
}

function jinjaOf({ name, arguments: given, config }: DbtTest): string | undefined {
  const takes = signatureOf(name)?.takes ?? {};
  const isModel = ([argument, value]: readonly [string, unknown]) =>
    takes[argument] === 'model' && modelNamed(value) !== undefined;
  const entries = Object.entries(given).filter((entry) => !isModel(entry));
  return jinjaIn(entries.map(([, value]) => value)) ?? jinjaIn(config);
}

function measureOf(subject: Subject, test: DbtTest, data: Data): Measure {
  const { table, column } = subject;
  const unrun = whyUnrun(test, column?.path);
  if (unrun) return unrun;
  const { source } = data;
  const field = column && fieldOf(column, source);
  const isAboutPresence = test.name === 'dbt_expectations.expect_column_to_exist';
  if (column && !field && !isAboutPresence) return unjudged(absentWords(column));
  const others = othersOf(subject, test, data);
  if ('via' in others) return others;
  const call: Call = {
    name: test.name,
    arguments: column ? { ...test.arguments, column_name: column.name } : test.arguments,
    model: identifier(table.name),
    column: column ? identifier(field?.name ?? column.physicalName) : '',
    field: field?.scope === source.scope ? field : undefined,
    data,
    other: (argument) => identifier(others.get(argument)?.table.name ?? ''),
    otherField: (argument, name) => {
      const other = others.get(argument);
      return other && named(String(test.arguments[name]), other);
    },
  };
  const failing = tests[test.name]?.(call);
  return failing ? measureFailing(failing, test, subject) : skipped(`Plumbline does not run ${test.name}.`);
}

const fieldOf = (column: Column, source: Source) => source.field(column) ?? named(column.physicalName, source);

/** Names of dbt are those of SQL, which knows no letter case. */
function named(name: string, source: Source) {
  const bare = name.replace(/^"(.*)"$/, '$1');
  const found = source.columns.find((column) => column.name.toLowerCase() === bare.toLowerCase());
  return source.named(bare) ?? (found && source.named(found.name));
}

/** The sources of the models that the arguments name, or why one cannot be looked at. */
function othersOf({ contract }: Subject, test: DbtTest, data: Data): ReadonlyMap<string, Source> | Measure {
  const takes = signatureOf(test.name)?.takes ?? {};
  const found = new Map<string, Source>();
  for (const [argument, value] of Object.entries(test.arguments)) {
    if (takes[argument] !== 'model') continue;
    const other: Table | undefined = modelIn(contract, value);
    if (!other) return skipped(`${String(value)} is not described in this file, so its rows cannot be compared with.`);
    const source = data.sourceOf(other);
    if (typeof source === 'string') return unjudged(`Table "${other.name}" cannot be compared with: ${source}`);
    found.set(argument, source);
  }
  return found;
}

function measureFailing({ rows, calc, counted, known }: Failing, test: DbtTest, subject: Subject): Measure {
  const { fail_calc: own, limit } = test.config;
  const judge = (failures: number): Outcome => judged(failures, test, subject);
  const isPlain = own === undefined && typeof limit !== 'number';
  if (known !== undefined && isPlain) return nothing(judge(known));
  if (counted && isPlain) return { ...counted, judge: ({ failures = 0 }) => judge(failures || 0) };
  const cut = typeof limit === 'number' ? ` LIMIT ${limit}` : '';
  const figure = own === undefined ? (calc ?? 'count(*)') : String(own);
  return {
    via: 'query',
    sql: `SELECT CAST(coalesce(${figure}, 0) AS DOUBLE) AS failures FROM (SELECT * FROM (${rows})${cut}) AS failing`,
    judge: ({ rows: answer }) => judge(Number(answer[0]?.[0] ?? 0)),
  };
}

/** As dbt decides: an error comes first, then a warning, which is asked for even where an error is. */
function judged(failures: number, { name, config }: DbtTest, { table, column }: Subject): Outcome {
  const none = thresholdOf('!= 0');
  const error = config.error_if === undefined ? none : thresholdOf(config.error_if);
  const warn = config.warn_if === undefined ? none : thresholdOf(config.warn_if);
  const isError = !isWarning(config) && error?.meets(failures) === true;
  const isBroken = isError || warn?.meets(failures) === true;
  const limit = isError ? error : warn;
  const found = `${subjectWords(table.name, column?.path)}: ${name} finds ${amount(failures, 'failure')}`;
  return {
    verdict: isBroken ? 'fails' : 'holds',
    ...(isBroken && !isError ? { severity: 'warning' as const } : {}),
    observed: failures,
    // dbt says that a test has none when their number is allowed.
    unexpected: isBroken ? failures : 0,
    message: isBroken
      ? `${found}, and it ${isError ? 'fails' : 'warns'} at ${limit?.words}.`
      : `${found}${failures === 0 ? '' : ', which it allows'}.`,
  };
}
