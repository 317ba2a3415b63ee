import * as vscode from 'vscode';
import type { DriftLimit, FromPage, PastRun, Progress, StoredResult, ToPage } from '../../../server/src/protocol';
import { written } from '../commands/save-draft';
import type { PageKind } from '../pages/html';
import { besides, carryOut, loadPage, openPanel, reveal } from '../pages/page-panel';
import type { Server } from '../server';

const VIEW_TYPE = 'plumbline.results';
const PAGE: PageKind = { script: 'main.js', sheet: 'page.css', frame: '' };

/** The one results panel: opened when a person asks for a result, reused, and built again from its result's id after a reload. */
export class ResultsPanel implements vscode.Disposable {
  readonly #context: vscode.ExtensionContext;
  readonly #server: Server;
  readonly #log: vscode.LogOutputChannel;
  readonly #cancelled = new vscode.EventEmitter<void>();
  readonly onCancel = this.#cancelled.event;
  #panel: vscode.WebviewPanel | undefined;
  /** What the page shows, told again whenever it asks: a hidden page hears nothing. */
  #shown: ToPage = { type: 'empty' };
  #result: StoredResult | undefined;
  #again: (() => Promise<void>) | undefined;

  constructor(context: vscode.ExtensionContext, server: Server, log: vscode.LogOutputChannel) {
    this.#context = context;
    this.#server = server;
    this.#log = log;
  }

  get result(): StoredResult | undefined {
    return this.#result;
  }

  /** The contract, by its path, whose result is shown. */
  get contract(): string | undefined {
    return this.#result?.contract ?? undefined;
  }

  running(title: string): void {
    this.#open();
    this.#tell({ type: 'running', title, progress: { share: undefined, message: '' } });
  }

  progress(title: string, progress: Progress): void {
    this.#tell({ type: 'running', title, progress });
  }

  async show(result: StoredResult, again: () => Promise<void>): Promise<void> {
    this.#open();
    this.#result = result;
    this.#again = again;
    await this.#tellResult(result);
  }

  failed(title: string, message: string, again: () => Promise<void>): void {
    this.#open();
    this.#again = again;
    this.#tell({ type: 'failed', title, message });
  }

  empty(): void {
    this.#open();
    this.#tell({ type: 'empty' });
  }

  /** Shows what stood here before a run that was cancelled. */
  async back(): Promise<void> {
    if (this.#result) await this.#tellResult(this.#result);
    else this.#tell({ type: 'empty' });
  }

  /** Results were deleted: of the contract with this path, or all. */
  forget(contract: string | undefined): void {
    if (contract !== undefined && this.#result?.contract !== contract) return;
    this.#result = undefined;
    this.#again = undefined;
    this.#tell({ type: 'empty' });
  }

  async #tellResult(result: StoredResult): Promise<void> {
    const [stale, past] = await Promise.all([isStale(result), this.#pastRuns(result)]);
    this.#tell({ type: 'result', result, stale, past });
  }

  /** A result without its past is still one. */
  async #pastRuns({ kind, contract }: StoredResult): Promise<readonly PastRun[] | undefined> {
    if (kind !== 'check') return undefined;
    try {
      return await this.#server.pastRuns(vscode.Uri.file(contract).toString());
    } catch (error) {
      this.#log.warn(String(error));
      return undefined;
    }
  }

  /** Takes over a panel that VS Code kept over a reload; its page then asks for its result by id. */
  restore(panel: vscode.WebviewPanel, again: (result: StoredResult) => Promise<void>): void {
    this.#adopt(panel, async (id) => {
      const result = id === undefined ? undefined : await this.#server.result(id);
      if (result) await this.show(result, () => again(result));
      else this.#tell(this.#shown);
    });
  }

  dispose(): void {
    this.#panel?.dispose();
    this.#cancelled.dispose();
  }

  #open(): void {
    if (this.#panel) {
      this.#panel.reveal(this.#column(), true);
      return;
    }
    const panel = openPanel(this.#context, VIEW_TYPE, vscode.l10n.t('Plumbline Results'));
    this.#adopt(panel, async () => this.#tell(this.#shown));
  }

  /** Where the panel comes to sight: where it lies, but never over the editor that the person has before them. */
  #column(): vscode.ViewColumn | undefined {
    const active = vscode.window.activeTextEditor?.viewColumn;
    if (!this.#panel || this.#panel.visible || this.#panel.viewColumn !== active) return undefined;
    const other = vscode.window.tabGroups.all.find(({ viewColumn }) => viewColumn !== active);
    return other?.viewColumn ?? vscode.ViewColumn.Beside;
  }

