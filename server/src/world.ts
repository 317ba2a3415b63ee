/**
 * Everything outside Plumbline, as one value that functions are given. A world without `git` is Restricted Mode:
 * no program is run for a workspace that nobody trusts.
 */
export interface World {
  /** The whole file. Rejects with `Unreadable`. */
  read(path: string): Promise<Uint8Array>;
  /** The whole file as UTF-8 text, a byte order mark removed. Rejects with `Unreadable`. */
  readText(path: string): Promise<string>;
  /** The bytes from `start` up to `end`, piece by piece, so that the file need not fit into memory. Rejects with `Unreadable`. */
  stream(path: string, part?: { readonly start?: number; readonly end?: number }): AsyncIterable<Uint8Array>;
  /** Undefined when nothing is there. */
  stat(path: string): Promise<FileStat | undefined>;
  /** What a folder holds, sorted by name; links are followed. Undefined when no folder is there or it may not be read. */
  list(folder: string): Promise<readonly FolderEntry[] | undefined>;
  /**
   * Questions about many files at once, which cost a tenth of as many single ones: for stores that keep a file a value. The
   * answers are in the order of the paths. They reject only with the signal's reason.
   */
  readonly many: {
    /** What `stat` says; undefined also for what may not be looked at. */
    stat(paths: readonly string[], signal?: AbortSignal): Promise<readonly (FileStat | undefined)[]>;
    /** Identities of the files and folders of each group, with spaces between; an empty one for what is not there. */
    identities(groups: readonly FileGroup[], signal?: AbortSignal): Promise<readonly string[]>;
    /** What `list` says, or why a folder that is there may not be read. */
    list(
      folders: readonly string[],
      signal?: AbortSignal,
    ): Promise<readonly (readonly FolderEntry[] | Unreadable | undefined)[]>;
    /** Whole files of at most `largest` bytes, those that are larger without their bytes; or why one cannot be read. */
    read(
      paths: readonly string[],
      options: { readonly largest: number; readonly signal?: AbortSignal | undefined },
    ): Promise<readonly (FileRead | Unreadable)[]>;
  };
  /** The path with its links resolved; undefined when nothing is there. */
  realPath(path: string): Promise<string | undefined>;
  /** Absolute paths of the files that match, sorted. `**` never enters node_modules or .git, nor a run's folder in mlruns or wandb when a pattern begins with it. */
  glob(patterns: readonly string[], folder: string): Promise<readonly string[]>;
  /** Replaces the file at once or not at all; makes its folder when needed. */
  write(path: string, content: string | Uint8Array): Promise<void>;
  /**
   * Adds text to the end of the file in one piece, so that what several processes add does not mix; makes it and its folder
   * when needed. Rejects with `Unreadable`.
   */
  append(path: string, text: string): Promise<void>;
  /** Removes a file of Plumbline's own places; nothing happens when none is there. Rejects with `Unreadable`. */
  remove(path: string): Promise<void>;
  readonly git?: Git;
  /** Left out where nobody may be asked: in Restricted Mode. Asked only of a server that the user named. */
  readonly http?: Http;
  /** A variable of the environment; undefined when it is not set or empty. */
  variable(name: string): string | undefined;
  now(): Date;
  readonly log: Log;
  /** Plumbline's own folders, never the workspace's. */
  readonly places: {
    readonly storage: string;
    readonly temporary: string;
    /** The person's own folder, where programs keep their configuration. */
    readonly home: string;
  };
}

export interface FileGroup {
  /** Absolute. */
  readonly folder: string;
  /** Paths from there; the empty one is the folder itself. */
  readonly places: readonly string[];
}

/** A file as it was when it was opened to be read. */
export interface FileRead {
  readonly stat: FileStat;
  readonly bytes: Uint8Array | undefined;
}

export interface FolderEntry {
  readonly name: string;
  readonly kind: FileStat['kind'];
}

