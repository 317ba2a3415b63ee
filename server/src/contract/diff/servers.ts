import { entryOf, get, type Node } from '../../text/tree';
import type { Contract, Server } from '../model';
import { type Change, change, inWords, isEqual } from './change';

/** Keys that tell of a server to people, and say nothing of how it is reached. */
const words = [
  'id',
  'server',
  'description',
  'environment',
  'roles',
  'tags',
  'customProperties',
  'authoritativeDefinitions',
];

/** What has changed of the servers. */
export function serverChanges(
  { servers: before }: Contract,
  { servers: after }: Contract,
  place: Node,
): readonly Change[] {
  const left = after.filter(({ name }) => !before.some((old) => old.name === name));
  const changes = before.flatMap((old): readonly Change[] => {
    const now = after.find(({ name }) => name === old.name);
    if (now) return between(old, now);
    const at = left.findIndex((server) => isEqual(reached(server), reached(old)));
    const [renamed] = at < 0 ? [] : left.splice(at, 1);
    return [renamed ? called(old, renamed) : gone(old, place)];
  });
  return [...changes, ...left.map(added)];
}

const reached = ({ properties }: Server): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(properties).filter(([key]) => !words.includes(key)));

function between(before: Server, after: Server): readonly Change[] {
  const [old, now] = [reached(before), reached(after)];
  const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  return keys
    .filter((key) => !isEqual(old[key], now[key]))
    .map((key) =>
      change('server-changed', {
        path: `servers/${after.name}/${key}`,
        node: get(after.node, key) ?? nodeOf(after),
        message: `The ${key} of the server "${after.name}" is ${inWords(now[key])}; it was ${inWords(old[key])}.`,
        before: old[key],
        after: now[key],
      }),
    );
}

const nodeOf = ({ node }: Server): Node => entryOf(node, 'server')?.value ?? node.entries[0]?.value ?? node;

const called = (before: Server, after: Server): Change =>
  change('server-renamed', {
    path: `servers/${after.name}`,
    node: nodeOf(after),
    message: `The server "${before.name}" is called "${after.name}".`,
    before: before.name,
    after: after.name,
  });

const gone = ({ name }: Server, node: Node): Change =>
  change('server-removed', { path: `servers/${name}`, node, message: `The server "${name}" is gone.`, before: name });

const added = (server: Server): Change =>
  change('server-added', {
    path: `servers/${server.name}`,
    node: nodeOf(server),
    message: `The server "${server.name}" is new.`,
    after: server.name,
  });
