import { resolve } from 'node:path';
import { baseOf } from '../contract/diff/base';
import { diffReport, type Side } from '../contract/diff/report';
import { loadContract } from '../contract/load';
import { textAt } from '../provenance/code';
import { Unreadable } from '../world';
import { type Exit, exitOfDiff } from './exit';
import { inTerminal, type Terminal } from './terminal';
import { type CommonOptions, UsageError } from './usage';

export interface DiffOptions extends CommonOptions {
  readonly against?: string;
}

/** What has changed from one contract to another, or of one since a revision. */
export const diff = (before: string, after: string | undefined, options: DiffOptions): Promise<Exit> =>
  inTerminal(options, async (terminal) => {
    if (after !== undefined && options.against !== undefined)
      throw new UsageError('--against is for one contract; of two, name the revision with the first: FILE@REV.');
    const later = await sideOf(after ?? before, terminal);
    const earlier =
      after === undefined ? await earlierOf(later, options.against, terminal) : await sideOf(before, terminal);
    const report = diffReport(earlier, later);
    await terminal.write(report);
    return exitOfDiff(report, options.failOn);
  });

/** The contract that a reference names; a file that has all of it as its name wins over a revision. */
async function sideOf(ref: string, terminal: Terminal): Promise<Side> {
  const { world, folder } = terminal;
  const path = resolve(folder, ref);
  const [, file, revision] = /^(.+)@([^@]+)$/s.exec(path) ?? [];
  if (file === undefined || revision === undefined || (await world.stat(path)))
    return { path, revision: undefined, contract: await loadContract({ path }, world) };
  return atRevision(file, revision, revision, terminal);
}

async function earlierOf(later: Side, against: string | undefined, terminal: Terminal): Promise<Side> {
  const base = await baseOf(terminal.world, later.path, against);
  if (base) return atRevision(later.path, base.commit, base.name, terminal);
  throw new Unreadable(
    against === undefined
      ? `${later.path} lies in no Git repository with a commit to compare with. Name two contracts: plumbline diff BEFORE AFTER.`
      : `There is no commit ${against} in the repository of ${later.path}. "git fetch" may bring it.`,
    later.path,
  );
}

async function atRevision(path: string, revision: string, name: string, { world }: Terminal): Promise<Side> {
  const text = await textAt(world, path, revision);
  return { path, revision: name, contract: await loadContract({ path, text }, world) };
}
