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
