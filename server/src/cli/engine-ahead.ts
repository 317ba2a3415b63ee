import { join } from 'node:path';
import type { Job } from '../protocol';
import { startWorker } from '../worker-jobs';

/** The bundled worker, which lies beside the command line. */
export const workerPath = join(__dirname, 'worker.js');

/** Verbs that ask the engine's process for a job, which has their name. */
const kinds: readonly Job['kind'][] = ['check', 'drift', 'profile', 'provenance'];

type Engine = ReturnType<typeof startWorker>;

let started: Engine | undefined;

/** Starts the engine's process where the command line will have a job for it; whoever asks for it ends it too. */
export function engineFor([verb, ...options]: readonly string[]): Engine | undefined {
  const kind = kinds.find((name) => name === verb);
  if (!kind || options.includes('--help') || options.includes('-h')) return undefined;
  started = startWorker(workerPath, kind);
  // A process that did not start, or ended, is no use to the first job, which then starts its own and tells of it.
  return started.on('error', () => undefined);
}

/** The process that was started ahead, once, if it lives. */
export function engineAhead(): Engine | undefined {
  const engine = started;
  started = undefined;
  return engine?.connected ? engine : undefined;
}
