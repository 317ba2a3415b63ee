import { dirname } from 'node:path';
import type { Manifest, RunRef } from '../../manifest/model';
import type { Claim } from '../../protocol';
import type { Run } from '../../stores/run';
import { fileStart, Lines } from '../../text/lines';
import { approvals } from './approvals';
import { code } from './code';
import { data } from './data';
import { environment } from './environment';
import type { Evidence } from './evidence';
import { metrics } from './metrics';
import { model } from './model';
import { monitoring } from './monitoring';
import { owners } from './owners';
import { parameters } from './parameters';
import { rollout } from './rollout';
import { runs } from './runs';
import type { Context, NamedRun, Section } from './section';
import { serving } from './serving';

/** In the order of the manifest, which is that of the checklist. */
const sections: readonly Section[] = [
  owners,
  code,
  environment,
  data,
  runs,
  parameters,
  metrics,
  model,
  serving,
  monitoring,
  rollout,
  approvals,
];

/**
 * The reproducibility report of a manifest: what it says, and what a result cannot be made again without, held against
 * the evidence. Nothing is run for it.
 *
 * @param path Of the manifest, absolute.
 */
export async function claimsOf(manifest: Manifest, path: string, evidence: Evidence): Promise<readonly Claim[]> {
  const context = await contextOf(manifest, path, evidence);
  return (await Promise.all(sections.map((section) => section(context)))).flat();
}

async function contextOf(manifest: Manifest, path: string, evidence: Evidence): Promise<Context> {
  const { git } = evidence.world;
  const folder = dirname(path);
  const lines = new Lines(manifest.tree.text);
  const root = await git?.root(path);
  const said = manifest.code.commit?.text;
  return {
    manifest,
    path,
    folder,
    evidence,
    root,
    commit: root !== undefined && said !== undefined && isCommitId(said) ? await git?.commit(root, said) : undefined,
    shallow: root !== undefined && (await git?.isShallow(root)) === true,
    runs: manifest.runs.length > 0 ? namedRuns(manifest.runs, await evidence.runs()) : [],
    place: (node) => ({ path, range: node ? lines.range(node.span) : fileStart }),
  };
}

/** A branch or tag moves, so it names no commit here. */
const isCommitId = (text: string): boolean => /^[0-9a-f]{4,64}$/i.test(text);

const namedRuns = (refs: readonly RunRef[], all: readonly Run[]): readonly NamedRun[] =>
  refs.map((ref) => {
    const { tracker, id } = ref;
    const own = id ? all.filter((run) => run.tracker === tracker?.text) : [];
    return {
      ref,
      run:
        own.find((run) => run.id === id?.text) ??
        own.find((run) => run.name === id?.text) ??
        byStart(own, id?.text ?? ''),
    };
  });

/** Eight digits tell runs apart; fewer would be a guess. */
function byStart(runs: readonly Run[], start: string): Run | undefined {
  const found =
    start.length >= 8
      ? runs.filter(({ id, code: { commit } }) => id.startsWith(start) || commit?.startsWith(start))
      : [];
  return found.length === 1 ? found[0] : undefined;
}
