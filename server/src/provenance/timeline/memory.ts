import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { TOOL } from '../../tool';
import type { World } from '../../world';

/** Keeps what was found of a content under the content's id, so that it is never found twice. */
export interface Memory {
  /** What an earlier call or process made of these words, else what `make` gives; a failure is not kept. */
  once<T>(words: readonly string[], make: () => Promise<T>): Promise<T>;
  /** The same without making it. */
  recall<T>(words: readonly string[]): Promise<T | undefined>;
}

/** In Plumbline's own folder. Another version of Plumbline may read data otherwise, so it finds everything anew. */
export function memoryIn(world: World): Memory {
  const fileOf = (words: readonly string[]): string => {
    const name = createHash('sha256')
      .update(JSON.stringify([TOOL.version, ...words]))
      .digest('hex');
    return join(world.places.storage, 'timeline', `${name.slice(0, 32)}.json`);
  };
  const recall = async <T>(words: readonly string[]): Promise<T | undefined> => {
    const text = await world.readText(fileOf(words)).catch(() => undefined);
    return text === undefined ? undefined : (parsed(text) as T | undefined);
  };
  return {
    recall,
    once: async <T>(words: readonly string[], make: () => Promise<T>): Promise<T> => {
      const known = await recall<T>(words);
      if (known !== undefined) return known;
      const made = await make();
      // A disk that is full or may not be written costs only the time to find it again.
      await world.write(fileOf(words), JSON.stringify(made)).catch((error: Error) => world.log.warn(error.message));
      return made;
    },
  };
}

/** A file that was cut off tells nothing. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
