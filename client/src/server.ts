import type { CancellationToken } from 'vscode';
import { type LanguageClient, WorkDoneProgress } from 'vscode-languageclient/node';
import {
  type CheckParams,
  type CodeChange,
  type ContractChecks,
  type ContractDraft,
  type DialectInfo,
  type Draft,
  type DriftLimit,
  type DriftParams,
  type MonitorParams,
  type PastRun,
  type Progress,
  type ProvenanceFormat,
  type ProvenanceReport,
  type ReportPicture,
  type ResultFormat,
  type RevisionInfo,
  type RunDetailsJob,
  type RunDetailsReport,
  requests,
  type StoredResult,
  type TableInfo,
  type TextChange,
  type TimelineReport,
} from '../../server/src/protocol';

let nextToken = 1;

export interface Watched {
  readonly token: CancellationToken;
  readonly onProgress: (progress: Progress) => void;
}

/** The language server's own requests as functions. Each rejects with a sentence for the person. */
export class Server {
  readonly #client: LanguageClient;

  constructor(client: LanguageClient) {
    this.#client = client;
  }

  check(params: CheckParams, watched: Watched): Promise<StoredResult> {
    return this.#run(requests.check, params, watched);
  }

  drift(params: DriftParams | MonitorParams, watched: Watched): Promise<StoredResult> {
    return this.#run(requests.drift, params, watched);
  }

  /** `reference` may be `oldest`: the first version of the current file. */
  driftStart(params: DriftParams, watched: Watched): Promise<StoredResult> {
    return this.#run(requests.driftStart, params, watched);
  }

  provenance(uri: string, token?: CancellationToken): Promise<ProvenanceReport> {
    // A token that is undefined would go along as one more parameter, and the server would be told null in its place.
    return this.#client.sendRequest(requests.provenance, { uri }, ...(token ? [token] : []));
  }

  /** Histories and places of one run; its store is absolute. */
  runDetails(run: Omit<RunDetailsJob, 'kind'>): Promise<RunDetailsReport> {
    return this.#client.sendRequest(requests.runDetails, run);
  }

  /** Versions of a dataset, a reference from `folder`, newest first. */
  timeline(dataset: string, folder: string, watched: Watched): Promise<TimelineReport> {
    return this.#run(requests.timeline, { dataset, folder }, watched);
  }

  /** Absolute folder from which the paths of a report about the file or folder are told. */
  home(uri: string): Promise<string> {
    return this.#client.sendRequest(requests.home, { uri });
  }

  textAt(uri: string, revision: string): Promise<string> {
    return this.#client.sendRequest(requests.textAt, { uri, revision });
  }

  revisions(uri: string): Promise<readonly RevisionInfo[]> {
    return this.#client.sendRequest(requests.revisions, { uri });
  }

  codeChanges(uri: string, before: string, after: string): Promise<readonly CodeChange[]> {
    return this.#client.sendRequest(requests.codeChanges, { uri, before, after });
  }

  recipe(uri: string, run: string): Promise<string> {
    return this.#client.sendRequest(requests.recipe, { uri, run });
  }

  /** Of the workspace as it stands when no run is given. */
  newManifest(uri: string, run: string | undefined): Promise<Draft> {
    return this.#client.sendRequest(requests.newManifest, { uri, run });
  }

  /** Of all behind the file or folder when no run is given. */
  exportProvenance(uri: string, format: ProvenanceFormat, run: string | undefined): Promise<Draft> {
    return this.#client.sendRequest(requests.exportProvenance, { uri, format, run });
  }

  /** The result with this id as a file. */
  exportResult(id: string, format: ResultFormat, pictures: readonly ReportPicture[]): Promise<Draft> {
    return this.#client.sendRequest(requests.exportResult, { id, format, pictures });
  }

  convert(uri: string, to: string): Promise<ContractDraft> {
    return this.#client.sendRequest(requests.convert, { uri, to });
  }

  /** A first contract for the data at an absolute path. */
  infer(path: string, watched: Watched): Promise<ContractDraft> {
    return this.#run(requests.infer, { path }, watched);
  }

  dialects(): Promise<readonly DialectInfo[]> {
    return this.#client.sendRequest(requests.dialects);
  }

  tables(uri: string): Promise<readonly TableInfo[]> {
    return this.#client.sendRequest(requests.tables, { uri });
  }

  /** Undefined for a file that is no contract. */
  async checks(uri: string): Promise<ContractChecks | undefined> {
    return (await this.#client.sendRequest<ContractChecks | null>(requests.checks, { uri })) ?? undefined;
  }

  limitChanges(uri: string, limit: DriftLimit): Promise<readonly TextChange[]> {
    return this.#client.sendRequest(requests.driftLimit, { uri, limit });
  }

  /** Undefined when the history has forgotten it. */
  async result(id: string): Promise<StoredResult | undefined> {
    return (await this.#client.sendRequest<StoredResult | null>(requests.result, { id })) ?? undefined;
  }

  /** The newest result, of one contract when its address is given. */
  async latest(uri?: string): Promise<StoredResult | undefined> {
    return (await this.#client.sendRequest<StoredResult | null>(requests.latest, { uri })) ?? undefined;
  }

  /** Runs of a contract's checks so far, oldest first. */
  pastRuns(uri: string): Promise<readonly PastRun[]> {
    return this.#client.sendRequest(requests.pastRuns, { uri });
  }

  /** Of one contract when its address is given, else of the workspace. */
  deleteResults(uri: string | undefined): Promise<void> {
    return this.#client.sendRequest(requests.deleteResults, { uri });
  }

  async #run<Result>(method: string, params: object, { token, onProgress }: Watched): Promise<Result> {
    const workDoneToken = `plumbline-${nextToken++}`;
    const listener = this.#client.onProgress(WorkDoneProgress.type, workDoneToken, (value) => {
      if (value.kind !== 'end')
        onProgress({
          share: value.percentage === undefined ? undefined : value.percentage / 100,
          message: value.message ?? '',
        });
    });
    try {
      return await this.#client.sendRequest<Result>(method, { ...params, workDoneToken }, token);
    } finally {
      listener.dispose();
    }
  }
}
