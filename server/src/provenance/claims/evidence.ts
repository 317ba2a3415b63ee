import type { ImageUse, LockFile } from '../../stores/environment';
import type { ModelVersion, Run } from '../../stores/run';
import type { World } from '../../world';

/** Names of content hashes: `git` of a blob as Git makes it, `dvc-dir` of the listing of a folder as DVC makes it. */
export type HashAlgorithm = 'md5' | 'sha256' | 'sha1' | 'git' | 'dvc-dir' | 'mlflow-pandas';

/** What the claims of a manifest are held against. Each answer is made when first asked for, and nothing rejects. */
export interface Evidence {
  /** Its Git is asked for commits; without one, nothing about commits can be shown. */
  readonly world: World;
  /** Runs of all stores of the workspace. */
  runs(): Promise<readonly Run[]>;
  /** Versions of the registries of the same stores. */
  models(): Promise<readonly ModelVersion[]>;
  /** Files of the workspace that name packages. */
  locks(): Promise<readonly LockFile[]>;
  /** Any file that names packages, the one that a run recorded too; undefined when no reader knows it. */
  lock(path: string): Promise<LockFile | undefined>;
  /** Images that files of the workspace build on or start. */
  images(): Promise<readonly ImageUse[]>;
  /**
   * Hash of the content of a file or folder, on disk or as Git, Git LFS or DVC keep it for a revision, in lower hex digits,
   * without `.dir`. Undefined where the content is not to be had or has no such hash.
   *
   * @param path Absolute.
   */
  contentHash(path: string, algorithm: HashAlgorithm, revision?: string): Promise<string | undefined>;
  /** Whether an address such as `lakefs://…` names something; undefined where it cannot be asked. */
  resolves?(address: string): Promise<boolean | undefined>;
  /** Verdict of a check that somebody asked for: whether the data keep the contract. Nothing is checked for a claim alone. */
  checked?(contract: string, ref: string): Promise<'passed' | 'failed' | undefined>;
}
