/** The only process that loads a database: statistics run here too, beside their data. Its parent talks to it over IPC. */
import { runCheck } from './check/run';
import { loadContract } from './contract/load';
import { runProfile } from './data/profile';
import { runDrift } from './drift/run';
import { sketchIn } from './drift/sketch-column';
import { createNodeWorld } from './node-world';
import type { Job, JobReport, Progress, WorkerReply, WorkerRequest } from './protocol';
import type { Session } from './session';
import { Cancelled, QueryFailed } from './sql/engine';
import { openDuckDB } from './sql/engines/duckdb';
import { Unreadable, type World } from './world';

const running = new Map<number, AbortController>();
const [storage = '', temporary = ''] = process.argv.slice(2);
const world = createNodeWorld({ trusted: true, storage, temporary, log: console });

process.on('message', (request: WorkerRequest) => {
  if (request.type === 'cancel') running.get(request.id)?.abort();
  else void run(request.id, request.job);
});
process.on('disconnect', () => process.exit(0));
// Ctrl-C in a terminal goes to the whole group; the parent cancels what runs, and this process tells what it has.
process.on('SIGINT', () => undefined);

async function run(id: number, job: Job): Promise<void> {
  const abort = new AbortController();
  running.set(id, abort);
  const tell = (progress: Progress) => reply({ type: 'progress', id, progress });
  try {
    reply({ type: 'done', id, report: await reportOf(job, sessionOf(world, abort.signal, tell)) });
  } catch (error) {
    reply({
      type: 'failed',
      id,
      reason: reasonOf(error),
      message: error instanceof Error ? error.message : String(error),
      ...(error instanceof Cancelled && error.partial ? { partial: error.partial } : {}),
    });
  } finally {
    running.delete(id);
  }
}

/** The readers of every tracker wait for the first question about versions: a check should not wait for them. */
async function reportOf(job: Job, session: Session): Promise<JobReport> {
  switch (job.kind) {
    case 'check':
      return runCheck(job, await loadContract(job.contract, session.world), session);
    case 'drift':
      return runDrift(job, session);
    case 'profile':
      return runProfile(job, session, sketchIn);
    case 'provenance':
      return (await import('./provenance/graph')).provenanceOf(session.world, job.target, session.signal);
    case 'runDetails':
      return (await import('./provenance/runs')).runDetails(session.world, job, session.signal);
    case 'timeline':
      return (await import('./provenance/timeline/timeline')).runTimeline(job, session);
  }
}

/** The job tells its steps and the engine how far the running one is; the person sees one share. */
function sessionOf(world: World, signal: AbortSignal, tell: (progress: Progress) => void): Session {
  let told: Progress = { share: undefined, message: '' };
  const onProgress = (progress: Progress) => {
    told = progress;
    tell(progress);
  };
  const onStatement = (part: number) => {
    const { share, step = 0, message } = told;
    tell({ share: share === undefined ? part : share + step * part, message });
  };
  const engine = { temporary, signal, onProgress: onStatement };
  return {
    world,
    signal,
    onProgress,
    open: (options) => openDuckDB({ ...options, ...engine, folders: [...options.folders, temporary] }),
  };
}

function reasonOf(error: unknown): 'usage' | 'engine' | 'cancelled' {
  if (error instanceof Cancelled) return 'cancelled';
  // What an engine says of a file half way through is about the file, not about the engine.
  return error instanceof Unreadable || error instanceof QueryFailed ? 'usage' : 'engine';
}

const reply = (message: WorkerReply): void => void process.send?.(message);
