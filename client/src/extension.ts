/**
 * A stub that starts with the editor and costs next to nothing: it registers what the manifest promises, looks at the
 * first lines of documents, and loads the rest when a file is ours or a command is called.
 */
import * as vscode from 'vscode';
import type { Plumbline } from './language-client';
import { isCode, isMarked, kindOf } from './ours';
import { Tests } from './test-explorer/controller';
import type { ProvenanceNode } from './views/node';

/** Commands of the manifest. Each is carried out by the part that is loaded when it is first needed. */
export const commandIds = [
  'checkData',
  'checkDrift',
  'findDriftStart',
  'showProvenance',
  'openResults',
  'exportResult',
  'deleteResults',
  'showRuns',
  'showProvenanceGraph',
  'refreshProvenance',
  'filterProvenance',
  'clearProvenanceFilter',
  'showMoreRuns',
  'showWorkspaceProvenance',
  'goToRun',
  'compareCode',
  'openContractAsOf',
  'checkDataAsOf',
  'copyRecipe',
  'newManifest',
  'convertContract',
  'newContract',
  'exportProvenance',
  'restartServer',
  'showLogs',
  'copyDiagnosticInfo',
] as const;
export type CommandId = (typeof commandIds)[number];

let loaded: Promise<Plumbline> | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('Plumbline', { log: true });
  const treeChanged = new vscode.EventEmitter<void>();
  const plumbline = (): Promise<Plumbline> => {
    loaded ??= import('./language-client').then((client) => client.start({ context, log, treeChanged, view, tests }));
    return loaded;
  };
  const view = provenanceView(plumbline, treeChanged.event);
  const tests = new Tests(async () => (await plumbline()).explorer());
  const folders = new Map<string, Promise<boolean>>();
  const look = (document: vscode.TextDocument) => {
    if (kindOf(document)) void plumbline();
    else if (!loaded && vscode.workspace.isTrusted && isCode(document))
      void isInFolderOfOurs(document, folders).then((isOurs) => (isOurs ? void plumbline() : undefined));
  };
  const tellKind = (editor: vscode.TextEditor | undefined) => {
    const kind = editor && kindOf(editor.document);
    void vscode.commands.executeCommand('setContext', 'plumbline.isContract', kind === 'contract');
    void vscode.commands.executeCommand('setContext', 'plumbline.isManifest', kind === 'manifest');
  };

  context.subscriptions.push(
    log,
    treeChanged,
    ...commandIds.map((id) =>
      vscode.commands.registerCommand(`plumbline.${id}`, async (...args: unknown[]) =>
        (await plumbline()).run(id, args),
      ),
    ),
    vscode.commands.registerCommand('plumbline.openWalkthrough', () =>
      vscode.commands.executeCommand('workbench.action.openWalkthrough', `${context.extension.id}#start`, false),
    ),
    vscode.window.registerWebviewPanelSerializer('plumbline.results', {
      deserializeWebviewPanel: async (panel) => (await plumbline()).restore(panel),
    }),
    vscode.window.registerWebviewPanelSerializer('plumbline.provenancePanel', {
      deserializeWebviewPanel: async (panel, state) => (await plumbline()).restoreProvenance(panel, state),
    }),
    view,
    tests,
    vscode.workspace.registerTextDocumentContentProvider('plumbline-git', {
      provideTextDocumentContent: async (uri) => (await plumbline()).textOf(uri),
    }),
    vscode.workspace.onDidOpenTextDocument(look),
    vscode.workspace.onDidGrantWorkspaceTrust(() => vscode.workspace.textDocuments.forEach(look)),
    vscode.window.onDidChangeActiveTextEditor(tellKind),
  );
  vscode.workspace.textDocuments.forEach(look);
  tellKind(vscode.window.activeTextEditor);
  void tests.offer();
}

export const deactivate = async (): Promise<void> => (await loaded)?.stop();

/** Folders below a folder of the workspace that are looked into: contracts have one of their own. */
const MOST_FOLDERS = 50;

/**
 * Whether code is in a folder of the workspace that holds contracts or runs, by the names at its top and one folder
 * further down. Each folder of the workspace is looked at once.
 */
async function isInFolderOfOurs(
  { uri }: vscode.TextDocument,
  folders: Map<string, Promise<boolean>>,
): Promise<boolean> {
  const folder = vscode.workspace.workspaceFolders?.find(
    (candidate) => candidate.uri.scheme === 'file' && uri.path.startsWith(`${candidate.uri.path}/`),
  );
  if (!folder) return false;
  const key = folder.uri.toString();
  const known = folders.get(key) ?? holdsOurs(folder.uri);
  folders.set(key, known);
  return known;
}

async function holdsOurs(folder: vscode.Uri): Promise<boolean> {
  const entries = await entriesOf(folder);
  if (isMarked(entries.map(([name]) => name))) return true;
  const below = entries.filter(
    ([name, type]) => type === vscode.FileType.Directory && !name.startsWith('.') && name !== 'node_modules',
  );
  for (const [name] of below.slice(0, MOST_FOLDERS)) {
    const inner = await entriesOf(vscode.Uri.joinPath(folder, name));
    if (isMarked(inner.map(([entry]) => entry))) return true;
  }
  return false;
}

async function entriesOf(folder: vscode.Uri): Promise<readonly [string, vscode.FileType][]> {
  try {
    return await vscode.workspace.fs.readDirectory(folder);
  } catch {
    return [];
  }
}

/** The provenance view, whose content is loaded when somebody looks at it. */
function provenanceView(
  plumbline: () => Promise<Plumbline>,
  changed: vscode.Event<void>,
): vscode.TreeView<ProvenanceNode> {
  return vscode.window.createTreeView<ProvenanceNode>('plumbline.provenance', {
    showCollapseAll: true,
    canSelectMany: true,
    treeDataProvider: {
      onDidChangeTreeData: changed,
      getChildren: async (node) => (await plumbline()).provenance.childrenOf(node),
      // A row has a parent only when its children were asked for, so that all is loaded by then.
      getParent: async (node) => (await plumbline()).provenance.parentOf(node),
      getTreeItem: (node) => node.item,
    },
  });
}
