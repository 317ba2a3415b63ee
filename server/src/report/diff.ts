import type { DiffReport, DiffSide } from '../protocol';
import { number } from '../text/words';

const impacts = ['breaking', 'compatible', 'cosmetic'] as const;

/** How many changes there are of each kind, and what the version has to say of them. */
export function diffSummary(report: DiffReport): readonly string[] {
  const { from, to, changes } = report;
  const counts = impacts.map(
    (impact) => `${number(changes.filter((change) => change.impact === impact).length)} ${impact}`,
  );
  return [
    `${sideWords(from)} → ${sideWords(to)}`,
    changes.length === 0 ? 'Nothing has changed.' : `Changes: ${counts.join(', ')}.`,
    ...versionWords(report),
  ];
}

/** `orders.odcs.yaml@main (version 1.2.0)`. */
export const sideWords = ({ path, revision, version }: DiffSide): string =>
  `${path}${revision === null ? '' : `@${revision}`}${version === null ? '' : ` (version ${version})`}`;

/** What the version should be, as a sentence; none where nothing has changed. */
export function versionWords({ bump, to, neededVersion, versionIsEnough }: DiffReport): readonly string[] {
  if (bump === 'none') return [];
  if (to.version === null) return [`This calls for a ${bump} version, and the contract has none.`];
  if (versionIsEnough) return [`This calls for a ${bump} version, and ${to.version} is enough.`];
  return [`This calls for a ${bump} version: ${neededVersion ?? `another one than ${to.version}`}.`];
}
