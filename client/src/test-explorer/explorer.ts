import * as vscode from 'vscode';
import type { CheckReport, CheckResult, ContractChecks, StoredResult } from '../../../server/src/protocol';
import type { Ended } from '../commands/run';
import { kindOf } from '../ours';
import { ContractTests } from './contract-tests';
import { CONTRACTS, FOREIGN } from './controller';
import { tellOutcome } from './outcome';

/** Milliseconds of quiet before an edited contract is read again. */
const QUIET = 300;

/** What of a contract is to be checked. */
export interface Wanted {
  readonly uri: string;
  /** Undefined: all tables. */
  readonly table: string | undefined;
  /** Ids; undefined: all of the table, or of the contract. */
  readonly checks: readonly string[] | undefined;
}

/** What the explorer asks of the rest of the extension. */
export interface Asked {
  /** Undefined for a file that is no contract. Rejects when it cannot be read. */
  checksOf(uri: string): Promise<ContractChecks | undefined>;
  /** Runs checks as the command does: one run, whose result the panel and the diagnostics show too. */
  check(wanted: Wanted, token: vscode.CancellationToken): Promise<Ended>;
}

/** Contracts as tests: those of the workspace, read when somebody looks at them, and those that are open, at once. */
export class TestExplorer implements vscode.Disposable {
  readonly #controller: vscode.TestController;
  readonly #asked: Asked;
  readonly #contracts = new Map<string, ContractTests>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #subscriptions: readonly vscode.Disposable[];
  /** Runs of ours by contract, whose results come by a second time as those that were stored. */
  readonly #running = new Map<string, Promise<unknown>>();
  readonly #own = new Set<string>();
  #hasDiscovered = false;

