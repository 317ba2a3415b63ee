import { resolve } from 'node:path';
import { withVersions } from '../provenance/graph';
import { type Exit, exitOfDrift } from './exit';
import { inTerminal } from './terminal';
import type { CommonOptions, EngineFlags } from './usage';

export interface DriftOptions extends CommonOptions, EngineFlags {
  readonly reference: string;
  readonly current: string;
  readonly contract?: string;
  readonly preset?: string;
  /** Column → `METHOD` or `METHOD:THRESHOLD`. */
  readonly method?: Readonly<Record<string, string>>;
  readonly type?: Readonly<Record<string, string>>;
  readonly columns?: readonly string[];
}

export const drift = (options: DriftOptions): Promise<Exit> =>
  inTerminal(options, async ({ run, write, world, folder }) => {
    const { reference, current, contract, preset, method, type, columns, threads, memory } = options;
    const report = await run({
      kind: 'drift',
      reference,
      current,
      folder,
      contract: contract === undefined ? undefined : { path: resolve(folder, contract) },
      preset,
      methods: method,
      types: type,
      columns,
      engine: { threads, memory },
    });
    await write(await withVersions(world, report, folder));
    return exitOfDrift(report, options.failOn);
  });
