import { dirname, resolve } from 'node:path';
import { isAddress } from '../data/dataset';
import { locate } from '../data/locate';
import type { TableInfo } from '../protocol';
import type { World } from '../world';
import type { Document } from './document';

/** The tables of a contract with the data that each can be checked on; none for any other file. */
export async function tablesOf({ contract, path, lines }: Document, world: World): Promise<readonly TableInfo[]> {
  const places = { contractPath: path, folder: dirname(path) };
  return Promise.all(
    (contract?.tables ?? []).map(async (table) => {
      const found = contract && (await locate(contract, table, places, world));
      return {
        table: table.name,
        range: lines.range(table.nameNode.span),
        ref: found?.ref,
        path: found && (isAddress(found.ref) ? found.ref : resolve(found.folder, found.ref)),
      };
    }),
  );
}
