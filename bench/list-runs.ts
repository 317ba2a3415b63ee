/** Lists the runs of a store twice by its reader alone, and prints how long each took: what a bench measures in a process of its own. */
import { createNodeWorld } from '../server/src/node-world';
import { members } from '../server/src/stores/trackers';

async function listed(tracker: string, store: string, storage: string): Promise<void> {
  const told = () => undefined;
  const log = { error: told, warn: told, info: told, debug: told };
  const world = createNodeWorld({ trusted: true, storage, temporary: storage, log });
  const reader = members.find((one) => one.tracker === tracker);
  if (!reader) throw new Error(`There is no tracker ${tracker}.`);
  const times: { readonly wall: number; readonly processor: number; readonly runs: number }[] = [];
  for (const _ of ['first', 'again']) {
    const [since, used] = [performance.now(), process.cpuUsage()];
    const { found } = await reader.read(store, world);
    const { user, system } = process.cpuUsage(used);
    times.push({
      wall: (performance.now() - since) / 1000,
      processor: (user + system) / 1e6,
      runs: found.runs.length,
    });
  }
  console.log(JSON.stringify(times));
}

const [, , tracker = '', store = '', storage = ''] = process.argv;
void listed(tracker, store, storage);
