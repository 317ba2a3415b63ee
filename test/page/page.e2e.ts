import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import type { CheckReport, CheckStatus, DriftColumn, StoredResult } from '../../server/src/protocol';
import { type Harness, openHarness, type ShownPage, samples, type Theme } from './harness';

type Check = CheckReport['checks'][number];
type Checks = Extract<StoredResult, { kind: 'check' }>;

const { check, drift } = samples;
const kilobyte = 1024;

/** The sample with other checks and the counts that they have. */
function withChecks(checks: readonly Check[]): Checks {
  const counted = (status: CheckStatus) => checks.filter((one) => one.status === status).length;
  const summary = {
    ...check.report.summary,
    passed: counted('passed'),
    failed: counted('failed'),
    warning: counted('warning'),
    error: counted('error'),
    skipped: counted('skipped'),
  };
  return { ...check, report: { ...check.report, checks, summary } };
}

function firstCheck(fits: (one: Check) => boolean): Check {
  const found = check.report.checks.find(fits);
  assert.ok(found);
  return found;
}

function driftColumn(name: string): DriftColumn {
  const found = drift.report.columns.find(({ column }) => column === name);
  assert.ok(found);
  return found;
}

describe('The results page', () => {
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

  const openColumn = async (name: string) => {
    await shown.page
      .locator('.row', { has: shown.page.locator('.cell-column', { hasText: name }) })
      .first()
      .click();
  };

  /** Presses Tab until the element with this text has the focus. */
  const tabTo = async (text: string) => {
    for (let tries = 0; tries < 30; tries++) {
      if ((await shown.focused()).startsWith(text)) return;
      await shown.press('Tab');
    }
    assert.fail(`Tab never comes to ${text}.`);
  };

  it('loads little before the first picture, and the charts only when one is asked for', async () => {
    shown = await harness.open();
    const { outputs } = harness.metafile;
    const sizeOf = (path: string): number => {
      const output = outputs[path] ?? outputs[path.replace(/\?.*/, '')];
      assert.ok(output, path);
      const needed = output.imports.filter(({ kind, external }) => kind !== 'dynamic-import' && !external);
      return needed.reduce((sum, file) => sum + sizeOf(file.path), output.bytes);
    };
    const first = sizeOf('out/page/main.js') + sizeOf('out/page/page.css');
    assert.ok(first < 350 * kilobyte, `${Math.round(first / kilobyte)} KB at first paint`);
    assert.ok(first > 100 * kilobyte, 'the icons are counted');
    const inputs = Object.keys(outputs['out/page/main.js']?.inputs ?? {});
    assert.ok(!inputs.some((input) => input.includes('observablehq')));
  });

  describe('with checks', () => {
    it('begins with the verdict, then says which versions it is about', async () => {
      shown = await harness.show(check);
      assert.equal(
        (await shown.page.locator('h1').innerText()).replace(/\s+/g, ' '),
        'flights · 8 of 44 checks failed, 1 could not be judged',
      );
      const provenance = (await shown.page.locator('.provenance').innerText()).replace(/\s+/g, ' ');
      for (const part of ['flights.odcs.yaml 1.1.0 a1b2c3d edited', 'flights_2013-07.parquet 9f3e1ab', '29,425 rows']) {
        assert.ok(provenance.includes(part), `${part} in ${provenance}`);
      }
      await shown.page.getByText('3 more files').click();
      assert.match(await shown.page.locator('.provenance').innerText(), /planes\.csv\s+not in Git/);
      await shown.page.getByRole('button', { name: 'flights_2013-07.parquet' }).click();
      assert.equal((await shown.posted('openFile')).path, '/home/ada/flights/data/flights_2013-07.parquet');
    });

    it('says what to know of the data, and nothing where there is nothing', async () => {
      const [data, ...others] = check.report.data;
      assert.ok(data);
      const noted = { ...data, notes: ['flights.csv is read as Windows-1252.', 'Line 7 has a cell too many.'] };
      shown = await harness.show({ ...check, report: { ...check.report, data: [noted, ...others] } });
      const notes = shown.page.getByRole('list', { name: 'What to know of the data' });
      assert.deepEqual(
        (await notes.getByRole('listitem').allTextContents()).map((note) => note.trim()),
        noted.notes,
      );
      await shown.page.close();
      shown = await harness.show(check);
      assert.equal(await shown.page.getByRole('list', { name: 'What to know of the data' }).count(), 0);
    });

    it('shows the icons of the font', async () => {
      shown = await harness.show(check);
      assert.equal(
        await shown.page.evaluate("document.fonts.ready.then(() => document.fonts.check('16px codicon'))"),
        true,
      );
    });

    it('works by keyboard alone: filter, sort, open, go to the line', async () => {
      shown = await harness.show(check);
      await tabTo('Failed 8');
      await shown.press('Space');
      assert.equal((await shown.rows()).length, 8);
      await shown.press('ArrowRight', 'ArrowRight', 'Space');
      assert.equal(await shown.focused(), 'Warning 7');
      assert.equal((await shown.rows()).length, 15);
      await shown.press('Space', 'Home');
      assert.equal(await shown.focused(), 'Failed 8');

      await tabTo('Status');
      await shown.press('End', 'ArrowLeft');
      assert.equal(await shown.focused(), 'Observed');
      await shown.press('Enter');
      assert.equal(await shown.page.locator('[aria-sort="descending"]').innerText(), 'Observed');
      const failed = check.report.checks.filter(({ status }) => status === 'failed');
      const worst = failed.toSorted((a, b) => (b.unexpectedPercent ?? 0) - (a.unexpectedPercent ?? 0));
      const [first, second] = worst;
      assert.ok(first && second);
      assert.match((await shown.rows())[0] ?? '', new RegExp(`${first.column}.*${first.name}`));

      await tabTo('Failed flights.');
      await shown.press('ArrowDown', 'Enter');
      const detail = shown.page.locator('.detail');
      await detail.waitFor();
      assert.match(await detail.innerText(), new RegExp(`${second.id}`));
      assert.equal(await detail.locator('tbody tr').count(), second.samples.length);

      await shown.press('ArrowRight', 'Enter');
      assert.deepEqual((await shown.posted('reveal')).location, second.location);
      await shown.press('Escape');
      await detail.waitFor({ state: 'detached' });
      assert.match(await shown.focused(), new RegExp(`^Failed flights\\.${second.column}`));
      await shown.press('End');
      assert.match(await shown.focused(), new RegExp(`${worst.at(-1)?.name}`));
    });

    it('goes to the line on a click without opening the row', async () => {
      shown = await harness.show(check);
      await shown.page.locator('.row .follow').first().click();
      assert.deepEqual(
        (await shown.posted('reveal')).location,
        firstCheck(({ status }) => status === 'failed').location,
      );
      assert.equal(await shown.page.locator('.detail').count(), 0);
    });

    it('finds by text and by table, and offers the way back', async () => {
      shown = await harness.show(check);
      await shown.page.getByRole('textbox').fill('tailnum registr');
      assert.equal((await shown.rows()).length, 1);
      assert.equal(await shown.page.locator('.shown').innerText(), '1 of 44');
      await shown.page.getByRole('textbox').fill('no such thing');
      await shown.page.getByText('Clear Filter').click();
      assert.equal((await shown.rows()).length, 44);
      await shown.page.getByLabel('Table').selectOption('airports');
      assert.ok((await shown.rows()).every((row) => row.includes('airports')));
    });

    it('copies the rows that break a rule as tab-separated text', async () => {
      shown = await harness.show(check);
      const one = firstCheck(({ id }) => id === 'cancelled_share');
      await shown.page.locator('.row', { hasText: one.name }).click();
      await shown.page.locator('.detail').getByText('Copy').click();
      const lines = (await shown.posted('copy')).text.trimEnd().split('\n');
      assert.equal(lines[0], 'row\tdep_time\tcarrier\tflight\torigin\tdest\ttime_hour');
      assert.equal(lines.length, 1 + one.samples.length);
      assert.match(lines[1] ?? '', /^882\t\tEV\t4352\tEWR\t/);
    });

    it('takes what the data says as text', async () => {
      const markup = '<img src=x onerror="document.title=1"><b>bold</b>';
      const one = { ...firstCheck(({ samples: rows }) => rows.length > 0), name: markup, message: markup };
      shown = await harness.show(withChecks([{ ...one, samples: [{ row: 1, values: { [markup]: markup } }] }]));
      await shown.page.locator('.row').click();
      await shown.page.locator('.detail').waitFor();
      assert.equal(await shown.page.locator('section img, section .row b').count(), 0);
      assert.ok((await shown.page.locator('.detail').innerText()).includes(markup));
    });

    it('keeps 10,000 checks smooth: few rows in the document, and every one in reach', async () => {
      const seed = check.report.checks;
      const checks = Array.from({ length: 10_000 }, (_, index) => {
        const one = seed[index % seed.length] as Check;
        return { ...one, id: `check-${index}`, name: `rule ${index}`, status: 'passed' as const };
      });
      shown = await harness.show(withChecks(checks));
      assert.equal(await shown.page.getByRole('treegrid').getAttribute('aria-rowcount'), '10001');
      const inDocument = () => shown.page.locator('.row').count();
      assert.ok((await inDocument()) < 100, `${await inDocument()} rows`);

      await shown.page.evaluate('scrollTo(0, document.documentElement.scrollHeight / 2)');
      await shown.page.locator('[data-index="5000"]').waitFor();
      assert.ok((await inDocument()) < 100, `${await inDocument()} rows`);

      await shown.page.locator('.row').first().focus();
      await shown.press('End');
      await shown.page.waitForFunction("document.activeElement.textContent.includes('rule 9999')");
      await shown.press('Enter');
      await shown.page.locator('.detail', { hasText: 'check-9999' }).waitFor();
      assert.ok((await inDocument()) < 100, `${await inDocument()} rows`);

      await shown.page.evaluate('scrollTo(0, 0)');
      await shown.page.locator('[data-index="3"]').waitFor();
      await shown.press('ArrowUp');
      await shown.page.waitForFunction("document.activeElement.textContent.includes('rule 9998')");
      await shown.page.evaluate('scrollTo(0, 2000)');
      await shown.page.locator('[data-index="80"]').waitFor();
      await shown.press('Home');
      await shown.page.waitForFunction("document.activeElement.textContent.includes('rule 0')");

      const typing = Date.now();
      await shown.page.getByRole('textbox').fill('rule 7777');
      await shown.page.waitForFunction("document.querySelectorAll('.row').length === 1");
      assert.ok(Date.now() - typing < 2_000, `${Date.now() - typing} ms to filter`);
    });
  });

  describe('with drift', () => {
    it('sorts by how far beyond the limit', async () => {
      shown = await harness.show(drift);
      const rows = await shown.rows();
      assert.deepEqual(
        rows.slice(0, 4).map((row) => row.split(' ')[1]),
        ['flight', 'month', 'air_time', 'dep_delay'],
      );
      assert.match(rows.at(-1) ?? '', /^Not judged/);
      assert.match(await shown.page.locator('h1').innerText(), /6 of 15 columns drifted/);
    });

    it('draws both sides over common edges when a row is opened', async () => {
      shown = await harness.show(drift);
      await openColumn('dep_time');
      await shown.page.locator('.chart svg').waitFor();
      const { histogram } = driftColumn('dep_time').current;
      assert.ok(histogram && 'edges' in histogram);
      const filled = histogram.counts.length + 1;
      assert.equal(
        await shown.page.locator('.chart .current rect').count(),
        filled,
        'bins and the rows without a value',
      );
      assert.equal(await shown.page.locator('.chart .reference').count(), 2);
      assert.equal(await shown.page.locator('.chart style').count(), 0);
      const words = await shown.page.locator('.chart').getAttribute('aria-label');
      assert.match(words ?? '', /^Distribution of dep_time over 24 bins\. .*The largest change is at /);
    });

    it('says on hover what each side has in a bin', async () => {
      shown = await harness.show(drift);
      await openColumn('dep_time');
      const bar = await shown.page.locator('.chart .current rect').nth(8).boundingBox();
      assert.ok(bar);
      await shown.page.mouse.move(bar.x + bar.width / 2, bar.y + bar.height / 2);
      await shown.page.locator('.chart .tip text').waitFor();
      const tip = await shown.page.locator('.chart .tip text').textContent();
      const { reference, current } = driftColumn('dep_time');
      const counts = [reference, current].map(({ histogram }) => histogram?.counts[8]?.toLocaleString('en'));
      for (const count of counts) assert.ok(tip?.includes(String(count)), `${count} in ${tip}`);
    });

    it('cuts a long tail, tells what lies beyond, and shows it when asked', async () => {
      shown = await harness.show(drift);
      await openColumn('dep_delay');
      await shown.page.locator('.chart svg').waitFor();
      const bars = shown.page.locator('.chart .current rect');
      const middle = await bars.count();
      assert.match((await shown.page.locator('.chart svg').textContent()) ?? '', /0\.3\s% → 1\.0\s% above/);
      await shown.page.getByText('Show Whole Range').click();
      await shown.page.getByText('Show Middle').waitFor();
      await bars.nth(middle).waitFor({ state: 'attached' });
      assert.equal(await bars.count(), 41);
    });

    it('has a table for every chart, which says and copies the same', async () => {
      shown = await harness.show(drift);
      await openColumn('dep_time');
      await shown.page.getByText('Show as Table').click();
      const { reference, current } = driftColumn('dep_time');
      const expected = [
        [...(reference.histogram?.counts ?? []), reference.nulls],
        [...(current.histogram?.counts ?? []), current.nulls],
      ];
      const rows = await shown.page.locator('.shown-part tbody tr').all();
      const cells = await Promise.all(rows.map((row) => row.locator('td').allInnerTexts()));
      const column = (at: number) => cells.map((row) => Number(row[at]?.replaceAll(',', '')));
      assert.deepEqual([column(1), column(3)], expected);

      await shown.page.locator('.shown-part').getByText('Copy').click();
      const lines = (await shown.posted('copy')).text
        .trimEnd()
        .split('\n')
        .map((line) => line.split('\t'));
      const [head, ...body] = lines;
      assert.deepEqual(head, ['from', 'to', 'reference', 'reference share', 'current', 'current share']);
      assert.deepEqual([body.map((line) => Number(line[2])), body.map((line) => Number(line[4]))], expected);
      const total = body.reduce((sum, line) => sum + Number(line[5]), 0);
      assert.ok(Math.abs(total - 1) < 1e-9, `the shares make ${total}`);
    });

    it('marks new and gone categories by a word', async () => {
      shown = await harness.show(drift);
      await openColumn('carrier');
      await shown.page.locator('.chart svg').waitFor();
      const notes = await shown.page.locator('.chart .note text').allTextContents();
      assert.deepEqual(notes.toSorted(), ['gone', 'gone', 'new']);
    });

    it('says why a column is not judged', async () => {
      shown = await harness.show(drift);
      await openColumn('tailnum');
      const { reason } = driftColumn('tailnum');
      assert.equal(await shown.page.locator('.detail .message').innerText(), reason);
      assert.equal(await shown.page.locator('.chart').count(), 0);
    });
  });

  describe('over its life', () => {
    it('restores what a person had set when the panel is loaded again', async () => {
      shown = await harness.show(check, { height: 400 });
      await shown.page.getByRole('button', { name: /^Warning/ }).click();
      await shown.page.getByRole('button', { name: /^Passed/ }).click();
      await shown.page.getByRole('button', { name: /^Rule/ }).click();
      await shown.page.locator('.row').nth(2).click();
      await shown.page.evaluate('scrollTo(0, 200)');
      const state = await shown.kept(({ view }) => view.scroll === 200 && view.open.length === 1);
      const rows = await shown.rows();
      const detail = await shown.page.locator('.detail').innerText();
      await shown.page.close();

      shown = await harness.open({ state, height: 400 });
      assert.equal((await shown.posted('ready')).resultId, check.id);
      await shown.tell({ type: 'result', result: check, stale: false });
      await shown.page.locator('.detail').waitFor();
      assert.deepEqual(await shown.rows(), rows);
      assert.equal(await shown.page.locator('.detail').innerText(), detail);
      await shown.page.waitForFunction('scrollY === 200');
    });

    it('keeps the view for a newer run of the same contract, and begins anew for another subject', async () => {
      shown = await harness.show(check);
      await shown.page.getByRole('button', { name: /^Failed/ }).click();
      await shown.tell({ type: 'result', result: { ...check, id: 'newer' }, stale: false });
      await shown.kept(({ resultId, view }) => resultId === 'newer' && view.statuses.length === 1);
      await shown.tell({ type: 'result', result: drift, stale: false });
      await shown.kept(({ resultId, view }) => resultId === drift.id && view.statuses.length === 0);
    });

    it('shows how far a run is and lets it be cancelled, the last result in view', async () => {
      shown = await harness.show(check);
      await shown.tell({ type: 'running', title: 'Checking flights', progress: { share: 0.4, message: 'Reading' } });
      const bar = shown.page.getByRole('progressbar');
      await bar.waitFor();
      assert.equal(await bar.getAttribute('aria-valuenow'), '40');
      assert.ok(await shown.page.getByRole('button', { name: 'Run Again' }).isDisabled());
      await shown.tell({
        type: 'running',
        title: 'Checking flights',
        progress: { share: undefined, message: 'Reading' },
      });
      await shown.page.locator('.progress.endless').waitFor();
      assert.equal(await bar.getAttribute('aria-valuenow'), null);
      await shown.page.getByRole('button', { name: 'Cancel' }).click();
      await shown.posted('cancel');
    });

    it('turns nothing when motion is to be reduced', async () => {
      shown = await harness.open();
      await shown.page.emulateMedia({ reducedMotion: 'reduce' });
      await shown.tell({ type: 'running', title: 'Checking', progress: { share: undefined, message: '' } });
      await shown.page.getByRole('progressbar').waitFor();
      assert.equal(await shown.page.evaluate('document.getAnimations().length'), 0);
    });

    it('says what to do when there is nothing, when a run failed, and when the data changed since', async () => {
      shown = await harness.open();
      await shown.tell({ type: 'empty' });
      await shown.page.getByText('No results yet').waitFor();
      await shown.page.getByRole('button', { name: /^Compare/ }).click();
      await shown.posted('compare');
      await shown.tell({ type: 'failed', title: 'The check could not run.', message: 'data.csv is not there.' });
      await shown.page.getByRole('alert').getByRole('button', { name: 'Run Again' }).click();
      await shown.posted('runAgain');
      await shown.tell({ type: 'result', result: check, stale: true });
      await shown.page.getByText('changed since this run').waitFor();
    });

    it('leaves alone what is no message of the panel', async () => {
      shown = await harness.show(check);
      for (const other of [null, 'text', { type: 'result', result: { id: 1 } }, { type: 'unknown' }])
        await shown.raw(other);
      await shown.page.waitForTimeout(50);
      assert.equal((await shown.rows()).length, 44);
    });

    it('exports by a menu that works by keyboard', async () => {
      shown = await harness.show(check);
      await tabTo('Export');
      await shown.press('Enter', 'ArrowDown');
      assert.equal(await shown.focused(), 'Export as CSV…');
      await shown.press('Escape');
      assert.equal(await shown.focused(), 'Export');
      await shown.press('Enter', 'Enter');
      assert.equal((await shown.posted('export')).format, 'json');
    });

    it('writes figures as the language of the window does', async () => {
      shown = await harness.show(drift, { lang: 'de' });
      assert.match(await shown.page.locator('.provenance').innerText(), /27\.004 rows/);
      assert.ok((await shown.rows()).some((row) => row.includes('0,212')));
    });

    it('writes figures all the same where the system has no proper language', async () => {
      shown = await harness.show(drift, { lang: 'en-US@posix' });
      assert.match(await shown.page.locator('.provenance').innerText(), /27,004 rows/);
    });
  });

  describe('looks', () => {
    const themes: readonly Theme[] = ['dark', 'light', 'high-contrast', 'high-contrast-light'];
    const pictures = 'out/screenshots';
    before(() => mkdirSync(pictures, { recursive: true }));

    for (const result of [check, drift]) {
      for (const theme of themes) {
        it(`as it should with ${result.kind === 'check' ? 'checks' : 'drift'} in ${theme} at any width`, async () => {
          shown = await harness.show(result, { theme });
          await shown.page.locator('.row').nth(1).click();
          if (result.kind === 'drift') await shown.page.locator('.chart svg').waitFor();
          for (const width of [300, 400, 900, 1600]) {
            await shown.page.setViewportSize({ width, height: 800 });
            await shown.page.waitForTimeout(150);
            const wide = await shown.page.evaluate('document.documentElement.scrollWidth');
            assert.ok(Number(wide) <= width, `${wide} px at ${width}`);
            await shown.page.screenshot({ path: `${pictures}/page-${result.kind}-${theme}-${width}.png` });
          }
        });
      }
    }
  });
});
