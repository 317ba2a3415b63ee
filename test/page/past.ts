import type { CheckStatus, PastCheck, PastRun, StoredResult } from '../../server/src/protocol';

type Checked = Extract<StoredResult, { kind: 'check' }>;

const DAY = 86_400_000;
const FIRST = Date.UTC(2026, 9, 1, 9, 30);

/** A run a day of which the last is the sample: what fails there began to fail some days ago, and grows. */
export function pastOf({ report }: Checked, runs: number): readonly PastRun[] {
  return Array.from({ length: runs }, (_, index): PastRun => {
    const checks = report.checks.map((check, at): readonly [string, PastCheck] => {
      const since = runs - 3 - (at % 5);
      const isOver = index >= since;
      const status: CheckStatus = isOver || check.status === 'skipped' ? check.status : 'passed';
      const grown = isOver ? (index - since + 1) / (runs - since) : 0;
      const rows = check.rows ?? undefined;
      if (check.kind === 'rowCount') {
        const value = Math.round(27_000 + 1500 * Math.sin(index * 1.7));
        return [check.id, { status, value, low: 24_000, high: 31_000, rows }];
      }
      if (check.kind === 'missingValues') {
        const value = 0.7 + 0.2 * Math.sin(index) + (isOver ? 0.3 * grown : 0);
        return [
          check.id,
          { status, value, high: 1, isPercent: true, unexpected: Math.round((value * (rows ?? 0)) / 100), rows },
        ];
      }
      const unexpected = check.unexpectedCount === null ? undefined : Math.round(check.unexpectedCount * grown);
      return [check.id, { status, value: unexpected ?? null, unexpected, rows }];
    });
    return {
      id: `run-${index}`,
      startedAt: new Date(FIRST + index * DAY).toISOString(),
      by: index % 4 === 3 ? 'command-line' : 'editor',
      contractVersion: index < 3 ? '1.0.0' : '1.1.0',
      data: report.data.map(({ table, rows }) => ({ table, ref: `data/${table}_${index + 1}.parquet`, rows })),
      summary: report.summary,
      checks: Object.fromEntries(checks),
    };
  });
}
