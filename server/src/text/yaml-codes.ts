import type { ErrorCode } from 'yaml';

type Kebab<S extends string> = S extends `${infer Head}_${infer Rest}`
  ? `${Lowercase<Head>}-${Kebab<Rest>}`
  : Lowercase<S>;
type OwnCode = 'multiple-documents' | 'too-deep' | 'too-large' | 'too-many-aliases' | 'unknown-anchor' | 'unreadable';

/** Every code of a text that is no sound YAML, with what it means. Those of the parser are held to its own list by type. */
export const yamlCodes = {
  'yaml/alias-props': 'An alias has an anchor or a tag, which it cannot take.',
  'yaml/bad-alias': 'An anchor or alias has no name, or one that ends with a colon.',
  'yaml/bad-collection-type': 'A list or map does not fit its tag.',
  'yaml/bad-directive': 'A line that starts with `%` says something that YAML does not know.',
  'yaml/bad-dq-escape': 'A backslash inside double quotes begins no escape that YAML knows.',
  'yaml/bad-indent': 'A line is indented differently from its neighbours.',
  'yaml/bad-prop-order': 'An anchor or tag stands before the colon or dash instead of after it.',
  'yaml/bad-scalar-start': 'A value starts with a character that needs quotes.',
  'yaml/block-as-implicit-key': 'A second key or a list starts on a line that already has a key.',
  'yaml/block-in-flow': 'Indented lines stand inside brackets.',
  'yaml/duplicate-key': 'A key stands twice in one map; the last one counts.',
  'yaml/impossible': 'The text confuses the parser.',
  'yaml/key-over-1024-chars': 'A key is longer than 1,024 characters.',
  'yaml/missing-char': 'A closing bracket, a quote, a colon or a space is missing.',
  'yaml/multiline-implicit-key': 'A key runs over several lines: a colon or quotes are missing.',
  'yaml/multiple-anchors': 'A value has more than one anchor.',
  'yaml/multiple-docs': 'A further document starts where one was to be read.',
  'yaml/multiple-documents': 'The file holds several documents; only the first is read.',
  'yaml/multiple-tags': 'A value has more than one tag.',
  'yaml/non-string-key': 'A key is no text.',
  'yaml/resource-exhaustion': 'The text asks for more memory than reading it may take.',
  'yaml/tab-as-indent': 'A tab indents a line; YAML takes spaces only.',
  'yaml/tag-resolve-failed': 'A value does not fit its tag.',
  'yaml/too-deep': 'The text is nested more than 200 levels deep; what lies below is not read.',
  'yaml/too-large': 'The file has more than 4,000,000 characters and is not read.',
  'yaml/too-many-aliases': 'The aliases stand for more than 100,000 values.',
  'yaml/unexpected-token': 'Something stands where YAML expects something else.',
  'yaml/unknown-anchor': 'An alias names an anchor that does not stand before it.',
  'yaml/unreadable': 'The text cannot be read as YAML at all.',
} as const satisfies Readonly<Record<`yaml/${Kebab<ErrorCode> | OwnCode}`, string>>;
