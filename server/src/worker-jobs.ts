import { type ChildProcess, fork } from 'node:child_process';
import type { Jobs } from './jobs';
import type { Job, Progress, ReportOf, WorkerReply, WorkerRequest } from './protocol';
import { Cancelled, EngineDied } from './sql/engine';
import { Unreadable, type World } from './world';

export interface WorkerOptions {
  /** The bundled worker. */
  readonly workerPath: string;
  /** A worker without work ends after this long; 0 keeps it. Milliseconds. */
  readonly idleMs?: number;
  /** How often a job whose worker died is given to a new one before its caller is told. */
  readonly retries?: number;
  /** A worker that was started before there was a job, for the first one. */
  readonly ahead?: ChildProcess | undefined;
}

/** The first message to a worker: where its world keeps its files. */
export interface Begin {
  readonly type: 'begin';
  readonly places: World['places'];
}

/** A job that the worker has, and what to do with its answers. */
interface Waiting {
  readonly job: Job;
  readonly options: RunOptions;
  readonly resolve: (report: never) => void;
  readonly reject: (error: Error) => void;
  deaths: number;
}

interface RunOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/** How long a worker has to stop a job before it is ended, and its other jobs go to a new one. */
const CANCEL_GRACE_MS = 2000;

/** Jobs in a process of their own, started at the first one: when a database dies there, it takes nothing with it. */
export function createJobs(world: World, { workerPath, idleMs = 120_000, retries = 0, ahead }: WorkerOptions): Jobs {
  let worker: ChildProcess | undefined;
  /** The worker that was ended because it did not react. Its jobs are not to blame for that. */
  let stopped: ChildProcess | undefined;
  let idle: NodeJS.Timeout | undefined;
  let nextId = 1;
  const waiting = new Map<number, Waiting>();
  if (ahead) worker = begun(ahead);

  /** Listens to a worker from now on, and tells it where it may write. */
  function begun(child: ChildProcess): ChildProcess {
    world.log.debug(`The engine's process is ${child.pid}.`);
    child.stderr?.on('data', (data: Buffer) => world.log.debug(`worker: ${data.toString().trimEnd()}`));
    child.on('message', (reply: WorkerReply) => settle(reply));
    child.on('error', (error) => lose(child, error.message));
    child.on('exit', (code, signal) => lose(child, signal ? `signal ${signal}` : `code ${code}`));
    const begin: Begin = { type: 'begin', places: world.places };
    child.send(begin, unheard);
    return child;
  }

  function send(request: WorkerRequest): void {
    worker ??= begun(startWorker(workerPath, request.type === 'run' ? request.job.kind : undefined));
    worker.send(request, unheard);
  }

  function settle(reply: WorkerReply): void {
    const entry = waiting.get(reply.id);
    if (!entry) return;
    if (reply.type === 'progress') {
      entry.options.onProgress(reply.progress);
      return;
    }
    waiting.delete(reply.id);
    rest();
    if (reply.type === 'done') entry.resolve(reply.report as never);
    else entry.reject(failure(reply));
  }

  /** The worker ended. Its jobs go to a new one, unless they were cancelled or died with too many workers already. */
  function lose(child: ChildProcess, how: string): void {
    if (worker !== child) return;
    worker = undefined;
    const isOurDoing = stopped === child;
    for (const [id, entry] of waiting) {
      if (entry.options.signal.aborted) drop(id, entry, new Cancelled());
      else if (isOurDoing) send({ type: 'run', id, job: entry.job });
      else if (entry.deaths++ < retries) {
        world.log.warn(`The engine ended (${how}) and its work begins anew.`);
        entry.options.onProgress({ share: undefined, message: `The engine ended (${how}); starting it again` });
        send({ type: 'run', id, job: entry.job });
      } else
        drop(id, entry, new EngineDied(`The engine ended before it was done (${how}). Run it again: it starts anew.`));
    }
    rest();
  }

  function drop(id: number, entry: Waiting, error: Error): void {
    waiting.delete(id);
    entry.reject(error);
  }

  function rest(): void {
    clearTimeout(idle);
    if (waiting.size > 0 || idleMs === 0) return;
    idle = setTimeout(end, idleMs);
    idle.unref();
  }

  function end(): void {
    clearTimeout(idle);
    const child = worker;
    worker = undefined;
    for (const [id, entry] of waiting) drop(id, entry, new Cancelled());
    child?.kill('SIGKILL');
  }

  function cancel(id: number): void {
    if (!waiting.has(id)) return;
    send({ type: 'cancel', id });
    setTimeout(() => waiting.has(id) && stop(), CANCEL_GRACE_MS).unref();
  }

  function stop(): void {
    stopped = worker;
    worker?.kill('SIGKILL');
  }

  function run<J extends Job>(job: J, options: RunOptions): Promise<ReportOf<J>> {
    if (options.signal.aborted) return Promise.reject(new Cancelled());
    clearTimeout(idle);
    const id = nextId++;
    const onAbort = () => cancel(id);
    options.signal.addEventListener('abort', onAbort, { once: true });
    return new Promise<ReportOf<J>>((resolve, reject) => {
      waiting.set(id, { job, options, resolve, reject, deaths: 0 });
      send({ type: 'run', id, job });
    }).finally(() => options.signal.removeEventListener('abort', onAbort));
  }

  return { run, dispose: end };
}

/**
 * A process for jobs. `kind` is what it will be asked for first: it loads that while the parent is still busy.
 * It stays until it is killed or its parent ends.
 */
export function startWorker(workerPath: string, kind: Job['kind'] | undefined): ChildProcess {
  return fork(workerPath, kind ? [kind] : [], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: [],
  });
}

/** A worker that is gone tells so by its exit, where its jobs are dealt with. */
const unheard = (): void => undefined;

function failure({ reason, message, partial }: Extract<WorkerReply, { type: 'failed' }>): Error {
  if (reason === 'cancelled') return new Cancelled(partial);
  return reason === 'usage' ? new Unreadable(message, '') : new EngineDied(message);
}
