import { type Column, columnsOf, type Operator } from '../../contract/model';
import type { Scalar } from '../../text/tree';
import { itemsOf } from '../../text/tree';
import { rulesIn } from '../place';
import type { Finding, Rule } from '../rule';

export const contradictoryBounds: Rule = {
  code: 'contract/contradictory-bounds',
  severity: 'error',
  documentation: 'A lower bound lies above its upper bound, so no value can ever satisfy both.',
  check: (contract) => [
    ...contract.tables.flatMap((table) => columnsOf(table).flatMap(optionFindings)),
    ...rulesIn(contract).flatMap(({ rule }) => rule.operators.flatMap(betweenFindings)),
  ],
};

/** Options that bound the same thing from below and from above; `open` when the bound itself is not allowed. */
const bounds: readonly { readonly low: string; readonly high: string; readonly open: boolean }[] = [
  { low: 'minimum', high: 'maximum', open: false },
  { low: 'exclusiveMinimum', high: 'maximum', open: true },
  { low: 'minimum', high: 'exclusiveMaximum', open: true },
  { low: 'exclusiveMinimum', high: 'exclusiveMaximum', open: true },
  { low: 'minLength', high: 'maxLength', open: false },
  { low: 'minItems', high: 'maxItems', open: false },
  { low: 'minProperties', high: 'maxProperties', open: false },
];

function optionFindings({ options, optionNodes }: Column): readonly Finding[] {
  return bounds.flatMap(({ low, high, open }): readonly Finding[] => {
    const from = options[low];
    const to = options[high];
    const node = optionNodes[low];
    const other = optionNodes[high];
    if (from === undefined || to === undefined || !node || !other || !isEmpty(from, to, open)) return [];
    const message = `${low} ${from} is ${from === to ? 'as high as' : 'above'} ${high} ${to}, so no value is allowed; correct one of them.`;
    return [{ span: node.span, message, related: [{ span: other.span, message: `${high} is here` }] }];
  });
}

/** Whether no value lies between two bounds of one type; dates compare as ISO text. */
function isEmpty(low: Scalar, high: Scalar, open: boolean): boolean {
  const numbers = typeof low === 'number' && typeof high === 'number';
  const times = isTime(low) && isTime(high);
  if (!numbers && !times) return false;
  return (low as number) > (high as number) || (open && low === high);
}

const isTime = (value: Scalar): value is string => typeof value === 'string' && /^\d{4}-\d\d-\d\d/.test(value);

function betweenFindings({ keyword, value, node }: Operator): readonly Finding[] {
  if (!Array.isArray(value) || value.length !== 2) return [];
  const [low, high] = value;
  if (typeof low !== 'number' || typeof high !== 'number' || low < high) return [];
  const [first, second] = itemsOf(node);
  if (low === high) {
    const message = `Both bounds of ${keyword} are ${low}; write ${keyword === 'mustBeBetween' ? 'mustBe' : 'mustNotBe'}: ${low} instead.`;
    return [{ span: node.span, message }];
  }
  const fix =
    first && second
      ? {
          title: 'Swap the bounds',
          edits: [
            { span: first.span, text: String(high) },
            { span: second.span, text: String(low) },
          ],
        }
      : undefined;
  const message = `The bounds of ${keyword} are in the wrong order: ${low} is greater than ${high}.`;
  return [{ span: node.span, message, ...(fix ? { fix } : {}) }];
}
