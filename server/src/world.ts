/**
 * Everything outside Plumbline, as one value that functions are given. A world without `git` is Restricted Mode:
 * no program is run for a workspace that nobody trusts.
 */
export interface World {
  /** The whole file. Rejects with `Unreadable`. */
  read(path: string): Promise<Uint8Array>;
  /** The whole file as UTF-8 text, a byte order mark removed. Rejects with `Unreadable`. */
  readText(path: string): Promise<string>;
  /** Undefined when nothing is there. */
  stat(path: string): Promise<FileStat | undefined>;
  /** Absolute paths of the files that match, sorted. `**` never enters node_modules or .git. */
  glob(patterns: readonly string[], folder: string): Promise<readonly string[]>;
  /** Replaces the file at once or not at all; makes its folder when needed. */
  write(path: string, content: string | Uint8Array): Promise<void>;
  readonly git?: Git;
  now(): Date;
  readonly log: Log;
  /** Plumbline's own folders, never the workspace's. */
  readonly places: { readonly storage: string; readonly temporary: string };
}

export interface FileStat {
  readonly kind: 'file' | 'folder' | 'other';
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
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
  /** Newest commit up to `revision` (HEAD when not given) that touched `path`; undefined when none did, or a shallow clone ends before it. */
  lastCommit(root: string, path: string, revision?: string): Promise<GitCommit | undefined>;
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
  /** Bytes of `path` at `revision`; undefined when it is not there. */
  show(root: string, revision: string, path: string): Promise<Uint8Array | undefined>;
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
