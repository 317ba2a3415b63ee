/** The language server: translates between the protocol and the language, and knows neither files nor engines. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  BulkRegistration,
  type CancellationToken,
  type CodeAction,
  CodeActionKind,
  type CodeLens,
  CodeLensRequest,
  type CompletionItem,
  CompletionItemKind,
  CompletionItemTag,
  type Connection,
  createConnection,
  type Definition,
  DefinitionRequest,
  DiagnosticSeverity,
  DiagnosticTag,
  DidChangeTextDocumentNotification,
  DidChangeWatchedFilesNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  DidSaveTextDocumentNotification,
  type DocumentDiagnosticReport,
  type DocumentSymbol,
  ErrorCodes,
  type Hover,
  HoverRequest,
  type InitializeParams,
  type InitializeResult,
  type InlayHint,
  InlayHintRequest,
  InsertTextFormat,
  InsertTextMode,
  LSPErrorCodes,
  ProposedFeatures,
  type Diagnostic as ProtocolDiagnostic,
  type Range,
  ResponseError,
  SymbolKind,
  TextDocumentSyncKind,
  TextDocuments,
  type WorkDoneProgressParams,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { codeActionsIn } from './language/code-actions';
import { lensesOf } from './language/code-lens';
import { type Completion, completionsAt } from './language/completion';
import { type Diagnostic, diagnosticsIn } from './language/diagnostics';
import { type DocumentSymbol as OutlineEntry, symbolsOf } from './language/document-symbols';
import { hoverAt } from './language/hover';
import { definitionOf } from './language/mentions/definition';
import { watchedPatterns } from './language/mentions/known-workspace';
import type { Mention } from './language/mentions/mentions';
import { codeLanguages } from './language/mentions/syntax';
import { hintWords, lensWords, mentionWords, targetOf } from './language/mentions/words';
import { Service, type Settings } from './language/service';
import { cachePlace, createNodeWorld, createTemporary } from './node-world';
import {
  type CheckParams,
  commands,
  type DriftLimit,
  type DriftParams,
  type LintSeverity,
  type MonitorParams,
  notifications,
  type ProvenanceFormat,
  type RunDetailsJob,
  requests,
  type ServerOptions,
  type StoredResult,
  type TimelineJob,
} from './protocol';
import { defaultLimits } from './results/history';
import { Cancelled, EngineDied } from './sql/engine';
import { quoteAt } from './text/edit';
import type { Span } from './text/tree';
import { referenceOf } from './tool';
import { createJobs } from './worker-jobs';
import { type Document, pathOf } from './workspace/document';
import { type Log, Unreadable, type World } from './world';

/** Serves one editor over IPC, or over standard input and output when `--stdio` is given, until it says goodbye. */
export function serve(): void {
  const connection = createConnection(ProposedFeatures.all);
  const log = logOf(connection);
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => log.error(`Something went wrong that should not: ${detailOf(error)}`));
  }
  connection.onInitialize(async (params) => {
    const server = new Server(connection, log, params);
    return server.start();
  });
  connection.listen();
}

/** Milliseconds of quiet before diagnostics are sent to an editor that does not ask for them. */
const QUIET = 150;

class Server {
  readonly #texts = new TextDocuments(TextDocument);
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #options: ServerOptions;
  #settings: Promise<EditorSettings> | undefined;
  #service: Service | undefined;
  #registered = false;
  #watches = false;

  constructor(
    readonly connection: Connection,
    readonly log: Log,
    readonly params: InitializeParams,
  ) {
    this.#options = optionsOf(params.initializationOptions);
  }

