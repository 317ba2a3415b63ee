import * as vscode from 'vscode';
import type { ProvenanceFormat } from '../../../server/src/protocol';
import type { Parts } from '../language-client';
import { saveDraft } from './save-draft';
import { calledWith } from './target';
import { sourceOf } from './target-run';

/** What is exported: all that stands behind a file or folder, or one run by its id. */
interface About {
  readonly uri: vscode.Uri;
  readonly run: string | undefined;
}

/**
 * Saves what stands behind the workspace or a run in the shape of another system. Called with `{ format?, run?, uri? }`, a
 * row of a run, or nothing; what is missing is asked for.
 */
export async function exportProvenance(parts: Parts, args: readonly unknown[]): Promise<void> {
  const about = await aboutOf(parts, args);
  const format = about && (formatIn(args) ?? (await pickFormat()));
  if (!about || !format) return;
  const title = vscode.l10n.t('Exporting provenance...');
  const options = { location: vscode.ProgressLocation.Window, title };
  const draft = await vscode.window.withProgress(options, () =>
    parts.server.exportProvenance(about.uri.toString(), format, about.run),
  );
  await saveDraft(draft, {
    title: vscode.l10n.t('Export Provenance'),
    filters: filters()[format],
    told: (name) => vscode.l10n.t('Provenance exported to {0}.', name),
  });
}

async function aboutOf(parts: Parts, args: readonly unknown[]): Promise<About | undefined> {
  const { uri } = calledWith(args);
  const run = runIn(args);
  if (uri) return { uri, run };
  return sourceOf(parts, args, vscode.l10n.t('Export the provenance of...'));
}

const fieldsOf = ([first]: readonly unknown[]): Readonly<Record<string, unknown>> =>
  typeof first === 'object' && first !== null ? { ...first } : {};

function runIn(args: readonly unknown[]): string | undefined {
  const { run } = fieldsOf(args);
  return typeof run === 'string' ? run : undefined;
}

function formatIn(args: readonly unknown[]): ProvenanceFormat | undefined {
  const { format } = fieldsOf(args);
  return formatPicks().find((pick) => pick.format === format)?.format;
}

async function pickFormat(): Promise<ProvenanceFormat | undefined> {
  const placeHolder = vscode.l10n.t('Export in which format?');
  return (await vscode.window.showQuickPick(formatPicks(), { placeHolder, matchOnDescription: true }))?.format;
}

interface FormatPick extends vscode.QuickPickItem {
  readonly format: ProvenanceFormat;
}

const formatPicks = (): readonly FormatPick[] => [
  {
    format: 'openlineage',
    label: 'OpenLineage',
    description: vscode.l10n.t('start and end of each run as events, one JSON a line'),
  },
  { format: 'prov', label: 'W3C PROV', description: vscode.l10n.t('data, code, runs and people as PROV-JSON') },
  {
    format: 'ro-crate',
    label: 'RO-Crate',
    description: vscode.l10n.t('ro-crate-metadata.json, to lie beside the files that it tells of'),
  },
];

const filters = (): Readonly<Record<ProvenanceFormat, Readonly<Record<string, string[]>>>> => ({
  openlineage: { [vscode.l10n.t('OpenLineage events')]: ['jsonl'] },
  prov: { 'PROV-JSON': ['json'] },
  'ro-crate': { [vscode.l10n.t('RO-Crate metadata')]: ['json'] },
});
