import { text } from '../../sql/fragment';
import { counting, type Measure, unjudged } from '../check';
import { list } from '../words';
import { listOf, ofColumn } from './column-map';
import { type Call, type Expected, type Family, type Kwargs, mapOutcome, mapped } from './expectation';
import type { Operand } from './operand';
import { type PythonPattern, pythonPattern } from './python-pattern';

/** Expectations about regular expressions of Python's, searched for in each value. */
export const columnPatterns: Family = {
  expect_column_values_to_match_regex: matching('found', ({ regex }) => [regex]),
  expect_column_values_to_not_match_regex: matching('absent', ({ regex }) => [regex]),
  expect_column_values_to_match_regex_list: matching('found', ({ regex_list }) => listOf(regex_list)),
  expect_column_values_to_not_match_regex_list: matching('absent', ({ regex_list }) => listOf(regex_list)),
};

type Wanted = 'found' | 'absent';

function matching(wanted: Wanted, patternsIn: (kwargs: Kwargs) => readonly unknown[]): Expected {
  return ofColumn(
    (kwargs) =>
      `${wanted === 'found' ? 'like' : 'not like'} ${kwargs.match_on === 'all' ? 'all of ' : ''}${list(patternsIn(kwargs))}`,
    (operand, call) => {
      const sources = patternsIn(call.kwargs).map(String);
      const patterns = sources.map(pythonPattern);
      const wrong = sources.find((_, index) => patterns[index] === undefined);
      if (wrong !== undefined) return unjudged(`"${wrong}" is no regular expression that Plumbline can run.`);
      const all = wanted === 'found' && call.kwargs.match_on === 'all';
      return tested(
        operand,
        call,
        wanted,
        patterns.flatMap((pattern) => pattern ?? []),
        all,
      );
    },
  );
}

function tested(
  operand: Operand,
  call: Call,
  wanted: Wanted,
  patterns: readonly PythonPattern[],
  all: boolean,
): Measure {
  const { present } = operand;
  const re2 = patterns.flatMap((pattern) => pattern.re2 ?? []);
  if (re2.length === patterns.length) {
    const found = re2
      .map((pattern) => `regexp_matches(${operand.text}, ${text(pattern)})`)
      .join(all ? ' AND ' : ' OR ');
    return mapped(call, { considered: present, holds: wanted === 'found' ? `(${found})` : `NOT (${found})` });
  }
  const ecma = patterns.map((pattern) => pattern.ecma);
  if (ecma.length > 1 && ecma.some((pattern) => /\\[1-9]|\\k</.test(pattern))) {
    return unjudged('A list of patterns that refer back to their groups cannot be searched for together.');
  }
  return {
    via: 'values',
    of: call.scope,
    text: `CASE WHEN ${present} THEN ${operand.text} END`,
    bad: 'false',
    test: { by: 'pattern', pattern: together(ecma, all), wanted },
    figures: { considered: counting(present) },
    judge: (figures) => mapOutcome(call, figures),
    failing: { predicate: '', fields: [operand.field] },
  };
}

/** One pattern that is found where one of them is, or all of them are. */
function together(patterns: readonly string[], all: boolean): string {
  if (patterns.length === 1) return patterns[0] ?? '';
  return all
    ? `^${patterns.map((pattern) => `(?=[\\s\\S]*?(?:${pattern}))`).join('')}`
    : patterns.map((pattern) => `(?:${pattern})`).join('|');
}
