import type { Claim } from '../../protocol';
import type { Run, RunDataset } from '../../stores/run';
import { didYouMean, slipsOf } from '../../text/nearest';
import { hashIn } from './data';
import type { HashAlgorithm } from './evidence';
import { type Referred, referred } from './reference';
import { type Context, claimAt, claimOf, type Judgement, type NamedRun, NO_GIT, type Section, short } from './section';

/** Every run is there, from the commit of the manifest, on its data. */
export const runs: Section = async (context) => {
  if (context.runs.length > 0)
    return (await Promise.all(context.runs.map((run, index) => ofRun(context, run, `runs[${index}]`)))).flat();
  const { metrics } = context.manifest;
  if (metrics.length === 0) return [];
  return [
    claimAt(context, 'runs', undefined, {
      verdict: 'missing',
      message: 'No run is named, so nothing shows where the metrics are from; name the runs under `runs`.',
    }),
  ];
};

async function ofRun(context: Context, { ref, run }: NamedRun, at: string): Promise<readonly Claim[]> {
  if (!ref.id)
    return [
      claimAt(context, at, ref.node, {
        verdict: 'missing',
        message: 'This run has no id, so it cannot be found; write its `id`, or `rev` for DVC.',
      }),
    ];
  if (!run) return [claimOf(context, at, ref.id, await ofAbsent(context, ref.tracker?.text, ref.id.text))];
  const place = ref.id.node;
  return [
    claimOf(context, at, ref.id, {
      verdict: 'verified',
      found: run.id,
      message: `Run ${run.name ?? run.id} is in ${run.store}; it is ${run.status}.`,
    }),
    ...(context.manifest.code.commit ? [claimAt(context, `${at}.commit`, place, await commitOf(context, run))] : []),
    ...(context.manifest.data.length > 0 ? [claimAt(context, `${at}.data`, place, await dataOf(context, run))] : []),
  ];
}

async function ofAbsent({ evidence, root }: Context, tracker = 'no tracker', id: string): Promise<Judgement> {
  const { git } = evidence.world;
  if (tracker === 'dvc' && root !== undefined) {
    const commit = await git?.commit(root, id);
    if (commit !== undefined)
      return { verdict: 'verified', found: commit, message: `Commit ${short(commit)} is in this repository.` };
  }
  const others = (await evidence.runs()).filter((run) => run.tracker === tracker);
  if (others.length === 0)
    return {
      verdict: 'claimed',
      message: `No store of ${tracker} is here, so run ${id} cannot be looked up; bring its store into the workspace.`,
    };
  const names = others.flatMap((run) => [run.id, ...(run.name === undefined ? [] : [run.name])]);
  return {
    verdict: 'false',
    message: `None of the ${others.length} runs of ${tracker} here is ${id}.${didYouMean(slipsOf(id, names)) || ' Name one of those.'}`,
  };
}

async function commitOf({ evidence, root, commit, manifest }: Context, run: Run): Promise<Judgement> {
  const expected = manifest.code.commit?.text ?? null;
  const recorded = run.code.commit;
  if (recorded === undefined)
    return { verdict: 'claimed', expected, message: `Run ${run.id} did not record its commit.` };
  if (!evidence.world.git) return { verdict: 'claimed', expected, found: recorded, message: NO_GIT };
  if (commit === undefined || root === undefined)
    return {
      verdict: 'claimed',
      expected,
      found: recorded,
      message: `Without \`code.commit\` the commit ${short(recorded)} of run ${run.id} cannot be compared.`,
    };
  const { git } = evidence.world;
  // An experiment of DVC is a commit of its own on top of the one that it was run at.
  const candidates = [recorded, ...(run.tracker === 'dvc' ? [`${recorded}^`] : [])];
  const found = await Promise.all(candidates.map((one) => git.commit(root, one)));
  if (found.includes(commit) || recorded === commit)
    return {
      verdict: 'verified',
      expected,
      found: recorded,
      message: `Run ${run.id} is from commit ${short(recorded)}.`,
    };
  return {
    verdict: 'false',
    expected,
    found: recorded,
    message: `Run ${run.id} is from commit ${short(recorded)}, not ${short(commit)}; name the commit that the result is from.`,
  };
}

