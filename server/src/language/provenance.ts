import type { DatasetStatus, FileVersion } from '../protocol';

/** How the file on disk relates to its commit, where that is not the plain case. */
const states: Partial<Readonly<Record<DatasetStatus, string>>> = {
  modified: 'changed since',
  untracked: 'not committed yet',
  missing: 'missing on disk',
};

/** `3f2c1e9 · v1.2.0 · changed since`: short enough for a lens. Undefined where nothing is known. */
export function versionLine({ commit, tag, status }: FileVersion): string | undefined {
  const words = [commit?.slice(0, 7), tag, states[status]].filter(Boolean);
  return words.length > 0 ? words.join(' · ') : undefined;
}

/** The same in sentences, Markdown. */
export function versionWords({ commit, author, date, subject, tag, branch, status }: FileVersion): string {
  if (commit === null) return `This file is ${states[status] ?? 'not tracked by Git'}.`;
  const when = date === null ? '' : ` on ${date.slice(0, 10)}`;
  const who = author === null ? '' : ` by ${escaped(author)}`;
  return [
    `Last commit \`${commit.slice(0, 7)}\`${who}${when}${subject === null ? '' : `: ${escaped(subject)}`}`,
    ...(tag === null ? [] : [`In \`${tag}\``]),
    ...(branch === null ? [] : [`On branch \`${branch}\``]),
    ...(states[status] ? [`The file is ${states[status]}.`] : []),
  ].join('  \n');
}

/** Text of other people is no Markdown of ours. */
export const escaped = (text: string): string => text.replaceAll(/[\\`*_[\]<>#|]/g, '\\$&');
