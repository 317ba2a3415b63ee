import { get } from '../../text/tree';
import { keySpan, repeatedIn } from '../place';
import { keyColumns } from '../primary-key';
import type { Rule } from '../rule';

export const duplicatePrimaryKeyPosition: Rule = {
  code: 'contract/duplicate-primary-key-position',
  severity: 'error',
  documentation: 'Two columns take the same place in the primary key, so the order of its columns is unknown.',
  check: (contract) =>
    contract.tables.flatMap((table) => {
      const positions = keyColumns(table).map(({ node, primaryKeyPosition }) => ({
        name: String(primaryKeyPosition),
        span: get(node, 'primaryKeyPosition')?.span ?? keySpan(node, 'primaryKeyPosition'),
      }));
      return repeatedIn(positions).map(({ again, first }) => ({
        span: again.span,
        message: `Another column of "${table.name}" has primaryKeyPosition ${again.name}; number the key's columns from 1.`,
        related: [{ span: first.span, message: 'The column with the same position' }],
      }));
    }),
};
