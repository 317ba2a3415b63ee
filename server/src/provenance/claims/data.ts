import { resolve } from 'node:path';
import { loadContract } from '../../contract/load';
import type { ManifestData, Word } from '../../manifest/model';
import type { Claim } from '../../protocol';
import { argument } from '../../stores/git';
import { Unreadable } from '../../world';
import type { HashAlgorithm } from './evidence';
import { fixedBy, type Referred, referred } from './reference';
import { type Context, claimAt, claimOf, type Judgement, type Section } from './section';

/** Every dataset is there, has the content that is named, and a contract that can be read. */
export const data: Section = async (context) => {
  const entries = context.manifest.data;
  if (entries.length === 0)
    return [
      claimAt(context, 'data', undefined, {
        verdict: 'missing',
        message: 'No data are named, so nobody can tell what the result was made from; list them under `data`.',
      }),
    ];
  return (await Promise.all(entries.map((entry, index) => ofEntry(context, entry, `data[${index}]`)))).flat();
};

async function ofEntry(context: Context, entry: ManifestData, at: string): Promise<readonly Claim[]> {
  const { ref, contract } = entry;
  if (!ref)
    return [
      claimAt(context, `${at}.ref`, entry.node, {
        verdict: 'missing',
        message: 'This data set has no `ref`, so it cannot be found; say where it is.',
      }),
    ];
  const found = await referred(context, ref.text);
  return [
    claimOf(context, `${at}.ref`, ref, found.judgement),
    ...(await versionClaim(context, entry, found, at)),
    ...(contract ? await contractClaims(context, { contract, ref, at }) : []),
  ];
}

async function versionClaim(
  context: Context,
  entry: ManifestData,
  found: Referred,
  at: string,
): Promise<readonly Claim[]> {
  const { version, node } = entry;
  if (version) return [claimOf(context, `${at}.version`, version, await ofVersion(context, version.text, found))];
  const { path, revision } = found;
  const isFixed =
    revision !== undefined ||
    found.judgement.verdict === 'false' ||
    (path !== undefined && context.commit !== undefined && (await fixedBy(context, path, context.commit)));
  if (isFixed) return [];
  return [
    claimAt(context, `${at}.version`, node, {
      verdict: 'missing',
      message: `Nothing says which content ${entry.name ?? 'this data set'} had; write its hash under \`version\`, such as "md5:…".`,
    }),
  ];
}

/** The algorithm and hex digits of a version; undefined for one that is no hash. */
export function hashIn(version: string): { readonly algorithm: HashAlgorithm; readonly digits: string } | undefined {
  const [, name = '', digits = '', folder] =
    /^(md5|sha256|sha1|git):([0-9a-f]{7,64})(\.dir)?$/i.exec(version.trim()) ?? [];
  if (!digits || (folder && name.toLowerCase() !== 'md5')) return undefined;
  return { algorithm: folder ? 'dvc-dir' : (name.toLowerCase() as HashAlgorithm), digits: digits.toLowerCase() };
}

async function ofVersion(
  { evidence }: Context,
  version: string,
  { path, revision, judgement }: Referred,
): Promise<Judgement> {
  const hash = hashIn(version);
  if (!hash)
    return {
      verdict: 'claimed',
      message: `"${version}" is no hash that can be computed; write "md5:", "sha256:" or "git:" and the digits.`,
    };
  if (path === undefined || judgement.verdict === 'false')
    return { verdict: 'claimed', message: 'The data are not on this machine, so their hash cannot be computed.' };
  const actual = await evidence.contentHash(path, hash.algorithm, revision);
  if (actual === undefined)
    return {
      verdict: 'claimed',
      message: `The content of ${path} is not to be had here, so its hash cannot be computed; bring it with \`dvc pull\` or \`git lfs pull\`.`,
    };
  const found = `${hash.algorithm === 'dvc-dir' ? 'md5' : hash.algorithm}:${actual}${hash.algorithm === 'dvc-dir' ? '.dir' : ''}`;
  return actual.toLowerCase().startsWith(hash.digits)
    ? { verdict: 'verified', found, message: 'The content has this hash.' }
    : {
        verdict: 'false',
        found,
        message: `The content has the hash ${found}; bring back the version that was used, or name this one.`,
      };
}

interface Described {
  readonly contract: Word;
  readonly ref: Word;
  readonly at: string;
}

/** A check is run when somebody asks for it, never by a claim. */
async function contractClaims(context: Context, { contract, ref, at }: Described): Promise<readonly Claim[]> {
  const path = resolve(context.folder, contract.text);
  const judgement = await ofContract(context, path);
  const claim = claimOf(context, `${at}.contract`, contract, judgement);
  if (judgement.verdict !== 'verified') return [claim];
  const checked = await context.evidence.checked?.(path, ref.text);
  const command = `plumbline check ${argument(contract.text)} --data ${argument(ref.text)}`;
  const kept: Readonly<Record<'passed' | 'failed', Judgement>> = {
    passed: { verdict: 'verified', found: 'passed', message: 'The data keep the contract.' },
    failed: { verdict: 'false', found: 'failed', message: `The data break the contract; \`${command}\` says where.` },
  };
  const unchecked: Judgement = {
    verdict: 'claimed',
    message: `Whether the data keep the contract was not checked; \`${command}\` does.`,
  };
  return [
    claim,
    claimAt(context, `${at}.check`, contract.node, { expected: 'passed', ...(checked ? kept[checked] : unchecked) }),
  ];
}

async function ofContract({ evidence: { world } }: Context, path: string): Promise<Judgement> {
  if (!(await world.stat(path)))
    return { verdict: 'false', message: `There is no contract at ${path}; correct the path.` };
  try {
    const { tables } = await loadContract({ path }, world);
    return {
      verdict: 'verified',
      found: path,
      message: `The contract can be read: ${tables.map(({ name }) => name).join(', ')}.`,
    };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { verdict: 'false', message: `The contract cannot be read: ${error.message}` };
  }
}
