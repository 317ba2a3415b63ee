import * as vscode from 'vscode';
import type { DatasetStatus, FileVersion, Finding, ProvenanceReport } from '../../../server/src/protocol';
import { kindOf } from '../ours';
import type { Server } from '../server';

export interface ProvenanceNode {
  readonly item: vscode.TreeItem;
  readonly children: readonly ProvenanceNode[];
}

/** Contract, data and manifests with the commit that each is from: of the file being edited, else of the workspace. */
export class ProvenanceView {
  readonly #server: Server;
  readonly #changed: vscode.EventEmitter<void>;
  #target: vscode.Uri | undefined;
  #message: string | undefined;

  constructor(server: Server, changed: vscode.EventEmitter<void>) {
    this.#server = server;
    this.#changed = changed;
  }

  about(uri: vscode.Uri): void {
    this.#target = uri;
    this.refresh();
  }

  /** Goes with the editor from one file of ours to the next, and stays where it is for all others. */
  follow(document: vscode.TextDocument | undefined): void {
    if (document && document.uri.toString() !== this.#target?.toString() && kindOf(document)) this.about(document.uri);
  }

  refresh(): void {
    this.#changed.fire();
  }

  async childrenOf(node: ProvenanceNode | undefined): Promise<ProvenanceNode[]> {
    if (node) return [...node.children];
    const target = this.#target ?? vscode.workspace.workspaceFolders?.[0]?.uri;
    this.#message = undefined;
    if (target?.scheme !== 'file' || !vscode.workspace.isTrusted) return [];
    try {
      const report = await this.#server.provenance(target.toString());
      this.#message = aboutAll(report);
      return nodesOf(report);
    } catch (error) {
      this.#message = error instanceof Error ? error.message : String(error);
      return [];
    }
  }

  /** What is to be known of the tree as a whole, such as that nothing of it is in Git. */
  get message(): string | undefined {
    return this.#message;
  }
}

/** Findings that are about no place. The view shows plain text. */
const aboutAll = ({ findings }: ProvenanceReport): string | undefined =>
  findings
    .filter(({ location }) => location === null)
    .map(({ message }) => message.replaceAll('`', ''))
    .join(' ') || undefined;

function nodesOf(report: ProvenanceReport): ProvenanceNode[] {
  const roles: readonly (readonly [FileVersion['role'], string])[] = [
    ['contract', vscode.l10n.t('Contract')],
    ['data', vscode.l10n.t('Data')],
    ['manifest', vscode.l10n.t('Experiment Manifests')],
  ];
  const groups = roles.flatMap(([role, label]) => {
    const files = report.files.filter((file) => file.role === role);
    return files.length === 0 ? [] : [group(label, files.map(fileNode))];
  });
  const placed = report.findings.filter(({ location }) => location !== null);
  const findings = placed.length === 0 ? [] : [group(vscode.l10n.t('Findings'), placed.map(findingNode))];
  return [...codeNode(report), ...groups, ...findings];
}

function group(label: string, children: readonly ProvenanceNode[]): ProvenanceNode {
  return { item: new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Expanded), children };
}

function codeNode({ code }: ProvenanceReport): readonly ProvenanceNode[] {
  if (code.commit === null) return [];
  const item = new vscode.TreeItem(
    code.branch ?? vscode.l10n.t('detached HEAD'),
    vscode.TreeItemCollapsibleState.Collapsed,
  );
  const dirty = code.dirty ? changesIn(code.changed.length) : vscode.l10n.t('clean');
  item.id = 'code';
  item.description = [code.commit.slice(0, 7), code.tag, dirty].filter(Boolean).join(' · ');
  item.iconPath = new vscode.ThemeIcon('git-branch');
  const remote = code.remote ? [fact('remote', vscode.l10n.t('Remote'), code.remote)] : [];
  return [
    {
      item,
      children: [
        fact('git-commit', vscode.l10n.t('Commit'), code.commit),
        ...remote,
        ...code.changed.map((path) => fact('edit', path, vscode.l10n.t('uncommitted'))),
      ],
    },
  ];
}

