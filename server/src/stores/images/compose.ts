import { dirname, join } from 'node:path';
import { type Entry, get, itemsOf, type Node, stringOf, wordOf } from '../../text/tree';
import { parseYaml } from '../../text/yaml';
import { Unreadable, type World } from '../../world';
import type { ImageFormat } from '../environment';
import { imageCodes as codes } from '../packages/codes';
import { dockerfileUses, isDockerfile } from '../packages/dockerfile-text';
import { brokenImage, fill, joinUses, readImages, type Uses, useOf, type Variables } from '../packages/image';
import { besideOf, nameOf, Source, sourceOf } from '../packages/source';

/** Files of Compose, overrides too. */
export const compose: ImageFormat = {
  kind: 'compose',
  codes,
  matches: (path) => isCompose(path),
  read: (path, world) => readImages(path, world, (source) => usesIn(source, world, new Set([path]))),
};

const isCompose = (path: string): boolean => /^(?:docker-)?compose(?:[.-].+)?\.ya?ml$/i.test(nameOf(path));

/** Services of every profile. What a file includes is told here only when it is not read on its own account. */
async function usesIn(source: Source, world: World, seen: Set<string>): Promise<Uses> {
  const { root, issues } = parseYaml(source.text);
  const variables = await variablesBeside(source.path, world);
  const services = entriesOf(get(root, 'services'));
  const overridden = await overriddenBeside(source.path, world);
  const built = new Set(services.filter(isBuilt).map(({ value }) => stringOf(get(value, 'image'))));
  const parts: Uses[] = [{ found: [], problems: source.broken(codes, 'image/broken', issues) }];
  for (const service of services) {
    const isTaken = overridden.has(String(service.key.value)) || built.has(stringOf(get(service.value, 'image')));
    parts.push(await serviceUses(service, source, world, variables, isTaken));
  }
  for (const reference of referencesIn(root, services, variables))
    parts.push(await otherUses(reference, source, world, seen));
  return joinUses(parts);
}

const entriesOf = (node: Node | undefined): readonly Entry[] => (node?.kind === 'map' ? node.entries : []);

const isBuilt = ({ value }: Entry): boolean => get(value, 'build') !== undefined;

async function serviceUses(
  { value }: Entry,
  source: Source,
  world: World,
  variables: Variables,
  isTaken: boolean,
): Promise<Uses> {
  const build = get(value, 'build');
  if (build) return buildUses(build, source, world, variables);
  const image = get(value, 'image');
  const written = wordOf(image);
  if (!image || written === undefined || isTaken) return joinUses([]);
  return useOf(source, fill(written, variables), source.place(image.span));
}

/** The Dockerfile of a service. The image that the service names is what is made of it. */
async function buildUses(build: Node, source: Source, world: World, variables: Variables): Promise<Uses> {
  const inline = stringOf(get(build, 'dockerfile_inline'));
  const context = fill(stringOf(build) ?? stringOf(get(build, 'context')) ?? '.', variables);
  const file = fill(stringOf(get(build, 'dockerfile')) ?? 'Dockerfile', variables);
  if (inline !== undefined) return inlineUses(inline, get(build, 'dockerfile_inline') ?? build, source);
  if (context.unknown.length + file.unknown.length > 0) return joinUses([]);
  const path = await besideOf(join(context.text, file.text), source.path, world);
  if (path === undefined || /^[a-z]+:|^git@/i.test(context.text)) return joinUses([]);
  const other = await sourceOf(path, world);
  if (!(other instanceof Unreadable)) return isDockerfile(path) ? joinUses([]) : dockerfileUses(other);
  const message = `${nameOf(source.path)} builds from "${join(context.text, file.text)}", which cannot be read; put the Dockerfile there, or correct "build".`;
  return { found: [], problems: [brokenImage(message, source.place(build.span))] };
}

/** A Dockerfile in a value: its lines are not those of the file, so that all of it stands at the value. */
function inlineUses(text: string, node: Node, source: Source): Uses {
  const { found, problems } = dockerfileUses(new Source(source.path, text));
  const location = source.place({ start: node.span.start, end: node.span.start + 1 });
  return {
    found: found.map((use) => ({ ...use, location })),
    problems: problems.map((problem) => ({ ...problem, location })),
  };
}

interface Reference {
  readonly file: string;
  readonly node: Node;
}

/** Other files that a file takes services from. */
function referencesIn(root: Node | undefined, services: readonly Entry[], variables: Variables): Reference[] {
  const included = itemsOf(get(root, 'include')).flatMap((item) => {
    const path = item.kind === 'map' ? get(item, 'path') : item;
    return path?.kind === 'list' ? path.items : path ? [path] : [];
  });
  const extended = services.flatMap(({ value }) => get(get(value, 'extends'), 'file') ?? []);
  return [...included, ...extended].flatMap((node) => {
    const { text, unknown } = fill(stringOf(node) ?? '', variables);
    return text === '' || unknown.length > 0 ? [] : [{ file: text, node }];
  });
}

async function otherUses({ file, node }: Reference, source: Source, world: World, seen: Set<string>): Promise<Uses> {
  const path = await besideOf(file, source.path, world);
  if (path === undefined || seen.has(path)) return joinUses([]);
  seen.add(path);
  const other = await sourceOf(path, world);
  if (!(other instanceof Unreadable)) return isCompose(path) ? joinUses([]) : usesIn(other, world, seen);
  const message = `${nameOf(source.path)} takes "${file}", which cannot be read; put the file there, or remove it here.`;
  return { found: [], problems: [brokenImage(message, source.place(node.span))] };
}

/** Services whose image or build the override beside the file replaces: it is read on its own account. */
async function overriddenBeside(path: string, world: World): Promise<Set<string>> {
  const base = /^((?:docker-)?compose)\.ya?ml$/i.exec(nameOf(path))?.[1];
  const replaced = new Set<string>();
  for (const ending of base === undefined ? [] : ['yaml', 'yml']) {
    const file = join(dirname(path), `${base}.override.${ending}`);
    const source = (await world.stat(file)) ? await sourceOf(file, world) : undefined;
    if (!source || source instanceof Unreadable) continue;
    for (const { key, value } of entriesOf(get(parseYaml(source.text).root, 'services')))
      if (get(value, 'image') ?? get(value, 'build')) replaced.add(String(key.value));
  }
  return replaced;
}

/** Characters of a `.env` that is read. */
const longestVariables = 100_000;

/** What `.env` beside the file sets. The variables of whoever runs Compose are not known, and not asked for. */
async function variablesBeside(path: string, world: World): Promise<Variables> {
  const file = join(dirname(path), '.env');
  const source = (await world.stat(file)) ? await sourceOf(file, world) : undefined;
  const values = new Map<string, string>();
  if (source instanceof Source && source.text.length < longestVariables)
    for (const [, name = '', value = ''] of source.text.matchAll(
      /^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*=[ \t]*(.*?)[ \t]*\r?$/gm,
    ))
      values.set(name, value.replace(/^(["'])(.*)\1(?:\s+#.*)?$/, '$2').replace(/\s+#.*$/, ''));
  return (name) => values.get(name);
}
