/** A language server on the standard streams, and what an editor without a screen says to it. */
import { spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import { resident } from './measured.mjs';

/** What both servers are told that the editor can do: answers that either may give are asked for in the same form. */
const capabilities = {
  workspace: { configuration: true, workspaceFolders: true, didChangeConfiguration: { dynamicRegistration: true } },
  textDocument: {
    publishDiagnostics: { relatedInformation: true, versionSupport: true },
    diagnostic: {},
    completion: { completionItem: { snippetSupport: true, documentationFormat: ['markdown'] } },
    hover: { contentFormat: ['markdown'] },
  },
};

export class Editor {
  #child;
  #connection;
  #version = 1;
  #uri = '';
  #pulls = false;
  /** Called with the diagnostics of the open document whenever the server sends some. */
  #heard = () => undefined;
  #failed = () => undefined;
  #patience;

  /**
   * Starts the server in a folder that is its whole workspace. `settings` are given where it asks for them; a server that
   * does not answer within `seconds` has failed.
   */
  constructor(args, { folder, settings = {}, seconds }) {
    this.folder = folder;
    this.settings = settings;
    this.#patience = seconds * 1000;
    this.#child = spawn(process.execPath, args, { cwd: folder, stdio: ['pipe', 'pipe', 'ignore'] });
    const { stdout, stdin } = this.#child;
    this.#connection = createMessageConnection(new StreamMessageReader(stdout), new StreamMessageWriter(stdin));
    this.#connection.onRequest((method, params) => this.#answer(method, params));
    this.#connection.onNotification('textDocument/publishDiagnostics', ({ uri, diagnostics }) => {
      if (decodeURIComponent(uri) === decodeURIComponent(this.#uri)) this.#heard(diagnostics);
    });
    this.#connection.onError(() => undefined);
    this.#connection.listen();
    this.#child.on('exit', (code, signal) => this.#failed(new Error(`the server ended with ${code ?? signal}`)));
  }

  async start() {
    const uri = pathToFileURL(this.folder).href;
    const workspaceFolders = [{ uri, name: 'bench' }];
    const params = { processId: process.pid, rootUri: uri, workspaceFolders, capabilities };
    const answer = await this.#inTime(this.#connection.sendRequest('initialize', params));
    this.#pulls = answer.capabilities.diagnosticProvider !== undefined;
    this.#tell('initialized', {});
    this.#tell('workspace/didChangeConfiguration', { settings: this.settings });
  }

  open(path, text) {
    this.#uri = pathToFileURL(path).href;
    this.#tell('textDocument/didOpen', {
      textDocument: { uri: this.#uri, languageId: 'yaml', version: this.#version, text },
    });
  }

  /** Replaces what stands from a place on in its line, `gone` characters, by `text`. */
  type({ line, character }, gone, text) {
    const range = { start: { line, character }, end: { line, character: character + gone } };
    const textDocument = { uri: this.#uri, version: ++this.#version };
    this.#tell('textDocument/didChange', { textDocument, contentChanges: [{ range, text }] });
  }

  /** Waits for diagnostics of which this holds: asks for them where the server is to be asked, as VS Code does, else listens. */
  fresh(holds) {
    if (!this.#pulls) {
      const heard = new Promise((done) => {
        this.#heard = (diagnostics) => holds(diagnostics) && done(undefined);
      });
      return this.#inTime(heard);
    }
    const asked = async () => {
      while (!holds((await this.#ask('textDocument/diagnostic')).items));
    };
    return this.#inTime(asked());
  }

  completion(position) {
    return this.#inTime(this.#ask('textDocument/completion', { position }));
  }

  hover(position) {
    return this.#inTime(this.#ask('textDocument/hover', { position }));
  }

  /** Bytes that the server and the processes it started have in memory; 0 where the system does not say. */
  memory() {
    return resident(this.#child.pid);
  }

  async stop() {
    this.#failed = () => undefined;
    const ended = new Promise((done) => this.#child.once('exit', done));
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const late = setTimeout(() => this.#child.kill('SIGKILL'), 3000);
    await Promise.race([this.#connection.sendRequest('shutdown').catch(() => undefined), ended]);
    this.#tell('exit');
    await ended;
    clearTimeout(late);
    this.#connection.dispose();
  }

  #ask(method, rest = {}) {
    return this.#connection.sendRequest(method, { textDocument: { uri: this.#uri }, ...rest });
  }

  #tell(method, params) {
    this.#connection.sendNotification(method, params).catch(() => undefined);
  }

  async #inTime(answer) {
    let late;
    const failed = new Promise((_, no) => {
      this.#failed = no;
      late = setTimeout(() => no(new Error(`no answer in ${this.#patience / 1000} s`)), this.#patience);
    });
    try {
      return await Promise.race([answer, failed]);
    } finally {
      clearTimeout(late);
    }
  }

  #answer(method, params) {
    if (method === 'workspace/workspaceFolders') return [{ uri: pathToFileURL(this.folder).href, name: 'bench' }];
    if (method !== 'workspace/configuration') return null;
    const at = (path) => path.split('.').reduce((value, key) => value?.[key], this.settings) ?? null;
    return params.items.map(({ section }) => (section ? at(section) : this.settings));
  }
}
