import { dirname, resolve } from 'node:path';
import { firstContract } from '../language/first-contract';
import { dialectIn, plain, put } from './convert';
import { type Exit, exits } from './exit';
import { inTerminal } from './terminal';
import type { CommonOptions, EngineFlags } from './usage';

export interface InferOptions extends Pick<CommonOptions, 'output' | 'quiet'>, EngineFlags {
  readonly to: string;
}

/** A first contract from data, which those data keep. */
export const infer = (refs: readonly string[], options: InferOptions): Promise<Exit> =>
  inTerminal({ ...plain, ...options }, async (terminal) => {
    const { run, folder, say } = terminal;
    const { threads, memory, output } = options;
    const dialect = dialectIn(options.to);
    const home = output === undefined ? folder : dirname(resolve(folder, output));
    const wish = { refs, folder, home, dialect, engine: { threads, memory } };
    const { text, losses } = await firstContract(wish, run);
    for (const message of new Set(losses.map((loss) => loss.message)))
      if (options.quiet !== true) say(`warning convert/lossy ${message}`);
    await put(terminal, text, output);
    return exits.clean;
  });
