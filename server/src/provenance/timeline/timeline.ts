import { runDrift } from '../../drift/run';
import type { TimelineJob, TimelineReport, TimelineVersion } from '../../protocol';
import type { Session } from '../../session';
import { Cancelled, QueryFailed } from '../../sql/engine';
import { TOOL } from '../../tool';
import { Unreadable } from '../../world';
import { type Content, changesBetween, type Read, type Reader, readContent, wordsOf } from './content';
import { type DatasetVersion, datasetHistory } from './history';
import { memoryIn } from './memory';
import { runsByContent, runsOf } from './runs';

/** Versions that are read when nobody says how many. */
const MOST = 20;
/** Columns named of those that moved. */
const MOST_MOVED = 3;
/** Cells of the larger side, beyond which a comparison would hold up all others. */
const LARGEST_CELLS = 50_000_000;
/** Milliseconds after which no further comparison is begun; the next call goes on where this one stopped. */
const LONGEST = 60_000;

/**
 * Versions of a dataset, newest first, each with what it holds, how it differs from the one before, and the runs that had
 * it. What was found of a content is kept under its id. Rejects with `Unreadable` for what has neither data nor history,
 * with `Cancelled` and `EngineDied`.
 */
export async function runTimeline(job: TimelineJob, session: Session): Promise<TimelineReport> {
  try {
    return await report(job, session);
  } catch (error) {
    throw session.signal.aborted ? new Cancelled() : error;
  }
}

async function report(job: TimelineJob, session: Session): Promise<TimelineReport> {
  const { dataset, folder, most = MOST } = job;
  const { world, signal } = session;
  session.onProgress({ share: undefined, message: 'Reading the history' });
  // One more, since the oldest one that is shown is compared with it.
  const history = await datasetHistory({ dataset, folder, most: most + 1 }, world, signal);
  const runs = await runsByContent(world, history.home, signal);
  const reader = { folder, session, memory: memoryIn(world), engine: job.engine };
  const read = await readAll(history.versions, reader);
  const compare = comparer(reader);
  const shown = history.versions.slice(0, most);
  const versions: TimelineVersion[] = [];
  for (const [index, version] of shown.entries()) {
    session.onProgress({ share: 0.5 + index / shown.length / 2, message: `Comparing ${wordsFor(version)}` });
    const after = { version, content: read[index]?.content };
    const older = history.versions[index + 1];
    const before = older && { version: older, content: read[index + 1]?.content };
    versions.push({
      ...told(version, read[index]),
      ...(before ? await compare(before, after) : { changes: [], drift: null, note: null }),
      runs: runsOf(version, after.content?.md5, runs),
    });
  }
  return {
    schemaVersion: 1,
    tool: TOOL,
    verb: 'timeline',
    dataset,
    versions,
    older: history.older + history.versions.length - shown.length,
  };
}

async function readAll(versions: readonly DatasetVersion[], reader: Reader): Promise<readonly Read[]> {
  const read: Read[] = [];
  for (const [index, version] of versions.entries()) {
    goOn(reader.session);
    reader.session.onProgress({ share: index / versions.length / 2, message: `Reading ${wordsFor(version)}` });
    read.push(await readContent(version, reader));
  }
  return read;
}

const wordsFor = ({ commit, ref }: DatasetVersion): string =>
  commit ? `${commit.commit.slice(0, 7)} ${commit.subject}` : ref;

function told(
  { tracker, ref, version, algorithm, commit, sizeBytes }: DatasetVersion,
  read: Read | undefined,
): Omit<TimelineVersion, 'changes' | 'drift' | 'note' | 'runs'> {
  return {
    tracker,
    ref,
    version: version ?? null,
    algorithm: algorithm ?? null,
    commit: commit?.commit ?? null,
    author: commit?.author ?? null,
    date: commit?.date ?? null,
    subject: commit?.subject ?? null,
    tag: commit?.tag ?? null,
    sizeBytes: sizeBytes ?? read?.content?.sizeBytes ?? null,
    rows: read?.content?.rows ?? null,
    columns: read?.content?.columns ?? null,
    reason: read?.reason ?? null,
  };
}

// ------------------------------------------------------------------------------------------------- differences

interface Side {
  readonly version: DatasetVersion;
  readonly content: Content | undefined;
}

type Difference = Pick<TimelineVersion, 'changes' | 'drift' | 'note'>;

/** Compares neighbours as long as there is time for it. */
function comparer(reader: Reader): (before: Side, after: Side) => Promise<Difference> {
  const { session, memory } = reader;
  const begun = session.world.now().getTime();
  return async (before, after) => {
    goOn(session);
    if (!before.content || !after.content) return { changes: [], drift: null, note: null };
    const changes = changesBetween(before.content, after.content);
    const words = pairOf(before.version, after.version);
    const known = words && (await memory.recall<TimelineVersion['drift']>(words));
    if (known) return { changes, drift: known, note: null };
    const note =
      tooLarge(before.content, after.content) ??
      (session.world.now().getTime() - begun > LONGEST ? 'Not compared yet: ask again to go on.' : undefined);
    if (note !== undefined) return { changes, drift: null, note };
    try {
      const make = () => driftBetween(before.version, after.version, reader);
      return { changes, drift: await (words ? memory.once(words, make) : make()), note: null };
    } catch (error) {
      if (!(error instanceof Unreadable || error instanceof QueryFailed)) throw error;
      return { changes, drift: null, note: error.message };
    }
  };
}

function pairOf(before: DatasetVersion, after: DatasetVersion): readonly string[] | undefined {
  const [one, other] = [wordsOf(before), wordsOf(after)];
  return one && other && ['drift', ...one, ...other];
}

function tooLarge(...sides: readonly Content[]): string | undefined {
  const cells = Math.max(...sides.map(({ rows, columns }) => rows * columns.length));
  if (cells <= LARGEST_CELLS) return undefined;
  return 'Too large to be compared on the way: compare these two versions by themselves.';
}

async function driftBetween(
  before: DatasetVersion,
  after: DatasetVersion,
  { folder, session, engine }: Reader,
): Promise<NonNullable<TimelineVersion['drift']>> {
  const job = { kind: 'drift', reference: before.ref, current: after.ref, folder, engine } as const;
  const { dataset, diagnosis } = await runDrift(job, { ...session, onProgress: () => undefined });
  const moved = (diagnosis?.columns ?? []).flatMap(({ column, drifted, moved }) =>
    drifted && moved !== null ? [`${column}: ${moved}`] : [],
  );
  return {
    drifted: dataset.drifted,
    driftedColumns: dataset.driftedColumns,
    columns: dataset.columns,
    moved: moved.slice(0, MOST_MOVED),
  };
}

function goOn({ signal }: Session): void {
  if (signal.aborted) throw new Cancelled();
}
