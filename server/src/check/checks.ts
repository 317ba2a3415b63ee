import { type Column, type Contract, columnsOf, type Table } from '../contract/model';
import type { Node } from '../text/tree';
import { type Check, type Subject, tagsAt } from './check';
import { members } from './members';

/** A check with the table it is about and an id that it keeps while the rest of the contract changes. */
export interface PlacedCheck extends Check {
  readonly id: string;
  readonly table: Table;
  /** Of its rule, its column and its table. */
  readonly tags: readonly string[];
}

/** All checks of a contract in the order of its text. */
export function checksOf(contract: Contract): readonly PlacedCheck[] {
  const found = contract.tables
    .flatMap((table) =>
      subjectsOf(contract, table).flatMap((subject) =>
        demandsOf(subject).map((check) => ({ table, check, tags: [...(check.tags ?? []), ...tagsOf(subject)] })),
      ),
    )
    .toSorted((one, other) => one.check.node.span.start - other.check.node.span.start);
  const taken = new Set<string>();
  return found.map(({ table, check, tags }) => {
    const id = free(check.own ?? [table.name, check.column, check.kind].filter(Boolean).join('/'), taken);
    taken.add(id);
    return { ...check, id, table, tags };
  });
}

/** That a column is declared demands nothing in a table that is only described. */
const demandsOf = (subject: Subject): readonly Check[] =>
  members.filter((kind) => !(subject.table.described && kind.byDeclaration)).flatMap((kind) => kind.checks(subject));

const subjectsOf = (contract: Contract, table: Table): readonly Subject[] =>
  [undefined, ...columnsOf(table)].map((column: Column | undefined) => ({ contract, table, column }));

const tagsOf = ({ table, column }: Subject): readonly string[] =>
  [table, column].flatMap((part) => (part ? [...(part.about?.tags ?? []), ...tagsAt(part.node)] : []));

/** The name, with a number from 2 when another check has it. */
function free(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  let number = 2;
  while (taken.has(`${name}/${number}`)) number++;
  return `${name}/${number}`;
}

/** Where each check stands in the contract, by its id: for results of an earlier text too. No data are needed. */
export const placesOf = (contract: Contract): ReadonlyMap<string, Node> =>
  new Map(checksOf(contract).map(({ id, node }) => [id, node]));
