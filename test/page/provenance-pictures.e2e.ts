import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import type { ProvenanceReport, TimelineReport } from '../../server/src/protocol';
import type { Theme } from './harness';
import { type Mounting, mounting, type Shown } from './mounted';

const report: ProvenanceReport = JSON.parse(readFileSync('test/page/fixtures/orchard-provenance.json', 'utf8'));
const timeline: TimelineReport = JSON.parse(readFileSync('test/page/fixtures/orchard-timeline.json', 'utf8'));
const themes: readonly Theme[] = ['dark', 'light', 'high-contrast', 'high-contrast-light'];
const pictures = 'out/screenshots';
mkdirSync(pictures, { recursive: true });

/** Ten thousand runs of fifty experiments. */
function manyRuns(): ProvenanceReport {
  const [run] = report.runs;
  assert.ok(run);
  const runs = Array.from({ length: 10_000 }, (_, index) => ({
    ...run,
    id: `run-${index}`,
    name: `run ${index}`,
    experiment: `experiment ${index % 50}`,
  }));
  return { ...report, runs };
}

/** Screenshots of what is shown in every theme and at several widths, none of which scrolls sideways. */
function looks(name: string, show: (theme: Theme) => Promise<Shown>) {
  for (const theme of themes) {
    it(`looks as it should in ${theme} at any width`, async () => {
      const shown = await show(theme);
      for (const width of [320, 700, 1400]) {
        await shown.page.setViewportSize({ width, height: 700 });
        await shown.page.waitForTimeout(120);
        const wide = await shown.page.evaluate('document.documentElement.scrollWidth');
        assert.ok(Number(wide) <= width, `${wide} px at ${width}`);
        await shown.page.screenshot({ path: `${pictures}/${name}-${theme}-${width}.png` });
      }
    });
  }
}

