// The file `MLproject`, by which `mlflow run` knows what to run and in which environment.
import { join } from 'node:path';
import type { Datum, Finding } from '../../../protocol';
import { entryOf, get, type MapNode, type Node, type Scalar, type Span, stringOf, wordOf } from '../../../text/tree';
import { parseYaml } from '../../../text/yaml';
import { Unreadable, type World } from '../../../world';
import { findingAt, type Reading } from '../../finding';
import { besideOf, type Source, sourceOf } from '../../packages/source';
import type { EntryPoint, Project } from '../../run';
import { codes } from './codes';

/** MLflow takes the name in any case. */
export const isProjectFile = (path: string): boolean => /(^|[\\/])mlproject$/i.test(path);

/** The project that a file describes; what MLflow would refuse is a finding each. Never rejects. */
export async function projectIn(path: string, world: World): Promise<Reading<Project | undefined>> {
  const source = await sourceOf(path, world);
  if (source instanceof Unreadable)
    return { found: undefined, problems: [findingAt(codes, 'mlflow/project-broken', source.message, path)] };
  const tree = parseYaml(source.text);
  const problems: Finding[] = source.broken(codes, 'mlflow/project-broken', tree.issues);
  if (tree.root?.kind !== 'map') {
    const message = `${path} is no map of YAML, so MLflow cannot run it; name its entry points under "entry_points".`;
    return { found: undefined, problems: problems.length > 0 ? problems : [projectAt(message, path)] };
  }
  const entries = get(tree.root, 'entry_points');
  const points = (entries?.kind === 'map' ? entries.entries : []).map(({ key, value }) =>
    pointOf(source, { name: String(key.value), span: key.span, node: value }),
  );
  const environment = await environmentOf(source, tree.root, world);
  return {
    found: {
      path,
      name: wordOf(get(tree.root, 'name')),
      environment: environment.found,
      entryPoints: points.map(({ found }) => found),
      location: source.place(entryOf(tree.root, 'name')?.value.span ?? { start: 0, end: 0 }),
    },
    problems: [...problems, ...environment.problems, ...points.flatMap((point) => point.problems)],
  };
}

const projectAt = (message: string, place: Parameters<typeof findingAt>[3]): Finding =>
  findingAt(codes, 'mlflow/project-broken', message, place);

const fields = ['python_env', 'conda_env', 'docker_env'] as const;
/** What MLflow takes where none is named, in this order. */
const usual = [
  ['python_env', 'python_env.yaml'],
  ['conda_env', 'conda.yaml'],
] as const;

async function environmentOf(source: Source, root: MapNode, world: World): Promise<Reading<Project['environment']>> {
  const named = fields
    .flatMap((kind) => {
      const entry = entryOf(root, kind);
      return entry ? [{ kind, entry }] : [];
    })
    .sort((a, b) => a.entry.key.span.start - b.entry.key.span.start);
  const [first, second] = named;
  if (!first) return { found: await usualOf(source, world), problems: [] };
  const { kind, entry } = first;
  const found = { kind, of: wordOf(kind === 'docker_env' ? get(entry.value, 'image') : entry.value) };
  if (second) {
    const message = `The project names both ${kind} and ${second.kind}, and MLflow takes one; remove the other.`;
    return { found, problems: [projectAt(message, source.place(second.entry.key.span))] };
  }
  const place = source.place(entry.value.span);
  if (found.of === undefined || found.of === '') {
    const wanted = kind === 'docker_env' ? 'an image under "image"' : 'a file';
    return { found, problems: [projectAt(`${kind} of the project names nothing; name ${wanted}.`, place)] };
  }
  if (kind === 'docker_env' || (await isThere(found.of, source.path, world))) return { found, problems: [] };
  const message = `The project's ${kind} names ${found.of}, which is not there; add the file, or correct the path.`;
  return { found, problems: [findingAt(codes, 'mlflow/environment-missing', message, place)] };
}

async function usualOf({ path }: Source, world: World): Promise<Project['environment']> {
  for (const [kind, name] of usual) if (await isThere(name, path, world)) return { kind, of: name };
  return undefined;
}

/** A file that leads out of the repository is not looked for, and not said to be missing. */
async function isThere(name: string, from: string, world: World): Promise<boolean> {
  const path = await besideOf(name, from, world, join(from, '..'));
  return path === undefined || (await world.stat(path).catch(() => undefined)) !== undefined;
}

interface Named {
  readonly name: string;
  readonly span: Span;
  readonly node: Node;
}

function pointOf(source: Source, { name, span, node }: Named): Reading<EntryPoint> {
  const parameters = get(node, 'parameters');
  const command = get(node, 'command');
  const found: EntryPoint = {
    name,
    command: wordOf(command),
    parameters: (parameters?.kind === 'map' ? parameters.entries : []).map(({ key, value }) => ({
      name: String(key.value),
      type: wordOf(value.kind === 'map' ? get(value, 'type') : value),
      default: datumOf(get(value, 'default')),
    })),
    location: source.place(span),
  };
  const text = stringOf(command);
  const known = new Set(found.parameters.map((parameter) => parameter.name));
  const unknown = text === undefined ? [] : fieldsIn(text).filter((field) => !known.has(field));
  if (!command || unknown.length === 0) return { found, problems: [] };
  const message = `The command of entry point "${name}" takes {${unknown[0]}}, which is none of its parameters; declare it under "parameters".`;
  return { found, problems: [projectAt(message, source.place(command.span))] };
}

/** A list or map is no default that MLflow takes. */
function datumOf(node: Node | undefined): Datum | undefined {
  if (node?.kind !== 'scalar') return undefined;
  const value: Scalar = node.value;
  return typeof value === 'bigint' ? String(value) : value;
}

/** What Python's `str.format` fills in; doubled braces are braces. */
function fieldsIn(command: string): readonly string[] {
  const plain = command.replace(/\{\{|\}\}/g, '');
  return [...plain.matchAll(/\{(\w+)[^{}]*\}/g)].map(([, field = '']) => field);
}
