/** The only process that loads a database: statistics run here too, beside their data. Its parent talks to it over IPC. */
import { createNodeWorld } from './node-world';
import type { Job, JobReport, Progress, WorkerReply, WorkerRequest } from './protocol';
import type { Session } from './session';
import { Cancelled, QueryFailed } from './sql/engine';
import type { Begin } from './worker-jobs';
import { Unreadable, type World } from './world';

/** What each kind of job needs, as a bundle of its own: none waits for what another kind needs. */
const rooms = {
  check: () => import('./check/run'),
  plan: () => import('./check/run'),
  drift: () => import('./drift/run'),
  profile: () => import('./data/profile'),
  provenance: () => import('./provenance/graph'),
  runDetails: () => import('./provenance/runs'),
  timeline: () => import('./provenance/timeline/timeline'),
} as const;
const engine = () => import('./sql/engines/duckdb');
/** Kinds of jobs that ask an engine in any case. */
const asking: readonly string[] = ['check', 'plan', 'drift', 'profile'];

const running = new Map<number, AbortController>();
let world: World | undefined;

process.on('message', (request: Begin | WorkerRequest) => {
  if (request.type === 'begin') world = createNodeWorld({ trusted: true, ...request.places, log: console });
  else if (request.type === 'cancel') running.get(request.id)?.abort();
  else if (world) void run(request.id, request.job, world);
});
process.on('disconnect', () => process.exit(0));
// Ctrl-C in a terminal goes to the whole group; the parent cancels what runs, and this process tells what it has.
process.on('SIGINT', () => undefined);
// The job itself tells of what does not load.
void loadAhead(process.argv[2]).catch(() => undefined);

/** Loads what a job of that kind will need, while its parent is still finding out what to ask. */
async function loadAhead(kind: string | undefined): Promise<void> {
  if (kind && asking.includes(kind)) (await engine()).prepareDuckDB();
  if (kind && kind in rooms) await rooms[kind as Job['kind']]();
}

async function run(id: number, job: Job, world: World): Promise<void> {
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

async function reportOf(job: Job, session: Session): Promise<JobReport> {
  switch (job.kind) {
    case 'check': {
      const [{ runCheck }, { loadContract }] = await Promise.all([rooms.check(), import('./contract/load')]);
      return runCheck(job, await loadContract(job.contract, session.world), session);
    }
    case 'plan': {
      const [{ planCheck }, { loadContract }] = await Promise.all([rooms.plan(), import('./contract/load')]);
      return planCheck(job, await loadContract(job.contract, session.world), session);
    }
    case 'drift':
      return (await rooms.drift()).runDrift(job, session);
    case 'profile': {
      const [{ runProfile }, { sketchIn }] = await Promise.all([rooms.profile(), import('./drift/sketch-column')]);
      return runProfile(job, session, sketchIn);
    }
    case 'provenance':
      return (await rooms.provenance()).provenanceOf(session.world, job.target, session.signal);
    case 'runDetails':
      return (await rooms.runDetails()).runDetails(session.world, job, session.signal);
    case 'timeline':
      return (await rooms.timeline()).runTimeline(job, session);
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
  const { temporary } = world.places;
  const shared = { temporary, signal, onProgress: onStatement };
  return {
    world,
    signal,
    onProgress,
    open: async (options) =>
      (await engine()).openDuckDB({ ...options, ...shared, folders: [...options.folders, temporary] }),
  };
}

function reasonOf(error: unknown): 'usage' | 'engine' | 'cancelled' {
  if (error instanceof Cancelled) return 'cancelled';
  // What an engine says of a file half way through is about the file, not about the engine.
  return error instanceof Unreadable || error instanceof QueryFailed ? 'usage' : 'engine';
}

const reply = (message: WorkerReply): void => void process.send?.(message);
