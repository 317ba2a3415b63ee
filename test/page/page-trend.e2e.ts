import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { type Harness, openHarness, type PageOptions, type ShownPage, samples, type Theme } from './harness';
import { pastOf } from './past';

const result = samples.check;
const past = pastOf(result, 12);
const failed = result.report.checks.find(({ status, unexpectedCount }) => status === 'failed' && unexpectedCount);

describe('The trend of a check', () => {
  let harness: Harness;
  let shown: ShownPage;
  before(async () => {
    harness = await openHarness();
  });
  after(() => harness?.close());
  afterEach(async () => {
    if (!shown) return;
    assert.deepEqual(await shown.violations(), [], 'refused by the policy');
    assert.deepEqual(shown.errors, []);
    await shown.page.close();
  });

  const show = async (options?: PageOptions, runs = past) => {
    shown = await harness.open({ width: 1200, ...options });
    await shown.tell({ type: 'result', result, stale: false, past: runs });
    await shown.page.locator('h1').waitFor();
  };
  /** Opens the row of a check by keyboard. */
  const open = async (id: string) => {
    const index = (await shown.rows()).findIndex((text) => text.includes(id));
    const row = shown.page.locator(`.row[data-index="${Math.max(0, index)}"]`);
    await row.focus();
    await shown.press('Enter');
    await shown.page.locator('.detail').waitFor();
  };
  const openFirst = () => open('');

  it('is a line beside its row, with a mark a run and in words for who does not see it', async () => {
    await show();
    const first = shown.page.locator('.row').first().locator('svg.trend');
    assert.equal(await first.locator('.mark').count(), 12);
    assert.ok((await first.locator('.mark.failed').count()) > 0);
    assert.match(
      (await first.getAttribute('aria-label')) ?? '',
      /^Passed in \d+ of 12 runs, failed in the last \d+; [\d,]+ before, [\d,]+ now\.$/,
    );
  });

  it('is not there before the second run, nor of a check that has but one', async () => {
    await show({}, past.slice(-1));
    assert.equal(await shown.page.locator('svg.trend').count(), 0);
    await openFirst();
    assert.equal(await shown.page.locator('.trend-part').count(), 0);
    await shown.page.close();
    const id = failed?.id ?? '';
    const withoutOne = past.map((run, index) => {
      const { [id]: own, ...others } = run.checks;
      return index < past.length - 1 || !own ? { ...run, checks: others } : run;
    });
    await show({}, withoutOne);
    const rows = await shown.page.locator('.row').count();
    assert.equal(await shown.page.locator('svg.trend').count(), rows - 1);
  });

  it('is a chart in the details, loaded when it is opened, with its limit and the share of rows that pass', async () => {
    await show();
    const id =
      result.report.checks.find(({ kind, status }) => kind === 'missingValues' && status !== 'skipped')?.name ?? '';
    await open(id);
    const part = shown.page.locator('.trend-part');
    await part.locator('.chart svg').first().waitFor();
    assert.equal(await part.locator('.limit-line').count(), 1);
    assert.match(
      (await part.locator('[role="img"]').getAttribute('aria-label')) ?? '',
      /^observed over 12 runs\. Passed in/,
    );
    await part.getByRole('button', { name: 'Rows that pass' }).click();
    await part.locator('.limit-line').waitFor({ state: 'detached' });
    assert.match(await part.locator('.chart svg').first().innerHTML(), /%/);
    const { view } = await shown.kept(({ view }) => Object.values(view.pictures).includes('share'));
    assert.equal(Object.values(view.pictures).length, 1);
  });

  it('is a table too, by keyboard, the newest run first, and is copied with all digits', async () => {
    await show();
    await openFirst();
    const part = shown.page.locator('.trend-part');
    await part.getByRole('button', { name: 'Show as Table' }).focus();
    await shown.press('Enter');
    const rows = part.locator('tbody tr');
    assert.equal(await rows.count(), 12);
    const [first = '', last = ''] = [await rows.first().innerText(), await rows.last().innerText()];
    assert.match(first, /Failed[\s\S]*command line/);
    assert.match(last, /Passed[\s\S]*1\.0\.0[\s\S]*editor/);
    await part.getByRole('button', { name: 'Copy' }).click();
    const lines = (await shown.posted('copy')).text.trimEnd().split('\n');
    assert.equal(lines.length, 13);
    assert.match(lines[1] ?? '', /^2026-10-01T09:30:00\.000Z\tpassed\t0\t/);
  });

  it('counts whole rows, and tells runs of one day by their hour', async () => {
    const [first, second] = past;
    assert.ok(first && second);
    const id = result.report.checks.find(({ status }) => status === 'failed')?.id ?? '';
    const of = (run: typeof first, hour: number, value: number) => ({
      ...run,
      startedAt: `2026-10-01T${hour}:00:00Z`,
      checks: { [id]: { status: 'failed' as const, value, unexpected: value, rows: 10 } },
    });
    await show({}, [of(first, 10, 0), of(second, 12, 2)]);
    await openFirst();
    const ticks = shown.page.locator('.trend-part [aria-label="y-axis tick label"] text');
    await ticks.first().waitFor();
    assert.deepEqual(await ticks.allTextContents(), ['0', '1', '2']);
    const hours = await shown.page.locator('.trend-part [aria-label="x-axis tick label"] text').allTextContents();
    assert.equal(hours.length, 2);
    for (const hour of hours) assert.match(hour, /^\d+:00/);
  });

  it('of a check without figures is its table alone', async () => {
    await show();
    await open('columnPresent');
    const part = shown.page.locator('.trend-part');
    assert.equal(await part.locator('tbody tr').count(), 12);
    assert.equal(await part.locator('.chart').count(), 0);
  });

  const looks: readonly (readonly [Theme, number])[] = [
    ['dark', 1200],
    ['light', 1200],
    ['high-contrast', 1200],
    ['high-contrast-light', 1200],
    ['dark', 480],
  ];
  for (const [theme, width] of looks) {
    it(`stays within a page of ${width} pixels, ${theme}`, async () => {
      mkdirSync('out/screenshots', { recursive: true });
      await show({ theme, width, height: 900 });
      await openFirst();
      await shown.page.locator('.trend-part .chart svg').first().waitFor();
      await shown.page.screenshot({ path: `out/screenshots/trend-${theme}-${width}.png` });
      const wider = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
      assert.equal(await shown.page.evaluate<number>(wider), 0);
    });
  }
});
