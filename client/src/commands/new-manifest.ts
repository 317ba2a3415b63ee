import * as vscode from 'vscode';
import type { Parts } from '../language-client';
import { openDraft } from './open-draft';
import { sourceOf } from './target-run';

/** Begins a manifest from a run or from the workspace, and leaves it in an editor for the person to review and save. */
export async function newManifest(parts: Parts, args: readonly unknown[]): Promise<void> {
  const source = await sourceOf(parts, args, vscode.l10n.t('Begin the manifest from...'));
  if (!source) return;
  await openDraft(await parts.server.newManifest(source.uri.toString(), source.run));
}
