/**
 * Lists the runs of a store twice by its reader alone, and prints how long each took: what a bench measures in a process of
 * its own. With a fourth argument nothing is timed, but what the reader asked of the file system is written there.
 */
import fs from 'node:fs';
import promises from 'node:fs/promises';
import { createNodeWorld } from '../server/src/node-world';
import { members } from '../server/src/stores/trackers';

type Call = readonly [name: string, path: string];

async function listed(tracker: string, store: string, storage: string, calls: string | undefined): Promise<void> {
  const told = () => undefined;
  const log = { error: told, warn: told, info: told, debug: told };
  const world = createNodeWorld({ trusted: true, storage, temporary: storage, log });
  const reader = members.find((one) => one.tracker === tracker);
  if (!reader) throw new Error(`There is no tracker ${tracker}.`);
  const times: Readonly<Record<'wall' | 'processor' | 'user' | 'runs', number>>[] = [];
  const lists: (readonly Call[])[] = [];
  const taken = calls === undefined ? undefined : callsFromNowOn();
  for (const _ of ['first', 'again']) {
    const [since, used] = [performance.now(), process.cpuUsage()];
    const { found } = await reader.read(store, world);
    const { user, system } = process.cpuUsage(used);
    times.push({
      wall: (performance.now() - since) / 1000,
      processor: (user + system) / 1e6,
      user: user / 1e6,
      runs: found.runs.length,
    });
    if (taken) lists.push(taken());
  }
  if (calls !== undefined) fs.writeFileSync(calls, JSON.stringify(lists));
  else console.log(JSON.stringify(times));
}

/** Of both ways to ask Node, what `floor.mjs` asks again. */
const names = ['openSync', 'statSync', 'readdirSync', 'readFile', 'stat', 'readdir', 'realpath'] as const;

/** Gives the calls since it was asked last. */
function callsFromNowOn(): () => readonly Call[] {
  let calls: Call[] = [];
  for (const module of [fs, promises] as unknown as Record<string, (path: unknown, ...rest: unknown[]) => unknown>[])
    for (const name of names) {
      const asked = module[name];
      if (asked === undefined || (module === (fs as unknown) && !name.endsWith('Sync'))) continue;
      module[name] = (path, ...rest) => {
        if (typeof path === 'string') calls.push([name, path]);
        return asked(path, ...rest);
      };
    }
  return () => {
    const taken = calls;
    calls = [];
    return taken;
  };
}

const [, , tracker = '', store = '', storage = '', calls] = process.argv;
void listed(tracker, store, storage, calls);
