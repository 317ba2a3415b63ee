import type { ProvenanceReport } from '../protocol';
import type { Log } from '../world';
import { type Judgements, judgementsOf } from './claims';

/** How manifests are judged, and who wants to know. */
export interface Court {
  /** The report of the manifest at a path. Rejects when it cannot be had. */
  readonly judge: (path: string, signal: AbortSignal) => Promise<ProvenanceReport>;
  /** The text of the file, since that is what is judged, whatever an editor has. */
  readonly textOf: (path: string) => Promise<string>;
  readonly log: Log;
}

/** Milliseconds of quiet before a manifest is judged. */
const QUIET = 400;

/** After a judgement at least this many times as long as it took passes before the next. */
const REST = 2;

interface Case {
  judgements: Judgements | undefined;
  timer: NodeJS.Timeout | undefined;
  running: AbortController | undefined;
  took: number;
}

/**
 * The claims of the manifests that are open, judged when one is opened or saved and when other files change; never while
 * a person types.
 */
export class ManifestClaims {
  /** Called after a manifest was judged. */
  onChange: () => void = () => undefined;
  readonly #cases = new Map<string, Case>();

  constructor(readonly court: Court) {}

  /** Undefined until the manifest is judged. */
  of(path: string): Judgements | undefined {
    return this.#cases.get(path)?.judgements;
  }

  /** The manifest is open, or was saved. */
  judgeLater(path: string): void {
    const own = this.#cases.get(path) ?? { judgements: undefined, timer: undefined, running: undefined, took: 0 };
    this.#cases.set(path, own);
    clearTimeout(own.timer);
    // What is judged now began before the change.
    own.running?.abort();
    own.timer = setTimeout(() => void this.#judge(path, own), Math.max(QUIET, REST * own.took));
    own.timer.unref();
  }

  /** Files have changed that a claim may be about. */
  judgeAllLater(): void {
    for (const path of this.#cases.keys()) this.judgeLater(path);
  }

  close(path: string): void {
    const own = this.#cases.get(path);
    clearTimeout(own?.timer);
    own?.running?.abort();
    this.#cases.delete(path);
  }

  closeAll(): void {
    for (const path of [...this.#cases.keys()]) this.close(path);
  }

  /** Never rejects: what cannot be judged is not told of. */
  async #judge(path: string, own: Case): Promise<void> {
    const { judge, textOf, log } = this.court;
    const abort = new AbortController();
    own.running = abort;
    const started = performance.now();
    try {
      const text = await textOf(path);
      const { claims } = await judge(path, abort.signal);
      // A file that was written meanwhile is judged once more, which its saving has asked for.
      if (abort.signal.aborted || (await textOf(path)) !== text) return;
      own.judgements = claims && judgementsOf(path, text, claims);
      this.onChange();
    } catch (error) {
      if (!abort.signal.aborted) log.debug(`The claims of ${path} are not judged: ${String(error)}`);
    } finally {
      own.took = performance.now() - started;
      if (own.running === abort) own.running = undefined;
    }
  }
}
