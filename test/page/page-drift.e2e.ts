import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { beganAt, heatOf, seriesName } from '../../client/page/drift/windows';
import type { DriftColumn } from '../../server/src/protocol';
import { type Harness, openHarness, type ShownPage, samples, type Theme } from './harness';
import { diagnosis, withSegments, withWindows } from './windowed';

const { drift } = samples;
const weeks = 12;
const windowed = withWindows(drift, weeks);
const segmented = withSegments(windowed, 'origin', ['EWR', 'JFK', 'LGA', null]);

describe('The results page with windows and segments', () => {
  let harness: Harness;
  let shown: ShownPage;

  before(async () => {
    harness = await openHarness();
  });
  after(() => harness?.close());

  /** Every test ends with a page that broke no rule. */
  afterEach(async () => {
    if (!shown) return;
    assert.deepEqual(await shown.violations(), [], 'refused by the policy');
    assert.deepEqual(shown.errors, []);
    await shown.page.close();
  });

  const cell = (row: number, at: number) => shown.page.locator(`[data-cell="${row} ${at}"]`);
  const activeCell = () => shown.page.evaluate('document.activeElement.dataset.cell');
  const openPicture = async (name: string) => {
    await shown.page.getByRole('button', { name, exact: true }).click();
    await shown.page.locator('.chart svg').waitFor();
  };
  const openRow = (name: string) =>
    shown.page
      .locator('.row', { has: shown.page.locator('.cell-column', { hasText: new RegExp(`^${name}$`) }) })
      .first()
      .click();

  describe('as a heat map', () => {
    it('has a row a column, the furthest first, strong beyond the limit and pale below', async () => {
      shown = await harness.show(windowed, { height: 1000 });
      const heat = heatOf(windowed.report.columns);
      assert.ok(heat);
      const names = await shown.page.locator('.heat-row .heat-name').allInnerTexts();
      assert.deepEqual(
        names.slice(0, 8),
        heat.rows.slice(0, 8).map(({ name }) => name),
      );
      const first = heat.rows.slice(0, 8).flatMap(({ cells }) => cells);
      const isBeyond = (one: DriftColumn | undefined) => one?.drifted ?? false;
      const strong = shown.page.locator('.heat-cell.beyond');
      assert.equal(await strong.count(), first.filter(isBeyond).length);
      const strengths = await shown.page.evaluate<readonly { readonly beyond: boolean; readonly strength: number }[]>(
        "[...document.querySelectorAll('.heat-cell')].map((one) => ({ beyond: one.classList.contains('beyond'), strength: parseFloat(one.style.getPropertyValue('--heat')) }))",
      );
      const weakest = Math.min(...strengths.filter(({ beyond }) => beyond).map(({ strength }) => strength));
      const palest = Math.max(...strengths.filter(({ beyond }) => !beyond).map(({ strength }) => strength));
      assert.ok(weakest > palest, `${weakest} % is not stronger than ${palest} %`);
      assert.match(
        (await cell(0, 0).getAttribute('aria-label')) ?? '',
        /^flight, Jun 1, 2013 – Jun 8, 2013: drifted, ks/,
      );
    });

    it('marks the window in which drift began', async () => {
      shown = await harness.show(windowed);
      const began = await shown.page.evaluate<readonly string[]>(
        "[...document.querySelectorAll('.heat-cell.began')].map((one) => one.dataset.cell)",
      );
      const expected = heatOf(windowed.report.columns)?.rows.flatMap((row, at) =>
        row.began === undefined ? [] : [`${at} ${row.began}`],
      );
      assert.deepEqual(began, expected);
      assert.ok(began.length > 3);
    });

    it('has its number in a cell as long as it fits', async () => {
      shown = await harness.show(windowed);
      assert.match(await cell(2, 4).innerText(), /^\d+\.\d$/);
      await shown.page.setViewportSize({ width: 400, height: 700 });
      await shown.page.waitForTimeout(100);
      assert.equal(await cell(2, 4).innerText(), '');
    });

    it('is walked by the arrows with one tab stop, opens a window on Enter and closes it on Escape', async () => {
      shown = await harness.show(windowed);
      assert.equal(await shown.page.locator('.heat-cell[tabindex="0"]').count(), 1);
      await cell(0, 0).focus();
      await shown.press('ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowRight');
      assert.equal(await activeCell(), '2 2');
      await shown.press('End');
      assert.equal(await activeCell(), `2 ${weeks - 1}`);
      await shown.press('Home', 'ArrowLeft');
      assert.equal(await activeCell(), '2 0');
      await shown.press('Control+End');
      assert.equal(await activeCell(), `${drift.report.columns.length - 1} ${weeks - 1}`);
      await shown.press('Control+Home', 'ArrowRight', 'Enter');
      const picked = shown.page.locator('.picked-detail');
      await picked.waitFor();
      assert.match(await picked.locator('h3').innerText(), /^flight · Jun 8, 2013 – Jun 15, 2013/);
      assert.equal(await activeCell(), '0 1');
      await shown.press('Escape');
      await picked.waitFor({ state: 'detached' });
      assert.equal(await activeCell(), '0 1');
    });

    it('opens that column and window on a click, and is as it was after a reload', async () => {
      shown = await harness.show(windowed);
      await cell(2, 5).click();
      await openPicture('Over Time');
      const title = await shown.page.locator('.picked-detail h3').innerText();
      const state = await shown.kept(({ view }) => view.picked !== undefined);
      await shown.page.close();
      shown = await harness.open({ state });
      await shown.tell({ type: 'result', result: windowed, stale: false });
      await shown.page.locator('.chart.over-time svg').waitFor();
      assert.equal(await shown.page.locator('.picked-detail h3').innerText(), title);
    });

    it('copies and tells the same as a table', async () => {
      shown = await harness.show(windowed);
      await shown.page.locator('.fold-body').getByText('Copy').click();
      const lines = (await shown.posted('copy')).text.trimEnd().split('\n');
      assert.equal(lines.length, 1 + drift.report.columns.length * weeks);
      assert.match(lines[1] ?? '', /^flight\t2013-06-01T00:00:00\.000Z\t2013-06-08T00:00:00\.000Z\tks\t/);
      await shown.page.getByRole('button', { name: 'Show as Table' }).first().click();
      const table = shown.page.locator('.fold-body table');
      assert.equal(await table.locator('tbody tr').count(), drift.report.columns.length);
      assert.equal(await table.locator('th').count(), 1 + weeks);
    });

    it('folds away, and stays so', async () => {
      shown = await harness.show(windowed);
      const head = shown.page.getByRole('button', { name: /^Windows/ });
      await head.click();
      assert.equal(await head.getAttribute('aria-expanded'), 'false');
      assert.equal(await shown.page.locator('.heat').count(), 0);
      await shown.kept(({ view }) => view.folded.includes('windows'));
    });

    it('is not there when the report has no windows', async () => {
      shown = await harness.show(drift);
      assert.equal(await shown.page.locator('.fold').count(), 0);
    });

    it('keeps 1,000 columns in 50 windows smooth', async () => {
      const seed = drift.report.columns.filter(({ drifted }) => drifted !== null);
      const columns = Array.from({ length: 1000 }, (_, at) => {
        const one = seed[at % seed.length] as DriftColumn;
        const empty = { histogram: null, rows: 1000, nulls: 0, mean: null, median: null };
        return { ...one, column: `column_${at}`, reference: empty, current: empty };
      });
      const many = withWindows({ ...drift, report: { ...drift.report, columns } }, 50);
      shown = await harness.show(many);
      assert.equal(await shown.page.getByRole('grid').getAttribute('aria-rowcount'), '1001');
      const inDocument = () => shown.page.locator('.heat-cell').count();
      assert.ok((await inDocument()) < 1500, `${await inDocument()} cells`);
      await shown.page.locator('.heat-cell').first().focus();
      const walking = Date.now();
      await shown.press('Control+End');
      await cell(999, 49).waitFor();
      assert.equal(await activeCell(), '999 49');
      await shown.press(...Array.from({ length: 20 }, () => 'ArrowUp'));
      assert.equal(await activeCell(), '979 49');
      assert.ok(Date.now() - walking < 3000, `${Date.now() - walking} ms for 21 keys`);
      assert.ok((await inDocument()) < 1500, `${await inDocument()} cells`);
      await shown.press('Enter');
      await shown.page.locator('.picked-detail').waitFor();
      await shown.page.getByRole('button', { name: 'Lines' }).click();
      assert.equal(await shown.page.locator('.line-card').count(), 24);
      await shown.page.getByText('Show 24 More').click();
      assert.equal(await shown.page.locator('.line-card').count(), 48);
      await shown.page.getByRole('button', { name: 'Show as Table' }).first().click();
      assert.equal(await shown.page.locator('.fold-body > .data-table tbody tr').count(), 100);
    });
  });

  describe('as lines', () => {
    it('has one a column with its limit, and opens where drift began', async () => {
      shown = await harness.show(windowed);
      await shown.page.getByRole('button', { name: 'Lines' }).click();
      assert.equal(await shown.page.locator('.line-card').count(), drift.report.columns.length);
      const card = shown.page.locator('.line-card', { hasText: 'dep_delay' });
      assert.equal(await card.locator('.limit-line').count(), 1);
      const words = (await card.getAttribute('aria-label')) ?? '';
      const series = windowed.report.columns.filter(({ column, window }) => window && column === 'dep_delay');
      assert.ok(words.includes(`beyond its limit in ${series.filter((one) => one.drifted).length}`), words);
      assert.match(words, /since Jun 15, 2013/);
      await card.click();
      assert.match(await shown.page.locator('.picked-detail h3').innerText(), /^dep_delay · Jun 15, 2013/);
    });
  });

  describe('in a detail', () => {
    it('draws the figure over time against its limit, a point a window', async () => {
      shown = await harness.show(windowed);
      await openRow('dep_delay');
      await openPicture('Over Time');
      const series = windowed.report.columns.filter(({ column, window }) => window && column === 'dep_delay');
      const drifted = series.filter((one) => one.drifted).length;
      await shown.page.locator('.chart.over-time svg').waitFor();
      assert.equal(await shown.page.locator('.over-time .dots.beyond circle').count(), drifted);
      assert.equal(await shown.page.locator('.over-time .dots.within circle').count(), weeks - drifted);
      assert.equal(await shown.page.locator('.over-time path.limit-line, .over-time .limit-line path').count(), 1);
      const words = await shown.page.locator('.chart').getAttribute('aria-label');
      const began = series[beganAt(series) ?? -1];
      assert.match(
        words ?? '',
        new RegExp(`beyond its limit in ${drifted} of them\\. It has drifted since Jun 15, 2013`),
      );
      assert.equal(began?.window?.start, '2013-06-15T00:00:00.000Z');
      await shown.page.locator('.detail').getByText('Show as Table').click();
      assert.equal(await shown.page.locator('.shown-part tbody tr').count(), weeks);
    });

    it('sets the quantiles of both sides against each other, and says where they are read from', async () => {
      shown = await harness.show(drift);
      await openRow('air_time');
      await openPicture('Quantiles');
      await shown.page.locator('.chart.quantiles svg').waitFor();
      assert.ok((await shown.page.locator('.quantiles .dots circle').count()) >= 39);
      assert.match(await shown.page.locator('.detail').innerText(), /Read off the histograms/);
      const words = await shown.page.locator('.chart').getAttribute('aria-label');
      assert.match(words ?? '', /^Quantiles of air_time, read off the histograms\. The median is \d+/);
      await shown.page.locator('.detail').getByText('Show as Table').click();
      assert.equal(await shown.page.locator('.shown-part tbody tr').count(), 41);
      await shown.page.locator('.shown-part').getByText('Copy').click();
      assert.equal((await shown.posted('copy')).text.split('\n')[0], 'quantile\treference\tcurrent');
    });

    it('uses the quantiles of the report where there are some', async () => {
      const quantiles = Array.from({ length: 41 }, (_, at) => at);
      const columns = drift.report.columns.map((one) => ({
        ...one,
        reference: { ...one.reference, quantiles },
        current: { ...one.current, quantiles: quantiles.map((value) => value + 3) },
      }));
      shown = await harness.show({ ...drift, report: { ...drift.report, columns } });
      await openRow('air_time');
      await openPicture('Quantiles');
      assert.doesNotMatch(await shown.page.locator('.detail').innerText(), /Read off/);
      await shown.page.locator('.detail').getByText('Show as Table').click();
      const cells = await shown.page.locator('.shown-part tbody tr').nth(20).locator('td').allInnerTexts();
      assert.deepEqual(
        cells.map((text) => text.replace(/\s/g, '')),
        ['50%', '20', '23', '3'],
      );
    });

    it('is chosen among by keyboard', async () => {
      shown = await harness.show(windowed);
      await openRow('dep_delay');
      await shown.page.getByRole('button', { name: 'Distribution', exact: true }).focus();
      await shown.press('ArrowRight', 'ArrowRight', 'Enter');
      await shown.page.locator('.chart.over-time svg').waitFor();
      assert.equal(await shown.focused(), 'Over Time');
    });

    it('shows thin tails by orders of magnitude', async () => {
      shown = await harness.show(drift);
      await openRow('dep_delay');
      await shown.page.locator('.chart svg').waitFor();
      await shown.page.getByRole('button', { name: 'Log Scale' }).click();
      await shown.page.locator('.chart svg text', { hasText: '0.1 %' }).first().waitFor();
      const heights = await shown.page.evaluate<readonly number[]>(
        "[...document.querySelectorAll('.chart .current rect')].map((bar) => Number(bar.getAttribute('height')))",
      );
      assert.ok(Math.min(...heights.slice(0, 8)) > 20, `the least bar is ${Math.min(...heights)} px`);
    });
  });

  describe('with another limit', () => {
    const slider = () => shown.page.locator('.detail input[type=range]');

    it('says at once what would drift, by keyboard', async () => {
      shown = await harness.show(drift);
      await openRow('dep_delay');
      const status = shown.page.locator('.limit-slider [role=status]');
      assert.match(await status.innerText(), /^dep_delay drifts\. In all, 6 of 15 columns drift: enough/);
      await slider().focus();
      await shown.press('End');
      assert.match(
        await status.innerText(),
        /^dep_delay would stay within it\. With it for all 11 columns judged by jensen-shannon, 0 of them would, in all 3 of 15 columns: too few/,
      );
      await shown.press('Home');
      assert.match(await status.innerText(), /^dep_delay would drift\. .* 10 of them would, in all 13 of 15/);
      assert.match((await slider().getAttribute('aria-valuetext')) ?? '', /^0\.0\d+; dep_delay drifts/);
      await shown.page.getByRole('button', { name: 'Back to 0.1' }).click();
      assert.match(await status.innerText(), /^dep_delay drifts\. In all, 6 of 15/);
    });

    it('writes it to the contract when asked', async () => {
      shown = await harness.show(drift);
      await openRow('dep_delay');
      const write = shown.page.getByRole('button', { name: 'Write Limit to Contract' });
      assert.ok(await write.isDisabled());
      await slider().fill('100');
      await write.click();
      const { column, method, threshold } = await shown.posted('writeThreshold');
      assert.deepEqual([column, method], ['dep_delay', 'jensen-shannon']);
      const told = await shown.page.locator('.limit-slider label b').innerText();
      assert.equal(threshold, Number(told));
      assert.ok(threshold > 0.1);
    });

    it("writes it to the monitor's file, and is not there for a column that has no limit there", async () => {
      const monitor = { path: '/work/azure.yml', name: 'inputs', limited: ['dep_delay'] };
      shown = await harness.show({ ...drift, contract: null, report: { ...drift.report, monitor } });
      await openRow('dep_delay');
      await slider().fill('100');
      await shown.page.getByRole('button', { name: 'Write Limit to Monitor' }).click();
      assert.equal((await shown.posted('writeThreshold')).column, 'dep_delay');
      await shown.page.close();
      shown = await harness.show({ ...drift, contract: null, report: { ...drift.report, monitor } });
      await openRow('arr_delay');
      await shown.page.locator('.detail .facts').first().waitFor();
      assert.equal(await slider().count(), 0);
    });

    it("writes the share of columns to the monitor's file, by keyboard", async () => {
      const monitor = { path: '/work/a.experiment.yaml', name: 'inputs', isShareLimited: true };
      shown = await harness.show({ ...drift, contract: null, report: { ...drift.report, monitor } });
      const share = shown.page.getByRole('slider', { name: /Try a share of columns/ });
      const status = shown.page.locator('.limit-slider [role=status]');
      assert.match(await status.innerText(), /^6 of 15 columns drift: the dataset drifts\.$/);
      await share.focus();
      await shown.press('End');
      assert.match(await status.innerText(), /the dataset would not drift\.$/);
      const write = shown.page.getByRole('button', { name: 'Write Limit to Monitor' });
      await write.focus();
      await shown.press('Enter');
      assert.deepEqual(await shown.posted('writeThreshold'), {
        type: 'writeThreshold',
        column: null,
        method: 'share',
        threshold: 1,
      });
      for (const theme of ['light', 'dark', 'high-contrast'] as const) {
        await shown.page.close();
        shown = await harness.show({ ...drift, contract: null, report: { ...drift.report, monitor } }, { theme });
        await shown.page.screenshot({ path: `out/screenshots/drift-share-${theme}.png` });
      }
    });

    it('has nothing to write to without a contract', async () => {
      shown = await harness.show({ ...drift, contract: null });
      await openRow('dep_delay');
      await slider().waitFor();
      assert.equal(await shown.page.getByRole('button', { name: 'Write Limit to Contract' }).count(), 0);
    });
  });

  describe('by segments', () => {
    it('comes first with those that carry most, and with their three columns that do', async () => {
      shown = await harness.show(segmented);
      const items = await shown.page.locator('.tree-item').allInnerTexts();
      const flat = items.map((text) => text.replace(/\s+/g, ' ').trim());
      assert.match(flat[0] ?? '', /^origin = EWR \d+ %/);
      assert.equal(await shown.page.locator('.tree-item.segment').count(), 3);
      assert.equal(await shown.page.locator('.tree-item.column').count(), 3);
      assert.deepEqual(
        flat.filter((text) => / more /.test(text)),
        ['14 more columns', '1 more segment'],
      );
    });

    it('is a tree by keyboard, whose columns open', async () => {
      shown = await harness.show(segmented);
      await shown.page.locator('.tree-item').first().focus();
      await shown.press('ArrowLeft');
      assert.equal(await shown.page.locator('.tree-item.column').count(), 0);
      await shown.press('ArrowRight', 'ArrowRight');
      assert.match(await shown.focused(), /^flight/);
      await shown.press('ArrowDown', 'Enter');
      assert.match(await shown.page.locator('.picked-detail h3').innerText(), /^month · origin = EWR/);
      await shown.press('Escape');
      await shown.page.locator('.picked-detail').waitFor({ state: 'detached' });
      await shown.press('End');
      assert.equal(await shown.focused(), '1 more segment');
      await shown.press('Enter');
      assert.equal(await shown.page.locator('.tree-item.segment').count(), 4);
      assert.match(await shown.focused(), /^origin = no value/);
    });

    it('are rows of the table when asked for, and else are not', async () => {
      shown = await harness.show(segmented);
      assert.equal((await shown.rows()).length, drift.report.columns.length);
      await shown.page.getByLabel('Rows').selectOption('Each segment');
      assert.equal((await shown.rows()).length, drift.report.columns.length * 4);
      assert.match((await shown.rows())[0] ?? '', /flight · origin = EWR/);
      const name = seriesName(segmented.report.columns.at(-1) as DriftColumn);
      assert.equal(name, 'year · origin = no value');
    });
  });

  describe('with a diagnosis', () => {
    const told = { ...drift, report: { ...drift.report, diagnosis, notes: ['The 3 smallest segments are left out.'] } };

    it('says of each kind what moved most, and opens the column', async () => {
      shown = await harness.show(told, { height: 1000 });
      const words = (await shown.page.locator('.diagnosis').innerText()).replace(/\s+/g, ' ');
      for (const part of [
        'flight 61 % median 1,493 → 1,463',
        'origin = EWR 62 % of the drift of dep_delay, with 36 % of the rows',
        'dep_delay since Jun 15, 2013, 10 windows',
        'dep_delay and arr_delay correlation 0.91 → 0.42',
        'dep_time 1.9 % → 3.2 % without a value',
        'arr_delay 3 (< 0.1 %) outside −70 … 1,272, down to −86',
        'target arr_delay drifted: median −3 → −2',
      ])
        assert.ok(words.includes(part), `${part} in ${words}`);
      assert.ok(!words.includes('hour'), 'what did not drift is left out');
      assert.ok((await shown.page.locator('.fold').innerText()).includes('The 3 smallest segments are left out.'));
      await shown.page.locator('.diagnosis').getByRole('button', { name: 'dep_time' }).click();
      assert.match(await shown.page.locator('.picked-detail h3').innerText(), /^dep_time/);
      await shown.page.screenshot({ path: 'out/screenshots/page-diagnosis-dark-900.png' });
    });

    it('copies all of it', async () => {
      shown = await harness.show(told);
      await shown.page.locator('.fold-body').getByText('Copy').click();
      const kinds = (await shown.posted('copy')).text
        .trimEnd()
        .split('\n')
        .map((line) => line.split('\t')[0]);
      assert.deepEqual(kinds, [
        'kind',
        'column',
        'column',
        'column',
        'segment',
        'began',
        'dependency',
        'missing',
        'range',
        'target',
      ]);
    });
  });

  describe('as files', () => {
    const exportAs = async (item: string) => {
      await shown.page.getByRole('button', { name: 'Export' }).click();
      await shown.page.getByRole('menuitem', { name: item }).click();
    };

    it('saves the open chart as a picture that stands alone', async () => {
      shown = await harness.show(drift);
      await openRow('dep_delay');
      await shown.page.locator('.chart svg').waitFor();
      await exportAs('Save Picture as SVG…');
      const { name, mime, content } = await shown.posted('save');
      assert.deepEqual([name, mime], ['dep_delay-distribution.svg', 'image/svg+xml']);
      assert.doesNotMatch(content, /class=|style=|var\(|color-mix|rgba?\([^)]*,[^)]*,[^)]*,/);
      assert.match(content.replace(/<\/tspan><tspan[^>]*>/g, ' '), /dep_delay: shares of flights_2013-01\.parquet/);
      const lines = content.match(/stroke-opacity="0\.0\d/g) ?? [];
      assert.ok(lines.length > 0, 'the lines of the grid are as faint as on the page');
      assert.match(content, /fill="#1f1f1f"|fill="#1F1F1F"/);
      // A page without our sheet shows it with its bars in their colour.
      const alone = await harness.blank();
      await alone.setContent(content.replace(/^<\?xml.*\?>/, ''));
      const fills = await alone.evaluate<readonly string[]>(
        "[...document.querySelectorAll('rect')].map((bar) => getComputedStyle(bar).fill)",
      );
      assert.ok(fills.filter((fill) => fill === 'rgb(89, 164, 249)').length > 5, fills.join(' '));
      await alone.close();
    });

    it('saves it as pixels', async () => {
      shown = await harness.show(drift);
      await openRow('dep_delay');
      await shown.page.locator('.chart svg').waitFor();
      await exportAs('Save Picture as PNG…');
      const { name, mime, content } = await shown.posted('save');
      assert.deepEqual([name, mime], ['dep_delay-distribution.png', 'image/png']);
      const bytes = Buffer.from(content, 'base64');
      assert.equal(bytes.subarray(1, 4).toString(), 'PNG');
      assert.ok(bytes.readUInt32BE(16) > 600, `${bytes.readUInt32BE(16)} px wide`);
      assert.ok(bytes.length > 5000, `${bytes.length} bytes`);
    });

    it('saves the heat map with all of its cells, in high contrast too', async () => {
      for (const theme of ['dark', 'high-contrast'] as const) {
        await shown?.page.close();
        shown = await harness.show(windowed, { theme });
        await exportAs('Save Picture as SVG…');
        const { name, content } = await shown.posted('save');
        assert.equal(name, 'drift-heat-map.svg');
        assert.ok((content.match(/<rect/g) ?? []).length > drift.report.columns.length * weeks);
        assert.doesNotMatch(content, /var\(|color-mix|color\(/);
      }
    });

    it('offers a page, and no picture where none is shown', async () => {
      shown = await harness.show(drift);
      await shown.page.getByRole('button', { name: 'Export' }).click();
      assert.deepEqual(
        await shown.page.getByRole('menuitem').allTextContents(),
        ['JSON', 'CSV', 'HTML', 'Markdown', 'JUnit XML', 'SARIF', 'Evidently', 'SageMaker'].map(
          (name) => `Export as ${name}…`,
        ),
      );
      await shown.page.getByRole('menuitem', { name: 'Export as HTML…' }).click();
      assert.deepEqual(await shown.posted('export'), { type: 'export', format: 'html', pictures: [] });
    });

    it('gives the open picture to the page', async () => {
      shown = await harness.show(drift);
      await openRow('dep_delay');
      await shown.page.locator('.chart svg').waitFor();
      await exportAs('Export as HTML…');
      const { pictures } = await shown.posted('export');
      assert.equal(pictures.length, 1);
      assert.match(pictures[0]?.caption ?? '', /^dep_delay: shares of flights_2013-01\.parquet/);
      assert.match(pictures[0]?.svg ?? '', /^<\?xml[^>]*>\s*<svg/);
      assert.doesNotMatch(pictures[0]?.svg ?? '', /class=|style=|var\(/);
    });
  });

  describe('looks', () => {
    const themes: readonly Theme[] = ['dark', 'light', 'high-contrast', 'high-contrast-light'];
    const pictures = 'out/screenshots';
    before(() => mkdirSync(pictures, { recursive: true }));

    for (const theme of themes) {
      it(`as it should in ${theme} at any width`, async () => {
        shown = await harness.show(segmented, { theme });
        await cell(3, 4).click();
        await shown.page.locator('.chart svg').waitFor();
        for (const width of [300, 400, 900, 1600]) {
          await shown.page.setViewportSize({ width, height: 1000 });
          await shown.page.waitForTimeout(150);
          const wide = await shown.page.evaluate('document.documentElement.scrollWidth');
          assert.ok(Number(wide) <= width, `${wide} px at ${width}`);
          await shown.page.screenshot({ path: `${pictures}/page-windows-${theme}-${width}.png` });
        }
      });
    }

    it('moves nothing when motion is to be reduced', async () => {
      shown = await harness.show(segmented);
      await shown.page.emulateMedia({ reducedMotion: 'reduce' });
      await cell(3, 4).click();
      assert.equal(await shown.page.evaluate('document.getAnimations().length'), 0);
    });
  });
});