  async start(): Promise<InitializeResult> {
    const { connection, log } = this;
    const temporary = await createTemporary();
    const world = (trusted: boolean): World =>
      createNodeWorld({ trusted, storage: this.#options.storage, temporary: temporary.path, log });
    const jobs = createJobs(world(true), { workerPath: join(__dirname, 'worker.js'), retries: 1 });
    const service = new Service(world(this.#options.trusted), jobs);
    this.#service = service;
    service.claims.onChange = () => this.#refresh();
    service.bases.onChange = () => this.#refresh();
    this.#follow(service);
    this.#serveFeatures(service);
    this.#serveMentions(service);
    this.#serveRequests(service);
    connection.onNotification(notifications.trustGranted, () => {
      service.world = world(true);
      this.#refresh();
      this.#compareAll(service);
      void this.#learn(service);
    });
    connection.onShutdown(async () => {
      service.learn([], () => undefined);
      service.claims.closeAll();
      jobs.dispose();
      await temporary.remove();
    });
    return { serverInfo: { name: 'plumbline' }, capabilities: this.#capabilities() };
  }

  #capabilities(): InitializeResult['capabilities'] {
    return {
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
      ...(this.#pulls
        ? { diagnosticProvider: { identifier: 'plumbline', interFileDependencies: false, workspaceDiagnostics: false } }
        : {}),
      hoverProvider: true,
      completionProvider: { triggerCharacters: [' ', '"', '.'] },
      codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, 'source.fixAll.plumbline'] },
      codeLensProvider: {},
      documentSymbolProvider: true,
      // An editor that can be told later is told when there is something to tell of.
      ...(this.#registers ? {} : { definitionProvider: true, inlayHintProvider: true }),
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    };
  }

  /** Whether the editor asks for diagnostics itself. */
  get #pulls(): boolean {
    return this.params.capabilities.textDocument?.diagnostic !== undefined;
  }

  /** Whether the editor takes further languages and features while it runs. */
  get #registers(): boolean {
    const { textDocument } = this.params.capabilities;
    return (
      textDocument?.synchronization?.dynamicRegistration === true && textDocument.hover?.dynamicRegistration === true
    );
  }

  /** Whether the editor is the one whose extension carries out our commands. */
  get #isOurEditor(): boolean {
    return this.params.initializationOptions !== undefined && this.params.initializationOptions !== null;
  }

  // ------------------------------------------------------------------------------------------------ documents

