import { basename } from 'node:path';
import type { ContractSource } from '../protocol';
import { Lines } from '../text/lines';
import { parseText } from '../text/parse';
import { Unreadable, type World } from '../world';
import { members as dialects } from './dialects';
import type { Contract } from './model';

/**
 * The contract in a file, or in the editor's text of it. Rejects with `Unreadable` for a file that is missing, empty,
 * no contract, or broken: a check of half a contract would pass what it never read.
 */
export async function loadContract({ path, text }: ContractSource, world: World): Promise<Contract> {
  const tree = parseText(path, text ?? (await world.readText(path)));
  const name = basename(path);
  if (!tree.root && tree.issues.length === 0)
    throw new Unreadable(
      `${name} is empty. A contract begins with "apiVersion: v3.1.0" and "kind: DataContract".`,
      path,
    );
  const [issue] = tree.issues;
  if (issue) {
    const { line, character } = new Lines(tree.text).position(issue.span.start);
    throw new Unreadable(`${name}:${line + 1}:${character + 1} cannot be read: ${issue.message}`, path);
  }
  const dialect = dialects.find((candidate) => candidate.recognises(path, tree));
  if (!dialect) throw noContract(path);
  return dialect.read(tree);
}

/** What to say of a file that is asked for as a contract and is none. */
export const noContract = (path: string): Unreadable =>
  new Unreadable(
    `${basename(path)} is not a data contract that Plumbline knows: a contract says "kind: DataContract".`,
    path,
  );
