import type { Job, Progress, ReportOf } from './protocol';

/** Checks, drift and profiles as requests to the worker. Callers know no process. */
export interface Jobs {
  /** Rejects with `Unreadable` for inputs, `EngineDied` for the engine, `Cancelled` when `signal` aborts. */
  run<J extends Job>(
    job: J,
    options: { signal: AbortSignal; onProgress: (progress: Progress) => void },
  ): Promise<ReportOf<J>>;
  /** Ends the worker. A later `run` starts another. */
  dispose(): void;
}
