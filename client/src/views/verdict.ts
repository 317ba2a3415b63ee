import * as vscode from 'vscode';
import { commands, type StoredResult } from '../../../server/src/protocol';

/** The last verdict in the status bar. Nothing stands there before there is one. */
export class Verdict implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem('plumbline.verdict', vscode.StatusBarAlignment.Left);

  constructor() {
    this.#item.name = vscode.l10n.t('Plumbline: Last Verdict');
    this.#item.command = commands.openResults;
  }

  show(result: StoredResult): void {
    const { icon, text } = result.kind === 'check' ? ofChecks(result) : ofDrift(result);
    this.#item.text = `$(${icon}) ${text}`;
    this.#item.tooltip = vscode.l10n.t('Plumbline: {0}. Click to open the results.', text);
    this.#item.accessibilityInformation = { label: vscode.l10n.t('Plumbline: {0}', text) };
    this.#item.show();
  }

  dispose(): void {
    this.#item.dispose();
  }
}

type Said = { readonly icon: string; readonly text: string };

function ofChecks({ contract, report: { summary, checks } }: Extract<StoredResult, { kind: 'check' }>): Said {
  const name = nameOf(contract);
  const wrong = summary.failed + summary.error;
  if (wrong > 0)
    return { icon: 'error', text: vscode.l10n.t('{0}: {1} of {2} checks failed', name, wrong, checks.length) };
  if (summary.warning > 0)
    return {
      icon: 'warning',
      text: vscode.l10n.t('{0}: {1} warnings in {2} checks', name, summary.warning, checks.length),
    };
  return { icon: 'pass', text: vscode.l10n.t('{0}: {1} checks passed', name, summary.passed) };
}

function ofDrift({ contract, report: { dataset } }: Extract<StoredResult, { kind: 'drift' }>): Said {
  const name = contract === null ? vscode.l10n.t('Data') : nameOf(contract);
  const icon = dataset.driftedColumns > 0 ? 'warning' : 'pass';
  return {
    icon,
    text: vscode.l10n.t('{0}: {1} of {2} columns drifted', name, dataset.driftedColumns, dataset.columns),
  };
}

const nameOf = (path: string): string =>
  path
    .split(/[\\/]/)
    .at(-1)
    ?.replace(/\.odcs\.\w+$/, '') ?? path;
