import { dirname } from 'node:path';
import type { Span } from '../../text/tree';
import { Unreadable, type World } from '../../world';
import { broken, joinLines, type Lines, nothing, requirementLines } from './lock';
import { pinOf, requirementOf } from './requirement';
import { besideOf, nameOf, Source, sourceOf } from './source';
import { normalName } from './versions';

/** Whether a file is called like a list of requirements, so that it is read on its own account too. */
export const isRequirements = (path: string): boolean => {
  const name = nameOf(path);
  return (
    /^(?:.*[-_.])?requirements(?:[-_.].*)?\.txt$/i.test(name) ||
    (/\.txt$/i.test(name) && nameOf(dirname(path)) === 'requirements')
  );
};

/** What the files that name each other share. */
interface Visit {
  readonly world: World;
  readonly seen: Set<string>;
  /** Package → the one version that constraints leave. */
  readonly constraints: Map<string, string>;
}

/** Packages of a requirements file and of those it includes, each file once. */
export function requirementsOf(source: Source, world: World): Promise<Lines> {
  return linesOf(source, { world, seen: new Set([source.path]), constraints: new Map() });
}

/** Packages of one line of a requirements file that stands in another file, such as an item of conda.yaml. */
export async function requirementLine(source: Source, text: string, span: Span, world: World): Promise<Lines> {
  return lineOf({ text, span }, source, { world, seen: new Set([source.path]), constraints: new Map() });
}

async function linesOf(source: Source, visit: Visit): Promise<Lines> {
  const lines = logicalLines(source.text);
  for (const line of lines) await constrain(line, source, visit);
  const parts: Lines[] = [];
  for (const line of lines) parts.push(await lineOf(line, source, visit));
  return joinLines(parts);
}

interface Logical {
  readonly text: string;
  readonly span: Span;
}

/** Lines joined over a backslash, without comments, as pip reads them. */
function logicalLines(text: string): Logical[] {
  const lines: Logical[] = [];
  let held: { text: string[]; span: Span } | undefined;
  for (const match of text.matchAll(/[^\r\n]+/g)) {
    const isComment = /^\s*#/.test(match[0]);
    const bare = match[0].replace(/(^|\s)#.*$/, '');
    const goesOn = !isComment && bare.endsWith('\\');
    const start = match.index + (match[0].length - match[0].trimStart().length);
    held ??= { text: [], span: { start, end: match.index + bare.trimEnd().length } };
    held.text.push(goesOn ? bare.slice(0, -1) : bare);
    if (goesOn) continue;
    lines.push({ text: textOf(held.text), span: held.span });
    held = undefined;
  }
  if (held) lines.push({ text: textOf(held.text), span: held.span });
  return lines.filter((line) => line.text !== '');
}

/** Blanks are made one, so that no run of them, however long, takes time to look through. */
const textOf = (parts: readonly string[]): string => parts.join(' ').replace(/\s+/g, ' ').trim();

const option = /^(--?[a-z-]+)(?:\s*=\s*|\s+|(?<=^-[a-z]))(.*)$/i;

async function lineOf({ text, span }: Logical, source: Source, visit: Visit): Promise<Lines> {
  const [, flag, value = ''] = option.exec(text) ?? [];
  if (flag === '-r' || flag === '--requirement') return included(value, span, source, visit);
  if (flag === '-e' || flag === '--editable') return requirementLines(source, value, span);
  if (text.startsWith('-')) return nothing;
  const [requirement = '', ...options] = text.split(/\s+(?=--[a-z])/);
  const hashed = options.some((part) => /^--hash[=\s]/.test(part));
  return requirementLines(source, requirement, span, {
    hashed,
    constraint: (name) => visit.constraints.get(normalName(name)),
  });
}

/** What another file of requirements names. Its problems are told here only when it is not read on its own account. */
async function included(value: string, span: Span, source: Source, visit: Visit): Promise<Lines> {
  const other = await otherSource(value, source, visit);
  if (other === undefined) return { ...nothing, pinned: false };
  if (other === 'seen') return nothing;
  if (other instanceof Unreadable) {
    const message = `${nameOf(source.path)} takes "${shown(value)}", which cannot be read; put the file there, or remove the line.`;
    return { packages: [], problems: [broken(message, source.place(span))] };
  }
  const lines = await linesOf(other, visit);
  return isRequirements(other.path)
    ? { packages: lines.packages, problems: [], pinned: lines.pinned !== false && lines.problems.length === 0 }
    : lines;
}

const shown = (value: string): string => value.replace(/\/\/[^/@\s]*@/, '//');

async function otherSource(
  value: string,
  source: Source,
  visit: Visit,
): Promise<Source | Unreadable | 'seen' | undefined> {
  const reference = value.trim().replace(/^(["'])(.*)\1$/, '$2');
  const path = await besideOf(reference, source.path, visit.world);
  if (path === undefined) return undefined;
  if (visit.seen.has(path)) return 'seen';
  visit.seen.add(path);
  return sourceOf(path, visit.world);
}

/** Keeps what `-c FILE` says. A constraint that cannot be read leaves its packages as open as their lines are. */
async function constrain({ text }: Logical, source: Source, visit: Visit): Promise<void> {
  const [, flag, value = ''] = option.exec(text) ?? [];
  if (flag !== '-c' && flag !== '--constraint') return;
  const other = await otherSource(value, source, visit);
  if (!(other instanceof Source)) return;
  for (const line of logicalLines(other.text)) {
    const requirement = requirementOf(line.text.split(/\s+(?=--[a-z])/)[0] ?? '');
    const version = requirement && pinOf(requirement).version;
    if (requirement?.name && version) visit.constraints.set(normalName(requirement.name), version);
    await constrain(line, other, visit);
  }
}
