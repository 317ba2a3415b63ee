import type { World } from '../world';

/** The world as one look at it found its folders: whoever walks them after another is told what that one was. */
export function oneLook(world: World): World {
  return { ...world, list: remembered(world.list), realPath: remembered(world.realPath) };
}

function remembered<T>(ask: (path: string) => Promise<T>): (path: string) => Promise<T> {
  const answers = new Map<string, Promise<T>>();
  return (path) => {
    const answer = answers.get(path) ?? ask(path);
    answers.set(path, answer);
    return answer;
  };
}
