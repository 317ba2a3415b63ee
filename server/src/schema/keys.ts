import { didYouMean, meantBy } from '../text/nearest';
import { type Entry, entryOf, type MapNode, type Node, type Path, type Tree } from '../text/tree';
import type { SchemaFinding } from './finding';
import type { JsonSchema } from './json-schema';
import { objectSpan } from './places';
import { discriminatorsOf, exampleIn, propertyOf, stepInto, type Views, viewsOf } from './views';

/** Whether something is already said about the value of a key, or about its absence. */
export type IsTold = (object: Path, key: string) => boolean;

/**
 * What is wrong with the keys themselves, whatever their values: unknown, at the wrong place, or deprecated. A key that
 * another branch of the schema knows is not told where the choice of the branch is itself told to be wrong.
 */
export function keyFindings(root: JsonSchema, tree: Tree, isTold: IsTold): readonly SchemaFinding[] {
  const findings: SchemaFinding[] = [];
  const silent = silentBelow(root);
  let told = 0;
  const visit = (node: Node | undefined, views: Views, path: Path, above: Above | undefined): void => {
    if (!node || node.kind === 'scalar' || views.taken.length === 0) return;
    if (node.kind === 'list') {
      node.items.forEach((item, index) => {
        if (isSame(silent.get(item), views.taken)) return;
        const before = told;
        visit(item, stepInto(root, views, index, item), [...path, index], { views, step: index });
        if (told === before && item.kind === 'map') silent.set(item, views.taken);
      });
      return;
    }
    const here: Here = { root, node, views, path, above, isTold };
    const unknown = unknownEntries(here);
    const own = [...unknownIn(here, unknown), ...recommendedIn(here)];
    findings.push(...own);
    told += unknown.length + own.length;
    for (const entry of node.entries) {
      const key = String(entry.key.value);
      const below = stepInto(root, views, key, entry.value);
      const deprecated = deprecatedIn(entry, below, here);
      findings.push(...deprecated);
      told += deprecated.length;
      visit(entry.value, below, [...path, key], { views, entry, step: key });
    }
  };
  visit(tree.root, viewsOf(root, [root], tree.root), [], undefined);
  return findings;
}

interface Above {
  readonly views: Views;
  readonly entry?: Entry;
  readonly step: string | number;
}

interface Here {
  readonly root: JsonSchema;
  readonly node: MapNode;
  readonly views: Views;
  readonly path: Path;
  readonly above: Above | undefined;
  readonly isTold: IsTold;
}

const isClosed = (schema: JsonSchema): boolean =>
  schema.additionalProperties === false || schema.unevaluatedProperties === false;

/**
 * Items of lists of which nothing was to tell, whatever is told elsewhere, with the schemas of their list: as these alone
 * decide on that, nothing is to tell of them again. Kept for each schema, since a file may be held against several.
 */
const silences = new WeakMap<JsonSchema, WeakMap<Node, readonly JsonSchema[]>>();

function silentBelow(root: JsonSchema): WeakMap<Node, readonly JsonSchema[]> {
  const silent = silences.get(root) ?? new WeakMap<Node, readonly JsonSchema[]>();
  silences.set(root, silent);
  return silent;
}

const isSame = (one: readonly JsonSchema[] | undefined, other: readonly JsonSchema[]): boolean =>
  one?.length === other.length && one.every((schema, index) => schema === other[index]);

function unknownEntries({ node, views: { taken } }: Here): readonly Entry[] {
  const isOpen = !taken.some((schema) => isClosed(schema) || schema.unknownKeys);
  return isOpen ? [] : node.entries.filter(({ key }) => !isKnown(taken, String(key.value)));
}

function unknownIn(here: Here, unknown: readonly Entry[]): readonly SchemaFinding[] {
  if (unknown.length === 0) return [];
  const severity = here.views.taken.some(isClosed) ? 'error' : 'warning';
  const branches = otherBranches(here);
  const misplaced = unknown.filter(({ key }) => isMisplaced(here, branches, String(key.value)));
  return [
    ...unknown.filter((entry) => !misplaced.includes(entry)).map((entry) => unknownKey(here, entry)),
    ...misplacedKeys(here, misplaced, branches),
  ].map((finding) => ({ ...finding, severity }));
}

const isKnown = (taken: readonly JsonSchema[], key: string): boolean =>
  taken.some((schema) => propertyOf(schema, key) ?? typeof schema.additionalProperties === 'object');

