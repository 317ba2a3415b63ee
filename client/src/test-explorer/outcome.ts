import * as vscode from 'vscode';
import type { CheckResult, Datum, Sample } from '../../../server/src/protocol';
import { rangeOf } from './contract-tests';

/** What `testing/message/context` in the manifest knows our messages by. */
const CONTEXT = 'plumbline.check';

/**
 * Says what became of a check. One that only warns passes, as in every report, with its message at its line.
 *
 * @param duration Milliseconds.
 */
export function tellOutcome(run: vscode.TestRun, item: vscode.TestItem, result: CheckResult, duration: number): void {
  const said = () => run.appendOutput(`${lineOf(result)}\r\n`, placeOf(item, result), item);
  const outcomes: Readonly<Record<CheckResult['status'], () => void>> = {
    passed: () => run.passed(item, duration),
    warning: () => {
      said();
      run.passed(item, duration);
    },
    failed: () => run.failed(item, messageOf(item, result), duration),
    error: () => run.errored(item, messageOf(item, result), duration),
    skipped: () => {
      said();
      run.skipped(item);
    },
  };
  outcomes[result.status]();
}

const lineOf = ({ status, message }: CheckResult): string =>
  `${status === 'warning' ? vscode.l10n.t('Warning') : vscode.l10n.t('Skipped')}: ${message.replaceAll(/\s+/g, ' ')}`;

function placeOf(item: vscode.TestItem, { location }: CheckResult): vscode.Location | undefined {
  return item.uri && new vscode.Location(item.uri, rangeOf(location.range));
}

/** The rows that break the rule as a table; where none are known, the figure beside the rule. */
function messageOf(item: vscode.TestItem, result: CheckResult): vscode.TestMessage {
  const text = new vscode.MarkdownString().appendText(result.message);
  if (result.samples.length > 0) text.appendMarkdown(`\n\n${tableOf(result.samples)}`);
  const message = new vscode.TestMessage(result.samples.length > 0 ? text : result.message);
  const { observed } = result;
  // VS Code shows the two side by side in place of the message's text.
  if (result.samples.length === 0 && result.status === 'failed' && observed !== null && typeof observed !== 'object') {
    message.expectedOutput = result.expected;
    message.actualOutput = String(observed);
  }
  message.location = placeOf(item, result);
  message.contextValue = CONTEXT;
  return message;
}

/** Rows that break a rule as a table of Markdown. */
export function tableOf(samples: readonly Sample[]): string {
  const columns = [...new Set(samples.flatMap(({ values }) => Object.keys(values)))];
  const hasRows = samples.some(({ row }) => row !== null);
  const hasFiles = samples.some(({ file }) => file !== undefined);
  const heads = [
    ...(hasFiles ? [vscode.l10n.t('File')] : []),
    ...(hasRows ? [vscode.l10n.t('Row')] : []),
    ...columns.map(cellOf),
  ];
  const rows = samples.map(({ file, row, values }) => [
    ...(hasFiles ? [cellOf(file ?? null)] : []),
    ...(hasRows ? [row === null ? '' : String(row)] : []),
    ...columns.map((column) => cellOf(values[column] ?? null)),
  ]);
  return [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Characters of a value that a cell shows. */
const MOST = 80;

/** Data are text, whatever Markdown or HTML they hold. */
function cellOf(value: Datum): string {
  if (value === null) return '*null*';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  const short = text.length > MOST ? `${text.slice(0, MOST)}…` : text;
  return short
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\\`*_{}[\]()#+\-.!|~<>&$:@]/g, (mark) => `&#${mark.charCodeAt(0)};`);
}
