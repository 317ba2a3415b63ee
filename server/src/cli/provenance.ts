import { resolve } from 'node:path';
import { provenanceOf } from '../provenance/graph';
import { type Exit, exitOfProvenance } from './exit';
import { inTerminal } from './terminal';
import type { CommonOptions } from './usage';

export const provenance = (path: string | undefined, options: CommonOptions): Promise<Exit> =>
  inTerminal(options, async ({ world, folder, write }) => {
    const report = await provenanceOf(world, resolve(folder, path ?? '.'));
    await write(report);
    return exitOfProvenance(report, options.failOn);
  });
