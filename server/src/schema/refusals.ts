import type { ErrorObject } from 'ajv';
import { didYouMean, meantBy } from '../text/nearest';
import { entryOf, type Node, type Path, spelling, type Tree } from '../text/tree';
import { amount, capitalised, quotedList } from '../text/words';
import type { SchemaCode } from './codes';
import type { MissingKey, SchemaFinding } from './finding';
import type { JsonSchema, TypeName } from './json-schema';
import { objectSpan, type Place, placeOf, valueSpan } from './places';
import { exampleIn, typesOf, type Views } from './views';
import { labelOf, shown, typePhrase } from './words';

/** An object that lacks keys which the schema demands. */
export interface Lack {
  readonly place: Place;
  /** What the object is called, capitalised. */
  readonly noun: string;
  readonly keys: readonly MissingKey[];
}

/** What the validator refuses, but for keys that are not known: `keys.ts` judges those, since it can see what was meant. */
export function refusals(
  tree: Tree,
  errors: readonly ErrorObject[],
  viewsAt: (path: Path) => Views,
): { readonly findings: readonly SchemaFinding[]; readonly lacks: readonly Lack[] } {
  const own = errors
    .filter(isOwnBusiness)
    .map((error) => ({ tree, error, place: placeOf(tree.root, error.instancePath), viewsAt }));
  const findings = own.flatMap((refusal) => translations[refusal.error.keyword]?.(refusal) ?? []);
  return { findings: onePerValue(findings), lacks: lacksOf(own.filter(({ error }) => error.keyword === 'required')) };
}

/** The finding about keys that an object lacks: one for all of them. */
export const lackFinding = ({ place, noun, keys }: Lack): SchemaFinding => ({
  code: 'schema/missing-key',
  severity: 'error',
  message: `${noun} needs ${quotedList(
    keys.map(({ key }) => key),
    'and',
  )}.`,
  path: place.path,
  span: objectSpan(place),
  mend: { kind: 'add-keys', keys },
});

/** A refusal that has no translation, told in the validator's own words. */
export function untranslated(tree: Tree, error: ErrorObject): SchemaFinding {
  const place = placeOf(tree.root, error.instancePath);
  const message = `${labelOf(place.path)} is not as the schema demands: it ${error.message ?? 'is refused'}.`;
  return { code: 'schema/invalid', severity: 'error', message, path: place.path, span: valueSpan(tree, place) };
}

interface Refusal {
  readonly tree: Tree;
  readonly error: ErrorObject;
  readonly place: Place;
  readonly viewsAt: (path: Path) => Views;
}

type Translate = (refusal: Refusal) => SchemaFinding | readonly SchemaFinding[] | undefined;

/** The required keys of a choice are told by the choice itself. */
const isOwnBusiness = ({ schemaPath }: ErrorObject): boolean => !/\/oneOf\/\d+\//.test(schemaPath);

const translations: Readonly<Record<string, Translate>> = {
  type: wrongType,
  enum: notAllowed,
  const: notAllowed,
  format: wrongFormat,
  pattern: (refusal) => told(refusal, 'schema/format', `must match ${refusal.error.params.pattern}`),
  oneOf: choice,
  minimum: outOfRange,
  maximum: outOfRange,
  exclusiveMinimum: outOfRange,
  exclusiveMaximum: outOfRange,
  minItems: (refusal) => told(refusal, 'schema/length', `must have at least ${entries(refusal, 'entry', 'entries')}`),
  maxItems: (refusal) => told(refusal, 'schema/length', `must have at most ${entries(refusal, 'entry', 'entries')}`),
  minLength: (refusal) => told(refusal, 'schema/length', `must have at least ${entries(refusal, 'character')}`),
  maxLength: (refusal) => told(refusal, 'schema/length', `must have at most ${entries(refusal, 'character')}`),
  minProperties: (refusal) => told(refusal, 'schema/length', `must have at least ${entries(refusal, 'key')}`),
  maxProperties: (refusal) => told(refusal, 'schema/length', `must have at most ${entries(refusal, 'key')}`),
  uniqueItems: repeatedEntry,
};

const schemaOfError = ({ parentSchema }: ErrorObject): JsonSchema => (parentSchema ?? {}) as JsonSchema;

/** A finding about a value: the schema's own sentence when it has one, else the label and `predicate`. */
function told(refusal: Refusal, code: SchemaCode, predicate: string): SchemaFinding {
  const { tree, error, place } = refusal;
  const own = schemaOfError(error).messages?.[error.keyword];
  const value = place.node?.kind === 'scalar' ? `, not ${shown(place.node, tree)}` : '';
  const message = own ?? `${labelOf(place.path)} ${predicate}${value}.`;
  return { code, severity: 'error', message, path: place.path, span: valueSpan(tree, place) };
}

