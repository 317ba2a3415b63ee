import type { CheckResult, Sample } from '../protocol';
import type { Lines } from '../text/lines';
import type { Failing, Outcome } from './check';
import type { PlacedCheck } from './checks';
import { firstWords } from './samples';
import { statusOf } from './verdict';

/** The text that the checks stand in. */
export interface Text {
  readonly path: string;
  readonly lines: Lines;
}

/** What was looked at for a check. */
export interface Seen {
  readonly rows: number | null;
  readonly samples: readonly Sample[];
  readonly failing: Failing | undefined;
}

const nothingSeen: Seen = { rows: null, samples: [], failing: undefined };

/** What a report says of one check. */
export function resultOf(check: PlacedCheck, outcome: Outcome, text: Text, seen: Seen = nothingSeen): CheckResult {
  const { rows, samples, failing } = seen;
  const unexpected = outcome.unexpected ?? null;
  const severity = outcome.severity ?? check.severity;
  return {
    id: check.id,
    name: check.name,
    table: check.table.name,
    column: check.column ?? null,
    dimension: check.dimension ?? null,
    kind: check.kind,
    status: statusOf(outcome.verdict, severity),
    severity,
    observed: outcome.observed ?? null,
    expected: check.expected,
    ...(check.limits && check.limits.length > 0 ? { limits: check.limits } : {}),
    rows,
    unexpectedCount: unexpected,
    unexpectedPercent: outcome.unexpectedPercent === undefined ? shareOf(unexpected, rows) : outcome.unexpectedPercent,
    samples,
    message: [outcome.message + firstWords(samples, failing?.fields ?? []), filterWords(check, outcome), check.note]
      .filter(Boolean)
      .join(' '),
    location: { path: text.path, range: text.lines.range(check.node.span) },
    ...(outcome.limit ? { limit: outcome.limit } : {}),
  };
}

/** Which rows a verdict is about, where it is not about all. */
const filterWords = ({ filter }: PlacedCheck, { verdict }: Outcome): string =>
  filter !== undefined && (verdict === 'holds' || verdict === 'fails') ? `Only rows with ${filter.trim()} count.` : '';

const shareOf = (unexpected: number | null, rows: number | null): number | null =>
  unexpected === null || rows === null ? null : rows === 0 ? 0 : (100 * unexpected) / rows;