/** What a run recorded of one dataset, held against the manifest's. */
type Match = 'equal' | 'other' | 'unknown';

async function dataOf(context: Context, run: Run): Promise<Judgement> {
  const inputs = run.datasets.filter(({ role }) => role === 'input');
  const expected = context.manifest.data.map(({ version, ref }) => version?.text ?? ref?.text ?? '');
  const found = inputs.map(({ name, version }) => `${name} ${version ?? ''}`.trim());
  if (inputs.length === 0)
    return { verdict: 'claimed', expected, message: `Run ${run.id} did not record which data it read.` };
  const sides = await Promise.all(
    context.manifest.data.map(async (entry) => ({
      entry,
      at: entry.ref ? await referred(context, entry.ref.text) : undefined,
    })),
  );
  const matches = await Promise.all(
    sides.map(async ({ entry, at }) => {
      const each = await Promise.all(inputs.map((input) => compared(context, input, entry.version?.text, at)));
      return each.includes('equal') ? 'equal' : (each.find((match) => match === 'other') ?? 'unknown');
    }),
  );
  const wrong = matches.indexOf('other');
  const name = (index: number): string => context.manifest.data[index]?.name ?? `data[${index}]`;
  if (wrong >= 0)
    return {
      verdict: 'false',
      expected,
      found,
      message: `Run ${run.id} read another content of ${name(wrong)} than this file names; name the version that it read.`,
    };
  const open = matches.indexOf('unknown');
  if (open >= 0)
    return {
      verdict: 'claimed',
      expected,
      found,
      message: `Run ${run.id} recorded nothing that ${name(open)} could be compared with.`,
    };
  return { verdict: 'verified', expected, found, message: `Run ${run.id} read the content that this file names.` };
}

async function compared(
  { evidence }: Context,
  input: RunDataset,
  version: string | undefined,
  at: Referred | undefined,
): Promise<Match> {
  const said = version === undefined ? undefined : hashIn(version);
  const hashes = [
    ...(input.version === undefined
      ? []
      : [
          input.version
            .replace(/^[\w-]+:/, '')
            .replace(/\.dir$/, '')
            .toLowerCase(),
        ]),
    ...input.files.flatMap(({ md5 }) => md5 ?? []),
  ];
  if (said && hashes.some((hash) => hash.startsWith(said.digits))) return 'equal';
  const isSamePath =
    at?.path !== undefined &&
    [input.source, ...input.files.map(({ path }) => path)].some(
      (source) => source !== undefined && endsAs(at.path ?? '', source),
    );
  const algorithm = input.version?.endsWith('.dir') ? 'dvc-dir' : algorithms[input.algorithm ?? ''];
  if (said) return isSamePath && algorithm === said.algorithm ? 'other' : await ofContent();
  return ofContent();

  async function ofContent(): Promise<Match> {
    if (!algorithm || at?.path === undefined || input.version === undefined) return 'unknown';
    const actual = await evidence.contentHash(at.path, algorithm, at.revision);
    if (actual === undefined) return 'unknown';
    if (hashes.includes(actual.toLowerCase())) return 'equal';
    // MLflow's digest depends on types of pandas: equal means equal, but different means nothing.
    return isSamePath && algorithm !== 'mlflow-pandas' ? 'other' : 'unknown';
  }
}

const algorithms: Readonly<Record<string, HashAlgorithm>> = {
  md5: 'md5',
  sha256: 'sha256',
  sha1: 'sha1',
  git: 'git',
  'mlflow-pandas': 'mlflow-pandas',
};

/** Recorded paths are of other machines, so only their ends are compared. */
function endsAs(path: string, source: string): boolean {
  const tail = source.replace(/^file:\/+/, '').replace(/^(\.\/|\/)+/, '');
  const [own, other] = [path.split('/'), tail.split('/')];
  const length = Math.min(2, own.length, other.length);
  return own.slice(-length).join('/') === other.slice(-length).join('/');
}
