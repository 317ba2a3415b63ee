import { entryOf, get } from '../../text/tree';
import { startOf } from '../place';
import type { Rule } from '../rule';

/** SLA properties of ODCS that are lengths of time, with their short forms. */
const durations =
  /^(freshness|fr|latency|ly|retention|re|frequency|fy|timeToDetect|td|timeToNotify|tn|timeToRepair|tr)$/i;

export const slaUnitMissing: Rule = {
  code: 'contract/sla-unit-missing',
  severity: 'warning',
  documentation: 'An SLA property is a length of time without a unit, so 24 may be hours or days.',
  check: (contract) =>
    contract.sla.flatMap(({ property, value, unit, node }) => {
      if (unit !== undefined || typeof value !== 'number' || !durations.test(property)) return [];
      const span = entryOf(node, 'value')?.value.span ?? startOf(get(node, 'property') ?? node);
      return [{ span, message: `${property} ${value} has no unit; add one, such as unit: h or unit: d.` }];
    }),
};
