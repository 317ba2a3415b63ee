import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNodeWorld } from '../../server/src/node-world';
import type { Git, World } from '../../server/src/world';

/** A trusted world that keeps what it was told to log. */
export function listeningWorld(options: { readonly trusted?: boolean } = {}): World & { readonly told: string[] } {
  const told: string[] = [];
  const tell = (message: string) => void told.push(message);
  const log = { error: tell, warn: tell, info: () => undefined, debug: () => undefined };
  const storage = join(tmpdir(), 'plumbline-test-storage');
  return { ...createNodeWorld({ trusted: options.trusted ?? true, storage, temporary: storage, log }), told };
}

export function gitOf(world: World): Git {
  if (!world.git) throw new Error('This world has no Git.');
  return world.git;
}