  #follow(service: Service): void {
    this.#texts.onDidChangeContent(({ document }) => {
      const isNew = !service.documents.get(document.uri);
      service.documents.set(document.uri, document.version, document.getText(), document.languageId);
      if (isNew) {
        service.judge(document.uri);
        void this.#compare(service, document.uri);
      }
      this.#pushLater(service, document.uri);
    });
    this.#texts.onDidClose(({ document }) => {
      service.documents.close(document.uri);
      service.claims.close(pathOf(document.uri));
      service.bases.close(pathOf(document.uri));
      this.#pushLater(service, document.uri);
    });
    this.#texts.onDidSave(({ document }) => {
      service.judge(document.uri);
      void this.#compare(service, document.uri);
      service.filesChanged([pathOf(document.uri)]);
      service.forgetVersions();
      this.#refreshLenses();
    });
    this.#texts.listen(this.connection);
    this.connection.onDidChangeConfiguration(() => {
      this.#settings = undefined;
      this.#compareAll(service);
      this.#refreshLenses();
    });
  }

  /** Asks Git, beside the person's typing, what a contract was where it is compared with. */
  async #compare(service: Service, uri: string): Promise<void> {
    if (!service.trusted) return;
    await service.compare(uri, (await this.#settingsFor()).compareWith);
  }

  #compareAll(service: Service): void {
    for (const { uri } of service.documents.all()) void this.#compare(service, uri);
  }

  #pushLater(service: Service, uri: string): void {
    if (this.#pulls) return;
    clearTimeout(this.#timers.get(uri));
    const push = () => {
      this.#timers.delete(uri);
      const document = service.documents.get(uri);
      const diagnostics = document ? this.#diagnostics(service, document) : [];
      void this.connection.sendDiagnostics({ uri, version: document?.version, diagnostics });
    };
    this.#timers.set(uri, setTimeout(push, QUIET));
  }

  #diagnostics(service: Service, document: Document): ProtocolDiagnostic[] {
    const { path } = document;
    return diagnosticsIn(document, service.run(document), service.claims.of(path), service.bases.of(path)).map(
      (diagnostic) => protocolDiagnostic(document, diagnostic),
    );
  }

  /** Asks the editor to ask again, after something other than a text has changed. */
  #refresh(): void {
    const { capabilities } = this.params;
    if (capabilities.workspace?.diagnostics?.refreshSupport) this.connection.languages.diagnostics.refresh();
    for (const { uri } of this.#service?.documents.all() ?? []) if (this.#service) this.#pushLater(this.#service, uri);
    this.#refreshLenses();
  }

  #refreshLenses(): void {
    if (this.params.capabilities.workspace?.codeLens?.refreshSupport) {
      void this.connection.sendRequest('workspace/codeLens/refresh').catch(() => undefined);
    }
  }

  // ------------------------------------------------------------------------------------------------- features

  #serveFeatures(service: Service): void {
    const { connection } = this;
    const of = <P extends DocumentParams, R>(empty: R, answer: (document: Document, params: P) => R | Promise<R>) =>
      this.#answer((params: P) => {
        const document = service.documents.get(params.textDocument.uri);
        return document?.kind ? answer(document, params) : empty;
      });
    connection.languages.diagnostics.on(of(noDiagnostics, (document) => this.#report(service, document)));
    connection.onCompletion(of([], (document, { position }) => completionItems(document, position)));
    connection.onCodeAction(
      of([], (document, { range, context }) => codeActions(service, document, range, context.only)),
    );
    connection.onDocumentSymbol(of([], (document) => symbolsOf(document).map((entry) => outline(document, entry))));
  }

  /** Features that any text may have which names something of the workspace, beside the files that are ours. */
  #serveMentions(service: Service): void {
    const { connection } = this;
    const of = <P extends DocumentParams, R>(empty: R, answer: (document: Document, params: P) => R | Promise<R>) =>
      this.#answer((params: P) => {
        const document = service.documents.get(params.textDocument.uri);
        return document ? answer(document, params) : empty;
      });
    connection.onHover(of(null, async (document, { position }) => this.#hover(service, document, position)));
    connection.onCodeLens(of([], (document) => this.#lenses(service, document)));
    connection.onDefinition(of(null, (document, { position }) => definition(service, document, position)));
    connection.languages.inlayHint.on(of([], (document, { range }) => this.#hints(service, document, range)));
    connection.onDidChangeWatchedFiles(({ changes }) => service.filesChanged(changes.map(({ uri }) => pathOf(uri))));
    connection.onInitialized(() => {
      if (this.params.capabilities.workspace?.workspaceFolders)
        connection.workspace.onDidChangeWorkspaceFolders(() => void this.#learn(service));
      void this.#learn(service);
    });
  }

  /** Learns what the folders hold that are open now, and offers what there is to tell in the languages of code. */
  async #learn(service: Service): Promise<void> {
    const { capabilities, rootUri, workspaceFolders } = this.params;
    const first = workspaceFolders ?? (rootUri ? [{ uri: rootUri }] : []);
    const folders = capabilities.workspace?.workspaceFolders
      ? await this.connection.workspace.getWorkspaceFolders().catch(() => first)
      : first;
    const local = (folders ?? []).filter(({ uri }) => uri.startsWith('file:')).map(({ uri }) => pathOf(uri));
    if (service.trusted && local.length > 0) this.#watch();
    service.learn(local, () => {
      if (service.knowsNames && this.#registers && !this.#registered) this.#register();
      this.#refreshLenses();
      if (capabilities.workspace?.inlayHint?.refreshSupport) this.connection.languages.inlayHint.refresh();
    });
  }

  /** Asks to be told of files that matter, of a folder too that holds none of them yet. */
  #watch(): void {
    if (this.#watches || !this.params.capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration) return;
    this.#watches = true;
    const watchers = watchedPatterns.map((globPattern) => ({ globPattern }));
    void this.connection.client
      .register(DidChangeWatchedFilesNotification.type, { watchers })
      .catch((error: unknown) => this.log.debug(detailOf(error)));
  }

  #register(): void {
    this.#registered = true;
    const documentSelector = codeLanguages.flatMap((language) =>
      ['file', 'vscode-notebook-cell'].map((scheme) => ({ scheme, language })),
    );
    const everywhere = [...documentSelector, { language: 'yaml' }, { language: 'json' }];
    const all = BulkRegistration.create();
    all.add(DidOpenTextDocumentNotification.type, { documentSelector });
    all.add(DidChangeTextDocumentNotification.type, { documentSelector, syncKind: TextDocumentSyncKind.Incremental });
    all.add(DidCloseTextDocumentNotification.type, { documentSelector });
    all.add(DidSaveTextDocumentNotification.type, { documentSelector });
    all.add(HoverRequest.type, { documentSelector });
    all.add(CodeLensRequest.type, { documentSelector });
    all.add(DefinitionRequest.type, { documentSelector: everywhere });
    all.add(InlayHintRequest.type, { documentSelector: everywhere });
    void this.connection.client.register(all).catch((error: unknown) => this.log.debug(detailOf(error)));
  }

  #report(service: Service, document: Document): DocumentDiagnosticReport {
    return { kind: 'full', items: this.#diagnostics(service, document) };
  }

  async #hover(service: Service, document: Document, position: Range['start']): Promise<Hover | null> {
    const offset = document.lines.offset(position);
    const known = document.kind ? { ...(await service.known(document)), commands: this.#isOurEditor } : undefined;
    const own = known && hoverAt(document, offset, known);
    const named = await this.#named(service, document, offset);
    const [first = named] = own ? [own] : [];
    if (!first) return null;
    const texts = [named, own].flatMap((part) => part?.text ?? []);
    return {
      contents: { kind: 'markdown', value: texts.join('\n\n---\n\n') },
      range: rangeOf(document, (named ?? first).span),
    };
  }

  /** What is to be told of the mention at a place. */
  async #named(service: Service, document: Document, offset: number) {
    const found = mentionAt(service, document, offset);
    if (!found) return undefined;
    const facts = await found.workspace.facts(found.mention, { path: document.path, commands: this.#isOurEditor });
    const text = mentionWords(found.mention, facts);
    return text === undefined ? undefined : { text, span: found.mention.span };
  }

  async #lenses(service: Service, document: Document): Promise<CodeLens[]> {
    // All that a lens offers waits for the person's trust.
    if (!service.trusted || (await this.#settingsFor()).codeLens === false) return [];
    if (!document.kind) return this.#mentionLenses(service, document);
    return lensesOf(document, await service.known(document)).map(({ span, title, command, arguments: given }) => ({
      range: rangeOf(document, span),
      command: { title, command, arguments: [...given] },
    }));
  }

  /** Over code: the first dataset or run of a line. */
  async #mentionLenses(service: Service, document: Document): Promise<CodeLens[]> {
    const found = codeLanguages.includes(document.language ?? '') ? service.mentions(document) : undefined;
    const home = found?.workspace.names?.home;
    if (!found || home === undefined) return [];
    const byLine = new Map<number, Mention>();
    for (const mention of found.mentions) {
      const { line } = document.lines.position(mention.span.start);
      if (targetOf(mention.subject, home) && lensWords(mention, undefined) && !byLine.has(line))
        byLine.set(line, mention);
    }
    return Promise.all(
      [...byLine.values()].slice(0, MOST_LENSES).map(async (mention) => ({
        range: rangeOf(document, mention.span),
        command: {
          title: lensWords(mention, await found.workspace.version(mention.subject)) ?? '',
          command: commands.showProvenance,
          arguments: [{ uri: targetOf(mention.subject, home) }],
        },
      })),
    );
  }

  async #hints(service: Service, document: Document, { start, end }: Range): Promise<InlayHint[]> {
    const found = (await this.#settingsFor()).inlayHints ? service.mentions(document) : undefined;
    if (!found) return [];
    const [from, to] = [document.lines.offset(start), document.lines.offset(end)];
    const inside = found.mentions.filter(({ span }) => span.start >= from && span.end <= to).slice(0, MOST_LENSES);
    const hints = await Promise.all(
      inside.map(async ({ span, subject }) => {
        const label = hintWords(subject, await found.workspace.version(subject));
        const after = quoteAt(document, { start: span.end, end: span.end }) === '' ? span.end : span.end + 1;
        return label ? [{ position: document.lines.position(after), label, paddingLeft: true }] : [];
      }),
    );
    return hints.flat();
  }

  // ------------------------------------------------------------------------------------------- our own requests

  #serveRequests(service: Service): void {
    const on = <P, R>(method: string, answer: (params: P, token: CancellationToken) => Promise<R | undefined>) =>
      this.connection.onRequest(
        method,
        this.#answer(async (params: P, token) => (await answer(params, token)) ?? null),
      );
    on(requests.check, (params: CheckParams & WorkDoneProgressParams, token) =>
      this.#run(params, token, (watched) => service.check(params, watched)),
    );
    on(requests.drift, (params: (DriftParams | MonitorParams) & WorkDoneProgressParams, token) =>
      this.#run(params, token, (watched) =>
        'monitor' in params ? service.monitor(params, watched) : service.drift(params, watched),
      ),
    );
    on(requests.driftStart, (params: DriftParams & WorkDoneProgressParams, token) =>
      this.#run(params, token, (watched) => service.driftStart(params, watched)),
    );
    on(requests.provenance, ({ uri }: { uri: string }, token) => service.provenance(uri, signalOf(token)));
    on(requests.runDetails, (run: Omit<RunDetailsJob, 'kind'>, token) => service.runDetails(run, signalOf(token)));
    on(requests.timeline, (params: Omit<TimelineJob, 'kind' | 'engine'> & WorkDoneProgressParams, token) => {
      const { dataset, folder, most } = params;
      return this.#watched(params, token, (watched) => service.timeline({ dataset, folder, most }, watched));
    });
    on(requests.home, ({ uri }: { uri: string }) => service.home(uri));
    on(requests.textAt, ({ uri, revision }: { uri: string; revision: string }) => service.textAt(uri, revision));
    on(requests.revisions, ({ uri }: { uri: string }) => service.revisions(uri));
    on(requests.codeChanges, ({ uri, ...commits }: { uri: string; before: string; after: string }) =>
      service.codeChanges(uri, commits),
    );
    on(requests.recipe, ({ uri, run }: { uri: string; run: string }, token) =>
      service.recipe(uri, run, signalOf(token)),
    );
    on(requests.newManifest, ({ uri, run }: { uri: string; run?: string }, token) =>
      service.newManifest(uri, run, signalOf(token)),
    );
    on(requests.exportProvenance, (params: { uri: string; format: ProvenanceFormat; run?: string }, token) =>
      service.exportProvenance(params, signalOf(token)),
    );
    on(requests.exportResult, (params: Parameters<Service['exportResult']>[0]) => service.exportResult(params));
    on(requests.checks, ({ uri }: { uri: string }) => service.checks(uri));
    on(requests.convert, (params: { uri: string; to: string }) => service.convert(params));
    on(requests.infer, (params: { path: string } & WorkDoneProgressParams, token) =>
      this.#watched(params, token, (watched) => service.infer(params.path, watched)),
    );
    on(requests.dialects, () => service.dialects());
    on(requests.tables, ({ uri }: { uri: string }) => service.tables(uri));
    on(requests.result, ({ id }: { id: string }) => service.result(id));
    on(requests.latest, ({ uri }: { uri?: string }) => service.latest(uri));
    on(requests.pastRuns, ({ uri }: { uri: string }) => service.pastRuns(uri));
    on(requests.deleteResults, ({ uri }: { uri?: string }) => service.deleteResults(uri));
    on(requests.driftLimit, (params: { uri: string; limit: DriftLimit }) => service.limitChanges(params));
  }

  /** Runs a job, and tells the editor when its result is kept. */
  async #run(
    params: WorkDoneProgressParams,
    token: CancellationToken,
    start: (watched: Parameters<Service['check']>[1]) => Promise<StoredResult>,
  ): Promise<StoredResult> {
    const stored = await this.#watched(params, token, start);
    void this.connection.sendNotification(notifications.resultStored, stored.id);
    this.#refresh();
    return stored;
  }

  /** Runs a job with progress on the request's token. */
  async #watched<R>(
    params: WorkDoneProgressParams,
    token: CancellationToken,
    start: (watched: Parameters<Service['check']>[1]) => Promise<R>,
  ): Promise<R> {
    const signal = signalOf(token);
    const progress = this.connection.languages.attachWorkDoneProgress(params);
    progress.begin('Plumbline', undefined, undefined, true);
    try {
      const { settings } = await this.#settingsFor();
      return await start({
        settings,
        signal,
        onProgress: ({ share, message }) =>
          share === undefined ? progress.report(message) : progress.report(Math.round(share * 100), message),
      });
    } finally {
      progress.done();
    }
  }

  /** What the person has set, asked for once until it changes. */
  #settingsFor(): Promise<EditorSettings> {
    if (!this.params.capabilities.workspace?.configuration) return Promise.resolve(settingsOf(undefined));
    this.#settings ??= this.connection.workspace
      .getConfiguration('plumbline')
      .then(settingsOf, () => settingsOf(undefined));
    return this.#settings;
  }

  /** Every answer goes through here: cancelled ones stop, and an error is a sentence, its details in the log. */
  #answer<P, R>(handle: (params: P, token: CancellationToken) => R | Promise<R>) {
    return async (params: P, token: CancellationToken): Promise<R | ResponseError<never>> => {
      if (token.isCancellationRequested) return new ResponseError(LSPErrorCodes.RequestCancelled, 'Cancelled.');
      try {
        return await handle(params, token);
      } catch (error) {
        return this.#failure(error);
      }
    };
  }

  #failure(error: unknown): ResponseError<never> {
    if (error instanceof Cancelled) return new ResponseError(LSPErrorCodes.RequestCancelled, error.message);
    if (error instanceof Unreadable || error instanceof EngineDied) {
      return new ResponseError(LSPErrorCodes.RequestFailed, error.message);
    }
    this.log.error(detailOf(error));
    return new ResponseError(ErrorCodes.InternalError, 'Plumbline could not answer this; its log says more.');
  }
}

