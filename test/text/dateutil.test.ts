import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { isDateutilDate } from '../../server/src/text/dateutil';

interface Verdicts {
  readonly dates: readonly string[];
  readonly others: readonly string[];
}

/** Of dateutil 4.0.0, by `test/fixtures/text/dateutil/generate`. */
const recorded: Verdicts = JSON.parse(readFileSync('test/fixtures/text/dateutil/verdicts.json', 'utf8'));
const today = { year: 2024, month: 1, day: 31 };
const dated = (texts: readonly string[]): readonly string[] => texts.filter((text) => isDateutilDate(text, today));

describe('dates as dateutil reads them', () => {
  it('are those that dateutil takes', () => {
    assert.ok(recorded.dates.length > 400);
    assert.deepEqual(dated(recorded.dates), recorded.dates);
  });

  it('are none that dateutil refuses', () => {
    assert.ok(recorded.others.length > 400);
    assert.deepEqual(dated(recorded.others), []);
  });

  it('take from today what a text leaves out', () => {
    const february = { year: 2023, month: 2, day: 3 };
    assert.ok(isDateutilDate('31', today));
    assert.ok(!isDateutilDate('31', february));
    assert.ok(isDateutilDate('Feb 29', today));
    assert.ok(!isDateutilDate('Feb 29', february));
    assert.ok(isDateutilDate('Feb', { year: 2023, month: 1, day: 31 }), 'the last day of the month stands in');
  });
});
