import type { EngineOptions, Progress } from './protocol';
import type { Engine } from './sql/engine';
import type { World } from './world';

/** What one job is given: the world, a way to an engine, and the caller's wish to hear of progress or to stop. */
export interface Session {
  readonly world: World;
  /** An engine that may read below these folders and nowhere else. Rejects with `EngineDied`. */
  open(options: EngineOptions & { readonly folders: readonly string[] }): Promise<Engine>;
  readonly signal: AbortSignal;
  onProgress(progress: Progress): void;
}
