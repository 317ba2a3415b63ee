import { dirname } from 'node:path';
import type { Entry, Node, Path, ScalarNode, Span } from '../../text/tree';
import type { Document } from '../../workspace/document';
import type { Found, Names, Role } from './names';
import type { Subject } from './subject';
import { codeLanguages, type Literal, literalsIn } from './syntax';

/** A place in a text that names something of the workspace. */
export interface Mention extends Found {
  /** Without quotes. */
  readonly span: Span;
}

/** Texts of more UTF-16 units are not looked at: nobody reads them. */
const LONGEST_CODE = 2_000_000;
const LONGEST_TREE = 500_000;

/** More than this in one text is generated, and nobody hovers it. */
const MOST = 5000;

/** Aliases of YAML can make a short text a large tree. */
const MOST_NODES = 200_000;

const isCode = new Set(codeLanguages);
const isTree = new Set(['yaml', 'json', 'jsonc', 'dockercompose']);

/** Whether texts of the language are looked at. */
export const mayMention = (language: string): boolean => isCode.has(language) || isTree.has(language);

/** What a document names, in the order of its text; nothing for a language that is not looked at. */
export function mentionsIn(document: Document, language: string, names: Names): readonly Mention[] {
  const { text, path } = document;
  const folder = dirname(path);
  if (isCode.has(language)) return text.length > LONGEST_CODE ? [] : inCode(text, language, { names, folder });
  return !isTree.has(language) || text.length > LONGEST_TREE ? [] : inTree(document, { names, folder });
}

/** Where words are looked up, and what paths may be relative to. */
interface Context {
  readonly names: Names;
  readonly folder: string;
}

// ---------------------------------------------------------------------------------------------------------------- code

