import { resolve } from 'node:path';
import { isAddress } from '../../data/dataset';
import { outputAt } from '../../stores/dvc/outputs';
import { inRoot } from '../../stores/git';
import { fileOf } from '../inventory';
import { type Context, type Judgement, NO_GIT, short } from './section';

/** What a dataset reference names, and whether that is there. */
export interface Referred {
  /** Absolute path of a local one. */
  readonly path: string | undefined;
  /** As the reference says, after its `@`. */
  readonly revision: string | undefined;
  readonly judgement: Judgement;
}

/** Follows a dataset reference without reading its content: a path or pattern, `PATH@REVISION`, `runs:/…`, an address. */
export async function referred(context: Context, ref: string): Promise<Referred> {
  if (/^runs:\//.test(ref)) return elsewhere(await ofRun(context, ref));
  if (isAddress(ref)) return elsewhere(await ofAddress(context, ref));
  const file = await fileOf(context.evidence.world, ref, context.folder);
  const path = file?.path ?? resolve(context.folder, ref);
  const revision = file?.revision;
  const judgement = revision === undefined ? await onDisk(context, path) : await atRevision(context, path, revision);
  return { path, revision, judgement };
}

const elsewhere = (judgement: Judgement): Referred => ({ path: undefined, revision: undefined, judgement });

async function ofAddress({ evidence }: Context, ref: string): Promise<Judgement> {
  const there = await evidence.resolves?.(ref);
  if (there === true) return { verdict: 'verified', message: `${ref} is there.` };
  if (there === false) return { verdict: 'false', message: `${ref} is not there; correct the address.` };
  return {
    verdict: 'claimed',
    message: `Whether ${ref} is there cannot be told from this machine; name its content's hash under \`version\`.`,
  };
}

/** An artifact of a run: `runs:/8f…/model`. */
export async function ofRun({ evidence }: Context, ref: string): Promise<Judgement> {
  const [, id, path = ''] = /^runs:\/+([^/]+)\/?(.*)$/.exec(ref) ?? [];
  const run = (await evidence.runs()).find((one) => one.tracker === 'mlflow' && one.id === id);
  if (!run) return { verdict: 'claimed', message: `No store here has the run ${id ?? ''} of ${ref}.` };
  if (run.models.some(({ name, id: model }) => name === path || model === path))
    return { verdict: 'verified', found: path, message: `Run ${run.id} logged the model ${path}.` };
  const folder = run.artifacts.path;
  if (folder === undefined)
    return {
      verdict: 'claimed',
      message: `The artifacts of run ${run.id} are not on this machine, so ${path} cannot be looked for.`,
    };
  const file = resolve(folder, path);
  const there = inRoot(folder, file).startsWith('..') ? undefined : await evidence.world.stat(file);
  return there
    ? { verdict: 'verified', found: file, message: `Run ${run.id} has the artifact ${path}.` }
    : { verdict: 'false', message: `Run ${run.id} has no artifact ${path}; name one that it has.` };
}

async function onDisk({ evidence: { world } }: Context, path: string): Promise<Judgement> {
  if (await world.stat(path)) return { verdict: 'verified', found: path, message: `${path} is there.` };
  const wildcard = path.search(/[*?[{]/);
  if (wildcard >= 0) {
    const base = path.slice(0, path.lastIndexOf('/', wildcard));
    const found = await world.glob([path.slice(base.length + 1)], base);
    if (found.length > 0) return { verdict: 'verified', found: found.length, message: `${found.length} files match.` };
  }
  const output = await outputAt(path, world).catch(() => undefined);
  return output
    ? { verdict: 'verified', found: output.record, message: `DVC keeps ${path}, by ${output.record}.` }
    : { verdict: 'false', message: `There is no data at ${path}; correct the path, or put the data there.` };
}

async function atRevision(
  { evidence: { world }, shallow }: Context,
  path: string,
  revision: string,
): Promise<Judgement> {
  const { git } = world;
  if (!git) return { verdict: 'claimed', message: NO_GIT };
  const root = await git.root(path);
  if (root === undefined)
    return { verdict: 'false', message: `${path} is in no Git repository, so it has no revision "${revision}".` };
  const commit = await git.commit(root, revision);
  if (commit === undefined)
    return shallow
      ? {
          verdict: 'claimed',
          message: `Revision "${revision}" is not in this shallow clone; \`git fetch --unshallow --tags\` would show whether it exists.`,
        }
      : {
          verdict: 'false',
          message: `This repository has no revision "${revision}"; name a tag or commit that it has.`,
        };
  const found = (await git.blobs(root, commit, [path])).get(path);
  if (found !== undefined)
    return { verdict: 'verified', found: commit, message: `${inRoot(root, path)} is in commit ${short(commit)}.` };
  const output = await outputAt(path, world, { root, commit, revision }).catch(() => undefined);
  return output
    ? { verdict: 'verified', found: commit, message: `DVC keeps ${inRoot(root, path)} at ${revision}.` }
    : {
        verdict: 'false',
        message: `Neither Git nor DVC has ${inRoot(root, path)} at ${revision}; name a revision that has it.`,
      };
}

/** Whether a commit fixes the content of a path, by Git itself or by what DVC records there. */
export const fixedBy = async (context: Context, path: string, commit: string): Promise<boolean> =>
  (await atRevision(context, path, commit)).verdict === 'verified';
