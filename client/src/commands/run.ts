import * as vscode from 'vscode';
import type { StoredResult } from '../../../server/src/protocol';
import type { Parts } from '../language-client';
import type { Watched } from '../server';
import { barOf } from './bar';

type Job = (watched: Watched) => Promise<StoredResult>;

/** How a job ended; undefined when it was cancelled. */
export type Ended = { readonly result: StoredResult } | { readonly failure: string } | undefined;

/**
 * Runs a job with a notification that can cancel it, and shows its result, or why there is none, in the panel. Cancelling
 * is no failure: what the panel showed before is shown again.
 */
export async function run(parts: Parts, title: string, job: Job): Promise<void> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  await vscode.window.withProgress(options, async (progress, token) => {
    await runWatched(parts, title, job, { token, onProgress: barOf(progress) });
  });
}

/** The same for a caller that has its own place for progress and its own way to cancel. */
export async function runWatched(
  parts: Parts,
  title: string,
  job: Job,
  { token, onProgress }: Watched,
): Promise<Ended> {
  const cancelled = new vscode.CancellationTokenSource();
  const cancel = () => cancelled.cancel();
  const listeners = [token.onCancellationRequested(cancel), parts.panel.onCancel(cancel), cancelled];
  try {
    return await shown(parts, title, job, { token: cancelled.token, onProgress });
  } finally {
    for (const listener of listeners) listener.dispose();
  }
}

async function shown(parts: Parts, title: string, job: Job, { token, onProgress }: Watched): Promise<Ended> {
  const { panel, log } = parts;
  const again = () => run(parts, title, job);
  panel.running(title);
  try {
    const result = await job({
      token,
      onProgress: (told) => {
        onProgress(told);
        panel.progress(title, told);
      },
    });
    await panel.show(result, again);
    return { result };
  } catch (error) {
    if (token.isCancellationRequested) {
      await panel.back();
      return undefined;
    }
    log.error(error instanceof Error ? error : String(error));
    const failure = error instanceof Error ? error.message : String(error);
    panel.failed(title, failure, again);
    return { failure };
  }
}
