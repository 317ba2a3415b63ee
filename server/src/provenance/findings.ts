import type { Finding } from '../protocol';
import { fileStart } from '../text/lines';
import type { World } from '../world';
import { findingsOfClaims } from './claims/findings';
import { type Evidence, type State, shown } from './evidence';

/** Every code of a finding about versions, with how bad it is and what it means: a line of the reference each. */
export const findingCodes = {
  'provenance/no-git': ['info', 'Git does not run, since the folder is not trusted, so versions are not known.'],
  'provenance/no-repository': ['warning', 'The target is in no Git repository, so it has no version.'],
  'provenance/no-commits': ['warning', 'The repository has no commit yet, so nothing in it has a version.'],
  'provenance/shallow-clone': ['info', 'The clone is shallow, so older commits are not known.'],
  'provenance/missing-data': ['error', 'A data file that a contract or manifest names is not there.'],
  'provenance/missing-file': ['error', 'A file that a manifest names is not there.'],
  'provenance/untracked-data': [
    'warning',
    'A data file is not in Git, so nobody can tell which version a result is from.',
  ],
  'provenance/untracked-file': ['warning', 'A contract or manifest is not in Git.'],
  'provenance/uncommitted-change': ['warning', 'A file differs from its last commit, or has none yet.'],
  'provenance/unreadable': ['error', 'A contract, manifest or reference to data cannot be read.'],
} as const satisfies Readonly<Record<string, readonly [Finding['severity'], string]>>;

/** What is in the way of knowing or repeating a result: one message each, and one for all files where one cause holds for all. */
export function findingsOf(world: World, evidence: Evidence): readonly Finding[] {
  const claims = aboutClaims(evidence);
  const files = evidence.states.filter(({ tracked }) => !tracked).flatMap((state) => aboutFile(state, evidence));
  return [
    ...evidence.inventory.findings,
    ...aboutRepository(world, evidence),
    ...files,
    ...evidence.survey.problems,
    ...withoutTwins(claims, files),
  ];
}

function aboutRepository(world: World, { target, repository }: Evidence): readonly Finding[] {
  if (!world.git) {
    return [
      finding(
        'info',
        'provenance/no-git',
        'Versions are not known, since Git does not run in a folder that is not trusted; trust it first.',
      ),
    ];
  }
  if (!repository) {
    return [
      finding(
        'warning',
        'provenance/no-repository',
        `No version is known: ${target} is not in a Git repository that Git can read; \`git init\` starts one.`,
      ),
    ];
  }
  if (!repository.head) {
    return [
      finding(
        'warning',
        'provenance/no-commits',
        `No version is known: the repository ${repository.root} has no commit yet; make the first with \`git add\` and \`git commit\`.`,
      ),
    ];
  }
  if (!repository.shallow) return [];
  return [
    finding(
      'info',
      'provenance/shallow-clone',
      'This clone is shallow, so older commits are not known; `git fetch --unshallow` brings them.',
    ),
  ];
}

/** One message for each state that a file can be in; a file that has none is as it was committed. */
const messages: Readonly<
  Partial<Record<State['state']['status'], (name: string, state: State) => Omit<Finding, 'location'>>>
> = {
  missing: (name, { item, state }) => ({
    code: item.role === 'data' ? 'provenance/missing-data' : 'provenance/missing-file',
    severity: 'error',
    message: state.commit
      ? `${name} is not there; bring it back with \`git checkout -- ${name}\`.`
      : `${name} is not there; put it there, or correct the path that names it.`,
  }),
  untracked: (name, { item }) => ({
    code: item.role === 'data' ? 'provenance/untracked-data' : 'provenance/untracked-file',
    severity: 'warning',
    message: `${name} is not in Git, so nobody can tell which version a result came from; track it with Git, Git LFS or DVC.`,
  }),
  modified: (name, { state }) => ({
    code: 'provenance/uncommitted-change',
    severity: 'warning',
    message: state.commit
      ? `${name} differs from its last commit ${state.commit.commit.slice(0, 7)}, so a result from it cannot be made again; commit it.`
      : `${name} has no commit yet, so a result from it cannot be made again; commit it.`,
  }),
};

function aboutFile(state: State, { home, repository }: Evidence): readonly Finding[] {
  const { item } = state;
  const about = messages[state.state.status];
  // Without a repository or a commit, that is the one thing to say: no file has a version.
  if (!about || (state.state.status !== 'missing' && !repository?.head)) return [];
  return [
    { ...about(shown(home, item.path), state), location: item.location ?? { path: item.path, range: fileStart } },
  ];
}

/** A manifest that was asked for is told in full; of the others only what they say that is not so. */
function aboutClaims({ target, claims }: Evidence): readonly Finding[] {
  return [...claims].flatMap(([path, all]) =>
    findingsOfClaims(path === target ? all : all.filter(({ verdict }) => verdict === 'false')),
  );
}

/** What is said of a file that is not there says how to bring it back, so the claim about it need not be told too. */
function withoutTwins(claims: readonly Finding[], files: readonly Finding[]): readonly Finding[] {
  const missing = files.filter(({ code }) => code.startsWith('provenance/missing'));
  const told = new Set(missing.map(({ location }) => JSON.stringify(location)));
  return claims.filter(({ location }) => !told.has(JSON.stringify(location)));
}

const finding = (severity: Finding['severity'], code: string, message: string): Finding => ({
  code,
  severity,
  message,
  location: null,
});
