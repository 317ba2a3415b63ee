import { dirname, join, relative, sep } from 'node:path';
import ignore from 'ignore';
import type { Git, World } from '../../world';
import { inRoot } from '../git';

/** The files of a project in one state: on disk, or in one commit. */
export interface Files {
  /** The folder with `.dvc/`, absolute. */
  readonly project: string;
  /** Absolute paths of the `.dvc` files, `dvc.yaml` and `dvc.lock`, sorted. */
  readonly records: readonly string[];
  /** Undefined when it is not there or may not be read. */
  text(path: string): Promise<string | undefined>;
}

const isRecord = (path: string): boolean => /[\\/](dvc\.(yaml|lock)|[^\\/]+\.dvc)$/.test(path);

/** Absolute folders at or below `folder` that hold a `.dvc/`, sorted. */
export async function projectsBelow(folder: string, world: World): Promise<readonly string[]> {
  // `**` alone does not find the one in the folder itself.
  const configs = await world.glob(['.dvc/config', '**/.dvc/config'], folder);
  return configs.map((config) => dirname(dirname(config))).sort();
}

/** Without what `.dvcignore` files leave out and what belongs to a project further in. */
export async function filesOnDisk(project: string, world: World): Promise<Files> {
  const [found, ignores, projects] = await Promise.all([
    world.glob(['**/*.dvc', '**/dvc.yaml', '**/dvc.lock'], project),
    world.glob(['**/.dvcignore'], project),
    projectsBelow(project, world),
  ]);
  const text = (path: string) => world.readText(path).catch(() => undefined);
  const rules = await Promise.all(
    ignores.map(async (path) => ({ folder: dirname(path), rule: ignore().add((await text(path)) ?? '') })),
  );
  const isIgnored = (path: string): boolean =>
    rules.some(({ folder, rule }) => path.startsWith(folder + sep) && rule.ignores(slashes(relative(folder, path))));
  const inner = projects.filter((other) => other !== project);
  const isInner = (path: string): boolean => inner.some((other) => path.startsWith(other + sep));
  return { project, records: found.filter((path) => isRecord(path) && !isIgnored(path) && !isInner(path)), text };
}

/** The files of a commit, from which those of commits near it follow. */
export interface CommitFiles extends Files {
  readonly commit: string;
  readonly names: ReadonlySet<string>;
}

/** Every project of a commit at once, seen from the root of the work tree. */
export async function filesAt(git: Git, root: string, commit: string): Promise<CommitFiles> {
  const names = new Set((await git.tree(root, commit)).keys());
  const texts = new Map<string, Promise<string | undefined>>();
  return {
    commit,
    names,
    project: root,
    records: recordsIn(root, names),
    text: (path) => {
      const text = texts.get(path) ?? textAt(git, root, { commit, path, isThere: names.has(inRoot(root, path)) });
      texts.set(path, text);
      return text;
    },
  };
}

/** The same of a commit that differs little from another one: of a hundred thousand files, only the changed are asked for. */
export async function filesNear(git: Git, root: string, commit: string, base: CommitFiles): Promise<Files> {
  const changed = await git.difference(root, base.commit, commit);
  if (!changed) return filesAt(git, root, commit);
  const gone = new Set([...changed].flatMap(([name, blob]) => (blob === undefined ? [join(root, name)] : [])));
  const written = [...changed].flatMap(([name, blob]) => (blob === undefined ? [] : [name]));
  const records = new Set([...base.records.filter((path) => !gone.has(path)), ...recordsIn(root, written)]);
  return {
    project: root,
    records: [...records].sort(),
    text: (path) => {
      const name = inRoot(root, path);
      if (!changed.has(name)) return base.text(path);
      return textAt(git, root, { commit, path, isThere: changed.get(name) !== undefined });
    },
  };
}

const recordsIn = (root: string, names: Iterable<string>): readonly string[] =>
  [...names]
    .filter((name) => isRecord(`/${name}`))
    .map((name) => join(root, ...name.split('/')))
    .sort();

async function textAt(
  git: Git,
  root: string,
  { commit, path, isThere }: { readonly commit: string; readonly path: string; readonly isThere: boolean },
): Promise<string | undefined> {
  const bytes = isThere ? await git.show(root, commit, path) : undefined;
  return bytes && Buffer.from(bytes).toString('utf8');
}

const slashes = (path: string): string => path.split(sep).join('/');
