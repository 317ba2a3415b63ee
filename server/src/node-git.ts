import { realpath, stat } from 'node:fs/promises';
import { devNull } from 'node:os';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { SimpleGit } from 'simple-git';
import { type Batch, blobsIn, differencesIn, outputOf } from './node-git-batch';
import { turnstile } from './turnstile';
import type { Git, GitChange, GitCommit, GitHead, GitVersion, Log } from './world';

/**
 * What a repository's own configuration could make Git run or fetch is off: a monitor, hooks, the
 * missing objects of a partial clone. Filters stay, since without Git LFS's every large file would look changed.
 */
const config: readonly string[] = [
  'core.fsmonitor=false',
  `core.hooksPath=${devNull}`,
  'core.untrackedCache=false',
  'protocol.allow=never',
  'color.ui=false',
  'log.showSignature=false',
];

const ours: Readonly<Record<string, string>> = {
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  GIT_LITERAL_PATHSPECS: '1',
  GIT_NO_LAZY_FETCH: '1',
  LC_ALL: 'C',
};

/** What a person may say of Git through the environment. GIT_DIR and its like are left out: a hook sets them, for its own repository. */
const theirs = ['GIT_CONFIG_GLOBAL', 'GIT_CONFIG_SYSTEM', 'GIT_CONFIG_NOSYSTEM', 'GIT_CEILING_DIRECTORIES'];

/** simple-git refuses an environment that names an editor or a pager; no question of ours opens one. */
const barred = /^(GIT_.*|EDITOR|VISUAL|PAGER|PREFIX|SSH_ASKPASS)$/i;

function environment(): Record<string, string> {
  const inherited = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && (theirs.includes(entry[0]) || !barred.test(entry[0])),
  );
  return { ...Object.fromEntries(inherited), ...ours };
}

/** simple-git asks for leave even to switch these features off. */
const leave = {
  allowUnsafeFsMonitor: true,
  allowUnsafeHooksPath: true,
  allowUnsafeProtocolOverride: true,
  allowUnsafeConfigPaths: true,
};

/** How a question is asked. simple-git is loaded for the first one: a check asks none before its figures are there. */
async function answerIn<T>(folder: string, question: (git: SimpleGit) => Promise<T>): Promise<T> {
  const { simpleGit } = await import('simple-git');
  // A fresh instance for each question, because a question that fails empties the queue of its instance.
  const git = simpleGit({
    baseDir: folder,
    config: [...config],
    unsafe: leave,
    allowEnvironment: [...theirs, ...Object.keys(ours)],
    completion: { onClose: true, onExit: false },
    timeout: { block: 60_000 },
  });
  return question(git.env(environment()));
}

