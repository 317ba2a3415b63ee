import * as vscode from 'vscode';
import type { Parts } from '../language-client';

/** What a report of a mistake needs to say of this installation. No names, no paths, nothing of the data. */
export async function copyDiagnosticInfo({ context }: Parts): Promise<void> {
  const settings = vscode.workspace.getConfiguration('plumbline');
  const facts = {
    plumbline: context.extension.packageJSON.version,
    vscode: vscode.version,
    host: vscode.env.appHost,
    remote: vscode.env.remoteName ?? 'none',
    platform: `${process.platform}-${process.arch}`,
    node: process.version,
    trusted: vscode.workspace.isTrusted,
    'drift.preset': settings.get('drift.preset'),
    'engine.memoryLimit': settings.get('engine.memoryLimit') || 'default',
    'engine.threads': settings.get('engine.threads') || 'default',
  };
  await vscode.env.clipboard.writeText(
    Object.entries(facts)
      .map(([name, value]) => `${name}: ${value}`)
      .join('\n'),
  );
  vscode.window.setStatusBarMessage(vscode.l10n.t('Diagnostic information copied.'), 3000);
}