const isEmpty = (node: Node | undefined): boolean => node?.kind === 'scalar' && node.value === null;

function wrongType(refusal: Refusal): SchemaFinding {
  const { error, place, tree } = refusal;
  const wanted = typesOf({ type: error.params.type });
  const phrase = typePhrase(wanted);
  const own = schemaOfError(error).messages?.type;
  const message = own ?? `${labelOf(place.path)} ${typePredicate(place.node, tree, phrase)}.`;
  const suggestions = conversions(place.node, tree, wanted).filter((value) => fitsPattern(value, error));
  return {
    code: 'schema/wrong-type',
    severity: 'error',
    message,
    path: place.path,
    span: valueSpan(tree, place),
    ...(suggestions.length > 0 && { mend: { kind: 'replace-value', suggestions } }),
  };
}

function typePredicate(node: Node | undefined, tree: Tree, phrase: string): string {
  if (isEmpty(node)) return `has no value; it must be ${phrase}`;
  const hint = phrase === 'text' && node?.kind === 'scalar' ? `; write it in quotes` : '';
  return `must be ${phrase}, not ${shown(node, tree)}${hint}`;
}

/** Quotes alone do not make a condition of a number. */
const fitsPattern = (value: unknown, error: ErrorObject): boolean => {
  const { pattern } = schemaOfError(error);
  return typeof value !== 'string' || pattern === undefined || new RegExp(pattern, 'u').test(value);
};

const yes = ['yes', 'y', 'on', 'true', '1'];
const no = ['no', 'n', 'off', 'false', '0'];

/** What the value would be in a type that is wanted. */
function conversions(node: Node | undefined, tree: Tree, wanted: readonly TypeName[]): readonly unknown[] {
  if (node?.kind !== 'scalar' || node.value === null) return [];
  const word = String(node.value).trim().toLowerCase();
  if (wanted.includes('boolean') && [...yes, ...no].includes(word)) return [yes.includes(word)];
  const isNumber = typeof node.value === 'string' && word !== '' && Number.isFinite(Number(word));
  if (isNumber && wanted.includes('number')) return [Number(word)];
  if (isNumber && wanted.includes('integer') && Number.isInteger(Number(word))) return [Number(word)];
  if (wanted.includes('string') && typeof node.value !== 'string') return [spelling(tree, node)];
  return [];
}

/** Lists longer than this are not read out in a message. */
const mostListed = 10;

function notAllowed(refusal: Refusal): SchemaFinding {
  const { error, place, tree } = refusal;
  const allowed = (error.keyword === 'const' ? [error.params.allowedValue] : error.params.allowedValues).map(String);
  const word = place.node?.kind === 'scalar' && place.node.value !== null ? String(place.node.value) : '';
  const suggestions = suggestionsFor(word, allowed, schemaOfError(error).aliases);
  const value = shown(place.node, tree);
  const likely = suggestions.length === 0 && allowed.length === 1 ? allowed : suggestions;
  return {
    code: 'schema/not-allowed-value',
    severity: 'error',
    message: `${labelOf(place.path)} ${allowedPredicate(place.node, value, allowed, suggestions)}`,
    path: place.path,
    span: valueSpan(tree, place),
    ...(likely.length > 0 && { mend: { kind: 'replace-value', suggestions: likely } }),
  };
}

/** What the word is often written for, else the nearest words. */
function suggestionsFor(
  word: string,
  allowed: readonly string[],
  aliases: JsonSchema['aliases'] = {},
): readonly string[] {
  const meant = Object.hasOwn(aliases, word) ? aliases[word] : undefined;
  return meant && allowed.includes(meant) ? [meant] : meantBy(word, allowed);
}

function allowedPredicate(
  node: Node | undefined,
  value: string,
  allowed: readonly string[],
  suggestions: readonly string[],
): string {
  const isLong = allowed.length > mostListed;
  const choices = isLong
    ? `one of ${allowed
        .slice(0, 3)
        .map((word) => `"${word}"`)
        .join(', ')} and ${allowed.length - 3} more`
    : `${allowed.length > 1 ? 'one of ' : ''}${quotedList(allowed, 'or')}`;
  if (isEmpty(node)) return `has no value; it must be ${choices}.`;
  if (suggestions.length === 0 || allowed.length === 1) return `must be ${choices}, not ${value}.`;
  const refusal = isLong ? `cannot be ${value}.` : `must be ${choices}, not ${value}.`;
  return `${refusal}${didYouMean(suggestions)}`;
}

