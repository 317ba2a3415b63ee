import type { Claim } from '../../protocol';
import type { LockFile } from '../../stores/environment';
import { inRoot } from '../../stores/git';
import { listed } from '../../text/words';
import { type Context, claimAt, claimOf, type Judgement, pathOf, type Section, short } from './section';

/** Packages are pinned and those of the run; the image has a digest; the Dockerfile is there. */
export const environment: Section = async (context) => {
  const { lockFile, image, dockerfile, node } = context.manifest.environment;
  if (!lockFile && !image && !dockerfile) return [await without(context, node)];
  const lock = lockFile ? await context.evidence.lock(await pathOf(context, lockFile.text)) : undefined;
  return [
    ...(lockFile
      ? [claimOf(context, 'environment.lockFile', lockFile, await ofLock(context, lockFile.text, lock))]
      : []),
    ...(lockFile && lock && context.runs.some(({ run }) => run)
      ? [claimAt(context, 'environment.packages', lockFile.node, await ofPackages(context, lock))]
      : []),
    ...(image ? [claimOf(context, 'environment.image', image, ofImage(context, image.text))] : []),
    ...(dockerfile
      ? [claimOf(context, 'environment.dockerfile', dockerfile, await ofDockerfile(context, dockerfile.text))]
      : []),
  ];
};

async function without(context: Context, node: Context['manifest']['environment']['node']): Promise<Claim> {
  const [near] = await context.evidence.locks();
  const hint = near ? ` such as ${context.root === undefined ? near.path : inRoot(context.root, near.path)}` : '';
  return claimAt(context, 'environment', node, {
    verdict: 'missing',
    message: `Nothing says which packages the code ran with; name a lock file under \`environment.lockFile\`${hint}, or an image with its digest.`,
  });
}

async function ofLock(context: Context, name: string, lock: LockFile | undefined): Promise<Judgement> {
  const path = await pathOf(context, name);
  if (!(await context.evidence.world.stat(path)))
    return { verdict: 'false', message: `There is no ${name}; correct the path.` };
  if (!lock)
    return {
      verdict: 'claimed',
      message: `Plumbline cannot read ${name}, so whether it pins all packages is not known.`,
    };
  const open = lock.packages.filter(({ version }) => version === undefined).map((one) => one.name);
  if (lock.pinned)
    return {
      verdict: 'verified',
      found: lock.packages.length,
      message: `${name} pins ${lock.packages.length} packages.`,
    };
  const which = open.length > 0 ? `${listed(open, 3)} open` : 'versions open';
  return {
    verdict: 'false',
    found: open,
    message: `${name} leaves ${which}, so installing it again gives others; pin them, or name a lock file.`,
  };
}

async function ofPackages({ evidence, runs }: Context, lock: LockFile): Promise<Judgement> {
  const own = versionsOf(lock);
  const recorded = runs.flatMap(({ run }) => (run?.environment === undefined ? [] : [{ run, path: run.environment }]));
  let shared = 0;
  for (const { run, path } of recorded) {
    const theirs = versionsOf((await evidence.lock(path)) ?? { packages: [] });
    const both = [...theirs].filter(([name]) => own.has(name));
    const other = both.filter(([name, version]) => !sameVersion(own.get(name) ?? '', version));
    shared += both.length;
    if (other.length > 0) {
      const words = other.map(([name, version]) => `${name} ${version} (here ${own.get(name)})`);
      return {
        verdict: 'false',
        expected: other.map(([name]) => `${name} ${own.get(name)}`),
        found: other.map((pair) => pair.join(' ')),
        message: `Run ${run.id} had ${listed(words, 3)}; name the lock file that it was installed from.`,
      };
    }
  }
  if (shared > 0)
    return {
      verdict: 'verified',
      found: shared,
      message: `The ${shared} packages that the runs recorded too have the same versions.`,
    };
  return { verdict: 'claimed', message: 'The runs recorded no packages that the lock file could be compared with.' };
}

/** Python packages are one by any spelling of case, dots and dashes. */
const versionsOf = ({ packages }: Pick<LockFile, 'packages'>): ReadonlyMap<string, string> =>
  new Map(
    packages.flatMap(({ name, version }) =>
      version === undefined ? [] : [[name.toLowerCase().replaceAll(/[-_.]+/g, '-'), version] as const],
    ),
  );

/** A build's own mark after the plus is no other version: `2.1.0+cpu`. */
const sameVersion = (a: string, b: string): boolean => a.replace(/\+.*$/, '') === b.replace(/\+.*$/, '');

const digest = /@sha256:([0-9a-f]{64})$/i;

function ofImage({ runs }: Context, image: string): Judgement {
  const own = digest.exec(image)?.[1]?.toLowerCase();
  if (own === undefined && /@/.test(image))
    return { verdict: 'false', message: 'The digest is not whole: it is "sha256:" and 64 hex digits.' };
  if (own === undefined)
    return {
      verdict: 'claimed',
      message: `The tag of ${image} may move to another image; add its digest, "@sha256:…".`,
    };
  const other = runs.find(
    ({ run }) =>
      run?.image !== undefined && digest.test(run.image) && digest.exec(run.image)?.[1]?.toLowerCase() !== own,
  )?.run;
  if (other)
    return {
      verdict: 'false',
      found: other.image ?? null,
      message: `Run ${other.id} ran in ${other.image}; name that image.`,
    };
  return { verdict: 'verified', found: `sha256:${own}`, message: 'The image is named by its digest.' };
}

/** That a base image has no digest is told at the Dockerfile itself. */
async function ofDockerfile(context: Context, name: string): Promise<Judgement> {
  const { evidence, root, commit } = context;
  const path = await pathOf(context, name);
  const isInside = root !== undefined && !inRoot(root, path).startsWith('..');
  const isCommitted =
    isInside && commit !== undefined && (await evidence.world.git?.blobs(root, commit, [path]))?.has(path);
  if (!isCommitted && !(await evidence.world.stat(path)))
    return { verdict: 'false', message: `There is no ${name}; correct the path.` };
  const bases = (await evidence.images()).filter((image) => image.path === path);
  const open = bases.filter((image) => image.digest === undefined).map(({ image }) => image);
  const where = isCommitted && commit !== undefined ? `is in commit ${short(commit)}` : 'is there';
  return {
    verdict: 'verified',
    found: path,
    message: `${name} ${where}${open.length > 0 ? `; its base ${listed(open, 3)} is named by a tag alone` : ''}.`,
  };
}