  constructor(controller: vscode.TestController, asked: Asked) {
    this.#controller = controller;
    this.#asked = asked;
    const files = vscode.workspace.createFileSystemWatcher('**/*.{yaml,yml,json}', false, false, true);
    // With a folder go all that lie in it, and only the folder is told of.
    const gone = vscode.workspace.createFileSystemWatcher('**/*', true, true, false);
    const changed = (uri: vscode.Uri) => {
      if (this.#contracts.has(uri.toString()) || (this.#hasDiscovered && isNamed(uri))) this.#later(uri);
    };
    this.#subscriptions = [
      files,
      files.onDidCreate(changed),
      files.onDidChange(changed),
      gone,
      gone.onDidDelete((uri) => this.#drop(uri)),
      vscode.workspace.onDidOpenTextDocument((document) => this.#look(document)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#look(document)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#contracts.has(uri.toString()) && this.#later(uri)),
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.#hasDiscovered && void this.#discover()),
    ];
    for (const document of vscode.workspace.textDocuments) this.#look(document);
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  /** Fills an item that somebody looks at; without one, finds the contracts of the workspace. */
  async resolve(item: vscode.TestItem | undefined): Promise<void> {
    if (!item) return this.#discover();
    const contract = this.#contracts.get(item.id);
    if (contract) await this.#read(contract.uri);
  }

  /** Reads everything anew. */
  async refresh(token: vscode.CancellationToken): Promise<void> {
    await this.#discover();
    for (const { uri, checks } of [...this.#contracts.values()]) {
      if (token.isCancellationRequested) return;
      if (checks.size > 0) await this.#read(uri);
    }
  }

  /** Runs the checks that are asked for, contract by contract. */
  async run(request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> {
    if (!vscode.workspace.isTrusted) return refuse();
    if (!request.include) await this.#discover();
    const run = this.#controller.createTestRun(request);
    try {
      for (const contract of this.#contractsOf(request)) {
        if (token.isCancellationRequested) break;
        if (contract.checks.size === 0) await this.#read(contract.uri);
        await this.#runContract(run, contract, request, token);
      }
    } finally {
      run.end();
    }
  }

  /** Shows a result that something else than a run of ours gave. */
  async show(stored: StoredResult): Promise<void> {
    if (stored.kind !== 'check') return;
    const uri = vscode.Uri.file(stored.contract);
    await this.#running.get(uri.toString());
    if (this.#own.delete(stored.id)) return;
    const contract = await this.#read(uri);
    if (!contract) return;
    const items = stored.report.checks.flatMap(({ id }) => contract.checks.get(id) ?? []);
    const run = this.#controller.createTestRun(new vscode.TestRunRequest(items), contract.item.label, true);
    tellReport(run, stored.report, contract.checks);
    run.end();
  }

  // ------------------------------------------------------------------------------------------------ discovery

  async #discover(): Promise<void> {
    this.#hasDiscovered = true;
    for (const uri of await vscode.workspace.findFiles(CONTRACTS, FOREIGN)) this.#contractAt(uri);
  }

  #contractAt(uri: vscode.Uri): ContractTests {
    const known = this.#contracts.get(uri.toString());
    if (known) return known;
    const contract = new ContractTests(this.#controller, uri);
    this.#contracts.set(uri.toString(), contract);
    this.#controller.items.add(contract.item);
    return contract;
  }

  /** Takes over what a file holds now; drops one that is no contract any more. */
  async #read(uri: vscode.Uri): Promise<ContractTests | undefined> {
    const checks = await this.#asked.checksOf(uri.toString()).catch(() => undefined);
    if (!checks) {
      this.#drop(uri);
      return undefined;
    }
    const contract = this.#contractAt(uri);
    contract.take(checks);
    return contract;
  }

  #look(document: vscode.TextDocument): void {
    if (document.uri.scheme !== 'file') return;
    if (this.#contracts.has(document.uri.toString()) || kindOf(document) === 'contract') this.#later(document.uri);
  }

  #later(uri: vscode.Uri): void {
    const key = uri.toString();
    clearTimeout(this.#timers.get(key));
    const read = () => {
      this.#timers.delete(key);
      void this.#read(uri);
    };
    this.#timers.set(key, setTimeout(read, QUIET));
  }

  /** Forgets a file, or all files of a folder. */
  #drop({ path }: vscode.Uri): void {
    for (const [key, { uri, item }] of this.#contracts) {
      if (uri.path !== path && !uri.path.startsWith(`${path}/`)) continue;
      this.#contracts.delete(key);
      this.#controller.items.delete(item.id);
    }
  }

  // ------------------------------------------------------------------------------------------------------ run

  #contractsOf({ include }: vscode.TestRunRequest): readonly ContractTests[] {
    const all = [...this.#contracts.values()];
    const roots = new Set(include?.map(rootOf));
    return include ? all.filter(({ item }) => roots.has(item)) : all;
  }

  async #runContract(
    run: vscode.TestRun,
    { uri, item, checks }: ContractTests,
    request: vscode.TestRunRequest,
    token: vscode.CancellationToken,
  ): Promise<void> {
    const chosen = new Map([...checks].filter(([, check]) => isChosen(check, request)));
    if (chosen.size === 0) return;
    for (const check of chosen.values()) run.started(check);
    const key = uri.toString();
    const wanted = { uri: key, ...partOf(checks, [...chosen.keys()]) };
    const ending = this.#check(wanted, token);
    this.#running.set(key, ending);
    try {
      tellEnd(run, item, chosen, await ending);
    } finally {
      this.#running.delete(key);
    }
  }

  async #check(wanted: Wanted, token: vscode.CancellationToken): Promise<Ended> {
    // Known to be under way before its result can come.
    await Promise.resolve();
    const ended = await this.#asked.check(wanted, token);
    if (ended && 'result' in ended) this.#own.add(ended.result.id);
    return ended;
  }
}

const isNamed = ({ path }: vscode.Uri): boolean =>
  /\.odcs\.(ya?ml|json)$/.test(path) && !path.includes('/node_modules/');

const rootOf = (item: vscode.TestItem): vscode.TestItem => (item.parent ? rootOf(item.parent) : item);

const withParents = (item: vscode.TestItem): readonly vscode.TestItem[] =>
  item.parent ? [item, ...withParents(item.parent)] : [item];

function isChosen(check: vscode.TestItem, { include, exclude }: vscode.TestRunRequest): boolean {
  const line = withParents(check);
  const stands = (items: readonly vscode.TestItem[]) => items.some((item) => line.includes(item));
  return (!include || stands(include)) && !stands(exclude ?? []);
}

/** The fewest words that say which checks of a contract are chosen. */
function partOf(checks: ReadonlyMap<string, vscode.TestItem>, chosen: readonly string[]): Omit<Wanted, 'uri'> {
  if (chosen.length === checks.size) return { table: undefined, checks: undefined };
  const tables = new Map<string | undefined, number>();
  for (const check of checks.values()) tables.set(tableOf(check), (tables.get(tableOf(check)) ?? 0) + 1);
  const touched = new Set(chosen.map((id) => tableOf(checks.get(id))));
  const [table] = touched.size === 1 ? touched : [];
  return { table, checks: table !== undefined && tables.get(table) === chosen.length ? undefined : chosen };
}

/** Name of the table that a check stands under. */
const tableOf = (check: vscode.TestItem | undefined): string | undefined =>
  (check ? withParents(check) : [])
    .find(({ id, parent }) => parent && !parent.parent && id.startsWith('table:'))
    ?.id.slice('table:'.length);

function tellEnd(
  run: vscode.TestRun,
  contract: vscode.TestItem,
  chosen: ReadonlyMap<string, vscode.TestItem>,
  ended: Ended,
): void {
  if (ended && 'result' in ended && ended.result.kind === 'check') {
    tellReport(run, ended.result.report, chosen);
    return;
  }
  for (const check of chosen.values()) run.skipped(check);
  if (!ended || !('failure' in ended)) return;
  const message = new vscode.TestMessage(ended.failure);
  if (contract.uri) message.location = new vscode.Location(contract.uri, new vscode.Position(0, 0));
  run.errored(contract, message);
}

/** Checks share their scans, so each is told its even part of the time that the run took. */
function tellReport(run: vscode.TestRun, report: CheckReport, items: ReadonlyMap<string, vscode.TestItem>): void {
  const known = report.checks.flatMap((result): [vscode.TestItem, CheckResult][] => {
    const item = items.get(result.id);
    return item ? [[item, result]] : [];
  });
  const told = new Set(known.map(([item]) => item));
  for (const [item, result] of known) tellOutcome(run, item, result, report.durationMs / report.checks.length);
  // The contract was edited while it was checked.
  for (const item of items.values()) if (!told.has(item)) run.skipped(item);
  const { failed, error } = report.summary;
  const verdict = vscode.l10n.t('{0} of {1} checks failed', failed + error, report.checks.length);
  run.appendOutput(`${report.contract.path}: ${verdict}\r\n`);
}

async function refuse(): Promise<void> {
  const manage = vscode.l10n.t('Manage Workspace Trust');
  const message = vscode.l10n.t('Plumbline reads no data in Restricted Mode. Trust this workspace first.');
  if ((await vscode.window.showWarningMessage(message, manage)) === manage)
    await vscode.commands.executeCommand('workbench.trust.manage');
}
