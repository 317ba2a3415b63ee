import { type Contract, columnsOf, type Word } from '../contract/model';
import type { Target } from '../contract/references';
import { didYouMean, slipsOf } from '../text/nearest';
import type { Span } from '../text/tree';
import { lastWithin, replacement, spanWithin } from './place';
import type { Finding } from './rule';

/**
 * What is unknown about a reference, or undefined when all of it is there. A word that is nearly right is a slip; any
 * other may be documented in a contract that is not at hand, so it is a warning.
 */
export function unknownPart(contract: Contract, word: Word, target: Target): Finding | undefined {
  const { table, tableName, column, columnName } = target;
  if (!table) {
    const meant = slipsOf(
      tableName,
      contract.tables.map(({ name }) => name),
    );
    const span = spanWithin(contract.tree, word.node, tableName);
    const message = `This contract has no table "${tableName}".${didYouMean(meant)}`;
    return { span, message, ...mend(span, meant) };
  }
  if (column || columnName === undefined) return undefined;
  const meant = slipsOf(
    columnName,
    columnsOf(table).map(({ path }) => path),
  );
  const span = lastWithin(contract.tree, word.node, columnName);
  const message = `Table "${table.name}" has no column "${columnName}".${didYouMean(meant)}`;
  return { span, message, ...mend(span, meant) };
}

const mend = (span: Span, [meant]: readonly string[]): Pick<Finding, 'fix' | 'severity'> =>
  meant === undefined ? { severity: 'warning' } : { fix: replacement(span, meant) };
