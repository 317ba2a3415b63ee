import { get } from '../../text/tree';
import { keySpan, replacement } from '../place';
import { keyColumns } from '../primary-key';
import type { Rule } from '../rule';

export const primaryKeyGap: Rule = {
  code: 'contract/primary-key-gap',
  severity: 'warning',
  documentation: 'The positions in a primary key leave one out, which hints at a column that was forgotten.',
  check: (contract) =>
    contract.tables.flatMap((table) => {
      const columns = keyColumns(table).toSorted((a, b) => (a.primaryKeyPosition ?? 0) - (b.primaryKeyPosition ?? 0));
      const positions = columns.map(({ primaryKeyPosition }) => primaryKeyPosition);
      if (new Set(positions).size < positions.length) return [];
      const index = positions.findIndex((position, place) => position !== place + 1);
      const column = columns[index];
      if (!column) return [];
      const span = get(column.node, 'primaryKeyPosition')?.span ?? keySpan(column.node, 'primaryKeyPosition');
      const message = `primaryKeyPosition ${column.primaryKeyPosition} leaves a gap: the next column of the key of "${table.name}" has position ${index + 1}.`;
      return [{ span, message, fix: replacement(span, String(index + 1)) }];
    }),
};