/** Branches that this object or the one that holds it did not choose, as they would be here. */
function otherBranches({ root, views, above }: Here): readonly JsonSchema[] {
  if (!above) return views.rejected;
  const beside = stepInto(root, { taken: above.views.rejected, rejected: [] }, above.step, undefined);
  return [...views.rejected, ...beside.taken];
}

const isMisplaced = ({ views }: Here, branches: readonly JsonSchema[], key: string): boolean =>
  branches.some((branch) => propertyOf(branch, key)) || views.taken.some(({ misplaced }) => hintFor(misplaced, key));

const hintFor = (hints: JsonSchema['misplaced'], key: string) => hints?.find(({ keys }) => keys.includes(key));

const nounOf = ({ taken }: Views): string => taken.findLast(({ noun }) => noun)?.noun ?? 'this object';

function unknownKey(here: Here, entry: Entry): SchemaFinding {
  const key = String(entry.key.value);
  const present = new Set(here.node.entries.map(({ key: other }) => String(other.value)));
  const alias = here.views.taken.map(({ aliases }) => aliases && Object.hasOwn(aliases, key) && aliases[key]);
  const known = new Set(here.views.taken.flatMap(({ properties }) => Object.keys(properties ?? {})));
  const free = [...known].filter((candidate) => !present.has(candidate));
  const suggestions = [
    ...new Set([...alias.filter((it) => it && free.includes(it)), ...meantBy(key, free)]),
  ] as string[];
  const message = `"${key}" is not a key of ${nounOf(here.views)}.${didYouMean(suggestions)}`;
  return finding(here, entry, message, suggestions);
}

/** The keys of other branches. A sentence of the schema speaks for all of them at once. */
function misplacedKeys(
  here: Here,
  entries: readonly Entry[],
  branches: readonly JsonSchema[],
): readonly SchemaFinding[] {
  const deciding = [...discriminatorsOf(here.views.taken)];
  if (deciding.some((key) => here.isTold(here.path, key))) return [];
  const hints = here.views.taken.flatMap(({ misplaced }) => misplaced ?? []);
  for (const { keys, message, use } of hints) {
    const entry = entries.find(({ key }) => keys.includes(String(key.value)));
    if (entry) return [finding(here, entry, message, use ? [use] : [])];
  }
  return entries.map((entry) => finding(here, entry, misplacedMessage(here, String(entry.key.value), branches), []));
}

function misplacedMessage({ views }: Here, key: string, branches: readonly JsonSchema[]): string {
  const owners = [...new Set(branches.filter((branch) => propertyOf(branch, key)).flatMap(({ noun }) => noun ?? []))];
  const among = owners.length > 0 && owners.length <= 2 ? `, but of ${owners.join(' and ')}` : '';
  return `"${key}" is not a key of ${nounOf(views)}${among}.`;
}

const finding = ({ path }: Here, { key }: Entry, message: string, suggestions: readonly string[]): SchemaFinding => ({
  code: 'schema/unknown-key',
  severity: 'error',
  message,
  path: [...path, String(key.value)],
  span: key.span,
  mend: { kind: 'rename-key', unknownKey: String(key.value), suggestions },
});

function recommendedIn({ root, node, views, path, above }: Here): readonly SchemaFinding[] {
  return views.taken.flatMap(({ recommended, messages }) =>
    (recommended ?? [])
      .filter((key) => !entryOf(node, key))
      .map((key) => ({
        code: 'schema/missing-key',
        severity: 'warning',
        message: messages?.recommended ?? `"${key}" should be named here.`,
        path,
        span: objectSpan({ path, node, entry: above?.entry }),
        mend: { kind: 'add-keys', keys: [{ key, value: exampleIn(stepInto(root, views, key, undefined)) }] },
      })),
  );
}

function deprecatedIn({ key }: Entry, { taken }: Views, { path, node }: Here): readonly SchemaFinding[] {
  const schema = taken.find(({ deprecated }) => deprecated);
  if (!schema) return [];
  const name = String(key.value);
  const { replacedBy } = schema;
  const instead = replacedBy ? `; write "${replacedBy}" instead` : '';
  return [
    {
      code: 'schema/deprecated',
      severity: 'info',
      message: schema.messages?.deprecated ?? `"${name}" is deprecated${instead}.`,
      path: [...path, name],
      span: key.span,
      ...(replacedBy && {
        mend: entryOf(node, replacedBy)
          ? { kind: 'remove-key', key: name }
          : { kind: 'rename-key', unknownKey: name, suggestions: [replacedBy] },
      }),
    },
  ];
}