interface DocumentParams {
  readonly textDocument: { readonly uri: string };
}

/** Each asks Git once, so a generated file does not ask for thousands. */
const MOST_LENSES = 100;

function mentionAt(service: Service, document: Document, offset: number) {
  const found = service.mentions(document);
  const mention = found?.mentions.find(({ span }) => span.start <= offset && offset <= span.end);
  return found && mention && { workspace: found.workspace, mention };
}

function definition(service: Service, document: Document, position: Range['start']): Definition | null {
  const found = mentionAt(service, document, document.lines.offset(position));
  const home = found?.workspace.names?.home;
  const place = found && home !== undefined ? definitionOf(found.mention.subject, home) : undefined;
  return place ? { uri: pathToFileURL(place.path).href, range: place.range } : null;
}

const noDiagnostics: DocumentDiagnosticReport = { kind: 'full', items: [] };

// ---------------------------------------------------------------------------------------------------- options

interface EditorSettings {
  readonly settings: Settings;
  readonly codeLens: boolean;
  readonly inlayHints: boolean;
  /** A revision of Git; left out, the place where the branch left the main one. */
  readonly compareWith?: string;
}

/** An editor that says nothing is another one than VS Code, whose user has opened the folder on purpose. */
function optionsOf(given: unknown): ServerOptions {
  const options = (typeof given === 'object' && given !== null ? given : {}) as Partial<ServerOptions>;
  return {
    trusted: options.trusted ?? true,
    storage: typeof options.storage === 'string' ? options.storage : cachePlace(),
  };
}

