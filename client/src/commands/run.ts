import * as vscode from 'vscode';
import type { StoredResult } from '../../../server/src/protocol';
import type { Parts } from '../language-client';
import { barOf, type Watched } from '../server';

/**
 * Runs a job with a notification that can cancel it, and shows its result, or why there is none, in the panel. Cancelling
 * is no failure: what the panel showed before is shown again.
 */
export async function run(
  parts: Parts,
  title: string,
  job: (watched: Watched) => Promise<StoredResult>,
): Promise<void> {
  const { panel, log } = parts;
  const again = () => run(parts, title, job);
  await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (progress, token) => {
      const both = new vscode.CancellationTokenSource();
      const bar = barOf(progress);
      const listeners = [token.onCancellationRequested(() => both.cancel()), panel.onCancel(() => both.cancel())];
      panel.running(title);
      try {
        const onProgress: Watched['onProgress'] = (told) => {
          bar(told);
          panel.progress(title, told);
        };
        await panel.show(await job({ token: both.token, onProgress }), again);
      } catch (error) {
        if (both.token.isCancellationRequested) panel.back();
        else {
          panel.failed(title, error instanceof Error ? error.message : String(error), again);
          throw error;
        }
      } finally {
        for (const listener of listeners) listener.dispose();
        both.dispose();
      }
    },
  );
}
