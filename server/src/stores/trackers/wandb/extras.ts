import { join } from 'node:path';
import type { Finding, Location } from '../../../protocol';
import { Lines } from '../../../text/lines';
import { at, entryOf, get, plain, stringOf, type Tree } from '../../../text/tree';
import { parseYaml } from '../../../text/yaml';
import { Unreadable, type World } from '../../../world';
import { findingAt } from '../../finding';
import { codes } from './codes';
import { change, type Values } from './values';

/** What lies in `files/` beside the log: of old versions, and of runs that a server took. */
export interface Extras {
  readonly config: Values;
  readonly summary: Values;
  readonly places: Readonly<Record<string, Location>>;
  readonly commit: string | undefined;
  readonly repository: string | undefined;
  readonly program: string | undefined;
  readonly user: string | undefined;
  readonly python: string | undefined;
  /** Milliseconds since 1970. */
  readonly started: number | undefined;
  readonly problems: readonly Finding[];
}

/** Bytes. A summary or config of W&B is a few kilobytes. */
const LARGEST = 4_000_000;

/** Reads those of the three files that are among `names`. */
export async function extrasIn(files: string, names: ReadonlySet<string>, world: World): Promise<Extras> {
  const problems: Finding[] = [];
  const read = async (name: string): Promise<Tree | undefined> =>
    names.has(name) ? treeOf(join(files, name), world, problems) : undefined;
  const [metadata, summary, config] = [
    await read('wandb-metadata.json'),
    await read('wandb-summary.json'),
    await read('config.yaml'),
  ];
  const words = (...path: string[]): string | undefined => stringOf(at(metadata?.root, path));
  const started = Date.parse(`${words('startedAt') ?? ''}Z`.replace(/ZZ$/, 'Z'));
  return {
    config: valuesOf(config, 'value'),
    summary: valuesOf(summary),
    places: config ? placesOf(config, join(files, 'config.yaml')) : {},
    commit: words('git', 'commit'),
    repository: words('git', 'remote'),
    program: words('codePath') ?? words('program'),
    user: words('username'),
    python: words('python'),
    started: Number.isNaN(started) ? undefined : started,
    problems,
  };
}

async function treeOf(path: string, world: World, problems: Finding[]): Promise<Tree | undefined> {
  try {
    const size = (await world.stat(path))?.size ?? 0;
    if (size > LARGEST) throw new Unreadable(`${path} has ${size} bytes, too many for a file of W&B.`, path);
    const tree = parseYaml(await world.readText(path));
    const [issue] = tree.issues;
    const isMap = tree.root?.kind === 'map';
    if (!issue && isMap) return tree;
    const location = { path, range: new Lines(tree.text).range(issue?.span ?? { start: 0, end: 0 }) };
    const wrong = issue?.message ?? 'It has no map of names to values.';
    problems.push(
      findingAt(
        codes,
        'wandb/broken-json',
        `${path} is broken and left out: ${wrong} The run’s log is read.`,
        location,
      ),
    );
    return undefined;
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    problems.push(findingAt(codes, 'wandb/unreadable', error.message, path));
    return undefined;
  }
}

/** Values at the top, or of config.yaml what stands under `value`. */
function valuesOf(tree: Tree | undefined, under?: string): Values {
  const values: Values = new Map();
  const entries = tree?.root?.kind === 'map' ? tree.root.entries : [];
  const update = entries
    .filter(({ key }) => key.value !== 'wandb_version')
    .map(({ key, value }) => ({
      key: String(key.value),
      nestedKey: [],
      json: JSON.stringify(plain(under ? get(value, under) : value) ?? null, (_, inner) =>
        typeof inner === 'bigint' ? String(inner) : inner,
      ),
    }));
  change(values, { update, remove: [] });
  return values;
}

/** Lines of parameters; a nested one is at its own line. */
function placesOf(tree: Tree, path: string): Readonly<Record<string, Location>> {
  const lines = new Lines(tree.text);
  const places: [string, Location][] = [];
  const walk = (node: Tree['root'], before: string): void => {
    for (const { key, value } of node?.kind === 'map' ? node.entries : []) {
      const name = before + String(key.value);
      const inner = before === '' ? (entryOf(value, 'value')?.value ?? value) : value;
      places.push([name, { path, range: lines.range(key.span) }]);
      walk(inner, `${name}.`);
    }
  };
  walk(tree.root, '');
  return Object.fromEntries(places);
}
