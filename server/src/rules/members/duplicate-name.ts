import { type Column, type Contract, columnsOf } from '../../contract/model';
import { get, type MapNode, type Node } from '../../text/tree';
import { type Named, nameSpan, repeatedIn, startOf } from '../place';
import type { Finding, Rule } from '../rule';

export const duplicateName: Rule = {
  code: 'contract/duplicate-name',
  severity: 'error',
  documentation:
    'Two tables, two columns of one table, or two servers have the same name, so nothing can refer to one of them.',
  check: (contract) => [
    ...twice('table', contract.tables.map(named)),
    ...twice('server', contract.servers.map(serverNamed)),
    ...columnGroups(contract).flatMap((columns) => twice('column', columns.map(named))),
  ],
};

const named = (part: { readonly name: string; readonly node: MapNode; readonly nameNode: Node }): Named => ({
  name: part.name,
  span: nameSpan(part),
});

const serverNamed = ({ name, node }: { readonly name: string; readonly node: MapNode }): Named => ({
  name,
  span: get(node, 'server')?.span ?? startOf(node),
});

/** Columns that stand side by side: of a table, of an object, of the objects in an array. */
const columnGroups = (contract: Contract): readonly (readonly Column[])[] =>
  contract.tables.flatMap((table) => [table.columns, ...columnsOf(table).map(({ columns }) => columns)]);

const twice = (noun: string, names: readonly Named[]): readonly Finding[] =>
  repeatedIn(names).map(({ again, first }) => ({
    span: again.span,
    message: `The ${noun} "${again.name}" is here twice; give this one a name that is unique.`,
    related: [{ span: first.span, message: `The first ${noun} "${first.name}"` }],
  }));
