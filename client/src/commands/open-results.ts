import type { Parts } from '../language-client';
import { again } from './again';

/** Shows the newest result again; where there is none yet, the panel says what would make one. */
export async function openResults(parts: Parts): Promise<void> {
  const result = await parts.server.latest();
  if (result) await parts.panel.show(result, () => again(parts, result));
  else parts.panel.empty();
}