/** Git by the program of that name, for questions only. A question that Git refuses is answered with undefined and told in the log. */
export function createGit(log: Log): Git {
  const turn = turnstile(4);
  let missing = false;

  /** The answer, or undefined when Git says no or is not there. */
  async function ask<T>(folder: string, question: (git: SimpleGit) => Promise<T>): Promise<T | undefined> {
    if (missing) return undefined;
    try {
      return await turn(() => answerIn(folder, question));
    } catch (error) {
      return refused(folder, error);
    }
  }

  function refused(folder: string, error: unknown): undefined {
    const reason = error instanceof Error ? error.message : String(error);
    if (/spawn git ENOENT/.test(reason) && !missing) {
      missing = true;
      log.warn('Git is not on the PATH, so versions of files are not known. Install Git and start again.');
    } else if (/dubious ownership/.test(reason)) {
      log.warn(`Git does not answer for ${folder}, since another user owns it. Add it to Git's safe.directory.`);
    } else log.debug(`Git in ${folder}: ${reason.trim()}`);
  }

  /** Of a question that is asked by its input. */
  const answered = <T>(folder: string, signal: AbortSignal | undefined, answer: Promise<T>): Promise<T | undefined> =>
    answer.catch((error: unknown) => {
      signal?.throwIfAborted();
      return refused(folder, error);
    });

  const batch = ({ args, ...rest }: Omit<Batch, 'environment'>): AsyncIterable<Buffer> =>
    outputOf({ ...rest, args: [...config.flatMap((line) => ['-c', line]), ...args], environment: environment() });

  const raw = (folder: string, ...args: string[]) => ask(folder, (git) => git.raw(args));

  /** The few questions that say more in a path than its letters. */
  const magic = (folder: string, ...args: string[]) =>
    ask(folder, (git) => git.env({ ...environment(), GIT_LITERAL_PATHSPECS: '0' }).raw(args));

  async function root(path: string): Promise<string | undefined> {
    const { folder, named } = await placeOf(path);
    if (!(await isBelowRepository(folder))) return undefined;
    const top = await raw(folder, 'rev-parse', '--show-toplevel');
    return top === undefined ? undefined : nameOf(resolve(top.replace(/\r?\n$/, '')), named);
  }

  const commit = async (root: string, revision: string): Promise<string | undefined> => {
    if (revision.startsWith('-') || revision.includes('\0')) return undefined;
    return (await raw(root, 'rev-parse', '--verify', '--quiet', `${revision}^{commit}`))?.trim() || undefined;
  };

  /** The id of a commit that a question is about to name: what is written in full needs no question of its own. */
  const known = async (root: string, revision: string): Promise<string | undefined> =>
    isFull(revision) ? revision : commit(root, revision);

  async function head(root: string): Promise<GitHead | undefined> {
    const format = '%(HEAD)%(refname)';
    const order = ['--sort=-version:refname', '--sort=-creatordate'];
    const [id, refs] = await Promise.all([
      commit(root, 'HEAD'),
      raw(root, 'for-each-ref', '--points-at=HEAD', ...order, `--format=${format}`, 'refs/heads', 'refs/tags'),
    ]);
    if (id === undefined) return undefined;
    const lines = (refs ?? '').split('\n');
    const named = (prefix: string) => lines.find((line) => line.startsWith(prefix))?.slice(prefix.length);
    return { commit: id, branch: named('*refs/heads/'), tag: named(' refs/tags/') };
  }

  async function commits(root: string, ids: readonly string[]): Promise<ReadonlySet<string>> {
    const found = new Set<string>();
    for (const some of batches(ids.filter(isFull))) {
      const lines = await raw(root, 'rev-list', '--no-walk=unsorted', '--ignore-missing', ...some, '--');
      // An id that is no commit's is refused together with the others.
      const alone = lines === undefined ? await Promise.all(some.map((id) => commit(root, id))) : lines.split('\n');
      for (const id of alone) if (id) found.add(id);
    }
    return found;
  }

  async function lastCommit(root: string, path: string, revision = 'HEAD'): Promise<GitCommit | undefined> {
    const start = revision === 'HEAD' ? revision : await commit(root, revision);
    const inRoot = await within(root, path);
    if (start === undefined || inRoot === undefined) return undefined;
    const [found] = await history(root, inRoot, start, '-1');
    return found && { ...found, tag: await firstTag(root, found.commit) };
  }

  async function lastCommits(
    root: string,
    contents: ReadonlyMap<string, string>,
  ): Promise<ReadonlyMap<string, GitCommit>> {
    const named = await namesIn(root, [...contents.keys()]);
    const wanted = new Map(named.map(([path, name]) => [name, contents.get(path)] as const));
    const last = new Map<string, Logged>();
    for (const names of batches([...wanted.keys()], FEW)) await addLast(root, names, { wanted, last });
    const commits = new Map([...last.values()].filter(({ edge }) => !edge).map((one) => [one.commit, one] as const));
    const isTagged = commits.size > 0 && Boolean(await raw(root, 'for-each-ref', '--count=1', 'refs/tags'));
    const told = await Promise.all(
      [...commits.values()].map(async ({ edge, ...commit }) => ({
        ...commit,
        tag: isTagged ? await firstTag(root, commit.commit) : undefined,
      })),
    );
    const byId = new Map(told.map((commit) => [commit.commit, commit] as const));
    return new Map(
      named.flatMap(([path, name]) => {
        const commit = byId.get(last.get(name)?.commit ?? '');
        return commit ? [[path, commit] as const] : [];
      }),
    );
  }

  interface Search {
    /** Content ids by name. */
    readonly wanted: ReadonlyMap<string, string | undefined>;
    readonly last: Map<string, Logged>;
  }

  /** Adds the newest commit that gave each of the names the content it has. */
  async function addLast(root: string, names: readonly string[], { wanted, last }: Search): Promise<void> {
    for (let open = names; open.length > 0; ) {
      for (const { written, ...commit } of await writersOf(root, open))
        for (const [name, content] of written)
          if (wanted.get(name) === content && !last.has(name)) last.set(name, commit);
      const rest = open.filter((name) => !last.has(name));
      // What no commit of the walk wrote is asked for alone: the root has no name in it.
      if (rest.length === open.length) {
        for (const name of rest)
          for (const commit of await logged(root, '-1', 'HEAD', '--', name)) last.set(name, commit);
        return;
      }
      open = rest;
    }
  }

  /** The latest thousand commits that wrote any of the names, each with what it wrote: of a merge what neither side had. */
  async function writersOf(
    root: string,
    names: readonly string[],
  ): Promise<readonly (Logged & { readonly written: readonly (readonly [string, string])[] })[]> {
    const options = ['--raw', '-r', '-t', '-c', '-z', '--no-abbrev', '--no-renames', '--max-count=1000'];
    const output = await raw(root, 'log', ...options, ...formatted('%x01', '%x00'), 'HEAD', '--', ...names);
    return (output ?? '').split('\u0001').flatMap((record) => {
      const commit = loggedIn(record);
      if (!commit) return [];
      // `:<mode> <mode> <id> <id> <state>\0<path>\0`, with a colon, a mode and an id for each parent.
      const written = record.matchAll(/:\d{6} [^\0]* ([0-9a-f]+) [A-Z]+\0([^\0]*)\0/g);
      return [{ ...commit, written: [...written].map(([, content = '', name = '']) => [name, content] as const) }];
    });
  }

  /** Commits that touched a path of the root, newest first. */
  const history = (root: string, inRoot: string, ...options: string[]): Promise<readonly GitCommit[]> =>
    withoutEdge(logged(root, ...options, '--', inRoot));

  interface Logged extends GitCommit {
    /** Where a shallow clone ends, every file looks as if that commit had added it. */
    readonly edge: boolean;
  }

  const withoutEdge = async (commits: Promise<readonly Logged[]>): Promise<readonly GitCommit[]> =>
    (await commits).filter(({ edge }) => !edge).map(({ edge, ...commit }) => commit);

  async function logged(root: string, ...options: string[]): Promise<readonly Logged[]> {
    const lines = await raw(root, 'log', ...formatted(), ...options);
    return (lines ?? '').split('\n').flatMap((line) => loggedIn(line) ?? []);
  }

  const formatted = (before = '', after = ''): readonly string[] => [
    '--decorate=full',
    '--no-show-signature',
    `--format=${before}${['%H', '%an', '%aI', '%D', '%s'].join('%x00')}${after}`,
  ];

  function loggedIn(record: string): Logged | undefined {
    const [id, author, date, refs, subject] = record.split('\0');
    if (!id || author === undefined || date === undefined || subject === undefined) return undefined;
    const edge = refs?.split(', ').includes('grafted') ?? false;
    return { commit: id, author, date, subject, tag: undefined, edge };
  }

  async function commitsOf(root: string, path: string): Promise<readonly GitCommit[]> {
    const inRoot = await within(root, path);
    if (inRoot === undefined) return [];
    // Asked for apart, since a filter for the others would drop merges, which have no difference of their own.
    const filter = ['--diff-filter=D', '--format=%H', 'HEAD', '--', inRoot];
    const [touched, deleted = ''] = await Promise.all([history(root, inRoot, 'HEAD'), raw(root, 'log', ...filter)]);
    return touched.filter(({ commit }) => !deleted.includes(commit));
  }

  /** With `--raw` each commit is followed by `:<mode> <mode> <id> <id> <state>\t<path>[\t<new path>]`. */
  async function versionsOf(root: string, path: string): Promise<readonly GitVersion[]> {
    const inRoot = await within(root, path);
    if (inRoot === undefined) return [];
    const format = ['%x01%H', '%an', '%aI', '%D', '%s', ''].join('%x00');
    const options = ['--follow', '--raw', '--no-abbrev', '-z', '--decorate=full', `--format=${format}`];
    const output = (await raw(root, 'log', ...options, 'HEAD', '--', inRoot)) ?? '';
    return output.split('\u0001').flatMap((record) => {
      const [commit = '', author = '', date = '', refs = '', subject = '', ...changes] = record.split('\0');
      const at = changes.findIndex((field) => field.trimStart().startsWith(':'));
      const [, , , blob = '', state = ''] = (changes[at] ?? '').trim().split(' ');
      const name = changes[at + (/^[RC]/.test(state) ? 2 : 1)];
      if (at < 0 || name === undefined || refs.split(', ').includes('grafted')) return [];
      const content = /^0+$/.test(blob) ? undefined : blob;
      return [{ commit, author, date, subject, tag: undefined, path: join(root, name), blob: content }];
    });
  }

  const firstTag = once(async (root: string, id: string): Promise<string | undefined> => {
    const order = ['--sort=version:refname', '--sort=creatordate'];
    const name = await raw(
      root,
      'for-each-ref',
      `--contains=${id}`,
      ...order,
      '--count=1',
      '--format=%(refname:strip=2)',
      'refs/tags',
    );
    return name?.trim() || undefined;
  });

  const isShallow = async (root: string): Promise<boolean> =>
    (await raw(root, 'rev-parse', '--is-shallow-repository'))?.trim() === 'true';

  const changes = async (root: string): Promise<readonly GitChange[] | undefined> => {
    const output = await raw(root, 'status', '--porcelain=v2', '-z', '--untracked-files=normal', '--find-renames');
    return output === undefined ? undefined : parseStatus(output);
  };

  async function blobs(root: string, revision: string, paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const id = await commit(root, revision);
    const named = await namesIn(root, paths);
    if (id === undefined || named.length === 0) return new Map();
    const found = new Map<string, string>();
    const names = named.map(([, name]) => name);
    for (const some of names.length > FEW ? [['.']] : batches(names)) {
      const listing =
        (await raw(root, 'ls-tree', ...(names.length > FEW ? ['-r'] : []), '-t', '-z', id, '--', ...some)) ?? '';
      // `<mode> <type> <id>\t<path>`
      for (const [, blob, name] of listing.matchAll(/\d+ (?:blob|tree) ([0-9a-f]+)\t([^\0]*)\0/g))
        if (blob && name) found.set(name, blob);
    }
    return new Map(named.flatMap(([path, name]) => (found.has(name) ? [[path, found.get(name) ?? '']] : [])));
  }

  return {
    root,
    head,
    commit,
    commits,
    lastCommit,
    lastCommits,
    log: commitsOf,
    changes,
    blobs,
    remote: async (root) => {
      const address = (await raw(root, 'remote', 'get-url', 'origin'))?.trim();
      return address ? withoutCredentials(address) : undefined;
    },
    refs: async (root, prefix) => {
      // A tag of its own names its commit behind the asterisk.
      const format = [
        '%(refname)',
        '%(if)%(*objectname)%(then)%(*objectname)%(else)%(objectname)%(end)',
        '%(creatordate:iso-strict)',
        '%(contents:subject)',
      ].join('%00');
      const lines = ((await raw(root, 'for-each-ref', `--format=${format}`, prefix)) ?? '').split('\n');
      return lines.flatMap((line) => {
        const [name, id, date, subject] = line.split('\0');
        return name && id ? [{ name, commit: id, date: date ?? '', subject: subject ?? '' }] : [];
      });
    },
    branchesWith: async (root, id) => {
      // `origin/HEAD` is another name for a branch that is listed too.
      const format = '--format=%(if)%(symref)%(then)%(else)%(refname:lstrip=2)%(end)';
      const names = await raw(root, 'for-each-ref', `--contains=${id}`, format, 'refs/heads', 'refs/remotes');
      return names?.split('\n').filter(Boolean);
    },
    isAncestor: async (root, ancestor, id) => {
      const [older, newer] = await Promise.all([commit(root, ancestor), commit(root, id)]);
      if (older === undefined || newer === undefined) return undefined;
      if ((await raw(root, 'merge-base', older, newer))?.trim() === older) return true;
      return (await isShallow(root)) ? undefined : false;
    },
    mergeBase: async (root, one, other) => {
      const [first, second] = await Promise.all([commit(root, one), commit(root, other)]);
      if (first === undefined || second === undefined) return undefined;
      return (await raw(root, 'merge-base', first, second))?.trim() || undefined;
    },
    tree: async (root, revision, path = root) => {
      const [id, inRoot] = await Promise.all([commit(root, revision), within(root, path)]);
      if (id === undefined || inRoot === undefined) return new Map();
      const listing = (await raw(root, 'ls-tree', '-r', '-z', id, '--', inRoot)) ?? '';
      const files = listing.matchAll(/\d+ blob ([0-9a-f]+)\t([^\0]*)\0/g);
      return new Map([...files].map(([, blob = '', name = '']) => [name, blob]));
    },
    differences: async (root, from, to, signal) => {
      const there = await commits(root, [from, ...to]);
      const known = there.has(from) ? to.filter((id) => there.has(id)) : [];
      if (known.length === 0) return new Map();
      const args = ['diff-tree', '--stdin', '-r', '-z', '--raw', '--no-abbrev', '--no-renames'];
      // Git compares a commit with whatever is named as its parent, and tells nothing of one that is no different.
      const lines = known.map((id) => `${id} ${from}`);
      const told = await turn(() =>
        answered(root, signal, differencesIn(batch({ folder: root, args, lines, signal }))),
      );
      return new Map(told ? known.map((id) => [id, told.get(id) ?? new Map()] as const) : []);
    },
    contents: async function* (root, ids, { largest, signal }) {
      const lines = [...new Set(ids)].filter(isFull);
      if (missing || lines.length === 0) return;
      try {
        yield* blobsIn(batch({ folder: root, args: ['cat-file', '--batch', '--buffer'], lines, signal }), largest);
      } catch (error) {
        signal?.throwIfAborted();
        refused(root, error);
      }
    },
    describe: async (root, id) => {
      const full = await commit(root, id);
      const [found] = full === undefined ? [] : await logged(root, '-1', full);
      if (!found) return undefined;
      const { edge, ...told } = found;
      return { ...told, tag: await firstTag(root, told.commit) };
    },
    history: versionsOf,
    blame: async (root, path, line) => {
      const inRoot = await within(root, path);
      if (inRoot === undefined || !Number.isInteger(line) || line < 1) return undefined;
      // Of the work tree, whose lines the caller counts. A line of its own has an id of zeros.
      const told = await raw(root, 'blame', '--porcelain', '--no-textconv', '-L', `${line},${line}`, '--', inRoot);
      const id = /^[0-9a-f]+/.exec(told ?? '')?.[0];
      return id === undefined || /^0+$/.test(id) ? undefined : (await withoutEdge(logged(root, '-1', id)))[0];
    },
    attribute: async (root, name, paths) => {
      const named = await namesIn(root, paths);
      const found = new Map<string, string>();
      for (const some of batches(named.map(([, path]) => path))) {
        const [...fields] = ((await raw(root, 'check-attr', '-z', name, '--', ...some)) ?? '').split('\0');
        for (let at = 0; at + 2 < fields.length; at += 3) found.set(fields[at] ?? '', fields[at + 2] ?? '');
      }
      const isSet = (value: string | undefined): value is string =>
        value !== undefined && !/^un(set|specified)$/.test(value);
      return new Map(named.flatMap(([path, name]) => (isSet(found.get(name)) ? [[path, found.get(name) ?? '']] : [])));
    },
    attributed: async (root, name, value) => {
      const listing = await magic(root, 'ls-files', '--stage', '-z', '--', withAttribute(name, value));
      // `<mode> <id> <stage>\t<path>`
      const files = (listing ?? '').matchAll(/\d+ ([0-9a-f]+) \d\t([^\0]*)\0/g);
      return new Map([...files].map(([, blob = '', name = '']) => [name, blob]));
    },
    linesWith: async (root, pattern, { revision, paths }) => {
      const id = await commit(root, revision);
      if (id === undefined) return new Map();
      const found: (readonly [string, readonly string[]])[] = [];
      for (const some of batches(paths))
        found.push(...matchesOf(await raw(root, 'grep', ...grepped, '-e', pattern, id, '--', ...some), `${id}:`));
      return new Map(found);
    },
    attributedLinesWith: async (root, pattern, name, value) =>
      new Map(
        matchesOf(await magic(root, 'grep', '--cached', ...grepped, '-e', pattern, '--', withAttribute(name, value))),
      ),
    submodules: async (root) => {
      const listing = (await raw(root, 'ls-tree', '-r', '-z', 'HEAD')) ?? '';
      return Promise.all(
        [...listing.matchAll(/160000 commit ([0-9a-f]+)\t([^\0]*)\0/g)].map(async ([, pinned = '', name = '']) => {
          const path = join(root, name);
          // Without a repository of its own, the folder's answer would be that of the one around it.
          const own = await stat(join(path, '.git')).catch(() => undefined);
          return { path, pinned, checkedOut: own && (await commit(path, 'HEAD')) };
        }),
      );
    },
    show: async (root, revision, path) => {
      const [id, inRoot] = await Promise.all([known(root, revision), within(root, path)]);
      if (id === undefined || inRoot === undefined) return undefined;
      // The blob itself: filters such as Git LFS's are not run, and nothing is checked out.
      return ask(root, (git) => git.binaryCatFile(['blob', `${id}:${inRoot}`]) as Promise<Buffer>);
    },
    commonDirectory: async (root) => {
      // From the root it is relative, `.git`, or absolute.
      const folder = await raw(root, 'rev-parse', '--git-common-dir');
      return folder === undefined ? undefined : resolve(root, folder.replace(/\r?\n$/, ''));
    },
    pathSetting: async (root, key) =>
      (await raw(root, 'config', '--type=path', '--get', key))?.replace(/\r?\n$/, '') || undefined,
    isShallow,
  };
}

