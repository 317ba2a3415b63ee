import type { Finding } from '../protocol';
import { type Codes, findingAt } from '../stores/finding';
import { argument, submodulesOf } from '../stores/git';
import type { Run } from '../stores/run';
import { listed } from '../text/words';
import type { World } from '../world';
import { type Evidence, shown } from './evidence';

/** What can be wrong with the code and the models of runs, whatever tracker they are from. */
export const runCodes = {
  'run/commit-unknown': ['warning', 'The repository lacks the commit that runs were made from.'],
  'run/commit-unreachable': ['warning', 'No branch holds the commit that runs were made from, so Git may delete it.'],
  'run/model-without-run': [
    'warning',
    'A model, by its registry or its own file, is from a run that no store here has.',
  ],
  'provenance/submodule-changed': [
    'warning',
    'A submodule is not checked out, or at another commit than the repository pins.',
  ],
} as const satisfies Codes;

/** Commits that are looked for in branches; those of older runs are as likely there, and each is a question to Git. */
const MOST_COMMITS = 100;
/** Runs that a message names. */
const MOST_NAMED = 3;

/** One finding for each cause: a commit is told once, however many runs name it. */
export async function findingsOfRuns(world: World, evidence: Evidence): Promise<readonly Finding[]> {
  const { repository, survey } = evidence;
  const ids = new Set(survey.runs.map(({ id }) => id));
  const byCommit = new Map<string, Run[]>();
  for (const run of survey.runs) {
    const { commit } = run.code;
    if (commit === undefined) continue;
    const same = byCommit.get(commit);
    if (same) same.push(run);
    else byCommit.set(commit, [run]);
  }
  return [
    ...unknownCommits(byCommit, evidence),
    ...(repository ? await unreachable(world, byCommit, evidence) : []),
    ...(repository ? await submodules(world, evidence) : []),
    ...survey.models
      .filter(({ run }) => run !== undefined && !ids.has(run))
      .map(({ name, version, run, location }) =>
        findingAt(
          runCodes,
          'run/model-without-run',
          `Version ${version} of model "${name}" says that it is from run ${run}, which no store here has; fetch that store, or register the model from a run that is kept.`,
          location,
        ),
      ),
  ];
}

type ByCommit = ReadonlyMap<string, readonly Run[]>;

const unknownCommits = (byCommit: ByCommit, { commits }: Evidence): readonly Finding[] =>
  [...byCommit]
    .filter(([commit]) => commits.get(commit) === false)
    .map(([commit, runs]) =>
      findingAt(
        runCodes,
        'run/commit-unknown',
        `This repository lacks commit ${commit.slice(0, 12)}, from which ${made(runs)}; \`git fetch --all\` may bring it.`,
        placeOf(runs),
      ),
    );

async function unreachable(
  world: World,
  byCommit: ByCommit,
  { repository, commits }: Evidence,
): Promise<readonly Finding[]> {
  const known = [...byCommit].filter(([commit]) => commits.get(commit)).slice(0, MOST_COMMITS);
  const branches = await Promise.all(
    known.map(([commit]) => (repository ? world.git?.branchesWith(repository.root, commit) : undefined)),
  );
  return known.flatMap(([commit, runs], index) =>
    branches[index]?.length === 0 && commit !== repository?.head?.commit
      ? [
          findingAt(
            runCodes,
            'run/commit-unreachable',
            `No branch holds commit ${commit.slice(0, 12)}, from which ${made(runs)}, so Git may delete it; \`git tag NAME ${commit.slice(0, 12)}\` keeps it.`,
            placeOf(runs),
          ),
        ]
      : [],
  );
}

async function submodules(world: World, { repository, home }: Evidence): Promise<readonly Finding[]> {
  const all = repository ? await submodulesOf(world, repository.root) : [];
  return all
    .filter(({ status }) => status !== 'unchanged')
    .map(({ path, status, pinned }) => {
      const name = shown(home, path);
      const is = status === 'missing' ? 'is not checked out' : `is not at ${pinned.slice(0, 7)}, which is pinned`;
      return findingAt(
        runCodes,
        'provenance/submodule-changed',
        `Submodule ${name} ${is}; run: git submodule update --init ${argument(name)}`,
        null,
      );
    });
}

const made = (runs: readonly Run[]): string => {
  const names = listed(
    runs.map(({ name, id }) => name ?? id),
    MOST_NAMED,
  );
  return runs.length === 1 ? `run ${names} was made` : `runs ${names} were made`;
};

const placeOf = ([run]: readonly Run[]) => run?.code.location ?? run?.location ?? null;
