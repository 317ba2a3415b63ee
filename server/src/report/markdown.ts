import { number } from '../text/words';
import type { Format } from './format';
import {
  type Case,
  countWords,
  factsAndNotes,
  type Outcome,
  outcomeOf,
  readable,
  type Suite,
  statuses,
} from './outcome';

/** For a pull request or a job's summary: a line of what it comes to, a table of what is not as it should be, the rest folded. */
export const markdown: Format = {
  id: 'markdown',
  write: (report) => `${linesOf(outcomeOf(report, 'Markdown')).join('\n')}\n`,
};

/** GitHub takes 65,536 characters in a comment; all cases are in the JSON. */
const MOST_BAD = 50;
const MOST_REST = 100;
/** Of a message in a cell. */
const MOST_LETTERS = 400;

function linesOf({ verb, suites }: Outcome): readonly string[] {
  const all = suites.flatMap(({ cases }) => cases);
  return [`### Plumbline ${verb}: ${countWords(all)}`, ...suites.flatMap(ofSuite)];
}

const marks: Readonly<Record<Case['status'], string>> = {
  failed: '❌',
  error: '🛑',
  warning: '⚠️',
  skipped: '⏭️',
  passed: '✅',
};

function ofSuite({ name, cases, ...said }: Suite): readonly string[] {
  const sorted = [...cases].sort((a, b) => statuses.indexOf(a.status) - statuses.indexOf(b.status));
  const bad = sorted.filter(({ status }) => status !== 'passed' && status !== 'skipped');
  const rest = sorted.filter(({ status }) => status === 'passed' || status === 'skipped');
  return [
    '',
    `**${escaped(name)}**: ${countWords(cases)}`,
    ...(bad.length > 0 ? ['', '| | where | check | found |', '| --- | --- | --- | --- |'] : []),
    ...bad.slice(0, MOST_BAD).map(rowOf),
    ...more(bad.length - MOST_BAD),
    ...folded(`${countWords(rest)}, and what it was run on`, [
      ...rest.slice(0, MOST_REST).map(itemOf),
      ...more(rest.length - MOST_REST),
      ...factsAndNotes(said).map(([fact, value]) => `- ${escaped(fact)}: ${escaped(value)}`),
    ]),
  ];
}

const rowOf = ({ status, place, name, message, location }: Case): string => {
  const line = location?.range ? ` (${escaped(location.path)}:${location.range.start.line + 1})` : '';
  return `| ${marks[status]} ${status} | ${escaped(place)}${line} | ${escaped(name)} | ${escaped(message)} |`;
};

const itemOf = ({ status, place, name, message }: Case): string =>
  `- ${marks[status]} ${escaped(place)}: ${escaped(name)}${message && status === 'skipped' ? `: ${escaped(message)}` : ''}`;

const more = (count: number): readonly string[] => (count > 0 ? ['', `… and ${number(count)} more`, ''] : []);

const folded = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ['', '<details>', `<summary>${title}</summary>`, '', ...lines, '', '</details>'];

/** What the data says stays text: no markup, no link, no mention of a person, no end of a cell. */
function escaped(words: string): string {
  const letters = [...words.replace(/\s+/g, ' ')];
  const short = letters.length > MOST_LETTERS ? `${letters.slice(0, MOST_LETTERS - 1).join('')}…` : letters.join('');
  return readable(short)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\\`*_[\]|~#!$]/g, '\\$&')
    .replaceAll('@', '&#64;')
    .replaceAll('://', '&#58;//')
    .replace(/\bwww\./gi, '$&&#8203;');
}
