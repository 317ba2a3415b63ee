import { createHash } from 'node:crypto';
import type { Location } from '../../../protocol';
import type { RunDataset, RunFile, RunModel } from '../../run';
import type { Logged } from './logged';
import type { Artifact, ArtifactEntry } from './record';

/** Types that W&B makes by itself: of tables and code that a run logs, and of jobs. */
const own = /^(run_table|job|code|wandb-.*)$/;

/** Artifacts that a run wrote, but models, and those that it used. */
export function datasetsOf({ artifacts, used }: Logged, location: Location): readonly RunDataset[] {
  const outputs = artifacts.filter(({ type = '' }) => type !== 'model' && !own.test(type));
  return [
    ...unique(outputs).map((artifact) => ({ ...datasetOf(artifact), location })),
    ...used
      .filter(({ type }) => type !== 'model')
      .map(({ name, id }) => ({
        name: name ?? id ?? '',
        role: 'input' as const,
        version: undefined,
        algorithm: undefined,
        context: undefined,
        source: undefined,
        files: [],
        location,
      })),
  ];
}

const datasetOf = ({ name, digest, manifest }: Artifact): Omit<RunDataset, 'location'> => ({
  name: name ?? '',
  role: 'output',
  version: digest,
  algorithm: digest === undefined ? undefined : 'wandb-manifest',
  context: undefined,
  source: undefined,
  files: (manifest?.contents ?? []).map(fileOf),
});

/** A model's id is its digest: `v0`, `v1` are given by the server. */
export const modelsOf = ({ artifacts }: Logged, location: Location): readonly RunModel[] =>
  unique(artifacts.filter(({ type }) => type === 'model')).map(({ name, digest }) => ({
    name: name ?? '',
    id: digest,
    version: undefined,
    location,
  }));

/** An artifact is logged again whenever the script says so, changed or not. */
const unique = (artifacts: readonly Artifact[]): readonly Artifact[] => [
  ...new Map(artifacts.map((artifact) => [JSON.stringify([artifact.name, artifact.digest]), artifact])).values(),
];

const fileOf = ({ path, digest, size, reference }: ArtifactEntry): RunFile => ({
  path: path ?? '',
  md5: hexOf(digest),
  size: size ?? (reference === undefined ? 0 : undefined),
  reference,
});

/** Base64 of 16 bytes is an md5; a reference's digest may be anything. */
function hexOf(digest = ''): string | undefined {
  return /^[A-Za-z0-9+/]{22}==$/.test(digest) ? Buffer.from(digest, 'base64').toString('hex') : undefined;
}

/** An artifact whose digest is not the one of its list of files. */
export interface Differing {
  readonly name: string;
  readonly digest: string;
  readonly computed: string;
}

/** Left out are artifacts whose list is in a file of its own, or that have none. */
export const differingOf = ({ artifacts }: Logged): readonly Differing[] =>
  unique(artifacts).flatMap(({ name = '', digest, manifest }) => {
    if (!digest || !manifest || manifest.file || manifest.contents.length === 0) return [];
    const computed = digestOf(manifest.contents);
    return computed === digest ? [] : [{ name, digest, computed }];
  });

/** As wandb/sdk/artifacts/artifact_manifests/artifact_manifest_v1.py has it. */
export function digestOf(entries: readonly ArtifactEntry[]): string {
  const hash = createHash('md5').update('wandb-artifact-manifest-v1\n');
  const bytes = ({ path = '' }: ArtifactEntry) => Buffer.from(path);
  for (const entry of entries.toSorted((a, b) => Buffer.compare(bytes(a), bytes(b))))
    hash.update(`${entry.path ?? ''}:${entry.digest ?? ''}\n`);
  return hash.digest('hex');
}

/** An address in an artifact whose content is not known, since its digest is the address. */
export interface Moving {
  readonly artifact: string;
  readonly address: string;
}

export const movingOf = ({ artifacts }: Logged): readonly Moving[] =>
  unique(artifacts).flatMap(({ name = '', manifest }) =>
    (manifest?.contents ?? []).flatMap(({ reference, digest }) =>
      reference && digest === reference && !namesCommit(reference) ? [{ artifact: name, address: reference }] : [],
    ),
  );

/** `lakefs://repo/COMMIT/path`; lakeFS takes a beginning of the id as well. */
const namesCommit = (address: string): boolean => /^lakefs:\/\/[^/]+\/[0-9a-f]{8,64}\//.test(address);
