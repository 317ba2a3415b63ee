import type { Column, SlaProperty } from '../../contract/model';
import { daysOf } from '../../text/period';
import { momentWords, type Schedule, scheduleOf } from '../../text/schedule';
import { get, wordOf } from '../../text/tree';
import { type Check, type CheckKind, type Data, type Measure, measureOf, skipped, unjudged } from '../check';
import type { Field } from '../source';
import { isAbout } from './sla';

const names: ReadonlySet<string> = new Set(['availability', 'av', 'timeofavailability']);

/** By the schedule of the property, the partition of the period that ended at its last time is there. */
export const availability: CheckKind = {
  id: 'availability',
  checks: (subject) => {
    const { contract, column } = subject;
    if (!column) return [];
    return contract.sla.flatMap((property) =>
      names.has(property.property.toLowerCase()) && isAbout(property, subject) ? [checkOf(property, column)] : [],
    );
  },
};

/** What the property says, or why nothing follows from it for data. */
interface Plan {
  readonly schedule: Schedule;
  /** How long after its time a partition may come. Milliseconds. */
  readonly grace: number;
}

function checkOf(property: SlaProperty, column: Column): Check {
  const plan = planOf(property);
  const after = 'grace' in plan && plan.grace > 0 ? `${String(property.value)}${unitWords(property)} after ` : '';
  return {
    kind: 'availability',
    own: undefined,
    name: `${column.path} availability`,
    column: column.path,
    dimension: 'timeliness',
    severity: 'error',
    expected: `the latest partition ${after}each time of ${scheduleIn(property) ?? 'its schedule'}`,
    node: property.node,
    schedule: scheduleIn(property),
    measure: (data) => ('via' in plan ? plan : measureOf(data, column, (field) => measureFor(field, plan, data))),
  };
}

const scheduleIn = ({ node }: SlaProperty): string | undefined => wordOf(get(node, 'schedule'));
const unitWords = ({ unit }: SlaProperty): string => (unit === undefined ? '' : ` ${unit}`);

const DAY = 86_400_000;

function planOf(property: SlaProperty): Plan | Measure {
  const written = scheduleIn(property);
  if (written === undefined)
    return skipped(
      'Availability says nothing of data without a "schedule": write the cron expression by which partitions come.',
    );
  const scheduler = wordOf(get(property.node, 'scheduler'));
  if (scheduler !== undefined && scheduler.toLowerCase() !== 'cron')
    return skipped(`Schedules of "${scheduler}" are not read: only those of cron are.`);
  const schedule = scheduleOf(written);
  if (!schedule)
    return unjudged(`"${written}" is no cron expression: it has minute, hour, day, month and weekday, as 0 6 * * *.`);
  const days = daysOf(property.value, property.unit);
  if (days === undefined)
    return skipped(
      `"${String(property.value)}${unitWords(property)}" is the availability of a service. Of a partition write how long after its time it may come, for instance value: 2, unit: h.`,
    );
  return { schedule, grace: days * DAY };
}

function measureFor(field: Field, { schedule, grace }: Plan, { now }: Data): Measure {
  const { path } = field.column;
  if (field.family !== 'timestamp' && field.family !== 'date')
    return unjudged(`"availability" needs a column of dates or timestamps, and "${path}" is ${field.type}.`);
  const [due, before] = schedule.last(2, new Date(now.getTime() - grace));
  if (!due || !before) return skipped('By its schedule no partition was due yet.');
  const wanted = partitionOf(before, due, field.family);
  return {
    via: 'scan',
    of: field.scope,
    figures: { newest: `epoch_ms(max(CAST(${field.value} AS TIMESTAMP)))` },
    judge: ({ newest = Number.NaN }) => {
      const holds = newest >= wanted.getTime();
      const words = (moment: Date) =>
        field.family === 'date' ? moment.toISOString().slice(0, 10) : momentWords(moment);
      const found = Number.isNaN(newest) ? 'there is none at all' : `the latest is ${words(new Date(newest))}`;
      return {
        verdict: holds ? 'holds' : 'fails',
        observed: Number.isNaN(newest) ? null : words(new Date(newest)),
        message: `The partition ${words(wanted)} of "${path}" was due at ${momentWords(new Date(due.getTime() + grace))}, ${holds ? 'and' : 'but'} ${found}.`,
      };
    },
  };
}

/** Longest periods first; a month has at least 28 days. */
const periods: readonly (readonly [least: number, digits: number, rest: string])[] = [
  [28 * DAY, 7, '-01T00:00:00Z'],
  [DAY, 10, 'T00:00:00Z'],
  [3_600_000, 13, ':00:00Z'],
  [0, 16, ':00Z'],
];

/** Where the partition begins that was filled between both times: on the month, day, hour or minute, as they lie apart. */
function partitionOf(from: Date, to: Date, family: 'date' | 'timestamp'): Date {
  const apart = family === 'date' ? Math.max(DAY, to.getTime() - from.getTime()) : to.getTime() - from.getTime();
  const [, digits = 16, rest = ':00Z'] = periods.find(([least]) => apart >= least) ?? [];
  return new Date(from.toISOString().slice(0, digits) + rest);
}
