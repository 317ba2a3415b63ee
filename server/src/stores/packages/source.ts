import { dirname, resolve } from 'node:path';
import { isWithin } from '../../paths';
import type { Finding, Location } from '../../protocol';
import { Lines } from '../../text/lines';
import type { Issue, Span } from '../../text/tree';
import { Unreadable, type World } from '../../world';
import { type Codes, findingAt } from '../finding';

/** Bytes. A file that people or their tools write about packages and images is never longer. */
const longest = 50_000_000;

/** A text and where it is from. */
export class Source {
  readonly #lines: Lines;

  constructor(
    readonly path: string,
    readonly text: string,
  ) {
    this.#lines = new Lines(text);
  }

  place(span: Span): Location {
    return { path: this.path, range: this.#lines.range(span) };
  }

  /** One finding for a text that its parser calls broken: the first issue, since the others mostly follow from it. */
  broken<C extends Codes>(codes: C, code: keyof C & string, issues: readonly Issue[]): Finding[] {
    const [first] = issues;
    if (!first) return [];
    const message = `${nameOf(this.path)} cannot be read whole. ${first.message} Restore it from Git, or let its tool write it anew.`;
    return [findingAt(codes, code, message, this.place(first.span))];
  }
}

/** The source, or the reason why there is none. */
export async function sourceOf(path: string, world: World): Promise<Source | Unreadable> {
  try {
    const stat = await world.stat(path);
    if (stat && stat.size > longest) return new Unreadable(`${path} is larger than 50 MB, so it is not read.`, path);
    return new Source(path, await world.readText(path));
  } catch (error) {
    if (error instanceof Unreadable) return error;
    throw error;
  }
}

/** Last part of a path, under which messages name a file. */
export const nameOf = (path: string): string => path.replace(/^.*[\\/]/, '');

/**
 * Absolute path of what a file names beside itself, links resolved where it is there; undefined for an address, an
 * absolute path and what leaves the repository (outside of Git: `bound`), which a file may not make anyone open.
 */
export async function besideOf(
  reference: string,
  from: string,
  world: World,
  bound = dirname(from),
): Promise<string | undefined> {
  if (/^([a-z][a-z0-9+.-]+:|[\\/]|[a-z]:)/i.test(reference)) return undefined;
  const root = (await world.git?.root(dirname(from))) ?? bound;
  const target = resolve(dirname(from), reference);
  if (!isWithin(root, target)) return undefined;
  const [real, realRoot] = await Promise.all([world.realPath(target), world.realPath(root)]);
  return real === undefined || realRoot === undefined || isWithin(realRoot, real) ? target : undefined;
}
