import { get, wordOf } from '../../text/tree';
import type { Rule } from '../rule';

export const serverPortRange: Rule = {
  code: 'contract/server-port-range',
  severity: 'warning',
  documentation: 'The port of a server lies outside 1 to 65535, so nothing can be reached there.',
  check: (contract) =>
    contract.servers.flatMap(({ node }) => {
      const port = get(node, 'port');
      const text = wordOf(port);
      if (!port || text === undefined || !/^-?\d+$/.test(text)) return [];
      const number = Number(text);
      if (number >= 1 && number <= 65535) return [];
      return [{ span: port.span, message: `Port ${text} does not exist; ports go from 1 to 65535.` }];
    }),
};
