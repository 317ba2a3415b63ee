import * as vscode from 'vscode';
import type { ReportPicture, ResultFormat, StoredResult } from '../../../server/src/protocol';
import type { Parts } from '../language-client';
import { saveDraft } from './save-draft';

interface Wish {
  readonly format?: ResultFormat;
  readonly pictures?: readonly ReportPicture[];
}

/**
 * Saves the result that the panel shows, else the newest, as a report. Called with `{ format?, pictures? }`; the format is
 * asked for when none is given.
 */
export async function exportResult({ panel, server }: Parts, [wish]: readonly unknown[]): Promise<void> {
  const result = panel.result ?? (await server.latest());
  if (!result) throw new Error(vscode.l10n.t('There is no result to export yet. Check data or compare them first.'));
  const { format: wanted, pictures = [] } = (wish ?? {}) as Wish;
  const picks = formatPicks(result);
  const pick = picks.find(({ format }) => format === wanted) ?? (await picked(picks));
  if (!pick) return;
  await saveDraft(await server.exportResult(result.id, pick.format, pictures), {
    title: vscode.l10n.t('Export Result'),
    filters: { [pick.label]: [pick.ending] },
    told: (name) => vscode.l10n.t('Result exported to {0}.', name),
  });
}

const picked = (picks: readonly FormatPick[]): Thenable<FormatPick | undefined> =>
  vscode.window.showQuickPick(picks, {
    placeHolder: vscode.l10n.t('Export in which format?'),
    matchOnDescription: true,
  });

interface FormatPick extends vscode.QuickPickItem {
  readonly format: ResultFormat;
  /** Of the file's name, without its dot. */
  readonly ending: string;
}

function formatPicks({ report }: StoredResult): readonly FormatPick[] {
  const { l10n } = vscode;
  const evidently = ['evidently', 'Evidently', 'json', l10n.t('snapshot of its drift preset')] as const;
  const sagemaker = ['sagemaker', 'SageMaker', 'json', 'constraint_violations.json'] as const;
  const isOfSageMaker = report.verb === 'check' && report.contract.dialect === 'sagemaker';
  const picks = [
    ['json', 'JSON', 'json', l10n.t('all of it, for programs')],
    ['csv', 'CSV', 'csv', l10n.t('a row for each check or column')],
    ['html', 'HTML', 'html', l10n.t('one page that needs nothing else')],
    ['markdown', 'Markdown', 'md', l10n.t('for a pull request')],
    ['junit', 'JUnit XML', 'xml', l10n.t('for test reports of pipelines')],
    ['sarif', 'SARIF', 'sarif', l10n.t('for code scanning')],
    ...(report.verb === 'drift' ? [evidently, sagemaker] : isOfSageMaker ? [sagemaker] : []),
  ] as const;
  return picks.map(([format, label, ending, description]) => ({ format, label, ending, description }));
}
