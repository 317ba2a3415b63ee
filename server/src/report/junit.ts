import XMLBuilder from 'fast-xml-builder';
import type { Format } from './format';
import { type Case, countsOf, factsAndNotes, type Outcome, outcomeOf, readable, type Suite } from './outcome';

/**
 * JUnit's XML as Jenkins and GitLab read it: a suite a contract, a case a check. It has no word for a warning, so that is a
 * case that passed, with its sentence as output.
 */
export const junit: Format = {
  id: 'junit',
  write: (report) => `<?xml version="1.0" encoding="UTF-8"?>\n${xml.build(documentOf(outcomeOf(report, 'JUnit')))}`,
};

const xml = new XMLBuilder({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  suppressEmptyNode: true,
  suppressBooleanAttributes: false,
  format: true,
});

const documentOf = ({ verb, suites }: Outcome): object => ({
  testsuites: {
    '@name': `plumbline ${verb}`,
    ...numbersOf(suites.flatMap(({ cases }) => cases)),
    '@time': seconds(suites.reduce((sum, { durationMs }) => sum + durationMs, 0)),
    testsuite: suites.map(suiteOf),
  },
});

function numbersOf(cases: readonly Case[]): object {
  const { failed, error, skipped } = countsOf(cases);
  return {
    '@tests': String(cases.length),
    '@failures': String(failed),
    '@errors': String(error),
    '@skipped': String(skipped),
  };
}

const suiteOf = ({ name, startedAt, durationMs, cases, ...said }: Suite): object => ({
  '@name': readable(name),
  ...numbersOf(cases),
  '@time': seconds(durationMs),
  ...(startedAt ? { '@timestamp': startedAt.replace(/(\.\d+)?Z$/, '') } : {}),
  ...(factsAndNotes(said).length > 0
    ? {
        properties: {
          property: factsAndNotes(said).map(([fact, value]) => ({
            '@name': readable(fact),
            '@value': readable(value),
          })),
        },
      }
    : {}),
  // The checks of a table are one statement, so that none has a time of its own.
  testcase: cases.map((one) => ({
    '@classname': readable(one.place),
    '@name': readable(one.name),
    '@time': '0',
    ...outcomeOfCase(one),
  })),
});

function outcomeOfCase({ status, code, message, location }: Case): object {
  const words = readable(message);
  const place = location?.range ? `${location.path}:${location.range.start.line + 1}: ` : '';
  const body = { '@message': words, '@type': readable(code), '#text': readable(`${place}${message}`) };
  if (status === 'failed') return { failure: body };
  if (status === 'error') return { error: body };
  if (status === 'skipped') return { skipped: { '@message': words } };
  return status === 'warning' ? { 'system-out': readable(`warning: ${place}${message}`) } : {};
}

const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(3);
