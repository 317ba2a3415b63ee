import { aliases, builtIn, isCheck, PANDERA } from '../../contract/pandera';
import { didYouMean, meantBy } from '../../text/nearest';
import { get, stringOf } from '../../text/tree';
import { replacement, rulesIn, spanWithin } from '../place';
import type { Rule } from '../rule';

const known = [...Object.keys(builtIn), ...Object.keys(aliases)];

export const panderaCheckName: Rule = {
  code: 'contract/pandera-check-name',
  severity: 'warning',
  documentation:
    'A check in a list of pandera’s has a name that is none of the built-in checks, so pandera refuses the schema unless Python code has registered it.',
  check: (contract) => {
    if (contract.dialect !== PANDERA) return [];
    return rulesIn(contract).flatMap(({ rule }) => {
      const place = get(get(rule.node, 'options'), 'check_name');
      const name = stringOf(place);
      if (place?.kind !== 'scalar' || name === undefined || isCheck(name)) return [];
      const meant = meantBy(name, known);
      const span = spanWithin(contract.tree, place, name);
      const message = `"${name}" is none of pandera's built-in checks.${didYouMean(meant)}`;
      return [{ span, message, ...(meant[0] === undefined ? {} : { fix: replacement(span, meant[0]) }) }];
    });
  },
};
