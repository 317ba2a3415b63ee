import { isAbsolute } from 'node:path';
import type { CheckReport, DriftReport, FileVersion, Location } from '../protocol';
import { shown } from '../provenance/evidence';
import type { Report } from './format';

/**
 * The report with the paths below `folder` written from there, with slashes, so that it reads alike on every machine.
 * Paths that lie elsewhere stay whole.
 */
export function withPathsFrom<R extends Report>(report: R, folder: string): R;
export function withPathsFrom(report: Report, folder: string): Report {
  const short = (path: string) => (isAbsolute(path) ? shown(folder, path) : path);
  const located = ({ path, range }: Location): Location => ({ path: short(path), range });
  const versions = (files: readonly FileVersion[]) => files.map((file) => ({ ...file, path: short(file.path) }));
  const checked = (run: CheckReport): CheckReport => ({
    ...run,
    contract: { ...run.contract, path: short(run.contract.path) },
    checks: run.checks.map((check) => ({ ...check, location: located(check.location) })),
    data: run.data.map((data) => ({ ...data, ref: short(data.ref), path: short(data.path) })),
    provenance: versions(run.provenance),
  });
  const compared = (run: DriftReport): DriftReport => ({
    ...run,
    provenance: versions(run.provenance),
    ...(run.monitor ? { monitor: { ...run.monitor, path: short(run.monitor.path) } } : {}),
    ...(run.start ? { start: { ...run.start, path: short(run.start.path) } } : {}),
  });
  switch (report.verb) {
    case 'check':
      return 'runs' in report ? { ...report, runs: report.runs.map(checked) } : checked(report);
    case 'plan':
      return {
        ...report,
        contract: { ...report.contract, path: short(report.contract.path) },
        tables: report.tables.map((table) => ({
          ...table,
          ref: table.ref && short(table.ref),
          path: table.path && short(table.path),
        })),
      };
    case 'drift':
      if (!('runs' in report)) return compared(report);
      return {
        ...report,
        runs: report.runs.map(compared),
        notRun: report.notRun.map((monitor) => ({ ...monitor, location: located(monitor.location) })),
      };
    case 'lint':
      return { ...report, files: report.files.map((file) => ({ ...file, path: short(file.path) })) };
    case 'diff':
      return {
        ...report,
        from: { ...report.from, path: short(report.from.path) },
        to: { ...report.to, path: short(report.to.path) },
        changes: report.changes.map((change) => ({ ...change, location: located(change.location) })),
      };
    case 'provenance':
      return {
        ...report,
        target: short(report.target),
        runs: report.runs.map((run) => ({ ...run, location: located(run.location) })),
        models: report.models.map((model) => ({ ...model, location: located(model.location) })),
        environment: {
          ...report.environment,
          images: report.environment.images.map((image) => ({ ...image, location: located(image.location) })),
        },
        findings: report.findings.map((found) => ({ ...found, location: found.location && located(found.location) })),
        ...(report.claims
          ? { claims: report.claims.map((claim) => ({ ...claim, location: located(claim.location) })) }
          : {}),
        files: versions(report.files),
      };
    case 'profile':
      return report;
    case 'timeline':
      return {
        ...report,
        versions: report.versions.map((version) => ({ ...version, ref: short(version.ref) })),
      };
  }
}
