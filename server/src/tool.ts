import { dependencies, repository, version } from '../../package.json';
import type { Tool } from './protocol';

/** What every report says of the program that made it. */
export const TOOL: Tool = { name: 'plumbline', version };

/** The engine that a worker loads, for reports on one that cannot say it any more. Its package adds `-r.N` for its own releases. */
export const ENGINE = { name: 'duckdb', version: dependencies['@duckdb/node-api'].replace(/-r\.\d+$/, '') } as const;

/** The name of a code's line in the reference of the README. */
export const anchorOf = (code: string): string => code.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');

/** The address of a code's line in the reference. */
export const referenceOf = (code: string): string =>
  `${repository.url}#${isExpectation(code) ? 'suites-of-great-expectations' : anchorOf(code)}`;

/** The types of Great Expectations share one section. */
const isExpectation = (code: string): boolean => /^check\/(un)?expect/.test(code);
