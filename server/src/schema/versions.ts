import { at, entryOf, type Path, stringOf, type Tree } from '../text/tree';
import { quotedList } from '../text/words';
import { newerThan, versionOf } from './catalog';
import type { SchemaFinding } from './finding';
import { objectSpan, placeOf, valueSpan } from './places';

/** What schema `id` finds wrong with the tree, versions aside. */
export type Judge = (tree: Tree, id: string) => readonly SchemaFinding[];

/**
 * The findings, where those that a newer version would not make are gathered into one on the file's `apiVersion`: the
 * words are right, the version is not.
 */
export function withVersion(
  tree: Tree,
  id: string,
  own: readonly SchemaFinding[],
  judge: Judge,
): readonly SchemaFinding[] {
  const version = entryOf(tree.root, 'apiVersion');
  if (!version || own.some(({ path }) => path[0] === 'apiVersion')) return own;
  const best = newerThan(id)
    .map((newer) => ({ newer, explained: explainedBy(judge(tree, newer), own) }))
    .reduce<Explanation | undefined>((a, b) => (b.explained.length > (a?.explained.length ?? 0) ? b : a), undefined);
  const newVersion = best && versionOf(best.newer);
  if (!best || !newVersion) return own;
  const words = [...new Set(best.explained.flatMap((finding) => wordsOf(finding, tree)))];
  const place = placeOf(tree.root, '/apiVersion');
  const finding: SchemaFinding = {
    code: 'schema/needs-newer-version',
    severity: best.explained.some(({ severity }) => severity === 'error') ? 'error' : 'warning',
    message: `${subject(words)} ${newVersion}, but this file says ${stringOf(version.value) ?? 'another version'}.`,
    path: ['apiVersion'],
    span: version.value.kind === 'scalar' ? valueSpan(tree, place) : objectSpan(place),
    mend: { kind: 'replace-value', suggestions: [newVersion] },
  };
  const explained = new Set(best.explained);
  return [finding, ...own.filter((it) => !explained.has(it))];
}

interface Explanation {
  readonly newer: string;
  readonly explained: readonly SchemaFinding[];
}

const mostNamed = 3;

function subject(words: readonly string[]): string {
  if (words.length <= mostNamed) return `${quotedList(words, 'and')} ${words.length === 1 ? 'needs' : 'need'}`;
  const named = words.slice(0, mostNamed).map((word) => `"${word}"`);
  return `${named.join(', ')} and ${words.length - mostNamed} more need`;
}

/** Our findings that the newer version does not make, as far as its words are what they are about. */
function explainedBy(newer: readonly SchemaFinding[], own: readonly SchemaFinding[]): SchemaFinding[] {
  const stillWrong = new Set(newer.map(({ path }) => JSON.stringify(path)));
  const gone = own.filter(({ path }) => !stillWrong.has(JSON.stringify(path)));
  const words = gone.filter(isOfVersion);
  const objects = new Set(words.map(({ path }) => JSON.stringify(path.slice(0, -1))));
  const lacks = gone.filter(({ code, path }) => code === 'schema/missing-key' && objects.has(JSON.stringify(path)));
  const isError = ({ severity }: SchemaFinding): boolean => severity === 'error';
  return [...words.filter(isError), ...lacks, ...words.filter((finding) => !isError(finding))];
}

/** A value that only has to be spelt or written otherwise is a slip more often than a wish for the newer version. */
function isOfVersion({ code, mend }: SchemaFinding): boolean {
  if (code === 'schema/unknown-key') return true;
  return (code === 'schema/not-allowed-value' || code === 'schema/wrong-type') && mend === undefined;
}

/** The key or value that the newer version knows. */
function wordsOf({ code, path }: SchemaFinding, tree: Tree): readonly string[] {
  if (code === 'schema/missing-key') return [];
  const value = stringOf(at(tree.root, path));
  return [code === 'schema/not-allowed-value' && value !== undefined ? value : lastKey(path)];
}

const lastKey = (path: Path): string => String(path.findLast((step) => typeof step === 'string') ?? '');
