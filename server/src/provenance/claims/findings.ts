import type { Claim, ClaimVerdict, Finding } from '../../protocol';
import { findingAt } from '../../stores/finding';
import { type ManifestCode, manifestCodes } from './codes';

type Fault = Exclude<ClaimVerdict, 'verified'>;

/** Claims of one kind, with the code of each fault that they can have. */
interface Kind {
  readonly claims: RegExp;
  readonly codes: Readonly<Partial<Record<Fault, ManifestCode>>>;
  /** Claims that these stand on: while one of those is not verified, that these cannot be either goes without saying. */
  readonly ground?: (claim: string) => RegExp;
}

const entryOf = (claim: string): string => /^\w+\[\d+\]/.exec(claim)?.[0].replace(/[[\]]/g, '\\$&') ?? '';
const commit = (): RegExp => /^code\.commit$/;
const anyRun = (): RegExp => /^runs(\[\d+\])?$/;
const ownData = (claim: string): RegExp => new RegExp(`^${entryOf(claim)}\\.ref$`);
const ownRun = (claim: string): RegExp => new RegExp(`^(${entryOf(claim)}|code\\.commit)$`);

/** The first that matches is the kind of a claim. */
const kinds: readonly Kind[] = [
  { claims: /^owners$/, codes: { missing: 'manifest/owner-missing' } },
  {
    claims: /^code\.repository$/,
    codes: { false: 'manifest/repository-false', claimed: 'manifest/repository-unverified' },
  },
  {
    claims: /^code\.commit$/,
    codes: {
      false: 'manifest/commit-unknown',
      claimed: 'manifest/commit-unverified',
      missing: 'manifest/commit-missing',
    },
  },
  {
    claims: /^code\.reachable$/,
    codes: { false: 'manifest/commit-unreachable', claimed: 'manifest/reachable-unverified' },
    ground: commit,
  },
  {
    claims: /^code\.clean$/,
    codes: { false: 'manifest/tree-dirty', claimed: 'manifest/tree-unverified' },
    ground: anyRun,
  },
  {
    claims: /^code\.entrypoint$/,
    codes: { false: 'manifest/entrypoint-false', claimed: 'manifest/entrypoint-unverified' },
    ground: commit,
  },
  { claims: /^environment$/, codes: { missing: 'manifest/environment-missing' } },
  {
    claims: /^environment\.lockFile$/,
    codes: { false: 'manifest/lock-file-false', claimed: 'manifest/lock-file-unverified' },
  },
  {
    claims: /^environment\.packages$/,
    codes: { false: 'manifest/packages-false', claimed: 'manifest/packages-unverified' },
  },
  { claims: /^environment\.image$/, codes: { false: 'manifest/image-false', claimed: 'manifest/image-unverified' } },
  { claims: /^environment\.dockerfile$/, codes: { false: 'manifest/dockerfile-false' } },
  {
    claims: /^data(\[\d+\]\.ref)?$/,
    codes: { false: 'manifest/data-false', claimed: 'manifest/data-unverified', missing: 'manifest/data-missing' },
  },
  {
    claims: /^data\[\d+\]\.version$/,
    codes: {
      false: 'manifest/data-version-false',
      claimed: 'manifest/data-version-unverified',
      missing: 'manifest/data-missing',
    },
    ground: ownData,
  },
  { claims: /^data\[\d+\]\.contract$/, codes: { false: 'manifest/contract-false' } },
  {
    claims: /^data\[\d+\]\.check$/,
    codes: { false: 'manifest/contract-broken', claimed: 'manifest/contract-unchecked' },
    ground: ownData,
  },
  {
    claims: /^runs(\[\d+\])?$/,
    codes: { false: 'manifest/run-false', claimed: 'manifest/run-unverified', missing: 'manifest/run-missing' },
  },
  {
    claims: /^runs\[\d+\]\.commit$/,
    codes: { false: 'manifest/run-commit-false', claimed: 'manifest/run-commit-unverified' },
    ground: ownRun,
  },
  {
    claims: /^runs\[\d+\]\.data$/,
    codes: { false: 'manifest/run-data-false', claimed: 'manifest/run-data-unverified' },
    ground: () => /^data\[\d+\]\.(ref|version)$/,
  },
  {
    claims: /^parameters\.from$/,
    codes: { false: 'manifest/parameter-file-false', claimed: 'manifest/parameter-file-unverified' },
  },
  {
    claims: /^parameters\./,
    codes: {
      false: 'manifest/parameter-false',
      claimed: 'manifest/parameter-unverified',
      missing: 'manifest/seed-missing',
    },
    ground: () => /^(runs(\[\d+\])?|parameters\.from)$/,
  },
  {
    claims: /^metrics\[\d+\]\.value$/,
    codes: { false: 'manifest/metric-false', claimed: 'manifest/metric-unverified' },
    ground: anyRun,
  },
  {
    claims: /^metrics\[\d+\]\.accept$/,
    codes: { false: 'manifest/acceptance-false', claimed: 'manifest/acceptance-unverified' },
    ground: (claim) => new RegExp(`^(runs(\\[\\d+\\])?|${entryOf(claim)}\\.value)$`),
  },
  {
    claims: /^model\./,
    codes: {
      false: 'manifest/model-false',
      claimed: 'manifest/model-unverified',
      missing: 'manifest/model-version-missing',
    },
    ground: (claim) => (claim === 'model.artifact' ? anyRun() : claim === 'model.version' ? /^$/ : /^model\.version$/),
  },
  {
    claims: /^serving\./,
    codes: { false: 'manifest/serving-false', claimed: 'manifest/serving-unverified' },
    ground: (claim) => (claim === 'serving.measuredBy' ? /^$/ : /^serving\.measuredBy$/),
  },
  {
    claims: /^monitoring\[\d+\]\./,
    codes: { false: 'manifest/monitor-false', claimed: 'manifest/monitor-unverified' },
  },
  {
    claims: /^(retraining|rollout)\./,
    codes: { false: 'manifest/rollout-false', claimed: 'manifest/rollout-unverified' },
    ground: () => /^model\.version$/,
  },
  {
    claims: /^approvals\[\d+\]\./,
    codes: {
      false: 'manifest/approval-false',
      claimed: 'manifest/approval-unverified',
      missing: 'manifest/approval-missing',
    },
    ground: (claim) => new RegExp(`^(code${claim.endsWith('.version') ? `|${entryOf(claim)}` : ''})\\.commit$`),
  },
];

/**
 * What is wrong with the claims of a manifest. A false claim is an error, one that nothing here can show a warning, one
 * that is missing a hint; what follows from another fault, or has the same words, is not told again.
 */
export function findingsOfClaims(claims: readonly Claim[]): readonly Finding[] {
  const open = claims.filter(({ verdict }) => verdict !== 'verified');
  const told = new Set<string>();
  return open.flatMap((claim) => {
    const kind = kinds.find((one) => one.claims.test(claim.claim));
    const code = kind && claim.verdict !== 'verified' ? kind.codes[claim.verdict] : undefined;
    if (!kind || !code || told.has(claim.message) || follows(claim, kind, open)) return [];
    told.add(claim.message);
    return [findingAt(manifestCodes, code, claim.message, claim.location)];
  });
}

function follows({ claim, verdict }: Claim, { ground }: Kind, open: readonly Claim[]): boolean {
  const stands = verdict === 'claimed' ? ground?.(claim) : undefined;
  return stands !== undefined && open.some((other) => other.claim !== claim && stands.test(other.claim));
}
