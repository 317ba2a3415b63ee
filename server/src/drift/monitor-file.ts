import { basename } from 'node:path';
import type { Tree } from '../text/tree';
import { Unreadable } from '../world';
import type { Monitor, MonitorFormat, Unsupported } from './monitor';
import { members } from './monitors';
import { members as profiles } from './profiles';

/** The monitors of a file. */
export interface MonitorFile {
  readonly format: MonitorFormat['id'];
  readonly tree: Tree;
  readonly monitors: readonly Monitor[];
}

/** Undefined for a file that no monitoring system reads. */
export function monitorsIn(path: string, tree: Tree): MonitorFile | undefined {
  const format = members.find((member) => member.recognises(path, tree));
  return format && { format: format.id, tree, monitors: format.read(tree).map(withPreset) };
}

/** What to say of a file that is asked for its monitors and has none. */
export const noMonitors = (path: string): Unreadable =>
  new Unreadable(
    `${basename(path)} has no monitor that Plumbline knows: "monitoring" of an experiment manifest, "monitoring_signals" of Azure Machine Learning, comparators of a TFDV schema.pbtxt, SageMaker's constraints.json, or Vertex AI's thresholds.`,
    path,
  );

/** A preset that does not exist is told like all else that cannot be run. */
function withPreset(monitor: Monitor): Monitor {
  const { preset } = monitor;
  if (preset === undefined || profiles.some(({ names }) => names.includes(preset))) return monitor;
  const known = profiles.flatMap(({ names }) => names).join(', ');
  const what = `There is no preset "${preset}"; presets are ${known}.`;
  const told: Unsupported = { what, node: monitor.node };
  return { ...monitor, refusal: monitor.refusal ?? told.what };
}
