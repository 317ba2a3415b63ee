import type { CheckReport, DriftReport, StoredResult } from '../../server/src/protocol';
import { count, percent } from './numbers';
import type { Tone } from './parts/icon';
import { bareName } from './paths';

/** The result in one sentence. */
export interface Verdict {
  readonly tone: Tone;
  readonly icon: string;
  readonly subject: string;
  readonly sentence: string;
}

/** The sentence that the page begins with. */
export function verdictOf(result: StoredResult): Verdict {
  if (result.kind === 'check') return checkVerdict(result.report);
  return driftVerdict(result.report, result.contract);
}

const looks = {
  passed: { tone: 'passed', icon: 'pass' },
  failed: { tone: 'failed', icon: 'error' },
  warning: { tone: 'warning', icon: 'warning' },
  error: { tone: 'error', icon: 'issues' },
} as const;

function checkVerdict({ contract, summary }: CheckReport): Verdict {
  const { passed, failed, warning, error, skipped } = summary;
  const total = passed + failed + warning + error + skipped;
  const look = failed > 0 ? 'failed' : error > 0 ? 'error' : warning > 0 ? 'warning' : 'passed';
  return { ...looks[look], subject: bareName(contract.path), sentence: checkSentence(summary, total) };
}

function checkSentence({ passed, failed, warning, error, skipped }: CheckReport['summary'], total: number): string {
  if (total === 0) return 'the contract states no checks';
  const unjudged = error > 0 ? `${count(error)} could not be judged` : undefined;
  if (failed > 0) return listed(`${ofAll(failed, total)} failed`, unjudged);
  if (unjudged) return `${ofAll(error, total)} could not be judged`;
  if (warning > 0) return `no check failed, ${count(warning)} ${warning === 1 ? 'warns' : 'warn'}`;
  if (passed === 0) return `${ofAll(skipped, total)} skipped`;
  const all = passed === 1 ? 'the check passed' : `all ${count(passed)} checks passed`;
  return listed(all, skipped > 0 ? `${count(skipped)} skipped` : undefined);
}

const ofAll = (part: number, total: number) => `${count(part)} of ${count(total)} ${total === 1 ? 'check' : 'checks'}`;
const listed = (...parts: readonly (string | undefined)[]) => parts.filter(Boolean).join(', ');

function driftVerdict({ dataset, current }: DriftReport, contract: string | null): Verdict {
  const subject = bareName(contract ?? current.ref);
  const { driftedColumns, columns, threshold, drifted } = dataset;
  const moved = `${count(driftedColumns)} of ${count(columns)} columns drifted`;
  if (columns === 0) return { ...looks.error, subject, sentence: 'no column could be judged' };
  if (drifted && driftedColumns === 0) return { ...looks.failed, subject, sentence: 'all columns together drifted' };
  if (drifted) return { ...looks.failed, subject, sentence: moved };
  if (driftedColumns === 0) return { ...looks.passed, subject, sentence: `none of ${count(columns)} columns drifted` };
  return { ...looks.warning, subject, sentence: `${moved}, below the limit of ${percent(threshold * 100)}` };
}
