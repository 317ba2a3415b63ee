/** What the stub loads when a file is ours: the language client, the commands, the panel and the views. */
import { join } from 'node:path';
import * as vscode from 'vscode';
import { LanguageClient, RevealOutputChannelOn, TransportKind } from 'vscode-languageclient/node';
import { notifications, commands as protocolCommands, type ServerOptions } from '../../server/src/protocol';
import type { Commands } from './commands/commands';
import { textOf } from './commands/git-document';
import { run, runWatched } from './commands/run';
import type { CommandId } from './extension';
import { kindOf } from './ours';
import { ProvenancePanel } from './provenance-panel/panel';
import { ResultsPanel } from './results/panel';
import { Server, type Watched } from './server';
import type { Tests } from './test-explorer/controller';
import type { TestExplorer } from './test-explorer/explorer';
import { DataDecorations } from './views/decorations';
import type { ProvenanceNode } from './views/node';
import { ProvenanceView } from './views/provenance';
import { Verdict } from './views/verdict';

export interface Start {
  readonly context: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly treeChanged: vscode.EventEmitter<void>;
  readonly view: vscode.TreeView<ProvenanceNode>;
  readonly tests: Tests;
}

/** What the stub asks of the loaded part. */
export interface Plumbline {
  run(command: CommandId, args: readonly unknown[]): Promise<void>;
  restore(panel: vscode.WebviewPanel): Promise<void>;
  /** The panel of provenance, with the state that its page left. */
  restoreProvenance(panel: vscode.WebviewPanel, state: unknown): Promise<void>;
  readonly provenance: ProvenanceView;
  /** Contracts as tests. */
  explorer(): Promise<TestExplorer>;
  /** Text of a read-only document of a file at a commit. */
  textOf(uri: vscode.Uri): Promise<string>;
  stop(): Promise<void>;
}

/** What every command is given. */
export interface Parts extends Start {
  readonly server: Server;
  readonly panel: ResultsPanel;
  readonly provenancePanel: ProvenancePanel;
  readonly provenance: ProvenanceView;
}

export async function start({ context, log, treeChanged, view, tests }: Start): Promise<Plumbline> {
  const client = createClient(context, log);
  await client.start();
  const server = new Server(client);
  const panel = new ResultsPanel(context, server, log);
  const provenance = new ProvenanceView(server, treeChanged, view);
  const provenancePanel = new ProvenancePanel(context, server, log, {
    compareData: (reference, current) =>
      run(parts, vscode.l10n.t('Comparing data...'), (watched) => server.drift({ reference, current }, watched)),
  });
  const decorations = new DataDecorations();
  const verdict = new Verdict();
  const parts: Parts = { context, log, treeChanged, view, tests, server, panel, provenancePanel, provenance };
  const explorer = explorerOf(parts);

  /** What is done at once; every other command is a part of the chunk of commands. */
  const atHand: Readonly<Record<Exclude<CommandId, keyof Commands>, () => Promise<void> | void>> = {
    refreshProvenance: () => provenance.refresh(),
    clearProvenanceFilter: () => provenance.filter(''),
    showMoreRuns: () => provenance.showMore(),
    showWorkspaceProvenance: () => provenance.about(undefined),
    restartServer: () => client.restart(),
    showLogs: () => log.show(),
  };
  const isAtHand = (command: CommandId): command is keyof typeof atHand => command in atHand;

  context.subscriptions.push(
    panel,
    provenancePanel,
    verdict,
    provenance,
    decorations,
    provenance.onDidTell(({ report, home }) => decorations.take(report, home)),
    client.onNotification(notifications.resultStored, async (id: string) => {
      const result = await server.result(id);
      if (!result) return;
      verdict.show(result);
      if (result.kind === 'check') await (await explorer()).show(result);
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => void client.sendNotification(notifications.trustGranted)),
    vscode.workspace.onDidSaveTextDocument(({ uri }) => {
      // What lies in the workspace is watched.
      if (!vscode.workspace.getWorkspaceFolder(uri)) provenance.refresh();
    }),
    vscode.window.onDidChangeActiveTextEditor((editor) => provenance.follow(editor?.document)),
    vscode.workspace.onDidOpenTextDocument((document) => {
      if (isTested(document)) void explorer();
    }),
  );
  if (vscode.workspace.textDocuments.some(isTested)) void explorer();
  provenance.follow(vscode.window.activeTextEditor?.document);

  return {
    run: async (command, args) => {
      try {
        if (isAtHand(command)) await atHand[command]();
        else await (await commands())[command](parts, args);
      } catch (error) {
        await tell(error, log);
      }
    },
    restore: async (webview) =>
      panel.restore(webview, async (result) => (await import('./commands/commands')).again(parts, result)),
    restoreProvenance: (webview, state) => provenancePanel.restore(webview, state),
    provenance,
    explorer,
    textOf: (uri) => textOf(uri, server),
    stop: () => client.stop(),
  };
}

/** What is asked of a person and shown for it, a chunk of its own that is loaded with the first command. */
const commands = async (): Promise<Commands> => (await import('./commands/commands')).commands;

const isTested = (document: vscode.TextDocument): boolean =>
  document.uri.scheme === 'file' && kindOf(document) === 'contract';

/** The explorer of tests, a chunk of its own that is loaded with the first contract. */
function explorerOf(parts: Parts): () => Promise<TestExplorer> {
  const { context, server, tests } = parts;
  let loaded: Promise<TestExplorer> | undefined;
  const load = async (): Promise<TestExplorer> => {
    const { TestExplorer } = await import('./test-explorer/explorer');
    const explorer = new TestExplorer(tests.controller(), {
      checksOf: (uri) => server.checks(uri),
      check: (wanted, token) => {
        const name = wanted.table || vscode.workspace.asRelativePath(vscode.Uri.parse(wanted.uri));
        const job = (watched: Watched) => server.check(wanted, watched);
        return runWatched(parts, vscode.l10n.t('Checking {0}', name), job, { token, onProgress: () => undefined });
      },
    });
    context.subscriptions.push(explorer);
    return explorer;
  };
  return () => {
    loaded ??= load();
    return loaded;
  };
}

/** One sentence to the person; where it came from, to the log. */
async function tell(error: unknown, log: vscode.LogOutputChannel): Promise<void> {
  const message = error instanceof Error ? error.message : String(error);
  log.error(error instanceof Error && error.stack ? error.stack : message);
  const details = vscode.l10n.t('Show Logs');
  if ((await vscode.window.showErrorMessage(message, details)) === details) log.show();
}

function createClient(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): LanguageClient {
  const module = context.asAbsolutePath(join('dist', 'server.js'));
  const initializationOptions: ServerOptions = {
    trusted: vscode.workspace.isTrusted,
    storage: (context.storageUri ?? context.globalStorageUri).fsPath,
  };
  return new LanguageClient(
    'plumbline',
    'Plumbline',
    {
      run: { module, transport: TransportKind.ipc },
      debug: { module, transport: TransportKind.ipc, options: { execArgv: ['--nolazy', '--inspect=6009'] } },
    },
    {
      documentSelector: [{ language: 'yaml' }, { language: 'json' }, { language: 'pbtxt' }],
      initializationOptions,
      outputChannel: log,
      traceOutputChannel: log,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      diagnosticCollectionName: 'plumbline',
      diagnosticPullOptions: { onChange: true, onSave: true },
      markdown: { isTrusted: { enabledCommands: Object.values(protocolCommands) }, supportHtml: false },
      synchronize: { configurationSection: 'plumbline' },
    },
  );
}