const isFull = (id: string): boolean => /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(id);

const withAttribute = (name: string, value: string): string => `:(top,attr:${name}=${value})`;

/** Whatever the person's settings of `git grep` are. */
const grepped: readonly string[] = [
  '-z',
  '-I',
  '-E',
  '--full-name',
  '--no-line-number',
  '--no-column',
  '--no-color',
  '--no-textconv',
];

/** `<path>\0<line>\n`, the path after that of a revision, with the lines of one file together. */
function matchesOf(output = '', before = ''): readonly (readonly [string, readonly string[]])[] {
  const found = new Map<string, string[]>();
  for (const [, path = '', line = ''] of output.matchAll(/([^\0]*)\0([^\n]*)\n/g)) {
    const name = path.slice(before.length);
    const lines = found.get(name) ?? [];
    lines.push(line);
    found.set(name, lines);
  }
  return [...found];
}

interface Place {
  /** The nearest folder that exists, as the path names it, and with its links resolved as Git does. */
  readonly named: string;
  readonly folder: string;
  /** The path from there. */
  readonly rest: string;
}

async function placeOf(path: string): Promise<Place> {
  let here = resolve(path);
  for (;;) {
    const found = await stat(here).catch(() => undefined);
    const parent = dirname(here);
    if (found?.isDirectory() || parent === here) break;
    here = parent;
  }
  return { named: here, folder: await realpath(here).catch(() => here), rest: relative(here, resolve(path)) };
}

