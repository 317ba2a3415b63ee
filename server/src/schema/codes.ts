/** Every code of a schema finding, with what it means: a line of the reference each. */
export const schemaCodes = {
  'schema/unknown-key': 'A key that the format does not know here: misspelt, or at the wrong place.',
  'schema/missing-key': 'A key is missing that the format demands.',
  'schema/key-conflict': 'Two keys stand together of which only one may be there, such as two operators in one rule.',
  'schema/wrong-type': 'A value of another kind than the format demands, such as text instead of true or false.',
  'schema/not-allowed-value': 'A value that is not in the closed list of those allowed.',
  'schema/format': 'Text that is not written as the format demands: a date, an address, an id, a reference.',
  'schema/out-of-range': 'A number outside its bounds.',
  'schema/length': 'A list, text or object with too few or too many entries.',
  'schema/repeated-entry': 'A list that names the same entry twice.',
  'schema/deprecated': 'A key that still works and will go away.',
  'schema/needs-newer-version':
    'The file uses keys or values of a later version than the one it says it is written in.',
  'schema/invalid': 'The schema refuses the file for a reason that has no better name.',
} as const satisfies Readonly<Record<string, string>>;

export type SchemaCode = keyof typeof schemaCodes;

/** How bad a code is where it is not always an error, in words. */
export const schemaSeverities: Readonly<Partial<Record<SchemaCode, string>>> = {
  'schema/unknown-key': 'error, or warning where the version allows more keys',
  'schema/missing-key': 'error, or warning for a key that is only recommended',
  'schema/format': 'error, or warning for an address',
  'schema/deprecated': 'info',
  'schema/needs-newer-version': 'error or warning, as what the version refuses',
};
