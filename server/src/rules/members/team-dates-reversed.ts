import type { Contract } from '../../contract/model';
import { get, itemsOf, type MapNode, stringOf } from '../../text/tree';
import type { Finding, Rule } from '../rule';

export const teamDatesReversed: Rule = {
  code: 'contract/team-dates-reversed',
  severity: 'warning',
  documentation: 'A member left the team before joining it.',
  check: (contract) => members(contract).flatMap(judged),
};

/** Up to 3.0 the team is a list of members; since 3.1 it is an object that has one. */
function members({ tree }: Contract): readonly MapNode[] {
  const team = get(tree.root, 'team');
  return itemsOf(team?.kind === 'list' ? team : get(team, 'members')).filter((node) => node.kind === 'map');
}

function judged(member: MapNode): readonly Finding[] {
  const joined = get(member, 'dateIn');
  const left = get(member, 'dateOut');
  const from = stringOf(joined);
  const to = stringOf(left);
  if (!joined || !left || !from || !to || !isDate(from) || !isDate(to) || from <= to) return [];
  const message = `dateOut ${to} is before dateIn ${from}; correct one of them.`;
  return [{ span: left.span, message, related: [{ span: joined.span, message: 'dateIn is here' }] }];
}

const isDate = (text: string): boolean => /^\d{4}-\d\d-\d\d/.test(text);
