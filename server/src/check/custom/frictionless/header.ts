import type { Asked, HeaderCheck } from '../../../contract/frictionless';
import { amount } from '../../../text/words';
import { type Data, type Measure, nothing, type Subject } from '../../check';
import { list } from '../../words';

type Header = Extract<Asked, { readonly check: HeaderCheck }>;

/** What is wrong with the names of the columns. A file without a header has nothing of the kind. */
export function headerMeasure(subject: Subject, asked: Header, { source }: Data): Measure {
  if (subject.table.named?.form?.header === false)
    return nothing({ verdict: 'holds', observed: 0, message: 'The file has no header, so fields go by their places.' });
  const labels = source.columns.map(({ name }) => name);
  const fields = subject.table.columns.map(({ name }) => name);
  return judged(findings[asked.check]({ labels, fields, subject, asked }), asked.check, subject);
}

interface Given {
  readonly labels: readonly string[];
  readonly fields: readonly string[];
  readonly subject: Subject;
  readonly asked: Header;
}

/** The labels, or fields, that are at fault. */
const findings: Readonly<Record<HeaderCheck, (given: Given) => readonly string[]>> = {
  'missing-label': ({ labels, fields, subject: { column }, asked: { match, isDemanded } }) => {
    const name = column?.name ?? '';
    if (match === 'exact') return fields.indexOf(name) >= labels.length ? [name] : [];
    if (labels.includes(name)) return [];
    return isDemanded || match === 'equal' || match === 'subset' ? [name] : [];
  },
  'extra-label': ({ labels, fields, asked: { match } }) =>
    match === 'exact' ? labels.slice(fields.length) : labels.filter((label) => !fields.includes(label)),
  'incorrect-label': ({ labels, fields }) =>
    labels.filter((label, index) => index < fields.length && label !== fields[index]),
  'unmatched-header': ({ labels, fields }) =>
    labels.some((label) => fields.includes(label)) ? [] : labels.slice(0, 1),
};

const failing: Readonly<Record<HeaderCheck, (names: readonly string[], subject: Subject) => string>> = {
  'missing-label': (names) => `Field ${list(names.map((name) => `"${name}"`))} is not in the header.`,
  'extra-label': (names) =>
    `The header has ${amount(names.length, 'column')} that the schema has no field for: ${list(names)}.`,
  'incorrect-label': (names, { table }) =>
    `The header should be ${list(table.columns.map(({ name }) => name))}, in this order; ${list(names)} ${names.length === 1 ? 'is' : 'are'} in another place. With "fieldsMatch" columns go by their names.`,
  'unmatched-header': () => 'No column of the header is a field of the schema.',
};

const holding: Readonly<Record<HeaderCheck, string>> = {
  'missing-label': 'The field is in the header, or need not be.',
  'extra-label': 'Every column of the header is a field of the schema.',
  'incorrect-label': 'The names of the header stand in the order of the schema.',
  'unmatched-header': 'The header has fields of the schema.',
};

function judged(names: readonly string[], check: HeaderCheck, subject: Subject): Measure {
  if (names.length === 0) return nothing({ verdict: 'holds', observed: 0, unexpected: 0, message: holding[check] });
  return nothing({
    verdict: 'fails',
    observed: names.length,
    unexpected: names.length,
    unexpectedPercent: null,
    message: failing[check](names, subject),
  });
}
