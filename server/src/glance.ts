/** What a file is to us. */
export type OurKind = 'contract' | 'manifest' | 'monitor';

/** What tells a file of ours before any parser has looked at it. */
interface Glance {
  readonly kind: OurKind;
  /** Of its path. */
  readonly name?: RegExp;
  /** What stands in it, mostly at its top. With a name, both have to fit. */
  readonly text?: RegExp;
}

/** The first that fits counts. */
const glances: readonly Glance[] = [
  { kind: 'contract', name: /\.odcs\.(ya?ml|json)$/i },
  { kind: 'manifest', name: /\.experiment\.(ya?ml|json)$/i },
  { kind: 'contract', text: /^[\s{]*"?kind"?\s*:\s*["']?DataContract\b/m },
  { kind: 'manifest', text: /^[\s{]*"?kind"?\s*:\s*["']?Experiment\b/m },
  // A signal of data quality beside those of drift.
  { kind: 'contract', text: /^\s*["']?monitoring_signals["']?\s*:[\s\S]*\btype["']?\s*:\s*["']?data_quality\b/m },
  { kind: 'contract', text: /^(\s*\{?\s*"dataContractSpecification"|'?dataContractSpecification'?)\s*:/m },
  { kind: 'monitor', text: /^\s*["']?monitoring_signals["']?\s*:/m },
  // A suite of Great Expectations, of 0.18 or 1.x.
  { kind: 'contract', text: /"expectation_(suite_name|type)"\s*:|"type"\s*:\s*"expect_|"expectations"\s*:\s*\[/ },
  // A schema of TensorFlow Data Validation.
  { kind: 'contract', name: /\.(pbtxt|textproto)$/i, text: /^\s*(feature|string_domain)\s*:?\s*\{/m },
  // Properties of dbt: other tools have a version 2 too, and some have models.
  {
    kind: 'contract',
    name: /\.ya?ml$/i,
    text: /^version\s*:\s*["']?2\b[\s\S]*?^(models|sources|seeds|snapshots)\s*:|^(models|sources|seeds|snapshots)\s*:[\s\S]*?^version\s*:\s*["']?2\b/m,
  },
  // Checks of Soda by their section, or a contract of Soda by the dataset that it is for.
  {
    kind: 'contract',
    name: /\.ya?ml$/i,
    text: /^["']?checks for\s+[^\n]+:\s*$|^dataset\s*:[ \t]*\S[\s\S]*?^(columns|checks)\s*:|^(columns|checks)\s*:[\s\S]*?^dataset\s*:[ \t]*\S/m,
  },
  // A data package, resource or table schema of Frictionless, by its name and its first keys.
  { kind: 'contract', name: /datapackage\.(json|ya?ml)$/i, text: /\bresources["']?\s*:/ },
  { kind: 'contract', name: /resource\.(json|ya?ml)$/i, text: /\b(path|fields)["']?\s*:/ },
  { kind: 'contract', name: /(schema\.(json|ya?ml)|table-?schema)$/i, text: /\bfields["']?\s*:/ },
  // A JSON Schema of records: others are left alone.
  { kind: 'contract', name: /\.record\.schema\.(json|ya?ml)$/i, text: /\bproperties["']?\s*:/ },
  // A schema of pandera.
  { kind: 'contract', text: /^[\s{]*["']?schema_type["']?\s*:\s*["']?dataframe\b/m },
  { kind: 'monitor', name: /\.pbtxt$/i },
  // SageMaker's constraints, which are a monitor too.
  { kind: 'contract', text: /"inferred_type"\s*:/ },
  { kind: 'monitor', text: /\binferred_type\b|(skew|drift|attribution)_?(spec|threshold)/i },
];

/**
 * Whether a file may be one of ours, by its name and by what can be seen without reading it: cheap enough for every text
 * that an editor opens. What it says yes to is then read by its parser, which decides (`workspace/document.ts`).
 */
export const glanceOf = (path: string, text: string): OurKind | undefined =>
  glances.find(({ name, text: sign }) => (name?.test(path) ?? true) && (sign?.test(text) ?? true))?.kind;
