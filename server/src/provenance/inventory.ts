import { basename, dirname, resolve } from 'node:path';
import { loadContract } from '../contract/load';
import type { Contract, Table } from '../contract/model';
import { dialectOf } from '../contract/recognise';
import { isAddress, resolveDataset } from '../data/dataset';
import { locate } from '../data/locate';
import { isManifestName, type Manifest, type ManifestData, readManifest } from '../manifest/model';
import type { FileVersion, Finding, Location } from '../protocol';
import type { Wanted } from '../stores/git';
import { fileStart, Lines } from '../text/lines';
import type { Node, Tree } from '../text/tree';
import { parseYaml } from '../text/yaml';
import { Unreadable, type World } from '../world';
import { oneLook } from './one-look';

/** One file that stands behind a target. Paths are absolute. */
export interface Item {
  readonly path: string;
  readonly role: FileVersion['role'];
  /** The contract that describes it. */
  readonly contract: string | undefined;
  /** Where it is named. */
  readonly location: Location | undefined;
}

/** An experiment manifest that could be read. */
export interface NamedManifest {
  readonly path: string;
  readonly manifest: Manifest;
}

/** What a target consists of, as far as it could be read. */
export interface Inventory {
  readonly items: readonly Item[];
  readonly manifests: readonly NamedManifest[];
  /** What could not be read. */
  readonly findings: readonly Finding[];
}

const nothing: Inventory = { items: [], manifests: [], findings: [] };

const manifestPatterns = ['*.experiment.yaml', '*.experiment.yml', '*.experiment.json'];
const isTextual = (path: string): boolean => /\.(ya?ml|json)$/i.test(path);

/** YAML files that a folder's search reads to see what they are; more would hold up whoever waits. */
const MOST_FILES = 2000;
/** Bytes. A contract is written by hand, so a larger file is none. */
const LARGEST_CONTRACT = 4_000_000;
/** Files of one dataset that are told one by one; a dataset of more is told as its folder. */
const MOST_PARTS = 20;

/**
 * The files behind a target. A folder: the contracts in it, their data and all manifests. A contract: itself, its data,
 * and the manifests beside it and beside its folder. A manifest: itself, its contracts and data. Any other file: itself.
 *
 * @param target Absolute. Rejects with `Unreadable` when nothing is there.
 */
export async function inventoryOf(world: World, target: string): Promise<Inventory> {
  const stat = await world.stat(target);
  if (!stat) throw new Unreadable(`${target} does not exist; check the spelling of its path.`, target);
  const found = stat.kind === 'folder' ? await ofFolder(world, target) : await ofFile(world, target);
  const seen = new Set<string>();
  return { ...found, items: found.items.filter(({ path }) => !seen.has(path) && seen.add(path)) };
}

async function ofFolder(world: World, folder: string): Promise<Inventory> {
  const look = oneLook(world);
  const [manifests, texts] = await Promise.all([
    look.glob(
      manifestPatterns.map((pattern) => `**/${pattern}`),
      folder,
    ),
    look.glob(['**/*.yaml', '**/*.yml', '**/*.odcs.json'], folder),
  ]);
  const contracts: string[] = [];
  for (const path of texts.slice(0, MOST_FILES)) {
    if (!isManifestName(path) && (await isContract(world, path))) contracts.push(path);
  }
  return merged([
    ...(await all(await once(world, contracts), (path) => ofContract(world, path))),
    ...(await all(await once(world, manifests), (path) => ofManifest(world, path))),
  ]);
}

/** A file that a link leads to again stands there once, under its shortest path. */
async function once(world: World, paths: readonly string[]): Promise<readonly string[]> {
  const shortest = [...paths].sort((a, b) => a.length - b.length);
  const real = await Promise.all(shortest.map((path) => world.realPath(path)));
  const first = new Set(shortest.filter((_, index) => real.indexOf(real[index]) === index));
  return paths.filter((path) => first.has(path));
}

async function ofFile(world: World, path: string): Promise<Inventory> {
  if (isManifestName(path)) return ofManifest(world, path);
  if (!(await isContract(world, path))) {
    return itself('data')(path);
  }
  const beside = await Promise.all(
    [dirname(path), resolve(path, '..', '..')].map((folder) => manifestsIn(world, folder)),
  );
  return merged([await ofContract(world, path), ...beside.flat().map(itself('manifest'))]);
}

const manifestsIn = (world: World, folder: string): Promise<readonly string[]> => world.glob(manifestPatterns, folder);

const named = (path: string, role: Item['role'], location?: Location): Item => ({
  path,
  role,
  contract: undefined,
  location,
});

const itself =
  (role: Item['role']) =>
  (path: string): Inventory => ({ ...nothing, items: [named(path, role)] });

