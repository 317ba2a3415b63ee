import { basename, dirname, join } from 'node:path';
import { convert, writable } from '../contract/convert';
import { odcs } from '../contract/dialects/odcs';
import { tableNameOf } from '../contract/infer';
import { noContract } from '../contract/load';
import type { ContractDraft, DialectInfo, EngineOptions, Job, ReportOf } from '../protocol';
import type { Document } from '../workspace/document';
import { Unreadable, type World } from '../world';
import { firstContract } from './first-contract';

/** Formats that contracts are written in. */
export const dialectInfos: readonly DialectInfo[] = writable.map(({ id, title }) => ({ id, title }));

/** A contract in another format, to lie beside it. Rejects with `Unreadable`. */
export async function convertedDraft(document: Document, to: string, world: World): Promise<ContractDraft> {
  const { contract, path, lines } = document;
  const dialect = writable.find(({ id }) => id === to);
  if (!contract) throw noContract(path);
  if (!dialect) throw new Unreadable(`Nothing is written as "${to}" here.`, path);
  const { text, suffix, losses } = convert(contract, dialect);
  const stem = basename(path).replace(/\..*$/, '');
  return {
    path: await freePath(world, join(dirname(path), stem), suffix),
    text,
    losses: losses.map(({ message, node }) => ({ message, range: lines.range(node.span) })),
  };
}

/** A first contract for the data at an absolute path, to lie beside them. Rejects as the jobs do. */
export async function inferredDraft(
  ref: string,
  { engine, world }: { readonly engine: EngineOptions | undefined; readonly world: World },
  run: <J extends Job>(job: J) => Promise<ReportOf<J>>,
): Promise<ContractDraft> {
  const home = dirname(ref);
  const wish = { refs: [ref], folder: home, home, dialect: odcs, ...(engine ? { engine } : {}) };
  const { text, suffix } = await firstContract(wish, run);
  return { path: await freePath(world, join(home, tableNameOf(ref)), suffix), text, losses: [] };
}

/** The first name that no file has. */
async function freePath(world: World, start: string, suffix: string): Promise<string> {
  for (let count = 1; ; count++) {
    const path = `${start}${count === 1 ? '' : `-${count}`}${suffix}`;
    if (!(await world.stat(path).catch(() => undefined))) return path;
  }
}
