import { LakefsProblem } from './codes';

/** An address of lakeFS, in its parts. */
export interface LakefsReference {
  readonly repository: string;
  /** Branch, tag, commit or the beginning of its id, or relative to one: `main~1`. */
  readonly ref: string;
  /** An object, a folder or a pattern; empty for the whole repository. */
  readonly path: string;
}

/** Whether a text is meant as an address of lakeFS. */
export const isLakefs = (text: string): boolean => /^lakefs:\/\//i.test(text);

/** As a person writes it. */
export const addressOf = ({ repository, ref, path }: LakefsReference): string =>
  `lakefs://${repository}/${ref}/${path}`;

/** Rejects what is no `lakefs://REPOSITORY/REF/PATH` with `LakefsProblem`. */
export function parseLakefs(address: string): LakefsReference {
  const [, repository = '', ref = '', path = ''] =
    /^lakefs:\/\/([^/]*)(?:\/([^/]*)(?:\/(.*))?)?$/is.exec(address) ?? [];
  const fault = faults.find(([isWrong]) => isWrong({ repository, ref, path }))?.[1];
  if (fault === undefined) return { repository, ref, path };
  throw new LakefsProblem('lakefs/unreadable', `"${address}" ${fault}`, address);
}

const FORM = 'Write lakefs://REPOSITORY/REF/PATH.';

/** Rules for names as of lakeFS 1.x, pkg/graveler and pkg/uri. */
const faults: readonly (readonly [(reference: LakefsReference) => boolean, string])[] = [
  [({ repository }) => repository === '', `names no repository. ${FORM}`],
  [
    ({ repository }) => !/^[a-z0-9][a-z0-9-]{2,62}$/.test(repository),
    'names a repository that lakeFS cannot have: 3 to 63 of a-z, 0-9 and "-", a letter or digit first.',
  ],
  [({ ref }) => ref === '', `names no branch, tag or commit. ${FORM}`],
  [({ ref }) => /\s/.test(ref), `has white space in its branch, tag or commit. ${FORM}`],
];
