import { resolve } from 'node:path';
import type { Manifest, RunRef, Word } from '../../manifest/model';
import type { Claim, ClaimVerdict, Datum, Location } from '../../protocol';
import type { Run } from '../../stores/run';
import type { Node } from '../../text/tree';
import type { Evidence } from './evidence';

/** One section of the manifest: what it says, held against the evidence. */
export type Section = (context: Context) => Promise<readonly Claim[]>;

/** A manifest with what several sections ask for. */
export interface Context {
  readonly manifest: Manifest;
  /** Of the manifest, absolute. */
  readonly path: string;
  readonly folder: string;
  readonly evidence: Evidence;
  /** The work tree that the code is in; undefined outside of Git. */
  readonly root: string | undefined;
  /** Full id of `code.commit`; undefined when it is not said or not there. */
  readonly commit: string | undefined;
  /** True when older commits are not in this clone. */
  readonly shallow: boolean;
  /** The runs of the manifest, in its order. */
  readonly runs: readonly NamedRun[];
  /** The place of a node; without one, of the whole manifest. */
  place(node: Node | undefined): Location;
}

/** A run that the manifest names. */
export interface NamedRun {
  readonly ref: RunRef;
  /** Undefined when no store here has it. */
  readonly run: Run | undefined;
}

/** What is judged of one claim. */
export interface Judgement {
  readonly verdict: ClaimVerdict;
  readonly message: string;
  readonly expected?: Datum;
  readonly found?: Datum;
}

/** The claim at a place of the manifest. */
export const claimAt = (
  { place }: Context,
  claim: string,
  node: Node | undefined,
  { verdict, message, expected, found }: Judgement,
): Claim => ({ claim, verdict, expected: expected ?? null, found: found ?? null, message, location: place(node) });

/** The claim of a word: what is expected is what it says. */
export const claimOf = (context: Context, claim: string, word: Word, judgement: Judgement): Claim =>
  claimAt(context, claim, word.node, { expected: word.text, ...judgement });

/** A path that the manifest names: from its own folder, else from the root of the work tree. */
export async function pathOf({ folder, root, evidence }: Context, name: string): Promise<string> {
  const own = resolve(folder, name);
  if (root === undefined || (await evidence.world.stat(own))) return own;
  const fromRoot = resolve(root, name);
  return (await evidence.world.stat(fromRoot)) ? fromRoot : own;
}

export const NO_GIT =
  'Git does not answer here, so nothing about commits can be shown; trust the folder and install Git.';

export const short = (commit: string): string => commit.slice(0, 7);
