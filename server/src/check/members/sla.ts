import type { Column, Contract, SlaProperty } from '../../contract/model';
import { columnsOf } from '../../contract/model';
import { daysOf } from '../../text/period';
import { get, wordOf } from '../../text/tree';
import { amount } from '../../text/words';
import { type Check, type CheckKind, type Data, type Measure, measureOf, type Subject, unjudged } from '../check';
import type { Field } from '../source';

type SlaForm = AgeForm | { readonly kind: 'frequency'; readonly sign: '≤' };

interface AgeForm {
  readonly kind: string;
  readonly sign: '<';
  /** Which moment of the column is held against now. */
  readonly moment: 'max' | 'min';
  readonly word: string;
}

const newest = { sign: '<', moment: 'max', word: 'newest' } as const;
const oldest = { sign: '<', moment: 'min', word: 'oldest' } as const;
const frequency = { kind: 'frequency', sign: '≤' } as const;

/** Service levels that data can show, in small letters, with the standard's short words. */
const forms: Readonly<Record<string, SlaForm>> = {
  freshness: { kind: 'freshness', ...newest },
  latency: { kind: 'latency', ...newest },
  ly: { kind: 'latency', ...newest },
  retention: { kind: 'retention', ...oldest },
  re: { kind: 'retention', ...oldest },
  frequency,
  fy: frequency,
};

export const sla: CheckKind = {
  id: 'sla',
  checks: (subject) => {
    const { contract, column } = subject;
    if (!column) return [];
    return contract.sla.flatMap((property) => (isAbout(property, subject) ? levelCheck(property, column) : []));
  },
};

const elementsOf = (property: SlaProperty, { slaDefaultElement }: Contract): readonly string[] =>
  property.elements.length > 0
    ? property.elements.map(({ text }) => text)
    : slaDefaultElement
      ? [slaDefaultElement.text]
      : [];

/** Whether the property names the column of the subject, or the contract by default. */
export function isAbout(property: SlaProperty, { contract, table, column }: Subject): boolean {
  const names = [`${table.name}.${column?.path}`, ...(contract.tables.length === 1 ? [column?.path] : [])];
  return columnsOf(table).length > 0 && elementsOf(property, contract).some((element) => names.includes(element));
}

function levelCheck(property: SlaProperty, column: Column): readonly Check[] {
  const form = forms[property.property.toLowerCase()];
  if (!form) return [];
  const days = daysOf(property.value, property.unit);
  const limit = days === undefined ? String(property.value) : ageWords(days);
  return [
    {
      kind: form.kind,
      own: undefined,
      name: `${column.path} ${form.kind}`,
      column: column.path,
      dimension: 'timeliness',
      severity: 'error',
      expected: `${form.sign} ${limit}`,
      ...(days === undefined ? {} : { limits: [{ operator: operators[form.sign], values: [days], unit: 'days' }] }),
      node: property.node,
      schedule: wordOf(get(property.node, 'schedule')),
      measure: (data) => measureOf(data, column, (field) => levelMeasure(data, field, form, days, limit, property)),
    },
  ];
}

const operators = { '<': 'mustBeLessThan', '≤': 'mustBeLessOrEqualTo' } as const;

const MILLISECONDS_A_DAY = 86_400_000;

function levelMeasure(
  { now }: Data,
  field: Field,
  form: SlaForm,
  days: number | undefined,
  limit: string,
  { value, unit }: SlaProperty,
): Measure {
  const name = field.column.path;
  const { kind } = form;
  if (days === undefined) {
    return unjudged(
      `"${[value, unit].filter((part) => part !== undefined).join(' ')}" is no period. Write a number and a unit, for instance d.`,
    );
  }
  if (field.family !== 'timestamp' && field.family !== 'date') {
    return unjudged(`"${kind}" needs a column of dates or timestamps, and "${name}" is ${field.type}.`);
  }
  return 'moment' in form ? ageMeasure(now, field, form, days, limit) : gapMeasure(field, days, limit);
}

function ageMeasure(now: Date, field: Field, { kind, moment, word }: AgeForm, days: number, limit: string): Measure {
  const name = field.column.path;
  return {
    via: 'scan',
    of: field.scope,
    figures: { at: `epoch_ms(${moment}(CAST(${field.value} AS TIMESTAMP)))` },
    judge: ({ at = Number.NaN }) => {
      if (Number.isNaN(at))
        return { verdict: 'unjudged', message: `Column "${name}" holds no moment to judge "${kind}" by.` };
      const age = (now.getTime() - at) / MILLISECONDS_A_DAY;
      const holds = age < days;
      const said = `The ${word} "${name}" is ${ageWords(age)} old`;
      return {
        verdict: holds ? 'holds' : 'fails',
        observed: age,
        message: holds ? `${said}, less than ${limit}.` : `${said}, but should be less than ${limit}.`,
      };
    },
  };
}

/** Data that come every so often leave no longer gap between the moments that they hold; what is not there yet is no gap. */
function gapMeasure({ column: { path: name }, scope, value }: Field, days: number, limit: string): Measure {
  const moments = `SELECT DISTINCT epoch_ms(CAST(${value} AS TIMESTAMP)) AS moment FROM ${scope.relation} WHERE ${value} IS NOT NULL`;
  const gaps = `SELECT moment - lag(moment) OVER (ORDER BY moment) AS gap FROM (${moments})`;
  return {
    via: 'statement',
    of: scope,
    sql: `SELECT max(gap) AS gap, count(*) AS moments FROM (${gaps})`,
    judge: ({ gap = Number.NaN, moments: there = 0 }) => {
      if (Number.isNaN(gap)) {
        const message = `Column "${name}" holds ${amount(there, 'moment')}, and it takes two to judge "frequency" by.`;
        return { verdict: 'unjudged', message };
      }
      const longest = gap / MILLISECONDS_A_DAY;
      const holds = longest <= days;
      const said = `The longest gap between two moments of "${name}" is ${ageWords(longest)}`;
      return {
        verdict: holds ? 'holds' : 'fails',
        observed: longest,
        message: holds ? `${said}, at most ${limit}.` : `${said}, but should be at most ${limit}.`,
      };
    },
  };
}

function ageWords(days: number): string {
  if (Math.abs(days) >= 2) return amount(Math.round(days * 10) / 10, 'day');
  const hours = days * 24;
  return Math.abs(hours) >= 2 ? amount(Math.round(hours * 10) / 10, 'hour') : amount(Math.round(hours * 60), 'minute');
}