/** The root as the caller's own paths name it, when they reach it through a link; paths in it can then be compared as text. */
async function nameOf(root: string, below: string): Promise<string> {
  for (let here = below; ; here = dirname(here)) {
    if ((await realpath(here).catch(() => here)) === root) return here;
    if (dirname(here) === here) return root;
  }
}

/** Path from the root with slashes, as Git writes it, `.` for the root itself; undefined when it lies elsewhere. */
async function within(root: string, path: string): Promise<string | undefined> {
  const { folder, rest } = await placeOf(path);
  const inRoot = relative(await realpath(root).catch(() => root), join(folder, rest));
  if (inRoot === '..' || inRoot.startsWith(`..${sep}`) || resolve(inRoot) === inRoot) return undefined;
  return inRoot.split(sep).join('/') || '.';
}

/** Asked of the file system first, so that a folder without a repository costs no process. */
async function isBelowRepository(folder: string): Promise<boolean> {
  for (let here = folder; ; here = dirname(here)) {
    if (await stat(join(here, '.git')).catch(() => undefined)) return true;
    if (dirname(here) === here) return false;
  }
}

const states: Readonly<Record<string, GitChange['state']>> = { A: 'added', D: 'deleted', R: 'renamed', C: 'added' };

/** `git status --porcelain=v2 -z`: fields by spaces, records by NUL, a rename's old path as a record of its own. */
function parseStatus(output: string): readonly GitChange[] {
  const records = output.split('\0');
  const changes: GitChange[] = [];
  for (let at = 0; at < records.length; at++) {
    const record = records[at] ?? '';
    const after = (fields: number): string => record.split(' ').slice(fields).join(' ');
    const [kind, letters = ''] = record.split(' ');
    if (kind === '?') changes.push({ path: after(1), state: 'untracked' });
    if (kind === 'u') changes.push({ path: after(10), state: 'conflicted' });
    if (kind === '1') changes.push({ path: after(8), state: stateOf(letters) });
    if (kind === '2') changes.push({ path: after(9), state: stateOf(letters), from: records[++at] });
  }
  return changes;
}

