import type { Progress } from 'vscode';
import type { Progress as JobProgress } from '../../../server/src/protocol';

/** A notification's bar, which wants increments, fed with shares. */
export function barOf(progress: Progress<{ message?: string; increment?: number }>): (told: JobProgress) => void {
  let shown = 0;
  return ({ share, message }) => {
    const percent = share === undefined ? shown : Math.max(shown, share * 100);
    progress.report({ message: message || undefined, increment: percent - shown });
    shown = percent;
  };
}