function settingsOf(given: unknown): EditorSettings {
  const valueAt = (path: string): unknown =>
    path.split('.').reduce<unknown>((here, key) => (here as Record<string, unknown> | null | undefined)?.[key], given);
  const threads = valueAt('engine.threads');
  const memory = valueAt('engine.memoryLimit');
  const sampleRows = valueAt('checks.sampleRows');
  const compareWith = valueAt('contract.compareWith');
  const limit = (path: string, usual: number): number => {
    const value = valueAt(path);
    return typeof value === 'number' && value >= 0 ? value : usual;
  };
  return {
    codeLens: valueAt('codeLens.enable') !== false,
    inlayHints: valueAt('inlayHints.enable') === true,
    ...(typeof compareWith === 'string' && compareWith !== '' ? { compareWith } : {}),
    settings: {
      engine: {
        ...(typeof threads === 'number' && threads > 0 ? { threads } : {}),
        ...(typeof memory === 'string' && memory !== '' ? { memory } : {}),
      },
      ...(typeof sampleRows === 'number' ? { sampleRows } : {}),
      history: {
        enabled: valueAt('history.enable') !== false,
        shared: valueAt('history.shared') === true,
        maxDays: limit('history.maxDays', defaultLimits.maxDays),
        maxMegabytes: limit('history.maxMegabytes', defaultLimits.maxMegabytes),
      },
    },
  };
}

