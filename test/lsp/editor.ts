import { type ChildProcess, spawn } from 'node:child_process';
import {
  type ClientCapabilities,
  type CompletionItem,
  createMessageConnection,
  type Diagnostic,
  type InitializeResult,
  type MessageConnection,
  type Range,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';

/** An editor without a screen: starts the built server over stdio and talks to it as an editor would. */
export class Editor {
  readonly heard: { readonly method: string; readonly params: unknown }[] = [];
  readonly #child: ChildProcess;
  readonly #connection: MessageConnection;

  constructor(readonly capabilities: ClientCapabilities) {
    this.#child = spawn(process.execPath, ['dist/server.js', '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
    if (!this.#child.stdout || !this.#child.stdin) throw new Error('The server has no standard streams.');
    this.#connection = createMessageConnection(
      new StreamMessageReader(this.#child.stdout),
      new StreamMessageWriter(this.#child.stdin),
    );
    this.#connection.onNotification((method, params) => {
      this.heard.push({ method, params });
    });
    this.#connection.onUnhandledProgress(({ token, value }) => {
      this.heard.push({ method: '$/progress', params: { token, value } });
    });
    this.#connection.onRequest((method, params) => {
      this.heard.push({ method, params });
      return null;
    });
    this.#connection.listen();
  }

  /** `folder`: address of the workspace's only folder. */
  start(initializationOptions?: unknown, folder?: string): Promise<InitializeResult> {
    return this.ask('initialize', {
      processId: process.pid,
      rootUri: folder ?? null,
      ...(folder === undefined ? {} : { workspaceFolders: [{ uri: folder, name: 'folder' }] }),
      capabilities: this.capabilities,
      initializationOptions,
    });
  }

  ask<R>(method: string, params: unknown, ...rest: object[]): Promise<R> {
    return this.#connection.sendRequest(method, params, ...(rest as []));
  }

  tell(method: string, params: unknown): void {
    void this.#connection.sendNotification(method, params);
  }

  open(uri: string, text: string, languageId = 'yaml'): void {
    this.tell('textDocument/didOpen', { textDocument: { uri, languageId, version: 1, text } });
  }

  change(uri: string, version: number, range: Range, text: string): void {
    this.tell('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [{ range, text }] });
  }

  async diagnostics(uri: string): Promise<readonly Diagnostic[]> {
    return (await this.ask<{ items: Diagnostic[] }>('textDocument/diagnostic', { textDocument: { uri } })).items;
  }

  completion(uri: string, line: number, character: number): Promise<CompletionItem[]> {
    return this.ask('textDocument/completion', { textDocument: { uri }, position: { line, character } });
  }

  /** The parameters of the first notification of this method, however long it takes until the test's own limit. */
  async hears<P>(method: string, fits: (params: P) => boolean = () => true): Promise<P> {
    for (;;) {
      const found = this.heard.find((it) => it.method === method && fits(it.params as P));
      if (found) return found.params as P;
      if (this.exitCode !== null) throw new Error(`The server ended before it sent ${method}.`);
      await new Promise((done) => setTimeout(done, 20));
    }
  }

  get exitCode(): number | null {
    return this.#child.exitCode;
  }

  async stop(): Promise<void> {
    const ended = new Promise((done) => this.#child.once('exit', done));
    await this.ask('shutdown', undefined).catch(() => undefined);
    this.tell('exit', undefined);
    await ended;
    this.#connection.dispose();
  }
}

/** What an editor of today can do. */
export const able: ClientCapabilities = {
  workspace: { diagnostics: { refreshSupport: true }, codeLens: { refreshSupport: true } },
  window: { workDoneProgress: true },
  textDocument: { diagnostic: {}, publishDiagnostics: { relatedInformation: true } },
};