describe('The graph of provenance on its page', () => {
  let part: Mounting;
  let shown: Shown;
  before(async () => {
    part = await mounting({
      module: 'client/page/provenance/graph/graph',
      component: 'Graph',
      sheet: 'client/page/provenance/graph/graph.css',
      property: 'report',
    });
  });
  after(() => part?.close());
  afterEach(async () => {
    assert.deepEqual(await shown.violations(), [], 'refused by the policy');
    assert.deepEqual(shown.errors, []);
    await shown.page.close();
  });

  const show = async (told = report, theme: Theme = 'dark') => {
    shown = await part.show(told, { theme });
    await shown.page.locator('.graph-node').first().waitFor();
    return shown;
  };
  const node = (title: string) =>
    shown.page.locator('.graph-node', { has: shown.page.locator('.graph-title', { hasText: title }) }).first();
  const press = async (...keys: readonly string[]) => {
    for (const key of keys) await shown.page.keyboard.press(key);
  };
  const scale = async () =>
    Number(/scale\(([\d.]+)\)/.exec((await shown.page.locator('svg > g').getAttribute('transform')) ?? '')?.[1]);

  it('loads its layout as a chunk of its own', async () => {
    await show();
    const chunks = Object.entries(part.metafile.outputs).filter(([, { inputs }]) =>
      Object.keys(inputs).some((input) => input.includes('dagre')),
    );
    const entry = Object.values(part.metafile.outputs).find(({ entryPoint }) => entryPoint !== undefined);
    assert.ok(chunks.length > 0);
    const isStatic = entry?.imports.some(
      ({ path, kind }) => kind === 'import-statement' && chunks.some(([name]) => name.endsWith(path)),
    );
    assert.equal(isStatic, false);
    assert.ok(
      chunks.every(([, { bytes }]) => bytes < 80 * 1024),
      JSON.stringify(chunks.map(([, { bytes }]) => bytes)),
    );
  });

  it('shows all of it on opening, whatever the size of the page', async () => {
    await show();
    const place = await shown.page.locator('.graph-place').boundingBox();
    assert.ok(place);
    for (const one of await shown.page.locator('.graph-box').all()) {
      const box = await one.boundingBox();
      assert.ok(box && box.x >= place.x && box.y >= place.y, 'outside');
      assert.ok(box.x + box.width <= place.x + place.width && box.y + box.height <= place.y + place.height, 'outside');
    }
  });

  it('is one stop of Tab, and arrow keys walk along its lines', async () => {
    await show();
    await node('harvest.csv').focus();
    const first = await shown.focused();
    assert.match(first, /^Dataset harvest\.csv dvc · \w+; changed; stands on .*; leads to /);
    await press('ArrowRight');
    assert.match(await shown.focused(), /^Run .*stands on .*harvest\.csv/);
    await press('ArrowLeft');
    assert.match(await shown.focused(), /; leads to /);
    assert.equal(await shown.page.locator('.graph-node[tabindex="0"]').count(), 1);
  });

  it('is enlarged at the first step where it was too small to be read', async () => {
    await show();
    await shown.page.setViewportSize({ width: 320, height: 700 });
    await shown.page.waitForTimeout(120);
    assert.ok((await scale()) < 0.3);
    await node('harvest.csv').focus();
    await press('ArrowRight');
    assert.equal(await scale(), 0.7);
    const box = await shown.page.locator('.graph-node:focus').boundingBox();
    assert.ok(box && box.x >= 0 && box.x + box.width <= 320);
  });

  it('opens what is chosen by keyboard and by mouse', async () => {
    await show({ ...report, runs: report.runs.filter(({ tracker }) => tracker !== 'mlflow') });
    await node('harvest.csv').focus();
    await press('Enter');
    assert.deepEqual((await shown.posted()).at(-1), { type: 'openFile', path: 'data/harvest.csv' });
    await node('dirty-run').click();
    const last = (await shown.posted()).at(-1);
    assert.equal(last?.type, 'reveal');
  });

  it('shows the runs of a group, and moves the focus to the first of them', async () => {
    await show(manyRuns());
    const more = node('+ 7,600 more');
    await more.focus();
    await press('Enter');
    await shown.page.locator('.graph-title', { hasText: '+ 5,200 more' }).waitFor();
    assert.match(await shown.focused(), /^Run experiment 12 200 runs/);
    await press('Enter');
    await shown.page.locator('.graph-title', { hasText: '+ 188 more' }).waitFor();
    assert.match(await shown.focused(), /^Run run 12 /);
    await node('+ 188 more').focus();
    await press('Enter');
    await shown.page.locator('.graph-title', { hasText: '+ 176 more' }).waitFor();
    assert.match(await shown.focused(), /^Run run 612 /);
    await shown.page.screenshot({ path: `${pictures}/provenance-graph-many.png` });
    await shown.page.getByRole('button', { name: 'Collapse' }).click();
    await shown.page.locator('.graph-title', { hasText: '+ 7,600 more' }).waitFor();
  });

  it('is zoomed and moved by keys, by wheel and by dragging, and is whole again by 0', async () => {
    await show();
    const fit = await scale();
    await node('harvest.csv').focus();
    await press('+', '+');
    assert.ok((await scale()) > fit * 1.4);
    await press('0');
    assert.equal(await scale(), fit);
    await press('-');
    assert.ok((await scale()) < fit);
    await press('0');
    await shown.page.mouse.move(500, 400);
    await shown.page.keyboard.down('Control');
    await shown.page.mouse.wheel(0, -200);
    await shown.page.keyboard.up('Control');
    await shown.page.waitForTimeout(50);
    assert.ok((await scale()) > fit);
    const before = await shown.page.locator('svg > g').getAttribute('transform');
    const place = await shown.page.locator('.graph-place').boundingBox();
    assert.ok(place);
    await shown.page.mouse.move(place.x + 6, place.y + place.height - 6);
    await shown.page.mouse.down();
    await shown.page.mouse.move(place.x + 56, place.y + place.height - 40);
    await shown.page.mouse.up();
    assert.notEqual(await shown.page.locator('svg > g').getAttribute('transform'), before);
    await press('0');
    await node('harvest.csv').focus();
    await press('+', '+', '+', '+', '+', '+', 'ArrowRight');
    const box = await shown.page.locator('.graph-node:focus').boundingBox();
    assert.ok(
      box && place && box.x >= place.x && box.x + box.width <= place.x + place.width + 1,
      'the focus is in view',
    );
  });

  it('is a list for who would rather read it, and when it cannot be drawn', async () => {
    await show();
    await shown.page.getByRole('button', { name: 'Show as List' }).click();
    const rows = await shown.page.locator('.graph-list-row').allInnerTexts();
    const harvest = rows.find((row) => row.startsWith('harvest.csv'));
    assert.match(harvest ?? '', /changed/);
    await shown.page.locator('.graph-list button').first().focus();
    await press('ArrowDown', 'Enter');
    assert.equal((await shown.posted()).at(-1)?.type, 'openFile');
    await shown.page.screenshot({ path: `${pictures}/provenance-graph-list.png` });
    await shown.page.close();
    shown = await part.show(report, { cut: /layout-\w+\.js$/ });
    await shown.page.locator('.graph-list-row').first().waitFor();
    assert.ok(await shown.page.getByText('The picture cannot be drawn here').isVisible());
  });

  looks('provenance-graph', (theme) => show(report, theme));
});