// ------------------------------------------------------------------------------------------------- translation

const rangeOf = ({ lines }: Document, span: Span): Range => lines.range(span);

const severities: Readonly<Record<LintSeverity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

function protocolDiagnostic(
  document: Document,
  { code, severity, span, message, related, tag }: Diagnostic,
): ProtocolDiagnostic {
  return {
    source: 'Plumbline',
    code,
    codeDescription: { href: referenceOf(code) },
    severity: severities[severity],
    range: rangeOf(document, span),
    message,
    ...(related.length > 0
      ? {
          relatedInformation: related.map((other) => ({
            location: { uri: document.uri, range: rangeOf(document, other.span) },
            message: other.message,
          })),
        }
      : {}),
    ...(tag === 'deprecated' ? { tags: [DiagnosticTag.Deprecated] } : {}),
  };
}

const completionKinds: Readonly<Record<Completion['kind'], CompletionItemKind>> = {
  key: CompletionItemKind.Property,
  value: CompletionItemKind.EnumMember,
  reference: CompletionItemKind.Reference,
};

const completionItems = (document: Document, position: Range['start']): CompletionItem[] =>
  completionsAt(document, document.lines.offset(position)).map((completion, index) => ({
    label: completion.label,
    kind: completionKinds[completion.kind],
    detail: completion.detail,
    ...(completion.documentation ? { documentation: { kind: 'markdown', value: completion.documentation } } : {}),
    sortText: String(index).padStart(4, '0'),
    // An editor filters by all that is replaced, a quote included.
    filterText: `${quoteAt(document, completion.span)}${completion.label}`,
    textEdit: { range: rangeOf(document, completion.span), newText: completion.text },
    insertTextFormat: completion.snippet ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
    insertTextMode: InsertTextMode.adjustIndentation,
    ...(completion.deprecated ? { tags: [CompletionItemTag.Deprecated] } : {}),
  }));

