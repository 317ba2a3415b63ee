import type { Column } from '../../contract/model';
import type { Check, CheckKind, Data, Outcome } from '../check';
import { nothing } from '../check';
import { list } from '../words';

/** Every column of the contract is there. Elements of an array have no presence of their own. */
export const columnPresent: CheckKind = {
  id: 'columnPresent',
  byDeclaration: true,
  checks: ({ column }) => (column && !column.optional && !column.path.endsWith('[]') ? [present(column)] : []),
};

const present = (column: Column): Check => ({
  kind: 'columnPresent',
  own: undefined,
  name: `${column.path} columnPresent`,
  column: column.path,
  dimension: 'conformity',
  severity: 'error',
  expected: 'present',
  node: column.nameNode,
  measure: (data) => nothing(presence(column, data)),
});

function presence(column: Column, { source }: Data): Outcome {
  const field = source.field(column);
  if (field) {
    const written = [column.physicalName, column.name].includes(field.name) ? '' : `, written "${field.name}" there`;
    return { verdict: 'holds', observed: true, message: `Column "${column.path}" is in the data${written}.` };
  }
  const columns = list(source.columns.map(({ name }) => name));
  const message = `Column "${column.path}" is not in the data, which have ${columns || 'no columns'}.`;
  return { verdict: 'fails', observed: false, message };
}
