import * as vscode from 'vscode';

/** Milliseconds in which changes count as one. */
const QUIET = 1000;

/** What no report tells: other people's files, and those that asking Git changes itself. */
const IGNORED =
  /[\\/](node_modules|__pycache__|\.venv|site-packages)[\\/]|[\\/]\.git[\\/](?!HEAD$|packed-refs$|refs[\\/])|\.lock$/;

/**
 * Calls back when files of the workspace have changed, at once for many and at most each second, or each `pause`
 * milliseconds when that is longer.
 */
export function watchFiles(changed: () => void, pause: () => number): vscode.Disposable {
  const watcher = vscode.workspace.createFileSystemWatcher('**/*');
  let timer: NodeJS.Timeout | undefined;
  const look = ({ path }: vscode.Uri): void => {
    if (timer !== undefined || (IGNORED.test(path) && !/[\\/](dvc|uv|poetry|pdm|pixi|renv)\.lock$/.test(path))) return;
    timer = setTimeout(
      () => {
        timer = undefined;
        changed();
      },
      Math.max(QUIET, pause()),
    );
  };
  const listeners = [watcher.onDidChange(look), watcher.onDidCreate(look), watcher.onDidDelete(look)];
  return vscode.Disposable.from(watcher, ...listeners, { dispose: () => clearTimeout(timer) });
}