describe('The timeline of a dataset on its page', () => {
  let part: Mounting;
  let shown: Shown;
  before(async () => {
    part = await mounting({
      module: 'client/page/provenance/timeline/timeline',
      component: 'Timeline',
      sheet: 'client/page/provenance/timeline/timeline.css',
      property: 'timeline',
    });
  });
  after(() => part?.close());
  afterEach(async () => {
    assert.deepEqual(await shown.violations(), [], 'refused by the policy');
    assert.deepEqual(shown.errors, []);
    await shown.page.close();
  });

  const [onDisk, second, first] = timeline.versions;
  assert.ok(onDisk && second && first);
  /** The sample with a schema that changed, data that moved, and a version that is nowhere. */
  const eventful: TimelineReport = {
    ...timeline,
    older: 12,
    versions: [
      onDisk,
      {
        ...second,
        changes: [
          { kind: 'added', column: 'soil', before: null, after: 'VARCHAR' },
          { kind: 'removed', column: 'plot', before: 'BIGINT', after: null },
          { kind: 'type', column: 'age_years', before: 'BIGINT', after: 'DOUBLE' },
        ],
        drift: { drifted: true, driftedColumns: 3, columns: 5, moved: ['tree: median 59.5 → 74.5', 'yield_kg: +12 %'] },
      },
      first,
      {
        ...first,
        ref: 'data/harvest.csv@0123456789',
        commit: '0123456789abcdef0123456789abcdef01234567',
        subject: 'Trees counted by hand',
        tag: null,
        rows: null,
        columns: null,
        drift: null,
        runs: [],
        reason: "DVC's cache does not hold data/harvest.csv. Run: dvc fetch --all-commits data/harvest.csv",
      },
    ],
  };
  const show = async (told = eventful, theme: Theme = 'dark') => {
    shown = await part.show(told, { theme });
    await shown.page.locator('.timeline-version').first().waitFor();
    return shown;
  };
  const row = (index: number) => shown.page.locator('.timeline-version').nth(index);

  it('tells what each version holds and what changed in it', async () => {
    await show();
    const texts = (await shown.page.locator('.timeline-version').allInnerTexts()).map((text) =>
      text.replace(/\s+/g, ' '),
    );
    assert.match(texts[0] ?? '', /^Not committed yet .*151 rows, 1 more 5 columns 3\.71 kB/);
    assert.match(texts[1] ?? '', /season-2 Gro Fixture, .*4bad57b 150 rows, 30 more/);
    assert.match(texts[1] ?? '', /\+ soil VARCHAR − plot BIGINT ~ age_years BIGINT → DOUBLE 3 of 5 columns drifted/);
    assert.match(texts[1] ?? '', /tree: median 59\.5 → 74\.5/);
    assert.match(texts[3] ?? '', /DVC's cache does not hold/);
    assert.ok(await shown.page.getByText('12 older versions are not shown.').isVisible());
  });

  it('compares a version with the one before by Enter, and with a chosen base', async () => {
    await show();
    await shown.page.locator('.timeline-version').first().focus();
    await shown.page.keyboard.press('ArrowDown');
    await shown.page.keyboard.press('Enter');
    assert.deepEqual((await shown.posted()).at(-1), {
      type: 'compareData',
      reference: first.ref,
      current: second.ref,
    });
    await row(2).getByRole('button', { name: 'Use as Base' }).click();
    await row(0)
      .getByRole('button', { name: `Compare with ${first.commit?.slice(0, 7)}` })
      .click();
    assert.deepEqual((await shown.posted()).at(-1), {
      type: 'compareData',
      reference: first.ref,
      current: onDisk.ref,
    });
    await row(1).getByRole('button', { name: 'Compare Code' }).click();
    assert.deepEqual((await shown.posted()).at(-1), {
      type: 'compareCode',
      before: first.commit,
      after: second.commit,
    });
    assert.equal(await row(2).getByRole('button', { name: 'Compare with' }).count(), 0);
  });

  it('is one stop of Tab, after which come the buttons of its row', async () => {
    await show();
    await row(0).focus();
    await shown.page.keyboard.press('ArrowDown');
    await shown.page.keyboard.press('Tab');
    assert.match(await shown.focused(), /Compare with Before/);
    assert.equal(await shown.page.locator('.timeline-actions button[tabindex="0"]').count(), 4);
  });

  it('copies the command that brings a missing version, and the reference of any', async () => {
    await show();
    await row(3).getByRole('button', { name: 'Copy Command' }).click();
    assert.deepEqual((await shown.posted()).at(-1), {
      type: 'copy',
      text: 'dvc fetch --all-commits data/harvest.csv',
    });
    await row(1).getByRole('button', { name: 'Copy Reference' }).click();
    assert.deepEqual((await shown.posted()).at(-1), { type: 'copy', text: second.ref });
    assert.equal(
      await row(3)
        .getByRole('button', { name: /^Compare/ })
        .count(),
      0,
      'nothing to compare',
    );
  });

  looks('provenance-timeline', (theme) => show(eventful, theme));
});