async function isContract(world: World, path: string): Promise<boolean> {
  if (/\.odcs\.(ya?ml|json)$/i.test(path)) return true;
  if (!isTextual(path) || ((await world.stat(path))?.size ?? 0) > LARGEST_CONTRACT) return false;
  const text = await world.readText(path).catch(() => '');
  return /\bDataContract\b/.test(text) && dialectOf(path, parseYaml(text)) !== undefined;
}

async function ofContract(world: World, path: string): Promise<Inventory> {
  const own = itself('contract')(path);
  const contract = await readable(own, path, () => loadContract({ path }, world));
  if ('items' in contract) return contract;
  const tables = await all(contract.tables, (table) => ofTable(world, { path, contract, table }));
  return merged([own, ...tables]);
}

interface TableOf {
  readonly path: string;
  readonly contract: Contract;
  readonly table: Table;
}

async function ofTable(world: World, { path, contract, table }: TableOf): Promise<Inventory> {
  const found = await locate(contract, table, { contractPath: path, folder: dirname(path) }, world);
  if (!found) return nothing;
  return ofData(world, { ...found, contract: path, location: locationOf(path, contract.tree, table.nameNode) });
}

interface Reference {
  readonly ref: string;
  readonly folder: string;
  readonly contract: string | undefined;
  readonly location: Location;
}

/** A file that is not there is an item all the same: what is missing has a version too. */
async function ofData(world: World, { ref, folder, contract, location }: Reference): Promise<Inventory> {
  const file = await fileOf(world, ref, folder);
  if (!file) return nothing;
  const parts = await resolveDataset(file.path, folder, world).then(
    ({ names }) => (names.length > MOST_PARTS ? [folderOf(file.path)] : names),
    () => [file.path],
  );
  return { ...nothing, items: parts.map((part) => ({ path: part, role: 'data' as const, contract, location })) };
}

/** The file of a local reference and, for `path@REV`, the revision; undefined for references that are no files here. */
export async function fileOf(world: World, ref: string, folder: string): Promise<Wanted | undefined> {
  if (isAddress(ref)) return undefined;
  const path = resolve(folder, ref);
  const [, before, revision] = /^(.+)@([^@]+)$/s.exec(path) ?? [];
  return before === undefined || (await world.stat(path)) ? { path } : { path: before, revision };
}

/** The folder that holds whatever matches the pattern; a path without wildcards is itself. */
export function folderOf(pattern: string): string {
  const wildcard = pattern.search(/[*?[{]/);
  return wildcard < 0 ? pattern : dirname(`${pattern.slice(0, wildcard)}x`);
}

async function ofManifest(world: World, path: string): Promise<Inventory> {
  const own = itself('manifest')(path);
  const text = await readable(own, path, () => world.readText(path));
  if (typeof text !== 'string') return text;
  const manifest = readManifest(parseYaml(text));
  const { tree } = manifest;
  const data = await all(manifest.data, (entry) => ofManifestData(world, { path, tree, entry }));
  return merged([{ ...own, manifests: [{ path, manifest }] }, ...data]);
}

interface DataOf {
  readonly path: string;
  readonly tree: Tree;
  readonly entry: ManifestData;
}

async function ofManifestData(world: World, { path, tree, entry }: DataOf): Promise<Inventory> {
  const { ref, contract } = entry;
  const folder = dirname(path);
  const described = contract && resolve(folder, contract.text);
  const own = contract && described ? [named(described, 'contract', locationOf(path, tree, contract.node))] : [];
  if (!ref) return { ...nothing, items: own };
  const location = locationOf(path, tree, ref.node);
  return merged([
    { ...nothing, items: own },
    await ofData(world, { ref: ref.text, folder, contract: described, location }),
  ]);
}

/** The value, or what is known of the file with a finding that says why it could not be read. */
async function readable<T>(own: Inventory, path: string, read: () => Promise<T>): Promise<T | Inventory> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    const location = { path, range: fileStart };
    const message =
      error.message.startsWith(basename(path)) || error.message.startsWith(path)
        ? error.message
        : `${basename(path)}: ${error.message}`;
    return { ...own, findings: [{ code: 'provenance/unreadable', severity: 'error', message, location }] };
  }
}

const locationOf = (path: string, { text }: Tree, { span }: Node): Location => ({
  path,
  range: new Lines(text).range(span),
});

const all = <T, R>(values: readonly T[], answer: (value: T) => Promise<R>): Promise<readonly R[]> =>
  Promise.all(values.map(answer));

const merged = (parts: readonly Inventory[]): Inventory => ({
  items: parts.flatMap(({ items }) => items),
  manifests: parts.flatMap(({ manifests }) => manifests),
  findings: parts.flatMap(({ findings }) => findings),
});
