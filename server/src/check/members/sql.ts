import type { Column, Rule, Table } from '../../contract/model';
import { identifier } from '../../sql/fragment';
import {
  type Answer,
  type Check,
  type CheckKind,
  type Measure,
  type Outcome,
  rulesOf,
  type Subject,
  unjudged,
} from '../check';
import { answerHolds, limitsOf, wordsOf } from '../operators';
import { ruled } from '../rule';
import { datum, subjectWords } from '../words';

/** A query of the author's that gives one number, text or boolean. It may only read. */
export const sql: CheckKind = {
  id: 'sql',
  checks: (subject) =>
    rulesOf(subject)
      .filter(({ type }) => type === 'sql')
      .map((rule) => queryCheck(subject, rule)),
};

const queryCheck = (subject: Subject, rule: Rule): Check =>
  ruled(subject, rule, {
    kind: 'sql',
    expected: wordsOf(rule.operators),
    limits: limitsOf(rule.operators),
    measure: () => queryMeasure(subject, rule),
  });

function queryMeasure(subject: Subject, rule: Rule): Measure {
  if (!rule.query?.trim()) return unjudged('A rule of type sql needs a "query".');
  const statement = statementOf(rule.query, subject);
  if (statement.problem !== undefined) return unjudged(statement.problem);
  return { via: 'query', sql: statement.sql, judge: (answer) => answerOutcome(subject, rule, answer) };
}

/** All spellings that versions of the standard use; quotes that an author put around one are ours to put. */
const placeholder = /["`]?\$?\{(\w+)\}["`]?/g;

const placeholders: Readonly<Record<string, (table: Table, column: Column | undefined) => string | undefined>> = {
  object: (table) => table.physicalName,
  table: (table) => table.physicalName,
  property: (_, column) => column?.physicalName,
  column: (_, column) => column?.physicalName,
};

function statementOf(query: string, { table, column }: Subject): { readonly sql: string; readonly problem?: string } {
  const problems: string[] = [];
  const sql = query.replaceAll(placeholder, (written: string, word: string) => {
    const name = Object.hasOwn(placeholders, word) ? placeholders[word]?.(table, column) : undefined;
    if (name !== undefined) return identifier(name);
    problems.push(
      word in placeholders
        ? `${written} needs a column, but the rule stands on table "${table.name}". Move it to a property, or name the column.`
        : `${written} stands for nothing here. Write {object} or {property}.`,
    );
    return written;
  });
  return { sql, ...(problems[0] === undefined ? {} : { problem: problems[0] }) };
}

function answerOutcome({ table, column }: Subject, rule: Rule, { columns, rows }: Answer): Outcome {
  const unclear = (message: string): Outcome => ({ verdict: 'unjudged', message });
  if (columns.length !== 1) return unclear(`The query must give one value, and gives ${columns.length} columns.`);
  if (rows.length > 1) return unclear('The query must give one value, and gives several rows.');
  const value = rows[0]?.[0] ?? null;
  if (value === null) return unclear('The query gave no value.');
  const holds = answerHolds(rule, value);
  if (typeof holds === 'string') return { ...unclear(holds), observed: observedOf(value) };
  const found = `${subjectWords(table.name, column?.path)}: the query gave ${datum(value)}`;
  return {
    verdict: holds ? 'holds' : 'fails',
    observed: observedOf(value),
    message: `${found}, ${holds ? 'and' : 'but'} the rule says ${wordsOf(rule.operators)}.`,
  };
}

/** Sums and means come as texts of their digits when they are past what a number holds exactly. */
function observedOf(value: Answer['rows'][number][number]): Outcome['observed'] {
  if (typeof value === 'string') return value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : value;
  return typeof value === 'number' || typeof value === 'boolean' ? value : JSON.stringify(value);
}
