import { resolve } from 'node:path';
import type { Word } from '../../manifest/model';
import type { Claim } from '../../protocol';
import { inRoot } from '../../stores/git';
import { type Context, claimAt, claimOf, type Judgement, NO_GIT, type Section, short } from './section';

/** The commit is there and on a branch, the tree was clean at the run, the repository is this one, the entry point was in it. */
export const code: Section = async (context) => {
  const { repository, commit, entrypoint } = context.manifest.code;
  return [
    ...(repository
      ? [claimOf(context, 'code.repository', repository, await ofRepository(context, repository.text))]
      : []),
    ...(commit ? await ofCommit(context, commit) : [withoutCommit(context)]),
    ...(entrypoint
      ? [claimOf(context, 'code.entrypoint', entrypoint, await ofEntrypoint(context, entrypoint.text))]
      : []),
  ];
};

const withoutCommit = (context: Context): Claim =>
  claimAt(context, 'code.commit', context.manifest.code.node, {
    verdict: 'missing',
    message: 'No commit is named, so nobody can tell which code made the result; name it under `code.commit`.',
  });

async function ofRepository({ evidence: { world }, folder, root }: Context, repository: string): Promise<Judgement> {
  if (!world.git) return { verdict: 'claimed', message: NO_GIT };
  if (!isRemote(repository)) {
    const found = await world.git.root(resolve(folder, repository));
    return found === undefined
      ? { verdict: 'false', message: `${repository} is in no Git repository; name the folder of one, or its address.` }
      : { verdict: 'verified', found, message: `${repository} is in the repository ${found}.` };
  }
  const remote = root === undefined ? undefined : await world.git.remote(root);
  if (remote === undefined)
    return { verdict: 'claimed', message: 'This repository has no remote "origin" to compare the address with.' };
  return bare(remote) === bare(repository)
    ? { verdict: 'verified', found: remote, message: `The remote "origin" is ${remote}.` }
    : { verdict: 'false', found: remote, message: `The remote "origin" is ${remote}; name that, or clone the other.` };
}

const isRemote = (repository: string): boolean => /^([a-z][a-z0-9+.-]+:\/\/|[\w.-]+@[\w.-]+:)/i.test(repository);

/** Host and path, by whatever protocol: `github.com/acme/flights`. */
const bare = (address: string): string =>
  address
    .replace(/^[a-z][a-z0-9+.-]+:\/\//i, '')
    .replace(/^[^@/]+@/, '')
    .replace(/^([^/:]+):(?:\d+\/)?/, '$1/')
    .replace(/(\.git)?\/*$/, '')
    .toLowerCase();

async function ofCommit(context: Context, commit: Word): Promise<readonly Claim[]> {
  const { evidence, root, commit: id, shallow } = context;
  const say = (claim: string, judgement: Judgement): Claim => claimOf(context, claim, commit, judgement);
  const { git } = evidence.world;
  if (!git) return [say('code.commit', { verdict: 'claimed', message: NO_GIT })];
  if (root === undefined)
    return [
      say('code.commit', {
        verdict: 'claimed',
        message: 'The manifest is in no Git repository; put it into the one of the code.',
      }),
    ];
  if (id === undefined) return [say('code.commit', unknownCommit(commit.text, shallow))];
  const branches = await git.branchesWith(root, id);
  return [
    say('code.commit', { verdict: 'verified', found: id, message: `Commit ${short(id)} is in this repository.` }),
    say('code.reachable', reachable(id, branches, shallow)),
    ...(context.runs.length > 0 ? [say('code.clean', cleanAtRun(context))] : []),
  ];
}

/** What to say of a commit that Git does not have. */
export const unknownCommit = (commit: string, shallow: boolean): Judgement =>
  shallow
    ? {
        verdict: 'claimed',
        message: `Commit ${commit} is not in this shallow clone; \`git fetch --unshallow\` would show whether it exists.`,
      }
    : {
        verdict: 'false',
        message: `This repository has no commit ${commit}; name the commit that the run was made from.`,
      };

function reachable(id: string, branches: readonly string[] | undefined, shallow: boolean): Judgement {
  const expected = 'on a branch';
  if (branches && branches.length > 0)
    return {
      verdict: 'verified',
      expected,
      found: branches,
      message: `Commit ${short(id)} is on ${branches.slice(0, 3).join(', ')}.`,
    };
  if (branches === undefined || shallow)
    return {
      verdict: 'claimed',
      expected,
      message: `Whether a branch holds commit ${short(id)} cannot be told here; \`git branch --all --contains ${short(id)}\` in a whole clone does.`,
    };
  return {
    verdict: 'false',
    expected,
    found: [],
    message: `No branch holds commit ${short(id)}, so Git may delete it; keep it with \`git branch NAME ${short(id)}\`.`,
  };
}

function cleanAtRun({ runs }: Context): Judgement {
  const known = runs.flatMap(({ run }) => run ?? []);
  const expected = 'clean';
  const dirty = known.find((run) => run.code.dirty === true);
  if (dirty)
    return {
      verdict: 'false',
      expected,
      found: 'dirty',
      message: `Run ${dirty.id} was made with uncommitted changes, so the commit alone does not give its code; run it again from a commit.`,
    };
  if (known.length > 0 && known.every((run) => run.code.dirty === false))
    return { verdict: 'verified', expected, found: 'clean', message: 'The runs recorded no uncommitted changes.' };
  const unknown = known.find((run) => run.code.dirty === undefined);
  return {
    verdict: 'claimed',
    expected,
    message: unknown
      ? `Run ${unknown.id} did not record whether there were uncommitted changes; run from a clean tree and log that, as W&B does, or as a tag.`
      : 'No run is known that would tell whether the tree was clean.',
  };
}

/** A command names its file among other words: `python -m pkg.train --fast`. */
async function ofEntrypoint({ evidence, root, folder, commit }: Context, entrypoint: string): Promise<Judgement> {
  const { git } = evidence.world;
  if (!git || root === undefined || commit === undefined)
    return { verdict: 'claimed', message: `Without its commit, nobody can tell whether ${entrypoint} was there.` };
  const files = filesIn(entrypoint);
  const places = files
    .flatMap((name) => [resolve(folder, name), resolve(root, name)])
    .filter((path) => !inRoot(root, path).startsWith('..'));
  const found = await git.blobs(root, commit, [...new Set(places)]);
  const [path] = found.keys();
  if (path !== undefined)
    return {
      verdict: 'verified',
      found: inRoot(root, path),
      message: `${inRoot(root, path)} is in commit ${short(commit)}.`,
    };
  const isFile = files.includes(entrypoint) && /^\S+\.\w+$/.test(entrypoint);
  return isFile
    ? {
        verdict: 'false',
        message: `${entrypoint} is not in commit ${short(commit)}; name the file that was run, or the commit that has it.`,
      }
    : {
        verdict: 'claimed',
        message: `No file of commit ${short(commit)} is named in the command "${entrypoint}"; name the script that it starts.`,
      };
}

function filesIn(command: string): readonly string[] {
  const words = command.trim().split(/\s+/);
  const module = words[words.indexOf('-m') + 1];
  const modules =
    words.includes('-m') && module
      ? [`${module.replaceAll('.', '/')}.py`, `${module.replaceAll('.', '/')}/__main__.py`]
      : [];
  return [command.trim(), ...words.filter((word) => /[./]/.test(word) && !word.startsWith('-')), ...modules];
}
