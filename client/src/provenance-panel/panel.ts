import { isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';
import type {
  FromProvenancePage,
  Location,
  ProvenanceFocus,
  ProvenanceReport,
  ToProvenancePage,
} from '../../../server/src/protocol';
import type { PageKind } from '../pages/html';
import { besides, carryOut, loadPage, openPanel } from '../pages/page-panel';
import type { Server, Watched } from '../server';
import { Turn } from './turn';

const VIEW_TYPE = 'plumbline.provenancePanel';
const PAGE: PageKind = { script: 'provenance.js', sheet: 'provenance-page.css', frame: 'provenance-page' };

/** What the panel shows, and where its paths start. */
interface Shown {
  readonly report: ProvenanceReport;
  /** Absolute. */
  readonly home: string;
}

/** What the panel leaves to others. */
export interface Hooks {
  /** Compares two versions of data for drift: references with absolute paths. */
  compareData(reference: string, current: string): Promise<void>;
}

/** The panel of runs, their comparison and the graph: one, reused, and built again about its target after a reload. */
export class ProvenancePanel implements vscode.Disposable {
  readonly #context: vscode.ExtensionContext;
  readonly #server: Server;
  readonly #log: vscode.LogOutputChannel;
  readonly #hooks: Hooks;
  readonly #turn = new Turn();
  #panel: vscode.WebviewPanel | undefined;
  #target: vscode.Uri | undefined;
  #shown: Shown | undefined;
  /** Told again whenever the page asks: a hidden page hears nothing. */
  #last: ToProvenancePage | undefined;
  /** What is to be looked at, as long as the page may not have heard of it. */
  #focus: ProvenanceFocus | undefined;
  /** The page listens: it has loaded, and was not hidden since, which ends it. */
  #isLive = false;

  constructor(context: vscode.ExtensionContext, server: Server, log: vscode.LogOutputChannel, hooks: Hooks) {
    this.#context = context;
    this.#server = server;
    this.#log = log;
    this.#hooks = hooks;
  }

  /** Shows what stands behind a file or folder, read anew. */
  async show(target: vscode.Uri, focus?: ProvenanceFocus): Promise<void> {
    if (!this.#panel) this.#adopt(openPanel(this.#context, VIEW_TYPE, vscode.l10n.t('Plumbline Provenance')));
    // Who asks for a table wants to walk in it.
    this.#panel?.reveal(undefined, false);
    this.#focus = focus;
    await this.#load(target);
  }

  /** Takes over a panel that VS Code kept over a reload, with the state that its page left. */
  async restore(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    this.#adopt(panel);
    const target = targetIn(state) ?? vscode.workspace.workspaceFolders?.[0]?.uri;
    if (target) await this.#load(target);
    else this.#tell({ type: 'failed', title: vscode.l10n.t('Nothing is open.'), message: openFolder() });
  }

  dispose(): void {
    this.#turn.cancel();
    this.#panel?.dispose();
  }

  #adopt(panel: vscode.WebviewPanel): void {
    this.#panel?.dispose();
    this.#panel = panel;
    this.#isLive = false;
    panel.onDidChangeViewState(() => {
      if (!panel.visible) this.#isLive = false;
    });
    panel.webview.onDidReceiveMessage((message: FromProvenancePage) => this.#hear(message));
    panel.onDidDispose(() => {
      if (this.#panel !== panel) return;
      this.#panel = undefined;
      this.#turn.cancel();
    });
    loadPage(this.#context, panel, PAGE);
  }

  /** The newest question counts: one that is asked meanwhile ends the one before. */
  async #load(target: vscode.Uri): Promise<void> {
    if (this.#target?.toString() !== target.toString()) this.#shown = undefined;
    this.#target = target;
    const title = vscode.l10n.t('Reading provenance...');
    await this.#ask(title, async ({ token }) => {
      const uri = target.toString();
      const [report, home] = await Promise.all([this.#server.provenance(uri, token), this.#server.home(uri)]);
      return () => {
        this.#shown = { report, home };
        if (this.#panel) this.#panel.title = vscode.l10n.t('Provenance: {0}', nameOf(report.target));
        this.#tell({ type: 'report', report });
      };
    });
  }

  /** Runs a job with its progress on the page. What it gives is shown unless something else was asked for meanwhile. */
  async #ask(title: string, job: (watched: Watched) => Promise<() => void>): Promise<void> {
    const { token, isCurrent } = this.#turn.take();
    const before = this.#last;
    this.#tell({ type: 'running', title, progress: { share: undefined, message: '' } });
    try {
      const show = await job({
        token,
        onProgress: (progress) => isCurrent() && this.#tell({ type: 'running', title, progress }),
      });
      if (isCurrent()) show();
    } catch (error) {
      if (!isCurrent()) return;
      if (token.isCancellationRequested) return this.#back(before);
      this.#log.error(error instanceof Error ? error : String(error));
      const message = error instanceof Error ? error.message : String(error);
      this.#tell({ type: 'failed', title: vscode.l10n.t('Provenance could not be read.'), message });
    }
  }

  /** Shows what stood there before something that was cancelled. */
  #back(before: ToProvenancePage | undefined): void {
    const nothing = {
      type: 'failed',
      title: vscode.l10n.t('Cancelled.'),
      message: vscode.l10n.t('Nothing has been read.'),
    } as const;
    const old = before?.type === 'failed' ? before : nothing;
    this.#tell(this.#shown ? { type: 'report', report: this.#shown.report } : old);
  }

  #tell(message: ToProvenancePage): void {
    this.#last = message.type === 'timeline' || message.type === 'details' ? this.#last : message;
    this.#post(message);
  }

  /** What is to be looked at goes with the first report that the page hears. */
  #post(message: ToProvenancePage): void {
    void this.#panel?.webview.postMessage(this.#focused(message));
    if (message.type === 'report' && this.#isLive) this.#focus = undefined;
  }

  #focused(message: ToProvenancePage): ToProvenancePage {
    return message.type === 'report' && this.#focus ? { ...message, focus: this.#focus } : message;
  }

  #ready(): void {
    this.#isLive = true;
    if (this.#last) this.#post(this.#last);
  }

  async #hear(message: FromProvenancePage): Promise<void> {
    const actions: {
      readonly [T in FromProvenancePage['type']]: (said: Extract<FromProvenancePage, { type: T }>) => unknown;
    } = {
      ready: () => this.#ready(),
      refresh: () => this.#target && this.#load(this.#target),
      cancel: () => this.#turn.cancel(),
      reveal: ({ location }) => this.#reveal(location),
      openFile: ({ path }) => this.#open(this.#absolute(path)),
      copy: ({ text }) => vscode.env.clipboard.writeText(text),
      details: ({ store, ...run }) => this.#details({ ...run, store: this.#absolute(store) }),
      timeline: ({ dataset }) => this.#timeline(dataset),
      compareCode: ({ before, after }) =>
        vscode.commands.executeCommand('plumbline.compareCode', { before, after, uri: this.#target?.toString() }),
      compareData: ({ reference, current }) =>
        this.#hooks.compareData(this.#absolute(reference), this.#absolute(current)),
      copyRecipe: ({ run }) => vscode.commands.executeCommand('plumbline.copyRecipe', this.#run(run)),
      newManifest: ({ run }) => vscode.commands.executeCommand('plumbline.newManifest', this.#run(run)),
      exportProvenance: ({ format, run }) =>
        vscode.commands.executeCommand('plumbline.exportProvenance', { format, run, uri: this.#target?.toString() }),
    };
    await carryOut(this.#log, () => actions[message.type]?.(message as never));
  }

  /** A run as commands take it: all of it where it is known, so that nothing is read twice. */
  #run(id: string): { readonly run: unknown } {
    return { run: this.#shown?.report.runs.find((run) => run.id === id) ?? id };
  }

  async #details(run: Parameters<Server['runDetails']>[0]): Promise<void> {
    this.#tell({ type: 'details', details: await this.#server.runDetails(run) });
  }

  async #timeline(dataset: string): Promise<void> {
    const folder = this.#shown?.home;
    if (folder === undefined) return;
    await this.#ask(vscode.l10n.t('Reading the versions of {0}...', dataset), async (watched) => {
      const timeline = await this.#server.timeline(dataset, folder, watched);
      return () => {
        if (this.#shown) this.#last = { type: 'report', report: this.#shown.report };
        this.#tell({ type: 'timeline', timeline });
      };
    });
  }

  /** Paths of a report start at its home, as references do that name a version after them; addresses stay as they are. */
  #absolute(path: string): string {
    const home = this.#shown?.home;
    return home === undefined || isAbsolute(path) || /^\w+:\//.test(path) ? path : join(home, path);
  }

  async #open(path: string, selection?: vscode.Range): Promise<void> {
    const uri = vscode.Uri.file(path);
    const { type } = await vscode.workspace.fs.stat(uri);
    if (type & vscode.FileType.Directory) return vscode.commands.executeCommand('revealInExplorer', uri);
    await vscode.commands.executeCommand('vscode.open', uri, { viewColumn: besides(this.#panel), selection });
  }

  async #reveal({ path, range: { start } }: Location): Promise<void> {
    const at = new vscode.Position(start.line, start.character);
    await this.#open(this.#absolute(path), new vscode.Range(at, at));
  }
}

const nameOf = (target: string): string => target.split(/[\\/]/).at(-1) || target;

const openFolder = (): string => vscode.l10n.t('Open a folder, and show its runs again.');

/** The target that a page left in its state; undefined when it left none. */
function targetIn(state: unknown): vscode.Uri | undefined {
  if (typeof state !== 'object' || state === null || !('target' in state)) return undefined;
  return typeof state.target === 'string' ? vscode.Uri.file(state.target) : undefined;
}