/** Requests that read. */
export interface Http {
  /**
   * One GET. Every status is an answer; rejects with `Unreadable` when there is none, or it takes longer than 30 s, and
   * with the signal's reason when that is aborted. The address in messages is without user, password and query.
   */
  get(
    address: string,
    options?: { readonly headers?: Readonly<Record<string, string>>; readonly signal?: AbortSignal },
  ): Promise<{ readonly status: number; readonly body: Uint8Array }>;
  /**
   * One GET whose answer becomes the file at once or not at all, piece by piece, so that it need not fit into memory. Of
   * another status than 200 the body is given and no file made. Rejects as `get`, but it may take as long as something
   * comes every 30 s.
   */
  download(
    address: string,
    path: string,
    options?: { readonly headers?: Readonly<Record<string, string>>; readonly signal?: AbortSignal },
  ): Promise<{ readonly status: number; readonly body: Uint8Array }>;
}

export interface FileStat {
  readonly kind: 'file' | 'folder' | 'other';
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
  /** Changes whenever the content may have: made of size, time to the nanosecond, and the file's own number on its disk. */
  readonly identity: string;
}

export interface Log {
  error(message: string): void;
  warn(message: string): void;
  info(message: string): void;
  debug(message: string): void;
}

/** Read-only questions to Git. Every path is absolute; every answer is about the repository that holds it. */
export interface Git {
  /** Root of the work tree that holds `path`, or undefined when no repository does. */
  root(path: string): Promise<string | undefined>;
  /** Undefined before the first commit. */
  head(root: string): Promise<GitHead | undefined>;
  /** Full id of the commit that a revision names (id, prefix, tag, branch, `HEAD~2`); undefined when there is none. */
  commit(root: string, revision: string): Promise<string | undefined>;
  /** Those of many full ids that are commits of this clone. */
  commits(root: string, ids: readonly string[]): Promise<ReadonlySet<string>>;
  /** Newest commit up to `revision` (HEAD when not given) that touched `path`; undefined when none did, or a shallow clone ends before it. */
  lastCommit(root: string, path: string, revision?: string): Promise<GitCommit | undefined>;
  /**
   * The same up to HEAD of many files and folders, by their paths: one walk through the history for hundreds of them.
   *
   * @param contents Their content ids at HEAD, as `blobs` gives them.
   */
  lastCommits(root: string, contents: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, GitCommit>>;
  /**
   * Commits up to HEAD that wrote `path`, newest first, without their tags. Those that deleted it are left out, and so is a
   * shallow clone's oldest one, since every file looks as if that one had added it.
   */
  log(root: string, path: string): Promise<readonly GitCommit[]>;
  /**
   * Paths relative to the root that differ from HEAD. An untracked folder stands there as one path that ends in `/`.
   * Undefined when Git does not answer.
   */
  changes(root: string): Promise<readonly GitChange[] | undefined>;
  /** Content ids of those `paths`, files or folders, that are there at `revision`: sha1 as 40 hex digits, sha256 as 64. */
  blobs(root: string, revision: string, paths: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** True when the clone lacks older commits. */
  isShallow(root: string): Promise<boolean>;
  /** Address of the remote `origin`, without user name or password. */
  remote(root: string): Promise<string | undefined>;
  /** Absolute folder with the objects of the repository, one for all of its work trees; undefined when Git does not answer. */
  commonDirectory(root: string): Promise<string | undefined>;
  /** A path of Git's configuration, `~` replaced; undefined when it is not set. */
  pathSetting(root: string, key: string): Promise<string | undefined>;
  /** Refs below a prefix such as `refs/exps/`, with the commit that each names. */
  refs(root: string, prefix: string): Promise<readonly GitRef[]>;
  /** Names of local and remote branches from which the commit can be reached; undefined when Git does not answer. */
  branchesWith(root: string, commit: string): Promise<readonly string[] | undefined>;
  /** Whether `ancestor` is `commit` or can be reached from it; undefined when Git does not know one of them, or a shallow clone may hide it. */
  isAncestor(root: string, ancestor: string, commit: string): Promise<boolean | undefined>;
  /** Full id of the newest commit that two revisions have in common; undefined when there is none in this clone. */
  mergeBase(root: string, one: string, other: string): Promise<string | undefined>;
  /** All paths of a commit that are below `path` (the root when left out), relative to the root, with their content ids. */
  tree(root: string, revision: string, path?: string): Promise<ReadonlyMap<string, string>>;
  /**
   * For each of many commits, by their full ids, the paths whose content is another than in the commit `from`, relative to
   * the root, with their content ids; undefined for those that it lacks. One question, whatever their number. Commits that
   * Git does not know are left out, all of them when it does not know `from`. Rejects only with the signal's reason.
   */
  differences(
    root: string,
    from: string,
    to: readonly string[],
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, ReadonlyMap<string, string | undefined>>>;
  /** Author, date and subject of a commit; undefined when there is none. */
  describe(root: string, commit: string): Promise<GitCommit | undefined>;
  /** Commits that wrote `path`, newest first, followed through renames, with the name and content id it had. */
  history(root: string, path: string): Promise<readonly GitVersion[]>;
  /** The commit that wrote a line of the file on disk, from 1; undefined when the line is not committed. */
  blame(root: string, path: string, line: number): Promise<GitCommit | undefined>;
  /** Values of a Git attribute such as `filter` for those `paths` that have one. */
  attribute(root: string, name: string, paths: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Files of the index whose Git attribute has that value, relative to the root, with their content ids. */
  attributed(root: string, name: string, value: string): Promise<ReadonlyMap<string, string>>;
  /** Lines of text files at `revision` that match an extended regular expression; few paths, relative to the root as those in the answer. */
  linesWith(
    root: string,
    pattern: string,
    at: { readonly revision: string; readonly paths: readonly string[] },
  ): Promise<ReadonlyMap<string, readonly string[]>>;
  /** The same of all files of the index whose Git attribute has that value, however many they are. */
  attributedLinesWith(
    root: string,
    pattern: string,
    name: string,
    value: string,
  ): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Paths of the submodules with the commit that HEAD pins and the one that is checked out. */
  submodules(root: string): Promise<readonly GitSubmodule[]>;
  /**
   * Bytes of many blobs by their content ids, each once, one after the other as they are taken: one question, whatever their
   * number. Undefined for what is not there, no blob, or of more than `largest` bytes. Those are missing that Git does not
   * answer for. Rejects only with the signal's reason. Whoever takes them asks Git nothing else until the end.
   */
  contents(
    root: string,
    ids: readonly string[],
    options: { readonly largest: number; readonly signal?: AbortSignal | undefined },
  ): AsyncIterable<readonly [id: string, bytes: Uint8Array | undefined]>;
  /** Bytes of `path` at `revision`; undefined when it is not there. */
  show(root: string, revision: string, path: string): Promise<Uint8Array | undefined>;
}

export interface GitRef {
  /** In full: `refs/exps/ab/cdef/name`. */
  readonly name: string;
  readonly commit: string;
  /** First line of the commit's message, and when it was made, ISO 8601. */
  readonly subject: string;
  readonly date: string;
}

export interface GitVersion extends GitCommit {
  /** Absolute path that the file had in this commit. */
  readonly path: string;
  /** Content id; undefined where the commit deleted it. */
  readonly blob: string | undefined;
}

export interface GitSubmodule {
  /** Absolute. */
  readonly path: string;
  readonly pinned: string;
  /** Undefined when it is not checked out. */
  readonly checkedOut: string | undefined;
}

export interface GitHead {
  readonly commit: string;
  /** Undefined when HEAD is detached. */
  readonly branch: string | undefined;
  /** A tag that points at HEAD itself. */
  readonly tag: string | undefined;
}

export interface GitCommit {
  readonly commit: string;
  readonly author: string;
  /** ISO 8601. */
  readonly date: string;
  readonly subject: string;
  /** The first tag that contains the commit, when one does. */
  readonly tag: string | undefined;
}

export interface GitChange {
  readonly path: string;
  readonly state: 'modified' | 'added' | 'deleted' | 'renamed' | 'untracked' | 'conflicted';
  /** The path at HEAD of a renamed file. */
  readonly from?: string | undefined;
}

/** An input that cannot be used. The message says which, why, and what would mend it. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';

  constructor(
    message: string,
    readonly path: string,
  ) {
    super(message);
  }
}
