import { isAbsolute, join, posix } from 'node:path';
import type { Draft, ReportPicture, ResultFormat, StoredResult } from '../protocol';
import { slugOf } from '../provenance/begin-manifest';
import { shown } from '../provenance/evidence';
import { csv } from '../report/csv';
import { evidently } from '../report/evidently';
import type { Format } from '../report/format';
import { html } from '../report/html';
import { json } from '../report/json';
import { junit } from '../report/junit';
import { markdown } from '../report/markdown';
import { withPathsFrom } from '../report/paths';
import { sagemaker } from '../report/sagemaker';
import { sarif } from '../report/sarif';

interface Written {
  readonly format: Format;
  /** Name of the file, given what it tells of. */
  readonly fileName: (about: string) => string;
}

const formats: Readonly<Record<ResultFormat, Written>> = {
  json: { format: json, fileName: (about) => `${about}.json` },
  csv: { format: csv, fileName: (about) => `${about}.csv` },
  html: { format: html, fileName: (about) => `${about}.html` },
  markdown: { format: markdown, fileName: (about) => `${about}.md` },
  junit: { format: junit, fileName: (about) => `${about}.junit.xml` },
  sarif: { format: sarif, fileName: (about) => `${about}.sarif` },
  evidently: { format: evidently, fileName: (about) => `${about}.evidently.json` },
  // What reads it looks for this name.
  sagemaker: { format: sagemaker, fileName: () => 'constraint_violations.json' },
};

/** How a result is exported. */
export interface ResultWish {
  readonly format: ResultFormat;
  /** What the page had open, for a format that shows pictures. */
  readonly pictures?: readonly ReportPicture[];
  /** Absolute; where the paths of the report start. */
  readonly home: string;
}

/** A result in one of the shapes, to lie where its paths start. Throws `Unreadable` when that has no place for it. */
export function exportOfResult(result: StoredResult, { format: wanted, pictures, home }: ResultWish): Draft {
  const { format, fileName } = formats[wanted];
  const text = format.write(toldFrom(result, home), { color: false, quiet: false, pictures });
  return { path: join(home, fileName(`${aboutOf(result)}-${result.kind}`)), text };
}

/** What was compared is told from there too. */
function toldFrom(result: StoredResult, home: string): StoredResult['report'] {
  if (result.kind === 'check') return withPathsFrom(result.report, home);
  const short = (ref: string) => (isAbsolute(ref) ? shown(home, ref) : ref);
  const { reference, current, ...report } = withPathsFrom(result.report, home);
  return {
    ...report,
    reference: { ...reference, ref: short(reference.ref) },
    current: { ...current, ref: short(current.ref) },
  };
}

/** The contract, else the data, by the name of its file without endings. */
function aboutOf(result: StoredResult): string {
  const path = result.contract ?? (result.kind === 'drift' ? result.report.current.ref : '');
  return slugOf(posix.basename(path.replaceAll('\\', '/')).replace(/(?<=.)\.[\w.]*(?:@.*)?$/, ''));
}
