import { resolve } from 'node:path';
import { provenanceOf } from '../provenance/graph';
import { type Exit, exitOfProvenance, exits } from './exit';
import { inTerminal, type Terminal } from './terminal';
import { type CommonOptions, type EngineFlags, UsageError } from './usage';

export interface ProvenanceOptions extends CommonOptions, EngineFlags {
  /** The versions of a dataset in place of what stands behind a file. */
  readonly timeline?: boolean;
  readonly most?: number;
}

export const provenance = (path: string | undefined, options: ProvenanceOptions): Promise<Exit> =>
  inTerminal(options, async (terminal) => {
    if (options.timeline) return timeline(path, options, terminal);
    const { world, folder, write } = terminal;
    const report = await provenanceOf(world, resolve(folder, path ?? '.'));
    await write(report);
    return exitOfProvenance(report, options.failOn);
  });

async function timeline(
  dataset: string | undefined,
  { most, threads, memory }: ProvenanceOptions,
  { run, folder, write }: Terminal,
): Promise<Exit> {
  if (dataset === undefined) throw new UsageError('--timeline takes a dataset: plumbline provenance FILE --timeline');
  await write(await run({ kind: 'timeline', dataset, folder, most, engine: { threads, memory } }));
  return exits.clean;
}
