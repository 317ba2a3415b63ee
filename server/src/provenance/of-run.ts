import type { ProvenanceReport, RunReport } from '../protocol';

/** Files of the models of some runs. */
export function modelFilesOf(
  { modelFiles }: Pick<ProvenanceReport, 'modelFiles'>,
  ids: ReadonlySet<string>,
): Pick<ProvenanceReport, 'modelFiles'> {
  const own = modelFiles?.filter(({ run }) => run !== null && ids.has(run));
  return own ? { modelFiles: own } : {};
}

/** What a report of more tells of one of its runs: what the run used and made, and the runs that are nested in it. */
export function reportOfRun(whole: ProvenanceReport, run: RunReport): ProvenanceReport {
  const paths = new Set(run.datasets.map(({ path }) => path));
  const datasets = whole.datasets.filter(({ path }) => paths.has(path));
  return {
    ...whole,
    datasets,
    runs: whole.runs.filter(({ id, parent }) => id === run.id || parent === run.id),
    models: whole.models.filter((model) => model.run === run.id),
    ...modelFilesOf(whole, new Set([run.id])),
    findings: whole.findings.filter(
      ({ location, message }) => location?.path === run.location.path || message.includes(run.id),
    ),
    files: whole.files.filter(({ path }) => datasets.some((dataset) => path.endsWith(`/${dataset.path}`))),
  };
}
