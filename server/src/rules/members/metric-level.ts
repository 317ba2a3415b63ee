import { metricOf } from '../../contract/metrics';
import { get } from '../../text/tree';
import { rulesIn, startOf } from '../place';
import type { Rule } from '../rule';

export const metricLevel: Rule = {
  code: 'contract/metric-level',
  severity: 'error',
  documentation:
    'A metric of columns stands on a table, or a metric of tables on a column, so there is nothing it could count.',
  check: (contract) =>
    rulesIn(contract).flatMap(({ rule, table, column }) => {
      const metric = metricOf(rule.metric);
      const level = column ? 'column' : 'table';
      if (rule.type !== 'library' || !metric || metric.levels.includes(level)) return [];
      const node = get(rule.node, 'metric') ?? get(rule.node, 'rule') ?? rule.node;
      const message = column
        ? `${rule.metric} counts the rows of a table; move this rule from the column "${column.path}" to the quality of "${table.name}".`
        : `${rule.metric} looks at one column; move this rule from the table "${table.name}" to the quality of the column it is about.`;
      return [{ span: node.kind === 'scalar' ? node.span : startOf(node), message }];
    }),
};
