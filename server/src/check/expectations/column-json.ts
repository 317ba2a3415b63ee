import { isMap } from '../../contract/expectations';
import { counting, unjudged } from '../check';
import { ofColumn } from './column-map';
import { type Family, mapOutcome } from './expectation';

/** Expectations about texts that hold JSON. */
export const columnJson: Family = {
  // Great Expectations ends the whole expectation at a text that is no JSON; here it is one more value not as expected.
  expect_column_values_to_match_json_schema: ofColumn(
    () => 'JSON that fits the schema',
    (operand, call) => {
      const { present, text, field, name, is } = operand;
      const { json_schema: schema } = call.kwargs;
      if (!isMap(schema)) return unjudged('"json_schema" must be an object.');
      if (is !== 'text' && is !== 'other')
        return unjudged(`Column "${name}" is ${field.type}; only a text can hold JSON.`);
      return {
        via: 'values',
        of: call.scope,
        text: `CASE WHEN ${present} THEN ${text} END`,
        bad: 'false',
        test: { by: 'json-schema', schema },
        figures: { considered: counting(present) },
        judge: (figures) => mapOutcome(call, figures),
        failing: { predicate: '', fields: [field] },
      };
    },
  ),
};
