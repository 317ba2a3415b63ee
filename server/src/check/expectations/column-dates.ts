import { counting, unjudged } from '../check';
import { ofColumn } from './column-map';
import { type Family, mapOutcome } from './expectation';

/** Expectations about texts that are dates. */
export const columnDates: Family = {
  expect_column_values_to_be_dateutil_parseable: ofColumn(
    () => 'dates as dateutil reads them',
    (operand, call) => {
      const { present, text, field, name, is } = operand;
      if (is !== 'text') return unjudged(`Column "${name}" is ${field.type}; only texts are read as dates.`);
      return {
        via: 'values',
        of: call.scope,
        text: `CASE WHEN ${present} THEN ${text} END`,
        bad: 'false',
        test: { by: 'dateutil', now: call.data.now },
        figures: { considered: counting(present) },
        judge: (figures) => mapOutcome(call, figures),
        failing: { predicate: '', fields: [field] },
      };
    },
  ),
};