const formats: Readonly<Record<string, string>> = {
  date: 'a date such as 2024-01-31',
  'date-time': 'a point in time such as 2024-01-31T08:30:00Z',
  uri: 'an address with its scheme, such as https://example.org/data',
};

/** An address is often a template or a path that the schema's strict reading refuses, yet every tool reads. */
const lenientFormats: ReadonlySet<string> = new Set(['uri']);

function wrongFormat(refusal: Refusal): SchemaFinding {
  const format: string = refusal.error.params.format;
  const finding = told(refusal, 'schema/format', `must be ${formats[format] ?? `a valid ${format}`}`);
  return lenientFormats.has(format) ? { ...finding, severity: 'warning' } : finding;
}

const comparisons: Readonly<Record<string, string>> = {
  minimum: 'at least',
  maximum: 'at most',
  exclusiveMinimum: 'greater than',
  exclusiveMaximum: 'less than',
};

function outOfRange(refusal: Refusal): SchemaFinding {
  const { keyword, params } = refusal.error;
  return told(refusal, 'schema/out-of-range', `must be ${comparisons[keyword]} ${params.limit}`);
}

const entries = ({ error }: Refusal, one: string, many?: string): string => amount(error.params.limit, one, many);

/** Shown on the later of the two entries that are equal. */
function repeatedEntry(refusal: Refusal): SchemaFinding {
  const finding = told(refusal, 'schema/repeated-entry', 'names the same entry twice');
  const { node } = refusal.place;
  const later = node?.kind === 'list' ? node.items[refusal.error.params.i] : undefined;
  return later
    ? { ...finding, span: valueSpan(refusal.tree, { path: finding.path, node: later, entry: undefined }) }
    : finding;
}

const nounAt = ({ viewsAt, place }: Refusal): string =>
  capitalised(viewsAt(place.path).taken.findLast(({ noun }) => noun)?.noun ?? labelOf(place.path));

/** One lack for each object, whichever branches of the schema demand its keys. */
function lacksOf(required: readonly Refusal[]): readonly Lack[] {
  const lacks = new Map<string, { place: Place; noun: string; keys: Map<string, MissingKey> }>();
  for (const refusal of required) {
    const { error, place, viewsAt } = refusal;
    const lack = lacks.get(error.instancePath) ?? { place, noun: nounAt(refusal), keys: new Map() };
    const key: string = error.params.missingProperty;
    lack.keys.set(key, { key, value: exampleIn(viewsAt([...place.path, key])) });
    lacks.set(error.instancePath, lack);
  }
  return [...lacks.values()].map((lack) => ({ ...lack, keys: [...lack.keys.values()] }));
}

/** A `oneOf` of required keys: none of them is there, or more than one. */
function choice(refusal: Refusal): readonly SchemaFinding[] {
  const { error, place } = refusal;
  if (place.node?.kind !== 'map') return [];
  const schema = schemaOfError(error);
  const what = schema.choice ?? 'key';
  const keys = (schema.oneOf ?? []).flatMap(({ required }) => required ?? []);
  const present = keys.flatMap((key) => entryOf(place.node, key) ?? []);
  present.sort((a, b) => a.key.span.start - b.key.span.start);
  const [first, ...others] = present;
  if (!first) {
    const message = `${nounAt(refusal)} needs one ${what} such as "${keys[0]}".`;
    return [
      {
        code: 'schema/missing-key',
        severity: 'error',
        message,
        path: place.path,
        span: objectSpan(place),
        mend: { kind: 'choose-key', keys },
      },
    ];
  }
  return others.map(({ key }) => ({
    code: 'schema/key-conflict',
    severity: 'error',
    message: `${nounAt(refusal)} takes only one ${what}, and "${first.key.value}" stands here already.`,
    path: [...place.path, String(key.value)],
    span: key.span,
    mend: { kind: 'remove-key', key: String(key.value) },
  }));
}

const order: readonly SchemaCode[] = ['schema/not-allowed-value', 'schema/wrong-type'];

/** Of several refusals of one value the one that says most. A choice that is not made is no refusal of a value. */
function onePerValue(findings: readonly SchemaFinding[]): readonly SchemaFinding[] {
  const kept = new Map<string, SchemaFinding>();
  for (const finding of findings) {
    const place = JSON.stringify([finding.path, finding.code === 'schema/missing-key']);
    const before = kept.get(place);
    if (!before || rank(finding) < rank(before)) kept.set(place, finding);
  }
  return [...kept.values()];
}

const rank = ({ code }: SchemaFinding): number => (order.includes(code) ? order.indexOf(code) : order.length);
