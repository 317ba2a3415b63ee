import { resolve } from 'node:path';
import { contentVersionOf } from '../provenance/versions';
import { baselineText } from '../report/baseline';
import { type Exit, exits } from './exit';
import { inTerminal } from './terminal';
import type { CommonOptions, EngineFlags } from './usage';

export interface ProfileOptions extends CommonOptions, EngineFlags {
  /** File that the profile is kept in. */
  readonly save?: string;
}

export const profile = (ref: string, options: ProfileOptions): Promise<Exit> =>
  inTerminal(options, async ({ run, write, world, folder }) => {
    const { threads, memory, save } = options;
    const sketch = options.format === 'sagemaker';
    const keep = save !== undefined || sketch;
    const read = await run({ kind: 'profile', ref, folder, keep, sketch, engine: { threads, memory } });
    const report = { ...read, version: await contentVersionOf(world, ref, folder) };
    if (save !== undefined) await world.write(resolve(folder, save), baselineText(report));
    await write(report);
    return exits.clean;
  });
