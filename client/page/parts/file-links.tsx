import { useState } from 'preact/hooks';
import type { DatasetStatus, FileVersion } from '../../../server/src/protocol';
import { post } from '../editor';
import { count } from '../numbers';
import { fileName } from '../paths';
import { wholeTime } from '../times';

/** A file that a result was made from. */
export interface FileUse {
  /** What it is to the result: `contract`, `data`, `reference`. */
  readonly use: string;
  readonly path: string;
  /** The version that the file gives itself. */
  readonly release: string | undefined;
  readonly rows: number | undefined;
  readonly version: FileVersion | undefined;
}

/** So many files stand on the line before the rest is folded. */
const unfolded = 3;

/** One item a file, each opening it, with its commit and state. */
export function FileLinks({ files }: { readonly files: readonly FileUse[] }) {
  const [all, setAll] = useState(false);
  const shown = all || files.length <= unfolded ? files : files.slice(0, unfolded - 1);
  const folded = files.length - shown.length;
  return (
    <>
      {shown.map((file, at) => (
        <FileItem key={file.path} file={file} named={file.use !== shown[at - 1]?.use} />
      ))}
      {folded > 0 && (
        <li>
          <button type="button" class="link" aria-expanded={false} onClick={() => setAll(true)}>
            {folded} more files
          </button>
        </li>
      )}
    </>
  );
}

/** What is to be known about a file that is not as it was committed. */
const states: Readonly<Record<DatasetStatus, string | undefined>> = {
  unchanged: undefined,
  modified: 'edited',
  missing: 'missing',
  pointer: 'pointer only',
  'not-in-cache': 'not in the cache',
  untracked: 'not in Git',
  unknown: undefined,
};

function FileItem({ file, named }: { readonly file: FileUse; readonly named: boolean }) {
  const { path, version, release, rows, use } = file;
  const state = version && states[version.status];
  return (
    <li>
      {named && <span class="use">{use}</span>}{' '}
      <button type="button" class="link" title={path} onClick={() => post({ type: 'openFile', path })}>
        {fileName(path)}
      </button>
      {release !== undefined && ` ${release}`}
      {version?.commit && (
        <span class="commit" title={commitTitle(version)}>
          {' '}
          <span class="code">{version.commit.slice(0, 7)}</span>
          {version.tag && !says(release, version.tag) && ` ${version.tag}`}
        </span>
      )}
      {state && <span class="state"> {state}</span>}
      {rows !== undefined && <span class="rows"> {count(rows)} rows</span>}
    </li>
  );
}

/** A tag that repeats the file's own version tells nothing new. */
const says = (release: string | undefined, tag: string) => release !== undefined && tag.replace(/^v/, '') === release;

function commitTitle({ commit, author, date, subject, branch }: FileVersion): string {
  const made = [author, date && wholeTime(date)].filter(Boolean).join(', ');
  return [subject, made, branch && `branch ${branch}`, commit].filter(Boolean).join('\n');
}
