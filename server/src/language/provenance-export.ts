import { join, posix } from 'node:path';
import type { Draft, ProvenanceFormat, ProvenanceReport } from '../protocol';
import { slugOf } from '../provenance/begin-manifest';
import { reportOfRun } from '../provenance/of-run';
import { runIn } from '../provenance/recipe';
import type { Format } from '../report/format';
import { openlineage } from '../report/openlineage';
import { prov } from '../report/prov';
import { roCrate } from '../report/ro-crate';

interface Written {
  readonly format: Format;
  /** Name of the file, given what it tells of. */
  readonly fileName: (about: string) => string;
}

const formats: Readonly<Record<ProvenanceFormat, Written>> = {
  openlineage: { format: openlineage, fileName: (about) => `${about}.openlineage.jsonl` },
  prov: { format: prov, fileName: (about) => `${about}.prov.json` },
  // A crate is found by this name.
  'ro-crate': { format: roCrate, fileName: () => 'ro-crate-metadata.json' },
};

/** What is exported of a report. */
export interface ExportWish {
  readonly format: ProvenanceFormat;
  /** By id; all that the report tells when left out. */
  readonly run?: string;
  /** Absolute; where the paths of the report start. */
  readonly home: string;
}

/** A report in another system's shape, to lie where its paths start. Throws `Unreadable` when that has nothing to tell. */
export function exportOf(report: ProvenanceReport, { format, run: id, home }: ExportWish): Draft {
  const run = id === undefined ? undefined : runIn(report, id);
  const told = run ? { ...reportOfRun(report, run), target: home } : report;
  const about = slugOf(run ? (run.name ?? run.id) : posix.basename(report.target.replaceAll('\\', '/')));
  const written = formats[format];
  return {
    path: join(home, written.fileName(about)),
    text: written.format.write(told, { color: false, quiet: false }),
  };
}
