import { createHash } from 'node:crypto';
import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Invocation, Location, Log, ReportingDescriptor, Result } from 'sarif';
import { repository } from '../../../package.json';
import type { LintSeverity } from '../protocol';
import { referenceOf } from '../tool';
import type { Format } from './format';
import { type Case, type Outcome, outcomeOf, readable, type Suite } from './outcome';

/** SARIF 2.1.0: one run, a result for each case that failed, could not be judged or warns, at the line that states its rule. */
export const sarif: Format = {
  id: 'sarif',
  write: (report) => `${JSON.stringify(logOf(outcomeOf(report, 'SARIF')), undefined, 2)}\n`,
};

function logOf({ tool, suites }: Outcome): Log {
  const found = suites.flatMap((suite) => findingsOf(suite).map((one) => ({ suite, one })));
  const codes = [...new Set(found.map(({ one }) => one.code))].sort();
  const driver = {
    name: tool.name,
    version: tool.version,
    informationUri: repository.url,
    rules: codes.map(ruleOf),
  };
  const invocations = invocationsOf(suites);
  const results = distinct(found.map(({ suite, one }) => resultOf(one, suite, codes)));
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, invocations, columnKind: 'utf16CodeUnits', results }],
  };
}

const findingsOf = ({ cases }: Suite): readonly Case[] =>
  cases.filter(({ status }) => status !== 'passed' && status !== 'skipped');

const ruleOf = (code: string): ReportingDescriptor => ({
  id: code,
  shortDescription: { text: code },
  helpUri: referenceOf(code),
});

function invocationsOf(suites: readonly Suite[]): Invocation[] {
  const starts = suites.flatMap(({ startedAt }) => startedAt || []).sort();
  const executionSuccessful = suites.every(({ completed }) => completed);
  return [{ executionSuccessful, ...(starts[0] ? { startTimeUtc: starts[0] } : {}) }];
}

const levels: Readonly<Record<LintSeverity, NonNullable<Result['level']>>> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
  hint: 'note',
};

function resultOf(
  { id, code, severity, message, name, location }: Case,
  suite: Suite,
  codes: readonly string[],
): Result {
  return {
    ruleId: code,
    ruleIndex: codes.indexOf(code),
    level: levels[severity],
    message: { text: readable(message || name) },
    ...(location ? { locations: [placeOf(location)] } : {}),
    partialFingerprints: { 'plumblineCheck/v1': fingerprint(`${location?.path ?? suite.name}\n${id}`) },
  };
}

/** The same finding twice in a file is two results, the second told by its number. */
function distinct(results: readonly Result[]): Result[] {
  const seen = new Map<string, number>();
  return results.map((result) => {
    const own = result.partialFingerprints?.['plumblineCheck/v1'] ?? '';
    const before = seen.get(own) ?? 0;
    seen.set(own, before + 1);
    return before === 0 ? result : { ...result, partialFingerprints: { 'plumblineCheck/v1': `${own}:${before + 1}` } };
  });
}

const fingerprint = (words: string): string => createHash('sha256').update(words).digest('hex').slice(0, 32);

/** Columns count UTF-16 units, as editors do, and both lines and columns begin at 1. */
function placeOf({ path, range }: NonNullable<Case['location']>): Location {
  const artifactLocation = isAbsolute(path)
    ? { uri: pathToFileURL(path).href }
    : { uri: uriOf(path), uriBaseId: '%SRCROOT%' };
  if (!range) return { physicalLocation: { artifactLocation } };
  const { start, end } = range;
  const region = {
    startLine: start.line + 1,
    startColumn: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
  };
  return { physicalLocation: { artifactLocation, region } };
}

const uriOf = (path: string): string =>
  path.toWellFormed().replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
