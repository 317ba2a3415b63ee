import * as vscode from 'vscode';
import type { DriftParams, MonitorParams, TableInfo } from '../../../server/src/protocol';
import type { Parts } from '../language-client';
import { run } from './run';
import { calledWith, contractFor, pickOf } from './target';

/** JSON is left out: contracts, settings and the like are JSON too. */
const suffixes = [
  'parquet',
  'pq',
  ...['csv', 'tsv', 'jsonl', 'ndjson'].flatMap((text) => [text, `${text}.gz`, `${text}.zst`]),
];
const DATA_FILES = `**/*.{${suffixes.join(',')}}`;
const isData = ({ path }: vscode.Uri): boolean => suffixes.some((suffix) => path.toLowerCase().endsWith(`.${suffix}`));

/** What is compared; the contract and table when one stands behind the data. */
type Sides = Pick<DriftParams, 'uri' | 'table' | 'reference' | 'current'>;

/** Compares two versions of a table's data: two files of the explorer, or a table's data with what the person picks. */
export async function checkDrift(parts: Parts, args: readonly unknown[]): Promise<void> {
  const monitor = monitorOf(args);
  if (monitor) return runMonitor(parts, monitor);
  const sides = (await fromExplorer(args)) ?? (await fromContract(parts, args));
  if (sides) await compare(parts, sides);
}

/** Runs a monitor of a file as it stands, and shows the result. */
export async function runMonitor(parts: Parts, params: MonitorParams): Promise<void> {
  const title = vscode.l10n.t('Running the monitor {0}', params.monitor);
  await run(parts, title, (watched) => parts.server.drift(params, watched));
}

/** What a lens over a monitor hands over. */
function monitorOf([first]: readonly unknown[]): MonitorParams | undefined {
  if (typeof first !== 'object' || first === null) return undefined;
  const { uri, monitor } = first as Partial<MonitorParams>;
  return typeof uri === 'string' && typeof monitor === 'string' ? { uri, monitor } : undefined;
}

/** Compares both sides, under the preset of the settings where none is given, and shows the result. */
export async function compare(parts: Parts, { preset = presetOf(), ...sides }: DriftParams): Promise<void> {
  const title = vscode.l10n.t('Comparing {0} with {1}', nameOf(sides.current), nameOf(sides.reference));
  await run(parts, title, (watched) => parts.server.drift({ ...sides, preset }, watched));
}

const presetOf = (): string | undefined => vscode.workspace.getConfiguration('plumbline').get('drift.preset');

/** Two selected data files are compared at once, the older against the newer by name; one asks for the other. */
async function fromExplorer([first, selected]: readonly unknown[]): Promise<Sides | undefined> {
  if (!(first instanceof vscode.Uri) || !isData(first)) return undefined;
  const others = Array.isArray(selected)
    ? selected.filter((uri) => uri instanceof vscode.Uri && uri.fsPath !== first.fsPath)
    : [];
  if (others.length === 1) {
    const [reference = '', current = ''] = [first.fsPath, others[0].fsPath].sort();
    return { reference, current };
  }
  const reference = await pickReference(first.fsPath);
  return reference ? { reference, current: first.fsPath } : undefined;
}

async function fromContract({ server }: Parts, args: readonly unknown[]): Promise<Sides | undefined> {
  const called = calledWith(args);
  const contract = await contractFor(called.uri);
  if (!contract) return undefined;
  const uri = contract.toString();
  const table = await pickTable(await server.tables(uri), called.table);
  if (!table) return undefined;
  const current = table.path ?? (await pickFile(vscode.l10n.t('Which data of {0} do you have now?', table.table)));
  const reference = current && (await pickReference(current));
  return reference ? { uri, table: table.table, reference, current } : undefined;
}

async function pickTable(tables: readonly TableInfo[], name: string | undefined): Promise<TableInfo | undefined> {
  if (name !== undefined) return tables.find(({ table }) => table === name);
  if (tables.length === 0)
    throw new Error(vscode.l10n.t('This contract describes no table whose data could be compared.'));
  if (tables.length === 1) return tables[0];
  const picks = tables.map((table) => ({
    label: table.table,
    description: table.path && vscode.workspace.asRelativePath(table.path),
    table,
  }));
  return (await vscode.window.showQuickPick(picks, { placeHolder: vscode.l10n.t('Compare the data of which table?') }))
    ?.table;
}

/** The data to compare with: files of the workspace in the same format first, any other file, or an older commit. */
async function pickReference(current: string): Promise<string | undefined> {
  const name = nameOf(current);
  const same = (uri: vscode.Uri) => (uri.path.endsWith(current.slice(current.lastIndexOf('.'))) ? 0 : 1);
  const files = (await vscode.workspace.findFiles(DATA_FILES, '**/node_modules/**')).filter(
    (uri) => uri.fsPath !== current,
  );
  const picks = files.sort((a, b) => same(a) - same(b) || a.path.localeCompare(b.path)).map(pickOf);
  const revision = {
    label: vscode.l10n.t('{0} at another commit...', name),
    iconPath: new vscode.ThemeIcon('git-commit'),
  };
  const browse = { label: vscode.l10n.t('Browse...'), iconPath: new vscode.ThemeIcon('folder-opened') };
  const rest = [{ label: '', kind: vscode.QuickPickItemKind.Separator }, revision, browse];
  const picked = await vscode.window.showQuickPick<vscode.QuickPickItem & { uri?: vscode.Uri }>([...picks, ...rest], {
    placeHolder: vscode.l10n.t('Compare {0} with...', name),
  });
  if (picked === revision) return atRevision(current);
  if (picked === browse) return pickFile(vscode.l10n.t('Compare {0} with', name));
  return picked?.uri?.fsPath;
}

async function atRevision(path: string): Promise<string | undefined> {
  const revision = await vscode.window.showInputBox({
    prompt: vscode.l10n.t('Commit, tag or branch of {0} to compare with', nameOf(path)),
    value: 'HEAD~1',
    validateInput: (value) =>
      /^[\w./~^@{}-]+$/.test(value)
        ? undefined
        : vscode.l10n.t('A revision is a commit, tag or branch, such as HEAD~1 or v1.0.0.'),
  });
  return revision && `${path}@${revision}`;
}

async function pickFile(title: string): Promise<string | undefined> {
  return (await vscode.window.showOpenDialog({ title, canSelectMany: false }))?.[0]?.fsPath;
}

const nameOf = (ref: string): string => ref.split(/[\\/]/).at(-1) ?? ref;