const changesIn = (count: number): string =>
  count === 1 ? vscode.l10n.t('1 uncommitted change') : vscode.l10n.t('{0} uncommitted changes', count);

const icons: Readonly<Record<DatasetStatus, string>> = {
  unchanged: 'pass',
  modified: 'edit',
  missing: 'error',
  pointer: 'link',
  'not-in-cache': 'cloud',
  untracked: 'question',
  unknown: 'question',
};

/** The words of a status, as a person would say them. */
const words = (): Readonly<Record<DatasetStatus, string>> => ({
  unchanged: vscode.l10n.t('as committed'),
  modified: vscode.l10n.t('edited since'),
  missing: vscode.l10n.t('missing'),
  pointer: vscode.l10n.t('pointer only'),
  'not-in-cache': vscode.l10n.t('not in the cache'),
  untracked: vscode.l10n.t('not in Git'),
  unknown: vscode.l10n.t('unknown'),
});

function fileNode(file: FileVersion): ProvenanceNode {
  const uri = vscode.Uri.file(file.path);
  const item = new vscode.TreeItem(
    uri,
    file.commit === null ? vscode.TreeItemCollapsibleState.None : vscode.TreeItemCollapsibleState.Collapsed,
  );
  const status = words()[file.status];
  item.id = `${file.role}:${file.path}`;
  item.label = file.path.split(/[\\/]/).at(-1);
  item.description = [file.commit?.slice(0, 7), file.tag, status].filter(Boolean).join(' · ');
  item.tooltip = `${file.path}\n${status}`;
  item.iconPath = new vscode.ThemeIcon(icons[file.status]);
  item.accessibilityInformation = { label: `${item.label}, ${item.description}` };
  if (file.status !== 'missing')
    item.command = { command: 'vscode.open', title: vscode.l10n.t('Open'), arguments: [uri] };
  return { item, children: factsOf(file) };
}

function factsOf(file: FileVersion): readonly ProvenanceNode[] {
  const rows: readonly (readonly [string, string, string | null])[] = [
    ['git-commit', vscode.l10n.t('Commit'), file.commit],
    ['comment', vscode.l10n.t('Subject'), file.subject],
    ['person', vscode.l10n.t('Author'), file.author],
    ['calendar', vscode.l10n.t('Date'), file.date && new Date(file.date).toLocaleString(vscode.env.language)],
    ['tag', vscode.l10n.t('Tag'), file.tag],
    ['git-branch', vscode.l10n.t('Branch'), file.branch],
    ['database', vscode.l10n.t('Size'), file.sizeBytes === null ? null : sizeOf(file.sizeBytes)],
  ];
  return rows.flatMap(([icon, label, value]) => (value ? [fact(icon, label, value)] : []));
}

function fact(icon: string, label: string, value: string): ProvenanceNode {
  const item = new vscode.TreeItem(label);
  item.description = value;
  item.tooltip = `${label}: ${value}`;
  item.iconPath = new vscode.ThemeIcon(icon);
  return { item, children: [] };
}

function findingNode({ message, severity, location }: Finding): ProvenanceNode {
  const item = new vscode.TreeItem(message);
  item.tooltip = message;
  item.iconPath = new vscode.ThemeIcon(severity);
  if (location) {
    const at = new vscode.Position(location.range.start.line, location.range.start.character);
    item.command = {
      command: 'vscode.open',
      title: vscode.l10n.t('Open'),
      arguments: [vscode.Uri.file(location.path), { selection: new vscode.Range(at, at) }],
    };
  }
  return { item, children: [] };
}

/** Bytes as people write them: 5.2 MB. */
function sizeOf(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, bytes === 0 ? 0 : Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1000 ** power).toLocaleString(vscode.env.language, { maximumFractionDigits: 1 })} ${units[power]}`;
}
