import { type Column, columnsOf } from '../../contract/model';
import { get, itemsOf, type Node, type Scalar } from '../../text/tree';
import type { Finding, Rule } from '../rule';

export const exampleType: Rule = {
  code: 'contract/example-type',
  severity: 'warning',
  documentation: 'An example of a column is not of its logical type, or is null though the column is required.',
  check: (contract) =>
    contract.tables.flatMap((table) =>
      columnsOf(table).flatMap((column) =>
        itemsOf(get(column.node, 'examples')).flatMap((node) => judged(node, column)),
      ),
    ),
};

const isWhole = (value: Scalar): boolean => typeof value === 'bigint' || Number.isInteger(Number(value));

/** Whether a written value can be an example of the type. Text may stand for a number or truth value of a CSV file. */
const suits: Readonly<Record<string, (value: Scalar) => boolean>> = {
  integer: (value) => value !== '' && typeof value !== 'boolean' && isWhole(value),
  number: (value) => value !== '' && typeof value !== 'boolean' && !Number.isNaN(Number(value)),
  boolean: (value) => typeof value === 'boolean' || /^(true|false|0|1|yes|no|y|n|t|f)$/i.test(String(value)),
};

function judged(node: Node, { logicalType, required, path }: Column): readonly Finding[] {
  if (node.kind !== 'scalar') return [];
  if (node.value === null) {
    const message = `"${path}" is required, so null is no example of it; remove the example or the requirement.`;
    return required ? [{ span: node.span, message }] : [];
  }
  const fits = logicalType !== undefined && Object.hasOwn(suits, logicalType) ? suits[logicalType] : undefined;
  if (!fits || fits(node.value)) return [];
  const message = `The example ${JSON.stringify(String(node.value))} is no ${logicalType}, which "${path}" is.`;
  return [{ span: node.span, message }];
}
