import type { TimelineReport, TimelineVersion } from '../protocol';
import { amount, cut, number } from '../text/words';
import { tableOf } from './table';

/** Changes of columns that are named in a line. */
const MOST_CHANGES = 4;

/** The versions as a table, the newest first, and in sentences what is not told of them. */
export function timelineLines({ versions, older }: TimelineReport): readonly string[] {
  const head = ['version', 'date', 'author', 'subject', 'bytes', 'rows', 'columns', 'drift', 'runs'];
  const missing = versions.flatMap((version) => {
    const words = version.reason ?? version.note;
    return words === null ? [] : [`${labelOf(version)}: ${words}`];
  });
  return [
    ...tableOf(head, versions.map(cellsOf)),
    ...missing,
    ...(older > 0 ? [`${amount(older, 'older version')}; see more with --most`] : []),
  ];
}

const cellsOf = (version: TimelineVersion): readonly string[] => [
  labelOf(version),
  version.date?.slice(0, 10) ?? '',
  version.author ?? '',
  version.subject === null ? '' : cut(version.subject, 40),
  version.sizeBytes === null ? '' : number(version.sizeBytes),
  version.rows === null ? '' : number(version.rows),
  changesOf(version),
  driftOf(version),
  version.runs.length === 0 ? '' : number(version.runs.length),
];

function labelOf({ commit, tag }: TimelineVersion): string {
  if (commit === null) return 'uncommitted';
  return tag === null ? commit.slice(0, 7) : `${commit.slice(0, 7)} (in ${tag})`;
}

const wordsOfChange: Readonly<
  Record<TimelineVersion['changes'][number]['kind'], (change: TimelineVersion['changes'][number]) => string>
> = {
  added: ({ column }) => `+${column}`,
  removed: ({ column }) => `−${column}`,
  type: ({ column, before, after }) => `${column} ${before} → ${after}`,
};

function changesOf({ changes, columns }: TimelineVersion): string {
  const named = changes.slice(0, MOST_CHANGES).map((change) => wordsOfChange[change.kind](change));
  const more = changes.length - named.length;
  const count = columns === null ? [] : [number(columns.length)];
  return [...count, ...named, ...(more > 0 ? [`${number(more)} more`] : [])].join(' ');
}

function driftOf({ drift }: TimelineVersion): string {
  if (!drift) return '';
  if (drift.driftedColumns === 0) return 'none';
  const moved = drift.moved.length > 0 ? `: ${drift.moved.join('; ')}` : '';
  return `${drift.drifted ? 'drifted, ' : ''}${number(drift.driftedColumns)} of ${amount(drift.columns, 'column')}${moved}`;
}