/** What a plain word is meant to name after these words; the last group holds the keys that it stands below. */
const meanings: readonly (readonly [Role, RegExp])[] = [
  [
    'run',
    /(?<![a-z])(?:(?:run_?id|run_?name|get_run|start_run)\s*[=(:]|--run-(?:id|name)[=\s]|dvc\s+exp\s+\w+\s)\s*$/i,
  ],
  [
    'experiment',
    /(?<![a-z])(?:(?:(?:set|create)_experiment|experiment_by_name|experiment(?:_?name)?|project)\s*[=(:]|--experiment-name[=\s])\s*$/i,
  ],
  [
    'model',
    /(?<![a-z])(?:(?:registered_)?model_name\s*=|(?:get_registered_model|get_model_version(?:_by_alias)?|get_latest_versions|register_model\([^(),]*,)\s*\(?)\s*$/i,
  ],
  ['stage', /\bdvc\s+(?:repro|status|freeze|unfreeze)(?:\s+-\S+)*\s+$/],
  ['image', /^\s*FROM\s+(?:--platform=\S+\s+)?$/im],
  [
    'parameter',
    /(?<![a-z])(?:log_param|(?:hyper|h)?param(?:eter)?s?|config|cfg)(?:\.get)?\s*((?:\[\s*["'][^"'\]]*["']\s*\]\s*)*)[([]\s*$/i,
  ],
];

/** How far before a word its meaning is looked for. UTF-16 units. */
const REACH = 120;

const aStatement = /^\s*(?:select|with|from|copy|create|insert|describe|summarize)\b/i;

function inCode(text: string, language: string, context: Context): readonly Mention[] {
  const mentions: Mention[] = [];
  for (const literal of literalsIn(text, language)) {
    if (mentions.length >= MOST) break;
    const found = inLiteral(text, literal, context);
    if (found) mentions.push({ span: literal.span, ...found });
    else if (literal.quoted && language !== 'sql') mentions.push(...inStatement(text, literal, context));
  }
  return mentions;
}

function inLiteral(text: string, { span: { start, end }, quoted }: Literal, { names, folder }: Context) {
  const written = text.slice(start, end);
  return names.named(written, folder) ?? meantAt(text, start, written, quoted, names);
}

/** A word that names something only because of what stands before it. */
function meantAt(text: string, start: number, word: string, quoted: boolean, names: Names): Found | undefined {
  if (!names.isWord(word)) return undefined;
  const reach = text.slice(Math.max(0, start - REACH), start);
  const before = quoted ? reach.replace(/[rbfu]{0,2}(?:"""|'''|["'])\(?$/i, '') : reach;
  for (const [role, pattern] of meanings) {
    const match = pattern.exec(before);
    if (!match) continue;
    const keys = [...(match[1] ?? '').matchAll(/["']([^"']*)["']/g)].map(([, key = '']) => key);
    const found = names.meant(role, [...keys, word].join('.')) ?? names.meant(role, word);
    if (found) return found;
  }
  return undefined;
}

/** A query in a string of another language names its data too. */
function inStatement(text: string, { span: { start, end } }: Literal, context: Context): readonly Mention[] {
  const written = text.slice(start, end);
  if (!aStatement.test(written)) return [];
  return inCode(written, 'sql', context).map(({ span, ...found }) => ({
    ...found,
    span: { start: span.start + start, end: span.end + start },
  }));
}

// ---------------------------------------------------------------------------------------------------------------- trees

/** Keys of any file whose value is meant to be one of ours, though it may be a plain word. */
const meantByKey: Readonly<Record<string, Role>> = {
  image: 'image',
  run_id: 'run',
  experiment_name: 'experiment',
  registered_model_name: 'model',
};

/** The same of manifests, by the whole path; `*` is any index. */
const meantInManifest: Readonly<Record<string, readonly Role[]>> = {
  'code.commit': ['commit'],
  'approvals.*.commit': ['commit'],
  'runs.*.id': ['run'],
  'runs.*.rev': ['run', 'commit'],
  'model.name': ['model'],
  'environment.image': ['image'],
};

/** Keys whose value is a command of a shell. */
const isCommand = new Set(['cmd', 'run', 'command', 'entrypoint', 'script', 'args']);

function inTree(document: Document, context: Context): readonly Mention[] {
  const mentions: Mention[] = [];
  // Without recursion, so that no depth is too much.
  const open: { readonly node: Node; readonly path: Path }[] = document.tree.root
    ? [{ node: document.tree.root, path: [] }]
    : [];
  let left = MOST_NODES;
  for (let here = open.pop(); here && mentions.length < MOST && left-- > 0; here = open.pop()) {
    const { node, path } = here;
    if (node.kind === 'scalar') mentions.push(...inScalar(document, node, path, context));
    else if (node.kind === 'list')
      for (const [index, item] of node.items.entries()) open.push({ node: item, path: [...path, index] });
    else
      for (const entry of node.entries) {
        const below = [...path, String(entry.key.value)];
        mentions.push(...inKey(document, entry, below, context));
        open.push({ node: entry.value, path: below });
      }
  }
  return mentions.sort((a, b) => a.span.start - b.span.start);
}

function inScalar(document: Document, node: ScalarNode, path: Path, context: Context): readonly Mention[] {
  const { value } = node;
  if (value === null || typeof value === 'boolean') return [];
  const { text } = document;
  const span = withoutQuotes(text, node.span);
  const key = path.findLast((step) => typeof step === 'string') ?? '';
  // What is written otherwise than it reads has escapes or folded lines, and is no name.
  const written = text.slice(span.start, span.end);
  const isPlain = typeof value === 'string' ? written === value : true;
  const found = isPlain
    ? (context.names.named(written, context.folder) ?? meantBy(document, path, written, context.names))
    : undefined;
  if (found) return [{ span, ...found }];
  if (!isCommand.has(String(key)) || typeof value !== 'string') return [];
  return inCode(written, 'shellscript', context).map((mention) => shifted(mention, span.start));
}

const shifted = ({ span, ...found }: Mention, by: number): Mention => ({
  ...found,
  span: { start: span.start + by, end: span.end + by },
});

function meantBy({ kind }: Document, path: Path, word: string, names: Names): Found | undefined {
  const inManifest =
    kind === 'manifest'
      ? meantInManifest[path.map((step) => (typeof step === 'number' ? '*' : step)).join('.')]
      : undefined;
  const byKey = meantByKey[String(path.at(-1))];
  for (const role of [...(inManifest ?? []), ...(byKey ? [byKey] : [])]) {
    const found = names.meant(role, word);
    if (found) return found;
  }
  return undefined;
}

/** Keys name stages in `dvc.yaml`, and parameters in their own file and in a manifest. */
function inKey(document: Document, { key, value }: Entry, path: Path, { names }: Context): readonly Mention[] {
  const span = withoutQuotes(document.text, key.span);
  const subject = path.length === 2 && path[0] === 'stages' ? stageAt(document, path, names) : undefined;
  if (subject) return [{ span, subject }];
  if (value.kind === 'map') return [];
  if (document.kind === 'manifest' && path[0] === 'parameters') {
    const found = path.length > 1 ? names.meant('parameter', path.slice(1).join('.')) : undefined;
    return found ? [{ span, ...found }] : [];
  }
  const parameter = names.meant('parameter', path.join('.'))?.subject;
  const isItsOwn = parameter?.kind === 'parameter' && parameter.now?.location.path === document.path;
  return isItsOwn ? [{ span, subject: parameter }] : [];
}

function stageAt({ path: file }: Document, path: Path, names: Names): Subject | undefined {
  const subject = names.meant('stage', String(path[1]))?.subject;
  return subject?.kind === 'stage' && subject.location.path === file ? subject : undefined;
}

function withoutQuotes(text: string, { start, end }: Span): Span {
  const quote = text[start];
  const isQuoted = (quote === '"' || quote === "'") && end - start > 1 && text[end - 1] === quote;
  return isQuoted ? { start: start + 1, end: end - 1 } : { start, end };
}
