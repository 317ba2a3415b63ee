import type { CheckPlan, PlannedStatement } from '../protocol';
import { amount, quotedList } from '../text/words';

const kinds: Readonly<Record<PlannedStatement['kind'], string>> = {
  scan: 'One pass over the rows',
  distinct: 'One statement',
  values: 'Distinct values, for a pattern that JavaScript tests',
  query: "The author's query",
  samples: 'Rows that break it, asked only when some do',
  drift: 'A comparison with other data',
  versions: 'A count of the rows of other data',
};

/** The statements of a check that is not run, ready to be pasted into a shell of the engine. */
export function planLines({ contract, tables }: CheckPlan): readonly string[] {
  return [
    remark(contract.path),
    ...tables.flatMap(({ table, ref, where, statements, without }) => {
      const rows = where === undefined ? '' : `, only rows with ${where}`;
      return [
        '',
        remark(`Table ${table}: ${ref ?? 'no data'}${rows}`),
        ...statements.flatMap(statementLines),
        ...(without.length > 0 ? ['', remark(`Without a statement: ${amount(without.length, 'check')}`)] : []),
        ...without.map(({ check, status, message }) => remark(`  ${check} ${status}: ${message}`)),
      ];
    }),
  ];
}

/** A comment of SQL ends with its line. */
const remark = (words: string): string => `-- ${words.replaceAll(/\s*\n\s*/g, ' ')}`;

const statementLines = ({ kind, sql, checks }: PlannedStatement): readonly string[] => [
  '',
  remark(`${kinds[kind]}, for ${quotedList(checks, 'and')}`),
  ...(sql === null ? [] : [`${sql.trim().replace(/;$/, '')};`]),
];
