// Commands of Git that are told on their input what to answer: many questions for the price of one process.
import { spawn } from 'node:child_process';

/** A command and its input. */
export interface Batch {
  readonly folder: string;
  readonly args: readonly string[];
  readonly lines: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * What Git writes, piece by piece; it waits while nobody takes the next piece, and ends when nobody will. Rejects when Git
 * cannot be started, and with the signal's reason.
 */
export async function* outputOf({ folder, args, lines, environment, signal }: Batch): AsyncIterable<Buffer> {
  signal?.throwIfAborted();
  const child = spawn('git', args, {
    cwd: folder,
    env: environment,
    stdio: ['pipe', 'pipe', 'ignore'],
    windowsHide: true,
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve());
  });
  // It is awaited only once the output has been taken.
  ended.catch(() => undefined);
  const stop = () => child.kill();
  signal?.addEventListener('abort', stop, { once: true });
  // Git may end before it has read all of its input.
  child.stdin.on('error', () => undefined);
  child.stdin.end(lines.map((line) => `${line}\n`).join(''));
  try {
    for await (const piece of child.stdout) yield piece as Buffer;
    signal?.throwIfAborted();
    await ended;
  } finally {
    signal?.removeEventListener('abort', stop);
    stop();
  }
}

interface Open {
  readonly id: string;
  /** Bytes that are still to come, the line end behind them included. */
  left: number;
  /** Undefined for what is passed over. */
  readonly kept: Buffer[] | undefined;
}

/** Objects as `git cat-file --batch` writes them: `<id> <type> <size>\n<bytes>\n`, `<id> missing\n` for what is not there. */
export async function* blobsIn(
  output: AsyncIterable<Buffer>,
  largest: number,
): AsyncIterable<readonly [id: string, bytes: Uint8Array | undefined]> {
  let rest: Buffer = Buffer.alloc(0);
  let open: Open | undefined;
  for await (const piece of output) {
    rest = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    for (;;) {
      if (!open) {
        const end = rest.indexOf('\n');
        if (end < 0) break;
        const [id = '', type, size] = rest.toString('latin1', 0, end).split(' ');
        rest = rest.subarray(end + 1);
        const isWanted = type === 'blob' && Number(size) <= largest;
        if (size === undefined) yield [id, undefined];
        else open = { id, left: Number(size) + 1, kept: isWanted ? [] : undefined };
        continue;
      }
      const taken = rest.subarray(0, open.left);
      rest = rest.subarray(taken.length);
      open.left -= taken.length;
      open.kept?.push(taken);
      if (open.left > 0) break;
      yield [open.id, open.kept && Buffer.concat(open.kept).subarray(0, -1)];
      open = undefined;
    }
  }
}

/** Paths with their content ids, undefined for those that are gone. */
export type Differences = Map<string, string | undefined>;

/** Changes as `git diff-tree --stdin -z --raw` writes them: `<commit>\0`, then `:<mode> <mode> <id> <id> <state>\0<path>\0` each. */
export async function differencesIn(output: AsyncIterable<Buffer>): Promise<ReadonlyMap<string, Differences>> {
  const found = new Map<string, Differences>();
  let own: Differences = new Map();
  let blob: string | undefined;
  let isPath = false;
  for await (const field of fieldsIn(output)) {
    if (isPath) own.set(field, blob);
    else if (!field.startsWith(':')) {
      own = new Map();
      found.set(field, own);
    } else {
      const id = field.split(' ')[3] ?? '';
      blob = /^0+$/.test(id) ? undefined : id;
    }
    isPath = !isPath && field.startsWith(':');
  }
  return found;
}

async function* fieldsIn(output: AsyncIterable<Buffer>): AsyncIterable<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const piece of output) {
    const fields = (rest + decoder.decode(piece, { stream: true })).split('\0');
    rest = fields.pop() ?? '';
    yield* fields;
  }
}
