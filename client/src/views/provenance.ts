import * as vscode from 'vscode';
import type { ProvenanceReport, RunReport } from '../../../server/src/protocol';
import { kindOf } from '../ours';
import type { Server } from '../server';
import type { ProvenanceNode } from './node';
import { nodesOf, runsIn } from './provenance-tree';
import { keyOf } from './run-node';
import { watchFiles } from './watch';

export type { ProvenanceNode } from './node';

/** A report, what it is about, and the folder from which its paths are told. */
export interface Told {
  readonly uri: vscode.Uri;
  readonly home: string;
  readonly report: ProvenanceReport;
}

/** Runs that are listed at first, and more at each «Show More». */
const PAGE = 100;

/** Reports take at most this share of the time while files change. */
const SHARE = 1 / 4;

/** Data, code, runs, models and environment with their versions: of the file being edited, else of the workspace. */
export class ProvenanceView implements vscode.Disposable {
  readonly #server: Server;
  readonly #changed: vscode.EventEmitter<void>;
  readonly #view: vscode.TreeView<ProvenanceNode>;
  readonly #toldOf = new vscode.EventEmitter<Told>();
  readonly #watcher: vscode.Disposable;
  readonly #parents = new WeakMap<ProvenanceNode, ProvenanceNode>();
  /** A report is about. */
  readonly onDidTell = this.#toldOf.event;
  #target: vscode.Uri | undefined;
  #told: Promise<Told | undefined> | undefined;
  #roots: Promise<readonly ProvenanceNode[]> | undefined;
  #asking: vscode.CancellationTokenSource | undefined;
  #filter = '';
  #runs = PAGE;
  #took = 0;

  constructor(server: Server, changed: vscode.EventEmitter<void>, view: vscode.TreeView<ProvenanceNode>) {
    this.#server = server;
    this.#changed = changed;
    this.#view = view;
    this.#watcher = watchFiles(
      () => this.refresh(),
      () => this.#took / SHARE,
    );
  }

  dispose(): void {
    this.#watcher.dispose();
    this.#toldOf.dispose();
    this.#asking?.dispose();
  }

  /** Tells of a file or folder from now on; of the workspace when it is undefined. */
  about(uri: vscode.Uri | undefined): void {
    this.#target = uri;
    this.#runs = PAGE;
    void vscode.commands.executeCommand('setContext', 'plumbline.provenanceOfFile', uri !== undefined);
    this.refresh();
  }

  /** Goes with the editor from one file of ours to the next, and stays where it is for all others. */
  follow(document: vscode.TextDocument | undefined): void {
    if (document?.uri.scheme !== 'file' || document.uri.toString() === this.#target?.toString()) return;
    if (kindOf(document)) this.about(document.uri);
  }

  /** Asks anew, as soon as somebody looks. */
  refresh(): void {
    this.#asking?.cancel();
    this.#told = undefined;
    this.#redraw();
  }

  showMore(): void {
    this.#runs += PAGE;
    this.#redraw();
  }

  /** Shows only what has these letters; all when there are none. */
  filter(text: string): void {
    this.#filter = text;
    this.#runs = PAGE;
    void vscode.commands.executeCommand('setContext', 'plumbline.provenanceFiltered', text !== '');
    this.#redraw();
  }

  get filterText(): string {
    return this.#filter;
  }

  /** Undefined when there is nothing to tell of. Rejects with a sentence for the person. */
  async told(): Promise<Told | undefined> {
    for (;;) {
      this.#told ??= this.#ask();
      const asked = this.#told;
      try {
        return await asked;
      } catch (error) {
        // A refresh has given up the question, and begun another.
        if (this.#told === asked) throw error;
      }
    }
  }

  /** All that the repository or folder has, also when the view is about one file of it. Rejects with a sentence for the person. */
  async toldOfAll(): Promise<Told | undefined> {
    const told = await this.told();
    if (!told || !this.#target || told.uri.fsPath === told.home) return told;
    return this.#reportOf(vscode.Uri.file(told.home));
  }

  async childrenOf(node: ProvenanceNode | undefined): Promise<ProvenanceNode[]> {
    this.#roots ??= this.#makeRoots();
    const children = node ? node.children() : await this.#roots;
    if (node) for (const child of children) this.#parents.set(child, node);
    return [...children];
  }

  parentOf(node: ProvenanceNode): ProvenanceNode | undefined {
    return this.#parents.get(node);
  }

  /** Selects a run in the tree, which tells of the whole workspace when the run has nothing to do with the file in focus. */
  async reveal(run: RunReport): Promise<void> {
    if ((await this.#placeOf(run, '')) < 0) this.about(undefined);
    if ((await this.#placeOf(run, this.#filter)) < 0) this.filter('');
    const place = await this.#placeOf(run, this.#filter);
    if (place < 0) return;
    if (place >= this.#runs) {
      this.#runs = Math.ceil((place + 1) / PAGE) * PAGE;
      this.#redraw();
    }
    const group = (await this.childrenOf(undefined)).find(({ item }) => item.id === 'runs');
    const wanted = group && (await this.childrenOf(group)).find(({ item }) => item.id === keyOf(run));
    if (wanted) await this.#view.reveal(wanted, { select: true, focus: true, expand: true });
  }

  /** Where the run stands among those that the filter leaves; -1 when it does not. */
  async #placeOf(run: RunReport, filter: string): Promise<number> {
    const told = await this.told();
    if (!told) return -1;
    const key = keyOf(run);
    return runsIn({ report: told.report, filter }).findIndex((candidate) => keyOf(candidate) === key);
  }

  #redraw(): void {
    this.#roots = undefined;
    this.#changed.fire();
  }

  async #makeRoots(): Promise<readonly ProvenanceNode[]> {
    try {
      const told = await this.told();
      this.#describe(told);
      return told ? nodesOf({ ...told, filter: this.#filter, runs: this.#runs }) : [];
    } catch (error) {
      this.#view.message = error instanceof Error ? error.message : String(error);
      return [];
    }
  }

  /** What is to be known of the tree as a whole, such as that nothing of it is in Git. */
  #describe(told: Told | undefined): void {
    const filtered = this.#filter === '' ? undefined : vscode.l10n.t('Showing only what contains "{0}".', this.#filter);
    this.#view.message = [filtered, told && aboutAll(told.report)].filter(Boolean).join(' ') || undefined;
    this.#view.description = this.#target && vscode.workspace.asRelativePath(this.#target);
  }

  async #ask(): Promise<Told | undefined> {
    const uri = this.#target ?? vscode.workspace.workspaceFolders?.[0]?.uri;
    if (uri?.scheme !== 'file' || !vscode.workspace.isTrusted) return undefined;
    this.#asking?.dispose();
    this.#asking = new vscode.CancellationTokenSource();
    const began = Date.now();
    const told = await this.#reportOf(uri, this.#asking.token);
    this.#took = Date.now() - began;
    return told;
  }

  async #reportOf(uri: vscode.Uri, token?: vscode.CancellationToken): Promise<Told> {
    const [report, home] = await Promise.all([
      this.#server.provenance(uri.toString(), token),
      this.#server.home(uri.toString()),
    ]);
    const told = { uri, home, report };
    this.#toldOf.fire(told);
    return told;
  }
}

/** Findings that are about no place. The view shows plain text. */
const aboutAll = ({ findings }: ProvenanceReport): string | undefined =>
  findings
    .filter(({ location }) => location === null)
    .map(({ message }) => message.replaceAll('`', ''))
    .join(' ') || undefined;
