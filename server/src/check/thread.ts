import { Worker } from 'node:worker_threads';

/** How long a thread may run. */
export interface Limit {
  readonly milliseconds: number;
  readonly signal: AbortSignal;
}

/** A judge of values that another thread can be given. */
export interface Judge {
  /** Body of a function of `given` that returns a function of one value. Nothing of the bundle is known to it. */
  readonly program: string;
  /** What it needs; plain data only. */
  readonly given: unknown;
}

const THREAD = `
const { parentPort, workerData } = require('node:worker_threads');
const holds = new Function('given', workerData.program)(workerData.given);
parentPort.postMessage(Uint8Array.from(workerData.values, (value) => (holds(value) ? 1 : 0)));
`;

/**
 * Judges each value in a thread of its own, which a judge that never ends cannot outlive.
 *
 * @returns One byte a value, 1 where it holds; undefined when `milliseconds` or the signal ended it. Rejects when the
 * judge throws.
 */
export function judgedApart(
  { program, given }: Judge,
  values: readonly string[],
  limit: Limit,
): Promise<Uint8Array | undefined> {
  const worker = new Worker(THREAD, { eval: true, workerData: { program, given, values } });
  return new Promise((resolve, reject) => {
    const stop = () => end(() => resolve(undefined));
    const timer = setTimeout(stop, limit.milliseconds);
    function end(settle: () => void): void {
      clearTimeout(timer);
      limit.signal.removeEventListener('abort', stop);
      settle();
      void worker.terminate();
    }
    limit.signal.addEventListener('abort', stop);
    worker.on('message', (flagsOf: Uint8Array) => end(() => resolve(flagsOf)));
    worker.on('error', (error) => end(() => reject(error)));
    if (limit.signal.aborted) stop();
  });
}
