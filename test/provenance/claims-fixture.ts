import { readFileSync } from 'node:fs';
import { readManifest } from '../../server/src/manifest/model';
import type { Claim } from '../../server/src/protocol';
import { claimsOf } from '../../server/src/provenance/claims/claims';
import type { Evidence } from '../../server/src/provenance/claims/evidence';
import type { LockFile } from '../../server/src/stores/environment';
import type { ModelVersion, Run } from '../../server/src/stores/run';
import { fileStart } from '../../server/src/text/lines';
import { parseYaml } from '../../server/src/text/yaml';
import type { World } from '../../server/src/world';
import { repository, type Scratch } from '../world/repository';

const location = { path: '/store', range: fileStart };

export const wholeText = readFileSync('test/fixtures/provenance/manifest/delay.experiment.yaml', 'utf8');

/** A run that agrees with the manifest of the fixtures in all. */
export const runAt = (commit: string): Run => ({
  tracker: 'mlflow',
  store: '/store',
  id: '8f14e45fceea167a',
  name: 'brave-hen',
  experiment: 'delay',
  status: 'finished',
  started: undefined,
  ended: undefined,
  code: { commit, branch: 'main', repository: undefined, entrypoint: 'train.py', dirty: false, location },
  parent: undefined,
  user: undefined,
  params: { lr: '0.05', fast: 'True', seed: '7' },
  metrics: { 'validation/auc': 0.8123 },
  tags: {},
  datasets: [
    {
      name: 'train',
      role: 'input',
      version: '0123456789abcdef0123456789abcdef',
      algorithm: 'md5',
      context: 'training',
      source: '/home/ada/data/flights.csv',
      files: [],
      location,
    },
  ],
  models: [{ name: 'model', id: 'm-1', version: undefined, location }],
  environment: '/store/requirements.txt',
  image: undefined,
  artifacts: { recorded: undefined, path: undefined },
  location,
});

export const modelAt = (version: string, run = '8f14e45fceea167a'): ModelVersion => ({
  tracker: 'mlflow',
  store: '/store',
  name: 'delay',
  version,
  run,
  source: undefined,
  aliases: [],
  stage: undefined,
  status: undefined,
  location,
});

export const lockOf = (path: string, packages: Readonly<Record<string, string | undefined>>): LockFile => ({
  path,
  kind: 'uv',
  pinned: Object.values(packages).every((version) => version !== undefined),
  packages: Object.entries(packages).map(([name, version]) => ({ name, version, location })),
});

/** A repository in which all that the manifest of the fixtures says is so; `commit` is the one of its code. */
export function delayRepository(): { readonly repo: Scratch; readonly commit: string } {
  const repo = repository();
  repo.write('delay/train.py', 'print()\n');
  repo.write('uv.lock', '');
  repo.write('Dockerfile', 'FROM python:3.11\n');
  repo.write('params.yaml', 'train: {lr: 0.05}\nfast: true\nseed: 7\n');
  repo.write('data/flights.csv', 'carrier\nUA\n');
  repo.write(
    'bench/serving.jsonl',
    [10, 20, 30].map((latencyMs, index) => JSON.stringify({ latencyMs, cost: 0.00001, at: index * 400 })).join('\n'),
  );
  repo.write(
    'flights.odcs.yaml',
    'apiVersion: v3.1.0\nkind: DataContract\nid: flights\nversion: 1.0.0\nstatus: active\nschema:\n  - name: flights\n    properties:\n      - {name: carrier, logicalType: string}\n',
  );
  const commit = repo.commit('Train');
  repo.git('tag', 'v1');
  repo.write('delay.experiment.yaml', wholeText.replaceAll('COMMIT', commit.slice(0, 8)));
  repo.commit('Say how');
  return { repo, commit };
}

/** Evidence that shows all of the manifest of the fixtures, but for what is given. */
export const evidenceOf = (world: World, repo: Scratch, run: Run, other: Partial<Evidence> = {}): Evidence => ({
  world,
  runs: async () => [run],
  models: async () => [modelAt('11', 'before'), modelAt('12')],
  locks: async () => [lockOf(repo.at('uv.lock'), {})],
  lock: async (path) =>
    lockOf(path, { 'scikit-learn': '1.5.0', ...(path === repo.at('uv.lock') ? { pip: '24' } : { numpy: '2' }) }),
  images: async () => [],
  contentHash: async (path, algorithm, revision) =>
    path === repo.at('data/flights.csv') && algorithm === 'md5' && revision === 'v1'
      ? '0123456789abcdef0123456789abcdef'
      : undefined,
  checked: async () => 'passed',
  ...other,
});

/** The claims of a text as the manifest of the repository, which need not be on disk. */
export const claimsIn = (repo: Scratch, text: string, evidence: Evidence): Promise<readonly Claim[]> =>
  claimsOf(readManifest(parseYaml(text)), repo.at('delay.experiment.yaml'), evidence);

/** Verdicts by claim, all but those that are verified. */
export const faults = (claims: readonly Claim[]): Readonly<Record<string, string>> =>
  Object.fromEntries(claims.flatMap(({ claim, verdict }) => (verdict === 'verified' ? [] : [[claim, verdict]])));
