import { columnsOf } from '../../contract/model';
import { booleanOf, entryOf, get, numberOf } from '../../text/tree';
import type { Rule } from '../rule';

export const partitionPosition: Rule = {
  code: 'contract/partition-position',
  severity: 'warning',
  documentation: 'A column has a place among the partition keys, but is not marked as partitioned.',
  check: (contract) =>
    contract.tables.flatMap((table) =>
      columnsOf(table).flatMap(({ node, path }) => {
        const entry = entryOf(node, 'partitionKeyPosition');
        const position = numberOf(entry?.value);
        if (!entry || position === undefined || position < 1 || booleanOf(get(node, 'partitioned'))) return [];
        const message = `"${path}" has a partitionKeyPosition, but is not partitioned; add partitioned: true.`;
        return [{ span: entry.key.span, message, fix: added(contract.tree.text, entry.key.span.start) }];
      }),
    ),
};

/** The key goes on a line of its own before its sister, or in front of it within braces. */
function added(text: string, start: number) {
  const line = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  const glue = /^[\s-]*$/.test(line) ? `\n${' '.repeat(line.length)}` : ', ';
  return {
    title: 'Add "partitioned: true"',
    edits: [{ span: { start, end: start }, text: `partitioned: true${glue}` }],
  };
}
