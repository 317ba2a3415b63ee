import type { DatasetStatus, Finding, Location } from '../../protocol';
import type { World } from '../../world';
import { findingAt, type Reading } from '../finding';
import { type LakefsApi, type LakefsCommit, lakefsApi } from './api';
import { type LakefsCode, LakefsProblem, lakefsCodes } from './codes';
import { isChangedOnBranch, objectsOf } from './objects';
import { type Pinned, pin } from './pin';
import { addressOf, parseLakefs } from './reference';

/** What is known of an address of lakeFS. */
export interface LakefsState {
  /** As it was written. */
  readonly address: string;
  readonly commit: LakefsCommit | undefined;
  /** The branch that it follows; undefined for a tag or commit, and where no server was asked. */
  readonly branch: string | undefined;
  /** Of one object: its checksum, `md5` as 32 hex digits, and bytes. Undefined for a folder and where it is not known. */
  readonly checksum: string | undefined;
  readonly algorithm: 'md5' | 'etag' | undefined;
  readonly sizeBytes: number | undefined;
  readonly status: DatasetStatus;
}

/**
 * The version of the data that an address names, with what is in the way of knowing or repeating it. Never rejects but
 * with the signal's reason.
 *
 * @param place Where the address stands; a path is the start of that file.
 */
export async function lakefsStateOf(
  address: string,
  world: World,
  { place = null, signal }: { readonly place?: string | Location | null; readonly signal?: AbortSignal } = {},
): Promise<Reading<LakefsState>> {
  try {
    const api = await lakefsApi(world, signal);
    return await stateOf(address, await pin(parseLakefs(address), api), api, place);
  } catch (error) {
    return { found: unknownState(address, codeOf(error)), problems: [problemFinding(error, place)] };
  }
}

/** A finding of what went wrong. What is no problem of lakeFS is thrown on. */
export function problemFinding(error: unknown, place: string | Location | null): Finding {
  if (!(error instanceof LakefsProblem)) throw error;
  return findingAt(lakefsCodes, error.code, error.message, place);
}

const codeOf = (error: unknown): LakefsCode | undefined => (error instanceof LakefsProblem ? error.code : undefined);

const unknownState = (address: string, code: LakefsCode | undefined): LakefsState => ({
  address,
  commit: undefined,
  branch: undefined,
  checksum: undefined,
  algorithm: undefined,
  sizeBytes: undefined,
  status: code === 'lakefs/ref-missing' || code === 'lakefs/object-missing' ? 'missing' : 'unknown',
});

async function stateOf(
  address: string,
  pinned: Pinned,
  api: LakefsApi,
  place: string | Location | null,
): Promise<Reading<LakefsState>> {
  const { commit, branch, ref } = pinned;
  const moving =
    branch === undefined
      ? []
      : [
          findingAt(
            lakefsCodes,
            'lakefs/moving-reference',
            `${address} names branch "${branch}", which moves; name the commit: ${addressOf({ ...pinned, ref: commit.id })}`,
            place,
          ),
        ];
  const known = { ...unknownState(address, undefined), commit, branch };
  try {
    const { objects, isOne } = await objectsOf(pinned, api);
    const [object] = objects;
    if (!isOne || !object) {
      const sizeBytes = objects.reduce((sum, one) => sum + one.sizeBytes, 0);
      return { found: { ...known, sizeBytes, status: 'unchanged' }, problems: moving };
    }
    const isChanged = await isChangedOnBranch(pinned, object, api);
    const message = `Branch "${ref}" holds other data of ${address} than its last commit ${commit.id.slice(0, 8)}; commit them with: lakectl commit lakefs://${pinned.repository}/${ref}`;
    return {
      found: {
        ...known,
        checksum: object.checksum || undefined,
        algorithm: object.checksum === '' ? undefined : isMd5(object.checksum) ? 'md5' : 'etag',
        sizeBytes: object.sizeBytes,
        status: isChanged ? 'modified' : 'unchanged',
      },
      problems: [
        ...moving,
        ...(isChanged ? [findingAt(lakefsCodes, 'lakefs/uncommitted-change', message, place)] : []),
      ],
    };
  } catch (error) {
    const status = codeOf(error) === 'lakefs/object-missing' ? 'missing' : 'unknown';
    return { found: { ...known, status }, problems: [...moving, problemFinding(error, place)] };
  }
}

/** An object store's own word for an upload in parts has a hyphen and is no md5. */
export const isMd5 = (checksum: string): boolean => /^[0-9a-f]{32}$/.test(checksum);
