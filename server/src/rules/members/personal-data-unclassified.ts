import { type Column, columnsOf } from '../../contract/model';
import { get, itemsOf, wordOf } from '../../text/tree';
import { nameSpan } from '../place';
import type { Rule } from '../rule';

/** Names that people give to columns about a person. */
const personal =
  /(^|_)(e_?mail|phone|mobile|ssn|social_security|passport|birth_?(date|day)|date_of_birth|dob|first_?name|last_?name|full_?name|surname|iban|credit_?card|home_?address)($|_)/i;
const personalTag = /^(pii|personal([ _-]data)?|gdpr|sensitive)$/i;

export const personalDataUnclassified: Rule = {
  code: 'contract/personal-data-unclassified',
  severity: 'hint',
  documentation: 'A column looks like personal data, but has no classification that tells its readers so.',
  check: (contract) =>
    contract.tables.flatMap((table) =>
      columnsOf(table)
        .filter((column) => isPersonal(column) && get(column.node, 'classification') === undefined)
        .map((column) => ({
          span: nameSpan(column),
          message: `"${column.name}" looks like personal data; add a classification, such as "confidential".`,
        })),
    ),
};

const isPersonal = ({ name, node }: Column): boolean =>
  personal.test(name.replaceAll(/([a-z])([A-Z])/g, '$1_$2')) ||
  itemsOf(get(node, 'tags')).some((tag) => personalTag.test(wordOf(tag) ?? ''));
