import { lakefsApi } from '../../stores/lakefs/api';
import { bytesOf, isChangedOnBranch, objectsOf, tidy } from '../../stores/lakefs/objects';
import { type Pinned, pin } from '../../stores/lakefs/pin';
import { addressOf, isLakefs, parseLakefs } from '../../stores/lakefs/reference';
import { commitsOfObject, lastChangeOf } from '../../stores/lakefs/versions';
import type { Address, AddressContext, DataVersion } from '../address';
import { dataAmong } from '../formats';

/** An object of lakeFS, or those of a folder or pattern, at the commit that the reference names when it is resolved. */
export const lakefs: Address = {
  prefix: 'lakefs://',
  place: async (ref, { world, signal }: AddressContext) => {
    const api = await lakefsApi(world, signal);
    const pinned = await pin(parseLakefs(ref), api);
    const { objects, isOne } = await objectsOf(pinned, api);
    const data = isOne ? objects : dataAmong(objects, ({ path }) => path);
    const files = await Promise.all(
      data.map(async (object) => ({
        name: addressOf({ ...pinned, path: object.path }),
        path: await bytesOf(object, pinned, api, world),
      })),
    );
    await tidy(world);
    const [object] = objects;
    const isChanged = isOne && object !== undefined && (await isChangedOnBranch(pinned, object, api));
    return { files, version: versionOf(ref, pinned, isChanged) };
  },
  versions: async (ref, { world, signal }) =>
    (await commitsOfObject(ref, world, signal)).map(({ address, commit }) => ({
      ref: address,
      commit: commit.id,
      author: commit.committer,
      date: commit.date,
      subject: commit.message.split('\n')[0] ?? '',
    })),
  lastChange: async (ref, { world, signal }) => (await lastChangeOf(ref, world, signal)).id,
  isSame: (one, other) => {
    if (!isLakefs(one) || !isLakefs(other)) return false;
    const [a, b] = [parseLakefs(one), parseLakefs(other)];
    return a.repository === b.repository && a.path === b.path;
  },
};

function versionOf(ref: string, { commit, branch }: Pinned, isChanged: boolean): DataVersion {
  if (branch === undefined) return { commit: commit.id };
  const uncommitted = isChanged ? ' What the branch holds since without a commit was not read.' : '';
  return {
    commit: commit.id,
    note: `${ref} was read at commit ${commit.id.slice(0, 8)} of branch "${branch}".${uncommitted}`,
  };
}
