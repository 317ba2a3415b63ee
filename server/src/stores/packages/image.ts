import type { Finding, Location } from '../../protocol';
import { Unreadable, type World } from '../../world';
import type { ImageUse } from '../environment';
import { findingAt, type Reading } from '../finding';
import { imageCodes as codes } from './codes';
import { nameOf, type Source, sourceOf } from './source';

/** What a reader found in one file. */
export interface Uses {
  readonly found: readonly ImageUse[];
  readonly problems: readonly Finding[];
}

/** Reads a file with `uses`; what cannot be opened is a problem. */
export async function readImages(
  path: string,
  world: World,
  uses: (source: Source, world: World) => Promise<Uses> | Uses,
): Promise<Reading<readonly ImageUse[]>> {
  const source = await sourceOf(path, world);
  if (source instanceof Unreadable) return { found: [], problems: [brokenImage(source.message, path)] };
  return uses(source, world);
}

export const brokenImage = (message: string, place: Parameters<typeof findingAt>[3]): Finding =>
  findingAt(codes, 'image/broken', message, place);

export const joinUses = (parts: readonly Uses[]): Uses => ({
  found: parts.flatMap(({ found }) => found),
  problems: parts.flatMap(({ problems }) => problems),
});

/** An image at its place, and what keeps it from being one. `role` is what it is there for: `the syntax of the file`. */
export function useOf(source: Source, filled: Filled, location: Location, role?: string): Uses {
  const { text: image, unknown } = filled;
  const digest = /@(sha256:[0-9a-f]{64})$/.exec(image)?.[1];
  const found = [{ path: source.path, image, digest, location }];
  if (digest) return { found, problems: [] };
  const what = role === undefined ? `the image "${image}"` : `the image "${image}" as ${role}`;
  const why = reasonOf(image, unknown);
  const message = `${nameOf(source.path)} takes ${what} ${why}; "@sha256:…" after its name pins it.`;
  return { found, problems: [findingAt(codes, 'image/not-pinned', message, location)] };
}

function reasonOf(image: string, unknown: readonly string[]): string {
  if (unknown.length > 0) return `, where "${unknown.join('", "')}" is set by whoever runs it`;
  if (image.includes('@')) return 'with a digest that is no "sha256:" and 64 hex digits';
  return /:[^/]*$/.test(image) ? 'by a tag, which may move' : 'without a tag, which is whatever is newest';
}

/** A text with its variables replaced; those that nothing sets stay as they are written. */
export interface Filled {
  readonly text: string;
  readonly unknown: readonly string[];
}

const variable = /\$(?:\$|([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(:?[-+?])?)/;

/** Values by name; undefined for what nothing sets. */
export type Variables = (name: string) => string | undefined;

/** Replaces `$NAME`, `${NAME}`, `${NAME:-value}` and `${NAME:+value}`, also in each other, as shells and Compose do. */
export function fill(text: string, valueFor: Variables, depth = 10): Filled {
  const match = variable.exec(text);
  if (!match) return { text, unknown: [] };
  const [opening, plainName, bracedName, operator] = match;
  const isBraced = bracedName !== undefined;
  const inside = match.index + opening.length;
  const close = isBraced ? closingOf(text, inside) : inside;
  const end = isBraced ? close + 1 : inside;
  const name = bracedName ?? plainName;
  const operand = text.slice(inside, close);
  const own = name === undefined ? literal('$') : expand(valueFor(name), operator, operand, valueFor, depth);
  const here = own ?? { text: text.slice(match.index, end), unknown: [name ?? ''] };
  const rest = depth > 0 ? fill(text.slice(end), valueFor, depth - 1) : literal(text.slice(end));
  return { text: text.slice(0, match.index) + here.text + rest.text, unknown: [...here.unknown, ...rest.unknown] };
}

const literal = (text: string): Filled => ({ text, unknown: [] });

/** Where the brace that is open at `from` closes; the end of the text when it does not. */
function closingOf(text: string, from: number): number {
  let open = 1;
  for (let at = from; at < text.length; at++) {
    if (text[at] === '{') open++;
    else if (text[at] === '}' && --open === 0) return at;
  }
  return text.length;
}

function expand(
  value: string | undefined,
  operator: string | undefined,
  operand: string,
  valueFor: Variables,
  depth: number,
): Filled | undefined {
  const isSet = value !== undefined && (!operator?.startsWith(':') || value !== '');
  const other = () => (depth > 0 ? fill(operand, valueFor, depth - 1) : literal(operand));
  if (operator?.endsWith('+')) return isSet ? other() : literal('');
  if (isSet) return literal(value);
  return operator?.endsWith('-') ? other() : undefined;
}
