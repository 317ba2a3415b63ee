import * as vscode from 'vscode';

/** Whose turn it is: a job that begins ends the one before it. */
export class Turn {
  #source: vscode.CancellationTokenSource | undefined;

  take(): { readonly token: vscode.CancellationToken; readonly isCurrent: () => boolean } {
    this.cancel();
    const source = new vscode.CancellationTokenSource();
    this.#source = source;
    return { token: source.token, isCurrent: () => this.#source === source };
  }

  /** The job keeps its turn, to say that it was cancelled. */
  cancel(): void {
    this.#source?.cancel();
  }
}