/** First letter: the index against HEAD, second: the work tree against the index. A file that is gone is gone either way. */
const stateOf = (letters: string): GitChange['state'] =>
  letters.includes('D') ? 'deleted' : (states[letters[0] ?? ''] ?? 'modified');

/** An address that can be shown: user, password and what follows a question mark may hold a token. */
function withoutCredentials(address: string): string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(address))
    return address.replace(/^([^:]+:\/\/)[^/?#]*@/, '$1').replace(/[?#].*$/s, '');
  return address.replace(/^[^/@:]+@(?=[^/]+:)/, '');
}

/** Those of the paths that lie in the root, with their names there. Each folder is resolved once. */
async function namesIn(root: string, paths: readonly string[]): Promise<readonly (readonly [string, string])[]> {
  const folders = new Map<string, Promise<string | undefined>>();
  const named = paths.map(async (path) => {
    const folder = dirname(path);
    const known = folders.get(folder) ?? within(root, folder);
    folders.set(folder, known);
    const inRoot =
      path === root
        ? '.'
        : join((await known) ?? '..', basename(path))
            .split(sep)
            .join('/');
    // A link from elsewhere may lead in.
    return [path, inRoot.startsWith('../') ? await within(root, path) : inRoot] as const;
  });
  return (await Promise.all(named)).filter((entry): entry is readonly [string, string] => entry[1] !== undefined);
}

/** Git compares every path of a tree with every one that it is asked for, so of more it is asked for all. */
const FEW = 500;

/** Characters of a command line that no system refuses: Windows takes 32,767, others two million. */
const LONGEST_COMMAND = process.platform === 'win32' ? 24_000 : 200_000;

function* batches(names: readonly string[], most = Number.POSITIVE_INFINITY): Generator<readonly string[]> {
  let some: string[] = [];
  let length = 0;
  for (const name of names) {
    if ((length + name.length > LONGEST_COMMAND && some.length > 0) || some.length === most) {
      yield some;
      some = [];
      length = 0;
    }
    some.push(name);
    length += name.length + 3;
  }
  if (some.length > 0) yield some;
}

/** Questions that are asked again before they are answered share the answer. */
function once<T>(question: (root: string, id: string) => Promise<T>): (root: string, id: string) => Promise<T> {
  const open = new Map<string, Promise<T>>();
  return (root, id) => {
    const key = `${root}\0${id}`;
    const answer = open.get(key) ?? question(root, id).finally(() => open.delete(key));
    open.set(key, answer);
    return answer;
  };
}
