import type { Table } from '../../contract/model';
import { get, itemsOf, type Node, wordOf } from '../../text/tree';
import { amount } from '../../text/words';
import { type CheckKind, type Data, nothing, type Outcome } from '../check';
import { severityOf } from '../verdict';
import { list } from '../words';

/** The custom property of a table that asks for it; its value is how bad such a column is. */
const PROPERTY = 'undocumentedColumns';

/**
 * The data have no column that the contract does not describe. The standard has no word for this, so a table asks for it
 * by a custom property, `{property: undocumentedColumns, value: warning}`; where none does, more columns are no fault.
 */
export const undocumentedColumn: CheckKind = {
  id: 'undocumentedColumn',
  checks: ({ table, column }) => {
    const asked = column ? undefined : askedIn(table);
    if (!asked) return [];
    const { severity, known } = severityOf(wordOf(asked));
    return [
      {
        kind: 'undocumentedColumn',
        own: undefined,
        name: `${table.name} undocumentedColumn`,
        column: undefined,
        dimension: 'conformity',
        severity,
        note: known ? undefined : `"${wordOf(asked)}" is no severity that Plumbline knows, so it counts as error.`,
        expected: 'no column beside those described',
        node: asked,
        measure: (data) => nothing(outcomeFor(table, data)),
      },
    ];
  },
};

const askedIn = ({ node }: Table): Node | undefined =>
  itemsOf(get(node, 'customProperties'))
    .filter((item) => wordOf(get(item, 'property')) === PROPERTY)
    .map((item) => get(item, 'value'))
    .find((value) => wordOf(value) !== undefined && wordOf(value) !== 'off');

function outcomeFor(table: Table, { source }: Data): Outcome {
  const described = new Set(table.columns.flatMap((column) => source.field(column)?.name ?? []));
  const others = source.columns.map(({ name }) => name).filter((name) => !described.has(name));
  if (others.length === 0) {
    return { verdict: 'holds', observed: 0, message: `The contract describes every column of table "${table.name}".` };
  }
  const message = `Table "${table.name}" has ${amount(others.length, 'column')} that the contract does not describe: ${list(others)}.`;
  return { verdict: 'fails', observed: others.length, message };
}
