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
  /** Content ids by name. */
  readonly blobs: ReadonlyMap<string, string>;
}

/** Gives the text of a blob; undefined when it is too large to be one that people or DVC write, or not there. */
export type Texts = (blob: string) => Promise<string | undefined>;

/** Bytes of a blob. Lock files of ten thousand stages are smaller. */
const LARGEST = 32 << 20;

/**
 * Texts of blobs, each asked for once. Those that are wanted before any answer, such as by many experiments that are read
 * at the same time, are one question to Git.
 */
export function textsOf(git: Git, root: string, signal?: AbortSignal): Texts {
  const texts = new Map<string, Promise<string | undefined>>();
  const open = new Map<string, (text: string | undefined) => void>();
  const answer = async (): Promise<void> => {
    const asked = new Map(open);
    open.clear();
    try {
      for await (const [blob, bytes] of git.contents(root, [...asked.keys()], { largest: LARGEST, signal }))
        asked.get(blob)?.(bytes && Buffer.from(bytes).toString('utf8'));
    } catch {
      // The signal was aborted, which whoever waits sees next.
    } finally {
      for (const tell of asked.values()) tell(undefined);
    }
  };
  return (blob) => {
    const known = texts.get(blob);
    if (known) return known;
    if (open.size === 0) setImmediate(() => void answer());
    const text = new Promise<string | undefined>((resolve) => open.set(blob, resolve));
    texts.set(blob, text);
    return text;
  };
}

/** Every project of a commit at once, seen from the root of the work tree. */
export async function filesAt(git: Git, root: string, commit: string, texts: Texts): Promise<CommitFiles> {
  const blobs = await git.tree(root, commit);
  return {
    commit,
    blobs,
    project: root,
    records: recordsIn(root, blobs.keys()),
    text: (path) => textAt(texts, blobs.get(inRoot(root, path))),
  };
}

/**
 * The same of a commit that differs little from another one: of a hundred thousand files, only the changed are asked for.
 *
 * @param changed Content ids of those by name, undefined for what it lacks.
 */
export function filesNear(
  root: string,
  base: CommitFiles,
  changed: ReadonlyMap<string, string | undefined>,
  texts: Texts,
): Files {
  const gone = new Set([...changed].flatMap(([name, blob]) => (blob === undefined ? [join(root, name)] : [])));
  const written = [...changed].flatMap(([name, blob]) => (blob === undefined ? [] : [name]));
  const records = new Set([...base.records.filter((path) => !gone.has(path)), ...recordsIn(root, written)]);
  return {
    project: root,
    records: [...records].sort(),
    text: (path) => {
      const name = inRoot(root, path);
      return changed.has(name) ? textAt(texts, changed.get(name)) : base.text(path);
    },
  };
}

const recordsIn = (root: string, names: Iterable<string>): readonly string[] =>
  [...names]
    .filter((name) => isRecord(`/${name}`))
    .map((name) => join(root, ...name.split('/')))
    .sort();

const textAt = async (texts: Texts, blob: string | undefined): Promise<string | undefined> =>
  blob === undefined ? undefined : texts(blob);

const slashes = (path: string): string => path.split(sep).join('/');
