import { dirname } from 'node:path';
import type { Finding } from '../../protocol';
import { findingAt } from '../finding';
import { inRoot } from '../git';
import { dvcCodes } from './codes';
import type { Stage } from './stages';

/** Outputs that two stages write, and stages that depend on each other in a circle. */
export function graphProblems(stages: readonly Stage[], project: string): readonly Finding[] {
  const writers = new Map<string, Stage>();
  const problems: Finding[] = [];
  for (const stage of stages) {
    for (const { path, location } of stage.outputs) {
      const other = writers.get(path);
      if (other) problems.push(twice(inRoot(project, path), other, stage, location));
      writers.set(path, other ?? stage);
    }
  }
  for (const stage of stages) {
    for (const { path, location } of stage.outputs) {
      const other = writerOf(dirname(path), writers);
      if (other && other !== stage) problems.push(twice(inRoot(project, path), other, stage, location));
    }
  }
  return [...problems, ...cycles(stages, writers)];
}

function twice(name: string, one: Stage, other: Stage, location: Stage['location']): Finding {
  const message = `${name} is written by both ${one.name} and ${other.name}. Take it out of the "outs" of one.`;
  return findingAt(dvcCodes, 'dvc/output-twice', message, location);
}

/** The stage that writes the path or a folder that it lies in. */
function writerOf(path: string, writers: ReadonlyMap<string, Stage>): Stage | undefined {
  for (let here = path; ; here = dirname(here)) {
    const writer = writers.get(here);
    if (writer || dirname(here) === here) return writer;
  }
}

/** Each circle is told once, at the stage that closes it. Walks without recursion, since chains may be long. */
function cycles(stages: readonly Stage[], writers: ReadonlyMap<string, Stage>): readonly Finding[] {
  const before = new Map(
    stages.map((stage) => [
      stage,
      stage.dependencies.flatMap(({ path, elsewhere }) => (elsewhere ? [] : (writerOf(path, writers) ?? []))),
    ]),
  );
  const done = new Set<Stage>();
  const problems: Finding[] = [];
  for (const start of stages) {
    const path: { readonly stage: Stage; next: number }[] = done.has(start) ? [] : [{ stage: start, next: 0 }];
    for (let here = path.at(-1); here; here = path.at(-1)) {
      const next = before.get(here.stage)?.[here.next++];
      if (!next) {
        done.add(here.stage);
        path.pop();
        continue;
      }
      const from = path.findIndex(({ stage }) => stage === next);
      if (from >= 0) problems.push(circle(path.slice(from).map(({ stage }) => stage)));
      else if (!done.has(next)) path.push({ stage: next, next: 0 });
    }
  }
  return problems;
}

function circle(stages: readonly Stage[]): Finding {
  const names = [...stages, ...stages.slice(0, 1)].map(({ name }) => name).join(' → ');
  const message = `Stages depend on each other in a circle: ${names}. Take one of these out of "deps".`;
  return findingAt(dvcCodes, 'dvc/cycle', message, stages[0]?.location ?? null);
}