function codeActions(
  service: Service,
  document: Document,
  range: Range,
  only: readonly string[] | undefined,
): CodeAction[] {
  const span = { start: document.lines.offset(range.start), end: document.lines.offset(range.end) };
  const judged = service.claims.of(document.path);
  return codeActionsIn(document, span, only, judged, service.bases.of(document.path)).map(
    ({ title, kind, edits, diagnostics, preferred }) => ({
      title,
      kind,
      diagnostics: diagnostics.map((diagnostic) => protocolDiagnostic(document, diagnostic)),
      isPreferred: preferred,
      edit: {
        changes: {
          [document.uri]: edits.map((edit) => ({ range: rangeOf(document, edit.span), newText: edit.text })),
        },
      },
    }),
  );
}

const symbolKinds: Readonly<Record<OutlineEntry['kind'], SymbolKind>> = {
  table: SymbolKind.Struct,
  column: SymbolKind.Field,
  key: SymbolKind.Key,
  rule: SymbolKind.Event,
  server: SymbolKind.Module,
  data: SymbolKind.File,
};

const outline = (
  document: Document,
  { name, detail, kind, span, selection, children }: OutlineEntry,
): DocumentSymbol => ({
  name,
  detail,
  kind: symbolKinds[kind],
  range: rangeOf(document, span),
  selectionRange: rangeOf(document, selection),
  children: children.map((child) => outline(document, child)),
});

// -------------------------------------------------------------------------------------------------------- log

/** Aborted when the editor does not want the answer any more. */
function signalOf(token: CancellationToken): AbortSignal {
  const abort = new AbortController();
  token.onCancellationRequested(() => abort.abort());
  return abort.signal;
}

const logOf = ({ console }: Connection): Log => ({
  error: (message) => console.error(message),
  warn: (message) => console.warn(message),
  info: (message) => console.info(message),
  debug: (message) => console.debug(message),
});

const detailOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));
