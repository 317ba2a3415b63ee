import { Unreadable } from '../../world';
import type { Codes } from '../finding';

/** What is in the way of knowing a version that lakeFS keeps. */
export const lakefsCodes = {
  'lakefs/not-configured': ['info', 'No lakeFS server is named, so a `lakefs://` reference is not looked at.'],
  'lakefs/not-trusted': ['info', 'The folder is not trusted, so no lakeFS server is asked.'],
  'lakefs/refused': ['warning', 'The lakeFS server does not take the keys, or they may not read what is named.'],
  'lakefs/not-answering': ['warning', 'The lakeFS server does not answer, or not as lakeFS does.'],
  'lakefs/unreadable': ['error', 'A `lakefs://` reference, `.lakefs_ref.yaml` or lakectl configuration is malformed.'],
  'lakefs/ref-missing': ['error', 'The lakeFS server has no such repository, branch, tag or commit.'],
  'lakefs/object-missing': ['error', 'There is no such object at that lakeFS commit.'],
  'lakefs/too-many-objects': ['info', 'A lakeFS folder or pattern has more objects than are looked at.'],
  'lakefs/moving-reference': ['warning', 'A reference names a lakeFS branch, which moves, and no commit or tag.'],
  'lakefs/uncommitted-change': ['warning', 'A lakeFS branch holds other data than its last commit.'],
  'lakefs/interrupted-operation': ['warning', 'An operation of `lakectl local` on a clone did not end.'],
  'lakefs/clone-changed': ['warning', 'Files of a local lakeFS clone differ from the commit that it was made from.'],
} as const satisfies Codes;

export type LakefsCode = keyof typeof lakefsCodes;

/** Why something of lakeFS cannot be read, with the code that a finding about it has. */
export class LakefsProblem extends Unreadable {
  constructor(
    readonly code: LakefsCode,
    message: string,
    path: string,
  ) {
    super(message, path);
  }
}
