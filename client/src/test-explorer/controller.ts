import * as vscode from 'vscode';
import type { TestExplorer } from './explorer';

/** Files that are contracts by their name; those that are by their first lines join when they are opened. */
export const CONTRACTS = '**/*.odcs.{yaml,yml,json}';
/** Where contracts are other people's. */
export const FOREIGN = '**/node_modules/**';

/**
 * The controller of our tests, made when a contract is at hand, since the first one brings Test Explorer into the window.
 * What it shows is loaded when somebody looks at it.
 */
export class Tests implements vscode.Disposable {
  readonly #explorer: () => Promise<TestExplorer>;
  #controller: vscode.TestController | undefined;

  constructor(explorer: () => Promise<TestExplorer>) {
    this.#explorer = explorer;
  }

  /** Makes it where the workspace has a contract, which is one search that ends at the first. */
  async offer(): Promise<void> {
    const [found] = await vscode.workspace.findFiles(CONTRACTS, FOREIGN, 1);
    if (found) this.controller();
  }

  controller(): vscode.TestController {
    if (this.#controller) return this.#controller;
    const controller = vscode.tests.createTestController('plumbline', 'Plumbline');
    controller.resolveHandler = async (item) => (await this.#explorer()).resolve(item);
    controller.refreshHandler = async (token) => (await this.#explorer()).refresh(token);
    controller.createRunProfile(
      vscode.l10n.t('Check'),
      vscode.TestRunProfileKind.Run,
      async (request, token) => (await this.#explorer()).run(request, token),
      true,
    );
    this.#controller = controller;
    return controller;
  }

  dispose(): void {
    this.#controller?.dispose();
  }
}
