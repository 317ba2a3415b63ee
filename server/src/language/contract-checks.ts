import { checksOf } from '../check/checks';
import { columnsOf } from '../contract/model';
import type { ContractChecks } from '../protocol';
import type { Document } from '../workspace/document';

/** The checks that follow from a contract with their places, known without any data; undefined for any other file. */
export function contractChecks({ contract, lines }: Document): ContractChecks | undefined {
  if (!contract) return undefined;
  const checks = checksOf(contract).map(({ id, name, table, column, expected, node }) => ({
    id,
    name,
    table: table.name,
    column: column ?? null,
    expected,
    range: lines.range(node.span),
  }));
  const tables = contract.tables.map((table) => ({
    table: table.name,
    range: lines.range(table.nameNode.span),
    columns: columnsOf(table).map(({ path, nameNode }) => ({ column: path, range: lines.range(nameNode.span) })),
  }));
  return { name: contract.name ?? contract.id ?? null, tables, checks };
}
