import { resolve } from 'node:path';
import { isAddress } from '../../data/dataset';
import type { Claim } from '../../protocol';
import type { ModelVersion } from '../../stores/run';
import { listed } from '../../text/words';
import { ofRun } from './reference';
import { type Context, claimAt, claimOf, type Judgement, pathOf, type Section } from './section';

/** The version is in its registry, from one of the runs, and its files are there. */
export const model: Section = async (context) => {
  const { node, name, version, artifact, previous } = context.manifest.model;
  if (!node || !name) return [];
  const found = version ? await versionCalled(context, version.text) : undefined;
  return [
    ...(version
      ? [claimOf(context, 'model.version', version, found?.judgement ?? nothingHere(context))]
      : [withoutVersion(context)]),
    ...(version && found?.entry ? [claimAt(context, 'model.run', version.node, ofOrigin(context, found.entry))] : []),
    ...(artifact ? [claimOf(context, 'model.artifact', artifact, await ofArtifact(context, artifact.text))] : []),
    ...(previous ? [claimOf(context, 'model.previous', previous, await ofPrevious(context, previous.text))] : []),
  ];
};

const withoutVersion = (context: Context): Claim =>
  claimAt(context, 'model.version', context.manifest.model.node, {
    verdict: 'missing',
    message: 'No version of the model is named, so nobody can tell which one this is about; write it under `version`.',
  });

const nothingHere = ({ manifest: { model: said } }: Context): Judgement => ({
  verdict: 'claimed',
  message: `No registry${said.registry ? ` of ${said.registry.text}` : ''} is here, so the model cannot be looked up; bring its store into the workspace.`,
});

/** Undefined when no registry is here; without `entry`, the registry lacks it. */
export async function versionCalled(
  { evidence, manifest }: Context,
  version: string,
): Promise<{ readonly judgement: Judgement; readonly entry?: ModelVersion } | undefined> {
  const { name, registry } = manifest.model;
  const all = (await evidence.models()).filter(({ tracker }) => registry === undefined || tracker === registry.text);
  if (all.length === 0) return undefined;
  const own = all.filter((one) => one.name === name?.text);
  const entry = own.find((one) => one.version === version || one.aliases.includes(version));
  if (entry)
    return {
      entry,
      judgement: {
        verdict: 'verified',
        found: entry.version,
        message: `${entry.name} has version ${entry.version} in ${entry.store}.`,
      },
    };
  const has =
    own.length > 0
      ? `${name?.text} has ${listed(
          own.map((one) => one.version),
          5,
        )}`
      : `it has ${listed([...new Set(all.map((one) => one.name))], 5)}`;
  return {
    judgement: {
      verdict: 'false',
      found: own.map((one) => one.version),
      message: `The registry has no version ${version} of ${name?.text}; ${has}.`,
    },
  };
}

function ofOrigin({ runs, manifest }: Context, { run, version }: ModelVersion): Judgement {
  const expected = manifest.runs.flatMap(({ id }) => id?.text ?? []);
  if (run === undefined)
    return { verdict: 'claimed', expected, message: `The registry does not say which run version ${version} is from.` };
  if (runs.some((named) => named.run?.id === run))
    return { verdict: 'verified', expected, found: run, message: `Version ${version} is from run ${run}.` };
  if (expected.length === 0)
    return {
      verdict: 'claimed',
      expected,
      found: run,
      message: `Version ${version} is from run ${run}, which this file does not name; add it under \`runs\`.`,
    };
  return {
    verdict: 'false',
    expected,
    found: run,
    message: `Version ${version} is from run ${run}, which is none of this file's; name the run, or the version that is from one of them.`,
  };
}

async function ofArtifact(context: Context, artifact: string): Promise<Judgement> {
  const { evidence, manifest, folder } = context;
  if (/^runs:\//.test(artifact)) {
    const id = /^runs:\/+([^/]+)/.exec(artifact)?.[1] ?? '';
    const named = manifest.runs.flatMap((run) => (run.tracker?.text === 'mlflow' && run.id ? [run.id.text] : []));
    if (named.length > 0 && !named.some((one) => id.startsWith(one)))
      return {
        verdict: 'false',
        found: id,
        message: `The artifact is of run ${id}, which is none of this file's; name that run, or the artifact of one of them.`,
      };
    return ofRun(context, artifact);
  }
  const [, id] = /^models:\/+(m-\w+)$/.exec(artifact) ?? [];
  if (id !== undefined) {
    const run = (await evidence.runs()).find(({ models }) => models.some((one) => one.id === id));
    return run
      ? { verdict: 'verified', found: id, message: `Run ${run.id} logged the model ${id}.` }
      : { verdict: 'claimed', message: `No run here logged the model ${id}.` };
  }
  if (isAddress(artifact))
    return { verdict: 'claimed', message: `Whether ${artifact} is there cannot be told from this machine.` };
  const path = await pathOf(context, artifact);
  return (await evidence.world.stat(path))
    ? { verdict: 'verified', found: path, message: `${artifact} is there.` }
    : { verdict: 'false', message: `There is no ${resolve(folder, artifact)}; correct the path.` };
}

async function ofPrevious(context: Context, previous: string): Promise<Judgement> {
  if (previous === context.manifest.model.version?.text)
    return { verdict: 'false', message: `Version ${previous} cannot follow itself; name the version before it.` };
  return (await versionCalled(context, previous))?.judgement ?? nothingHere(context);
}
