import { resolve } from 'node:path';
import type { SingleBar } from 'cli-progress';
import type { Jobs } from '../jobs';
import { cachePlace, createNodeWorld, createTemporary } from '../node-world';
import type { Job, Progress, ReportOf } from '../protocol';
import type { Format, Report } from '../report/format';
import { formats } from '../report/formats';
import { withPathsFrom } from '../report/paths';
import { Cancelled, EngineDied } from '../sql/engine';
import { Unreadable, type World } from '../world';
import { engineAhead, workerPath } from './engine-ahead';
import { type Exit, exits } from './exit';
import { type CommonOptions, UsageError } from './usage';

/** What a verb is given: the world, the engine, and the two ways to talk to the person. */
export interface Terminal {
  readonly world: World;
  /** Where relative paths start. */
  readonly folder: string;
  run<J extends Job>(job: J): Promise<ReportOf<J>>;
  /** Writes the report where the person wants it. */
  write(report: Report): Promise<void>;
  /** One sentence to the person, beside the report. */
  say(message: string): void;
}

/** Runs the verb, tells each error as one sentence, and leaves no process and no temporary file behind. */
export async function inTerminal(options: CommonOptions, verb: (terminal: Terminal) => Promise<Exit>): Promise<Exit> {
  const abort = new AbortController();
  const release = onInterrupt(() => abort.abort());
  const temporary = await createTemporary();
  const world = createNodeWorld({ trusted: true, storage: cachePlace(), temporary: temporary.path, log });
  let jobs: Jobs | undefined;
  const run = async <J extends Job>(job: J): Promise<ReportOf<J>> => {
    const { createJobs } = await import('../worker-jobs');
    jobs ??= createJobs(world, { workerPath, ahead: engineAhead() });
    const bar = options.quiet ? silent : progressBar();
    try {
      return await jobs.run(job, { signal: abort.signal, onProgress: bar.update });
    } finally {
      bar.stop();
    }
  };
  try {
    const format = formatOf(options.format);
    const folder = process.cwd();
    const write = (report: Report) => output(world, format, withPathsFrom(report, folder), options);
    return await verb({ world, folder, run, write, say });
  } catch (error) {
    say(sentenceOf(error));
    return exitOfError(error);
  } finally {
    jobs?.dispose();
    release();
    await temporary.remove();
  }
}

/** One sentence on the error stream. */
export const say = (message: string): void => void process.stderr.write(`${message}\n`);

export function exitOfError(error: unknown): Exit {
  if (error instanceof Cancelled) return exits.cancelled;
  return error instanceof Unreadable || error instanceof UsageError ? exits.usage : exits.engine;
}

export function sentenceOf(error: unknown): string {
  if (error instanceof Cancelled) return 'Cancelled.';
  if (error instanceof Unreadable || error instanceof UsageError || error instanceof EngineDied) return error.message;
  return `Plumbline itself failed: ${error instanceof Error ? error.message : String(error)}`;
}

function formatOf(id: string): Format {
  const found = formats.find((format) => format.id === id);
  if (!found) throw new UsageError(`There is no format "${id}".`);
  return found;
}

async function output(world: World, format: Format, report: Report, options: CommonOptions): Promise<void> {
  const isTerminal = options.output === undefined && process.stdout.isTTY === true;
  const color = isTerminal && options.color && !process.env.NO_COLOR;
  const quiet = options.quiet ?? false;
  for (const [id, file] of Object.entries(options.also ?? {}))
    await world.write(resolve(file), formatOf(id).write(report, { color: false, quiet }));
  const written = format.write(report, { color, quiet });
  if (options.output !== undefined) return world.write(resolve(options.output), written);
  await new Promise<void>((done) => process.stdout.write(written, () => done()));
}

/** A library's own words are for whoever looks for a fault: PLUMBLINE_LOG=debug shows them. */
const log = {
  error: (message: string) => say(message),
  warn: (message: string) => say(message),
  info: (message: string) => debug(message),
  debug: (message: string) => debug(message),
};

function debug(message: string): void {
  if (process.env.PLUMBLINE_LOG === 'debug') say(message);
}

/** The first Ctrl-C stops the work in order, a second one at once. */
function onInterrupt(stop: () => void): () => void {
  let asked = false;
  const interrupted = () => {
    if (asked) process.exit(exits.cancelled);
    asked = true;
    stop();
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.on(signal, interrupted);
  return () => {
    for (const signal of signals) process.off(signal, interrupted);
  };
}

interface ProgressBar {
  update(progress: Progress): void;
  stop(): void;
}

const silent: ProgressBar = { update: () => undefined, stop: () => undefined };

/** Milliseconds of work after which it counts as long. */
const LONG = 1000;

function progressBar(): ProgressBar {
  if (!process.stderr.isTTY) return silent;
  let bar: SingleBar | undefined;
  let stopped = false;
  let latest: Progress = { share: undefined, message: '' };
  const show = async () => {
    const { SingleBar, Presets } = await import('cli-progress');
    if (stopped) return;
    const format = '{bar} {percentage} % {message}';
    bar = new SingleBar(
      { format, stream: process.stderr, clearOnComplete: true, hideCursor: true },
      Presets.shades_classic,
    );
    bar.start(1, latest.share ?? 0, { message: latest.message });
  };
  const timer = setTimeout(() => void show(), LONG);
  return {
    update: (progress) => {
      latest = { share: progress.share ?? latest.share, message: progress.message || latest.message };
      bar?.update(latest.share ?? 0, { message: latest.message });
    },
    stop: () => {
      stopped = true;
      clearTimeout(timer);
      bar?.stop();
    },
  };
}
