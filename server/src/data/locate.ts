import { basename, dirname, join, parse, resolve } from 'node:path';
import type { Contract, Server, Table } from '../contract/model';
import type { World } from '../world';
import { dataSuffixes, formatOf } from './formats';

/** A reference with the folder that a relative one starts at. */
export interface Located {
  readonly ref: string;
  readonly folder: string;
}

export interface LocateOptions {
  /** Path of the contract's file. */
  readonly contractPath: string;
  /** Table → reference; `''` stands for the only table. */
  readonly bindings?: Readonly<Record<string, string>>;
  /** Where the bindings start. */
  readonly folder: string;
  /** Name of the server to take; the first local one when none is named. */
  readonly server?: string;
}

/**
 * Where the data of a table lie, by the first of these that says so: the binding that the person gave; what the contract
 * names for the table; the contract's server, whose path may hold `{model}` for the table's physical name; a file named after the table, beside the contract
 * or in a folder `data` beside it or beside its folder. Undefined when none does. The path of a server is taken at its
 * word: whether something is there shows when it is read.
 */
export async function locate(
  contract: Contract,
  table: Table,
  options: LocateOptions,
  world: World,
): Promise<Located | undefined> {
  const bound = options.bindings?.[table.name] ?? (contract.tables.length === 1 ? options.bindings?.[''] : undefined);
  if (bound !== undefined) return { ref: bound, folder: options.folder };
  const home = dirname(options.contractPath);
  if (table.named?.data !== undefined && options.server === undefined) return { ref: table.named.data, folder: home };
  const server = serverOf(contract, options.server);
  const served = server && pathOn(server, contract, table);
  if (served !== undefined) return { ref: served, folder: home };
  return options.server === undefined ? fileNamedAfter(table, home, world) : undefined;
}

/** The server that local data are read from: the one named, else the first that is local. */
export const serverOf = (contract: Contract, name: string | undefined): Server | undefined =>
  contract.servers.find((server) => (name === undefined ? server.type === 'local' : server.name === name));

function pathOn({ type, properties }: Server, contract: Contract, table: Table): string | undefined {
  const { path } = properties;
  if (type !== 'local' || typeof path !== 'string') return undefined;
  if (path.includes('{model}')) return path.replaceAll('{model}', table.physicalName);
  if (isOfAnother(path, contract, table)) return undefined;
  return formatOf(path) === undefined && contract.tables.length > 1 ? join(path, table.physicalName) : path;
}

/** A path that names one table's file is not the data of its sisters. */
function isOfAnother(path: string, contract: Contract, table: Table): boolean {
  const stem = parse(basename(path)).name;
  const isNamed = (candidate: Table) =>
    [candidate.name, candidate.physicalName, parse(candidate.physicalName).name].includes(stem);
  return !isNamed(table) && contract.tables.some((other) => other !== table && isNamed(other));
}

async function fileNamedAfter(table: Table, home: string, world: World): Promise<Located | undefined> {
  const names = [...new Set([table.physicalName, table.name])];
  for (const folder of [home, join(home, 'data'), resolve(home, '..', 'data')]) {
    for (const name of names.flatMap((stem) =>
      formatOf(stem) ? [stem] : dataSuffixes.map((suffix) => `${stem}.${suffix}`),
    )) {
      const path = join(folder, name);
      if ((await world.stat(path))?.kind === 'file') return { ref: path, folder };
    }
  }
  return undefined;
}
