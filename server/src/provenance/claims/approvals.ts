import type { Approval } from '../../manifest/model';
import { readManifest } from '../../manifest/model';
import type { Claim } from '../../protocol';
import { parseYaml } from '../../text/yaml';
import { unknownCommit } from './code';
import { type Context, claimAt, claimOf, type Judgement, NO_GIT, type Section, short } from './section';

const DAY = 86_400_000;

/** What was approved is a commit of this file or before it, with this version of the model, on a day that has been. */
export const approvals: Section = async (context) =>
  (
    await Promise.all(
      context.manifest.approvals.map((approval, index) => ofApproval(context, approval, `approvals[${index}]`)),
    )
  ).flat();

async function ofApproval(context: Context, approval: Approval, at: string): Promise<readonly Claim[]> {
  const { commit, on, by, node } = approval;
  const { git } = context.evidence.world;
  const id = commit && context.root !== undefined ? await git?.commit(context.root, commit.text) : undefined;
  const version = id === undefined ? undefined : await ofVersion(context, id);
  return [
    ...(by
      ? []
      : [
          claimAt(context, `${at}.by`, node, {
            verdict: 'missing',
            message: 'Nobody is named who approved; write who under `by`.',
          }),
        ]),
    ...(on ? [claimOf(context, `${at}.on`, on, await ofDay(context, on.text, id))] : []),
    commit
      ? claimOf(context, `${at}.commit`, commit, await ofCommit(context, commit.text, id))
      : withoutCommit(context, approval, at),
    ...(commit && version ? [claimAt(context, `${at}.version`, commit.node, version)] : []),
  ];
}

const withoutCommit = (context: Context, { node }: Approval, at: string): Claim =>
  claimAt(context, `${at}.commit`, node, {
    verdict: 'missing',
    message: 'No commit is named, so nobody can tell which state was approved; write it under `commit`.',
  });

async function ofCommit(context: Context, commit: string, id: string | undefined): Promise<Judgement> {
  const { evidence, root, path, shallow } = context;
  const { git } = evidence.world;
  if (!git || root === undefined) return { verdict: 'claimed', message: NO_GIT };
  if (id === undefined) return unknownCommit(commit, shallow);
  const last = await git.lastCommit(root, path);
  const touched = (await git.log(root, path)).some((one) => one.commit === id);
  if (touched) return { verdict: 'verified', found: id, message: `Commit ${short(id)} wrote this file.` };
  const precedes = last ? await git.isAncestor(root, id, last.commit) : await git.isAncestor(root, id, 'HEAD');
  if (precedes === undefined)
    return {
      verdict: 'claimed',
      found: id,
      message: `How commit ${short(id)} stands to this file cannot be told here.`,
    };
  return precedes
    ? { verdict: 'verified', found: id, message: `Commit ${short(id)} precedes this file.` }
    : {
        verdict: 'false',
        found: id,
        message: `Commit ${short(id)} neither wrote this file nor precedes it; name the commit that was approved.`,
      };
}

async function ofDay({ evidence, root }: Context, on: string, id: string | undefined): Promise<Judgement> {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(on) ? Date.parse(`${on}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(day)) return { verdict: 'false', message: `"${on}" is no day; write it as 2026-05-02.` };
  // It may be tomorrow already, or still yesterday, where the approval was given.
  if (day > evidence.world.now().getTime() + DAY)
    return { verdict: 'false', message: `${on} is in the future; write the day of the approval.` };
  const made =
    root === undefined || id === undefined ? undefined : (await evidence.world.git?.describe(root, id))?.date;
  if (made !== undefined && day + 2 * DAY < Date.parse(made))
    return {
      verdict: 'false',
      found: made,
      message: `The approved commit was made on ${made.slice(0, 10)}, after ${on}; write the day of the approval, or the commit that was approved.`,
    };
  return { verdict: 'verified', message: `${on} is past.` };
}

/** The model's version in this file as it was approved; undefined when no version is named now. */
async function ofVersion(context: Context, id: string): Promise<Judgement | undefined> {
  const { manifest, evidence, root, path, commit } = context;
  const expected = manifest.model.version?.text;
  if (expected === undefined || root === undefined) return undefined;
  const bytes = await evidence.world.git?.show(root, id, path);
  const approved = bytes ? readManifest(parseYaml(Buffer.from(bytes).toString('utf8'))).model.version?.text : undefined;
  if (approved !== undefined)
    return approved === expected
      ? { verdict: 'verified', expected, found: approved, message: `Version ${approved} was approved.` }
      : {
          verdict: 'false',
          expected,
          found: approved,
          message: `Version ${approved} was approved, and this file names ${expected}; have that one approved.`,
        };
  if (id === commit)
    return {
      verdict: 'verified',
      expected,
      message: `The approved commit ${short(id)} is the one that the model is from.`,
    };
  return {
    verdict: 'claimed',
    expected,
    message: `Commit ${short(id)} names no version of the model, so nothing shows that ${expected} was approved.`,
  };
}
