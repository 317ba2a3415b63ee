import { repository } from '../../../package.json';

/** Codes of documents that hold nothing, with what they mean. */
export const emptyCodes = {
  'contract/empty': 'The file is named as a contract and holds nothing.',
  'manifest/empty': 'The file is named as an experiment manifest and holds nothing.',
} as const satisfies Readonly<Record<string, string>>;

/** Codes of monitors, of manifests and of other systems' files. */
export const monitorCodes = {
  'monitor/not-run':
    'A monitor, or a part of it, is not run as it stands: its data lie elsewhere, or it asks for what Plumbline does not measure.',
} as const satisfies Readonly<Record<string, string>>;

/** The name of a code's line in the reference of the README. */
export const anchorOf = (code: string): string => code.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');

/** The address of a code's line in the reference. */
export const referenceOf = (code: string): string =>
  `${repository.url}#${isExpectation(code) ? 'suites-of-great-expectations' : anchorOf(code)}`;

/** The types of Great Expectations share one section. */
const isExpectation = (code: string): boolean => /^check\/(un)?expect/.test(code);
