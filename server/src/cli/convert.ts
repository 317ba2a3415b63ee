import { relative, resolve } from 'node:path';
import { convert, writable } from '../contract/convert';
import type { Dialect, Loss } from '../contract/dialect';
import { asPosix } from '../contract/infer';
import { loadContract } from '../contract/load';
import { Lines } from '../text/lines';
import { listed } from '../text/words';
import { type Exit, exits } from './exit';
import { inTerminal, type Terminal } from './terminal';
import { type CommonOptions, UsageError } from './usage';

/** Of the options of reports those that a contract has no use for. */
export const plain: CommonOptions = { format: 'text', failOn: 'error', color: false };

export interface ConvertOptions extends Pick<CommonOptions, 'output' | 'quiet'> {
  readonly to: string;
}

/** A contract in another format, with what is lost told on the error stream. */
export const convertFile = (file: string, options: ConvertOptions): Promise<Exit> =>
  inTerminal({ ...plain, ...options }, async (terminal) => {
    const { world, folder, say } = terminal;
    const dialect = dialectIn(options.to);
    const path = resolve(folder, file);
    const contract = await loadContract({ path }, world);
    if (contract.dialect === dialect.id) say(`${file} is a ${dialect.title} already; it is written anew.`);
    const { text, losses } = convert(contract, dialect);
    if (options.quiet !== true) tell(terminal, path, contract.tree.text, losses);
    await put(terminal, text, options.output);
    return exits.clean;
  });

/** The format that `--to` names. Throws `UsageError` with the known ones. */
export function dialectIn(word: string): Dialect {
  const found = writable.find(({ id }) => id === word);
  if (found) return found;
  const known = listed(
    writable.map(({ id }) => id),
    writable.length,
  );
  throw new UsageError(`There is no dialect "${word}" to write; --to takes ${known}.`);
}

/** Writes to a file, or to the standard output. */
export async function put({ world, folder }: Terminal, text: string, output: string | undefined): Promise<void> {
  if (output !== undefined) return world.write(resolve(folder, output), text);
  await new Promise<void>((done) => process.stdout.write(text, () => done()));
}

function tell({ folder, say }: Terminal, path: string, text: string, losses: readonly Loss[]): void {
  const lines = new Lines(text);
  for (const { message, node } of losses) {
    const { line, character } = lines.position(node.span.start);
    say(`${asPosix(relative(folder, path))}:${line + 1}:${character + 1} warning convert/lossy ${message}`);
  }
}
