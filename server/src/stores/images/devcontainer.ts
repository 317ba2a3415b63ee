import { dirname, join } from 'node:path';
import type { Finding } from '../../protocol';
import { parseJsonc } from '../../text/jsonc';
import { type Entry, get, itemsOf, type Node, stringOf } from '../../text/tree';
import { Unreadable, type World } from '../../world';
import type { ImageFormat } from '../environment';
import { findingAt } from '../finding';
import { imageCodes as codes } from '../packages/codes';
import { dockerfileUses, isDockerfile } from '../packages/dockerfile-text';
import { brokenImage, type Filled, joinUses, readImages, type Uses, useOf } from '../packages/image';
import { besideOf, nameOf, type Source, sourceOf } from '../packages/source';

/** `devcontainer.json` in the places where editors look for it. */
export const devcontainer: ImageFormat = {
  kind: 'devcontainer',
  codes,
  matches: (path) => /(?:^|[\\/])(?:\.devcontainer[\\/](?:[^\\/]+[\\/])?devcontainer|\.devcontainer)\.json$/.test(path),
  read: (path, world) => readImages(path, world, usesIn),
};

async function usesIn(source: Source, world: World): Promise<Uses> {
  const { root, issues } = parseJsonc(source.text);
  const image = get(root, 'image');
  const written = stringOf(image);
  const parts: Uses[] = [{ found: [], problems: source.broken(codes, 'image/broken', issues) }];
  if (image && written !== undefined) parts.push(useOf(source, filledBy(written), source.place(image.span)));
  const file = get(get(root, 'build'), 'dockerfile') ?? get(root, 'dockerFile');
  if (file) parts.push(await otherUses(file, source, world));
  const composed = get(root, 'dockerComposeFile');
  for (const node of composed?.kind === 'list' ? itemsOf(composed) : composed ? [composed] : [])
    parts.push(await otherUses(node, source, world));
  parts.push({ found: [], problems: await features(get(root, 'features'), source, world) });
  return joinUses(parts);
}

/** `${localEnv:NAME:value}` is the value where nobody sets it, which is all that is known. */
function filledBy(written: string): Filled {
  const unknown: string[] = [];
  const text = written.replace(/\$\{(?:localEnv|env):(\w+)(?::([^}]*))?\}/g, (all, name: string, value?: string) => {
    if (value === undefined) unknown.push(name);
    return value ?? all;
  });
  return { text, unknown };
}

/** A Dockerfile or a file of Compose, which are read on their own account where their names say what they are. */
async function otherUses(node: Node, source: Source, world: World): Promise<Uses> {
  const file = stringOf(node) ?? '';
  const path = await besideOf(file, source.path, world, projectOf(source.path));
  if (path === undefined) return joinUses([]);
  const other = await sourceOf(path, world);
  if (!(other instanceof Unreadable))
    return isDockerfile(path) || /\.ya?ml$/i.test(path) ? joinUses([]) : dockerfileUses(other);
  const message = `${nameOf(source.path)} names "${file}", which cannot be read; put the file there, or correct the path.`;
  return { found: [], problems: [brokenImage(message, source.place(node.span))] };
}

/** The folder that the container is for. */
const projectOf = (path: string): string => path.replace(/[\\/]\.devcontainer(?:\.json|[\\/].*)$/, '') || '/';

async function features(node: Node | undefined, source: Source, world: World): Promise<Finding[]> {
  const entries = node?.kind === 'map' ? node.entries : [];
  const locked = entries.length > 0 ? await lockedFeatures(source.path, world) : new Set<string>();
  return entries
    .filter(({ key }) => !isPinned(String(key.value)) && !locked.has(String(key.value)))
    .map((entry) => notPinned(entry, source));
}

/** A folder of the repository, an archive at an address that names its release, a digest, or all three numbers of a version. */
const isPinned = (feature: string): boolean =>
  /^\.{0,2}\//.test(feature) ||
  /^https?:/.test(feature) ||
  /@sha256:[0-9a-f]{64}$/.test(feature) ||
  /:\d+\.\d+\.\d+[^/]*$/.test(feature);

function notPinned({ key }: Entry, source: Source): Finding {
  const feature = String(key.value);
  const tag = /:([^/:]+)$/.exec(feature)?.[1];
  const how = tag === undefined ? 'without a version' : `at "${tag}", which moves with every release`;
  const message = `${nameOf(source.path)} takes the feature "${feature}" ${how}; a whole version such as ":1.2.3", "@sha256:…" or a devcontainer-lock.json pins it.`;
  return findingAt(codes, 'image/feature-not-pinned', message, source.place(key.span));
}

/** Features that the lock file beside `devcontainer.json` gives a digest. */
async function lockedFeatures(path: string, world: World): Promise<Set<string>> {
  const name = nameOf(path) === '.devcontainer.json' ? '.devcontainer-lock.json' : 'devcontainer-lock.json';
  const file = join(dirname(path), name);
  const lock = (await world.stat(file)) ? await sourceOf(file, world) : undefined;
  if (!lock || lock instanceof Unreadable) return new Set();
  const listed = get(parseJsonc(lock.text).root, 'features');
  const entries = listed?.kind === 'map' ? listed.entries : [];
  return new Set(
    entries
      .filter(({ value }) => /@sha256:[0-9a-f]{64}$/.test(stringOf(get(value, 'resolved')) ?? ''))
      .map(({ key }) => String(key.value)),
  );
}
