import { join } from 'node:path';
import * as vscode from 'vscode';
import type { DatasetStatus, ProvenanceReport, Tracker } from '../../../server/src/protocol';
import { type Dataset, whole } from './provenance-tree';
import { trackerName } from './status';

/**
 * Marks data in the explorer that are not the version that is recorded. Knows what the last reports said, and asks for
 * none itself, so that it costs nothing where nobody asked for provenance.
 */
export class DataDecorations implements vscode.FileDecorationProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeFileDecorations = this.#changed.event;
  readonly #subscriptions: readonly vscode.Disposable[];
  /** By address. */
  readonly #marks = new Map<string, Mark>();

  constructor() {
    this.#subscriptions = [
      this.#changed,
      vscode.window.registerFileDecorationProvider(this),
      vscode.workspace.onDidChangeConfiguration(
        (event) => event.affectsConfiguration('plumbline.decorations') && this.#changed.fire(undefined),
      ),
    ];
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  /** A report of a folder stands for all data below it, one of a file for that file's. */
  take({ datasets, target }: ProvenanceReport, home: string): void {
    for (const [uri, { path }] of this.#marks)
      if (path === target || path.startsWith(join(target, '/'))) this.#marks.delete(uri);
    for (const dataset of datasets) {
      for (const path of placesOf(dataset, home)) {
        const { status, tracker } = dataset;
        this.#marks.set(vscode.Uri.file(path).toString(), { path, status, tracker });
      }
    }
    this.#changed.fire(undefined);
  }

  provideFileDecoration(uri: vscode.Uri): vscode.FileDecoration | undefined {
    const mark = this.#marks.get(uri.toString());
    const look = mark && looks()[mark.status];
    if (!look || !vscode.workspace.getConfiguration('plumbline', uri).get('decorations.enable', true)) return undefined;
    // Git's own view marks what it keeps itself.
    if (mark.tracker === 'git' || mark.tracker === 'none') return undefined;
    const decoration = new vscode.FileDecoration(
      look.badge,
      `Plumbline: ${look.words(trackerName(mark.tracker))}`,
      new vscode.ThemeColor('list.warningForeground'),
    );
    return decoration;
  }
}

interface Mark {
  readonly path: string;
  readonly status: DatasetStatus;
  readonly tracker: Tracker;
}

/** Data that are not there have no row in the explorer, but DVC's record of them has. */
function placesOf({ path, tracker, status }: Dataset, home: string): readonly string[] {
  const file = whole(home, path);
  return tracker === 'dvc' && (status === 'missing' || status === 'not-in-cache') ? [file, `${file}.dvc`] : [file];
}

interface Look {
  readonly badge: string;
  readonly words: (tracker: string) => string;
}

const looks = (): Partial<Readonly<Record<DatasetStatus, Look>>> => ({
  modified: { badge: '≠', words: (tracker) => vscode.l10n.t('differs from what {0} recorded', tracker) },
  missing: { badge: '!', words: (tracker) => vscode.l10n.t('{0} recorded data that are not here', tracker) },
  pointer: { badge: '→', words: (tracker) => vscode.l10n.t("{0}'s pointer in place of the data", tracker) },
  'not-in-cache': { badge: '○', words: (tracker) => vscode.l10n.t("not in {0}'s cache", tracker) },
});
