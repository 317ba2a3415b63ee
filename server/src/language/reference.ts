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

/** Codes of contracts that have changed since the commit that they are compared with, each with its severity. */
export const changeCodes = {
  'contract/breaking-change': [
    'warning',
    'What has changed here since the branch left the main one, or since the revision of `plumbline.contract.compareWith`, breaks readers of the data, and the version does not say so yet; see [changes of contracts](#changes-of-contracts). In a file that has no version it is an information.',
  ],
  'contract/version-behind': [
    'info',
    'The contract has or promises more than at the commit that it is compared with, and its version does not say so yet.',
  ],
} as const satisfies Readonly<Record<string, readonly [severity: string, text: string]>>;
