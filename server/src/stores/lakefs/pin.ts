import { type LakefsApi, type LakefsCommit, missing } from './api';
import { LakefsProblem } from './codes';
import type { LakefsReference } from './reference';

/** A reference with the commit that it names now. */
export interface Pinned extends LakefsReference {
  readonly commit: LakefsCommit;
  /** The branch that the ref starts from, so that it names another commit later; undefined for tags and commits. */
  readonly branch: string | undefined;
}

const isCommitId = (ref: string): boolean => /^[0-9a-f]{64}$/.test(ref);

/** Rejects with `LakefsProblem`, which tells a missing repository from a missing ref. */
export async function pin(reference: LakefsReference, api: LakefsApi): Promise<Pinned> {
  const { repository, ref } = reference;
  const base = ref.replace(/[~^@].*$/s, '');
  const [commit, head] = await Promise.all([
    api.commit(repository, ref),
    isCommitId(base) ? undefined : api.branch(repository, base),
  ]);
  if (commit) return { ...reference, commit, branch: head === undefined ? undefined : base };
  if (await api.hasRepository(repository)) throw missing(repository, ref, api.endpoint);
  throw new LakefsProblem(
    'lakefs/ref-missing',
    `The lakeFS server ${api.endpoint} has no repository "${repository}". See them with: lakectl repo list`,
    api.endpoint,
  );
}