  #adopt(panel: vscode.WebviewPanel, onReady: (resultId: string | undefined) => Promise<void>): void {
    this.#panel?.dispose();
    this.#panel = panel;
    let ready = onReady;
    panel.webview.onDidReceiveMessage((message: FromPage) => {
      if (message.type !== 'ready') return this.#hear(message);
      const answer = ready(message.resultId);
      // Shown, hidden and shown again: from then on the panel knows better than the page what it shows.
      ready = async () => this.#tell(this.#shown);
      return answer;
    });
    panel.onDidDispose(() => {
      if (this.#panel === panel) this.#panel = undefined;
    });
    loadPage(this.#context, panel, PAGE);
  }

  #tell(message: ToPage): void {
    this.#shown = message;
    if (message.type === 'result' && this.#panel) this.#panel.title = titleOf(message.result);
    void this.#panel?.webview.postMessage(message);
  }

  async #hear(message: Exclude<FromPage, { type: 'ready' }>): Promise<void> {
    const actions: { readonly [T in typeof message.type]: (said: Extract<FromPage, { type: T }>) => unknown } = {
      reveal: ({ location }) => reveal(location),
      openFile: ({ path }) =>
        vscode.commands.executeCommand('vscode.open', vscode.Uri.file(path), { viewColumn: besides(this.#panel) }),
      runAgain: () => (this.#again ? this.#again() : vscode.commands.executeCommand('plumbline.checkData')),
      compare: () =>
        vscode.commands.executeCommand(
          'plumbline.checkDrift',
          this.#result?.contract && { uri: vscode.Uri.file(this.#result.contract).toString() },
        ),
      cancel: () => this.#cancelled.fire(),
      copy: ({ text }) => vscode.env.clipboard.writeText(text),
      export: ({ format, pictures }) => vscode.commands.executeCommand('plumbline.exportResult', { format, pictures }),
      save: ({ name, mime, content }) =>
        save(name, mime.startsWith('image/png') ? Buffer.from(content, 'base64') : content),
      writeThreshold: (limit) => this.#writeLimit(limit),
    };
    await carryOut(this.#log, () => actions[message.type]?.(message as never));
  }

  /** Writes a limit into the contract or the monitor's file of the comparison, and saves it: what stood unsaved there is saved with it. */
  async #writeLimit(chosen: Pick<DriftLimit, 'column' | 'method' | 'threshold'>): Promise<void> {
    const result = this.#result;
    if (result?.kind !== 'drift') return;
    const { monitor, columns, reference } = result.report;
    const path = monitor?.path ?? result.contract;
    if (path === null) return;
    const uri = vscode.Uri.file(path);
    const { column, method, threshold } = chosen;
    const type = columns.find((candidate) => candidate.column === column)?.type;
    const limit = {
      table: result.table,
      column,
      method,
      threshold,
      type,
      reference: reference.ref,
      monitor: monitor?.name,
    };
    const change = new vscode.WorkspaceEdit();
    for (const {
      range: { start, end },
      newText,
    } of await this.#server.limitChanges(uri.toString(), limit)) {
      change.replace(uri, new vscode.Range(start.line, start.character, end.line, end.character), newText);
    }
    await vscode.workspace.applyEdit(change);
    await (await vscode.workspace.openTextDocument(uri)).save();
  }
}

async function save(name: string, content: string | Uint8Array): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const target = await vscode.window.showSaveDialog({ defaultUri: folder && vscode.Uri.joinPath(folder, name) });
  if (target) await written(target, content);
}

function titleOf({ kind, contract }: StoredResult): string {
  const name = contract
    ?.split(/[\\/]/)
    .at(-1)
    ?.replace(/\.odcs\.\w+$/, '');
  return kind === 'check'
    ? vscode.l10n.t('Checks: {0}', name ?? '')
    : vscode.l10n.t('Drift: {0}', name ?? vscode.l10n.t('data'));
}

/** Whether a file of the data was written after the run that read it. */
async function isStale({ report }: StoredResult): Promise<boolean> {
  const ended = Date.parse(report.startedAt) + report.durationMs;
  const paths =
    report.verb === 'check' ? report.data.map(({ path }) => path) : [report.reference.ref, report.current.ref];
  const times = await Promise.all(
    paths.map((path) =>
      vscode.workspace.fs.stat(vscode.Uri.file(path)).then(
        ({ mtime }) => mtime,
        () => 0,
      ),
    ),
  );
  return times.some((time) => time > ended);
}
