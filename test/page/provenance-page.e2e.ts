import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import type { PageState } from '../../client/page/provenance/page-state';
import type {
  Claim,
  ModelFileReport,
  ProvenanceFocus,
  ProvenanceReport,
  RunDetailsReport,
  RunReport,
  ToProvenancePage,
} from '../../server/src/protocol';
import { type Harness, openHarness, type PageOptions, provenancePage, type ShownPage, type Theme } from './harness';

interface Fixture {
  readonly report: ProvenanceReport;
  readonly details: readonly RunDetailsReport[];
}

/** What the readers tell of a project made with the real tools. */
const { report, details }: Fixture = JSON.parse(readFileSync('test/page/fixtures/provenance.json', 'utf8'));

function runCalled(name: string, tracker: string): RunReport {
  const found = report.runs.find((run) => run.name === name && run.tracker === tracker);
  assert.ok(found, name);
  return found;
}

describe('The page of provenance', () => {
  let harness: Harness;
  let shown: ShownPage;

  before(async () => {
    harness = await openHarness(provenancePage);
  });
  after(() => harness?.close());

  /** Every test ends with a page that broke no rule. */
  afterEach(async () => {
    if (!shown) return;
    assert.deepEqual(await shown.violations(), [], 'refused by the policy');
    assert.deepEqual(shown.errors, []);
    await shown.page.close();
  });

  const tell = (message: ToProvenancePage) => shown.raw(message);
  const show = async (what: ProvenanceReport = report, focus?: ProvenanceFocus, options: PageOptions = {}) => {
    shown = await harness.open({ width: 1200, ...options });
    await tell({ type: 'report', report: what, ...(focus && { focus }) });
    await shown.page.locator('h1').first().waitFor();
  };
  const tellDetails = async () => {
    for (const one of details) await tell({ type: 'details', details: one });
  };

  const tabs = () => shown.page.getByRole('tab').allInnerTexts();
  const showRuns = (what?: ProvenanceReport, options?: PageOptions) => show(what, { view: 'runs' }, options);
  const compare = async (...runs: readonly RunReport[]) => {
    await show(report, { view: 'compare', runs: runs.map(({ id }) => id) });
    await tellDetails();
  };
  /** Presses Tab until the element with this text has the focus. */
  const tabTo = async (text: string) => {
    for (let tries = 0; tries < 40; tries++) {
      if ((await shown.focused()).startsWith(text)) return;
      await shown.press('Tab');
    }
    assert.fail(`Tab never comes to ${text}.`);
  };
  const kept = async () => (await shown.page.evaluate('fakeEditor.kept()')) as PageState;

  it('loads little before the first picture, and charts and graph only when they are asked for', async () => {
    shown = await harness.open();
    const { outputs } = harness.metafile;
    const needed = (path: string): readonly string[] => {
      const direct =
        outputs[path]?.imports.filter(({ kind, external }) => kind !== 'dynamic-import' && !external) ?? [];
      return [path, ...direct.flatMap((file) => needed(file.path))];
    };
    const first = [...new Set(needed('out/provenance-page/main.js'))];
    const inputs = first.flatMap((path) => Object.keys(outputs[path]?.inputs ?? {}));
    assert.ok(inputs.some((input) => input.includes('runs-table')));
    assert.ok(!inputs.some((input) => /observablehq|elkjs|dagre|graph\/graph|timeline\/timeline/.test(input)));
    const bytes = first.reduce((sum, path) => sum + (outputs[path]?.bytes ?? 0), 0);
    assert.ok(bytes < 150 * 1024, `${Math.round(bytes / 1024)} KB at first paint`);
  });

  it('says what it is about, the code that lies there, and what is in the way', async () => {
    await show();
    assert.equal(
      (await shown.page.locator('h1').innerText()).replace(/\s+/g, ' '),
      'harbor · 19 runs, 11 datasets, 2 model versions',
    );
    assert.match(await shown.page.locator('.provenance').innerText(), /5717c6d v0\.2\s+main\s+clean/);
    await shown.page.getByRole('button', { name: 'Findings' }).click();
    assert.equal(await shown.page.locator('.finding').count(), report.findings.length);
    assert.match(await shown.page.locator('.finding').first().innerText(), /\n?.*\w+\/[\w-]+/);
    await shown.page.locator('.finding .link').first().click();
    assert.ok((await shown.posted('reveal')).location.path.startsWith('/home/ada/harbor'));
  });

  it('is exported from its menu, by keyboard', async () => {
    await showRuns();
    await tabTo('Export');
    await shown.press('Enter', 'ArrowDown', 'Enter');
    assert.deepEqual(await shown.posted('exportProvenance'), { type: 'exportProvenance', format: 'prov' });
    assert.match(await shown.focused(), /^Export/);
  });

  it('goes through its views by keyboard', async () => {
    await showRuns();
    assert.deepEqual(await tabs(), ['Graph', 'Runs 19', 'Timeline']);
    await tabTo('Runs 19');
    await shown.press('ArrowRight', 'Enter');
    assert.equal(await shown.page.locator('[aria-selected="true"][role="tab"]').innerText(), 'Timeline');
    assert.equal((await shown.posted('timeline')).dataset, report.datasets[0]?.path);
    await shown.press('Home', 'Enter');
    await shown.page.locator('.graph').waitFor();
    assert.equal((await kept()).view, 'graph');
  });

  describe('with runs', () => {
    it('shows first the parameters that differ, and marks what is not as one would wish', async () => {
      await showRuns();
      const heads = await shown.page.getByRole('columnheader').allInnerTexts();
      assert.deepEqual(heads.slice(0, 8), ['Name', 'Tracker', 'Status', 'Started', 'Duration', 'Commit', 'Data', 'lr']);
      const rows = await shown.rows();
      assert.equal(rows.length, report.runs.length);
      assert.match(rows.find((row) => row.startsWith('dirty-run')) ?? '', /W&B Finished .* 5717c6d edited port-calls/);
    });

    it('sorts numbers as numbers, with those that are none last either way', async () => {
      await showRuns();
      const column = shown.page.getByRole('columnheader', { name: 'lr', exact: true }).getByRole('button');
      const values = async () => {
        const cells = await shown.page.locator('.row .cell-params\\.lr').all();
        const texts = await Promise.all(
          cells.map(async (cell) => ({ top: (await cell.boundingBox())?.y ?? 0, text: await cell.innerText() })),
        );
        return texts.toSorted((a, b) => a.top - b.top).map(({ text }) => text.trim());
      };
      await column.click();
      const upward = await values();
      const numbers = upward.filter((text) => text !== '–').map(Number);
      assert.deepEqual(
        numbers,
        numbers.toSorted((a, b) => a - b),
      );
      assert.ok(numbers.length > 5 && numbers.length < upward.length);
      assert.equal(upward.at(-1), '–');
      await column.click();
      const downward = await values();
      assert.equal(Number(downward[0]), numbers.at(-1));
      assert.equal(downward.at(-1), '–');
    });

    it('filters by status, tracker and text, parameters included', async () => {
      await showRuns();
      await shown.page.getByRole('button', { name: /^Failed/ }).click();
      assert.equal((await shown.rows()).length, report.runs.filter(({ status }) => status === 'failed').length);
      await shown.page.getByLabel('Tracker').selectOption('MLflow');
      assert.ok((await shown.rows()).every((row) => row.includes('MLflow')));
      await shown.page.getByRole('button', { name: /^Failed/ }).click();
      await shown.page.getByRole('textbox').fill('lr=0.01');
      assert.equal((await shown.rows()).length, 2);
      await shown.page.getByRole('textbox').fill('nothing is called so');
      await shown.page.getByText('Clear Filter').click();
      assert.equal((await shown.rows()).length, report.runs.length);
    });

    it('has columns for what a person picks, by keyboard', async () => {
      await showRuns();
      await tabTo('Columns');
      await shown.press('Enter');
      await shown.page.keyboard.type('net.act');
      await shown.press('ArrowDown', 'Space', 'Escape');
      assert.equal(await shown.focused(), 'Columns');
      assert.ok((await shown.page.getByRole('columnheader').allInnerTexts()).includes('net.act'));
      assert.ok((await kept()).fields?.includes('params.net.act'));
    });

    it('chooses by Space, opens by Enter, and compares', async () => {
      await showRuns();
      const compareButton = shown.page.getByRole('button', { name: /^Compare/ });
      assert.ok(await compareButton.isDisabled());
      await shown.page.locator('.row').first().focus();
      await shown.press('Space', 'ArrowDown', 'Space');
      assert.equal(await shown.page.locator('.row[aria-selected="true"]').count(), 2);
      assert.equal(await shown.page.locator('.detail').count(), 0);
      assert.deepEqual(await tabs(), ['Graph', 'Runs 19', 'Compare 2', 'Timeline']);
      await compareButton.click();
      await shown.page.locator('.changed').waitFor();
      assert.equal((await kept()).chosen.length, 2);
    });

    it('tells all of a run, from where each part was read, and what can be done with it', async () => {
      await showRuns();
      const one = runCalled('lr-0.1', 'mlflow');
      await shown.page.locator('.row', { hasText: 'lr-0.1' }).first().focus();
      await shown.press('Enter');
      const asked = await shown.posted('details');
      const told = details.find(({ id }) => id === asked.id);
      assert.ok(told || asked.id, one.id);
      await tellDetails();
      const detail = shown.page.locator('.detail');
      await detail.waitFor();
      const text = await detail.innerText();
      for (const part of ['Parameters', 'epochs', 'Metrics', 'NaN', 'port_calls', 'mlflow-pandas'])
        assert.ok(text.includes(part), part);
      await detail.getByText('Copy Reproduction Recipe').click();
      assert.equal((await shown.posted('copyRecipe')).run, asked.id);
      await detail.getByText('New Manifest').click();
      assert.equal((await shown.posted('newManifest')).run, asked.id);
      await detail.getByText('Export…').click();
      assert.deepEqual(await shown.posted('exportProvenance'), { type: 'exportProvenance', run: asked.id });
      await detail.getByText('Open Record').click();
      assert.equal(
        (await shown.posted('reveal')).location.path,
        report.runs.find(({ id }) => id === asked.id)?.location.path,
      );
    });

    it('tells of its model file: library, what it takes and gives, packages; markup in it stays text', async () => {
      const one = runCalled('lr-0.1', 'mlflow');
      const markup = '<img src=x onerror="document.title=1"><b>bold</b>';
      const location = { ...one.location, path: '/home/ada/harbor/m/MLmodel' };
      const column = { shape: null, required: true, location };
      const file: ModelFileReport = {
        path: location.path,
        flavors: [
          { name: 'sklearn', version: '1.5.2', loader: null, location },
          { name: 'python_function', version: null, loader: 'mlflow.sklearn', location },
          { name: markup, version: markup, loader: null, location },
        ],
        inputs: [
          { ...column, name: 'draught', type: 'double' },
          { ...column, name: markup, type: markup, required: false },
        ],
        outputs: [{ ...column, name: null, type: 'float32', shape: [-1, 2] }],
        params: null,
        id: 'm-1',
        run: one.id,
        runExists: true,
        createdAt: null,
        writer: `3.1 ${markup}`,
        sizeBytes: null,
        environment: [
          { path: '/home/ada/harbor/m/requirements.txt', kind: 'requirements', pinned: true, packages: 3 },
          { path: `/home/ada/harbor/m/${markup}.yaml`, kind: 'conda', pinned: false, packages: 1 },
        ],
        places: {},
      };
      await showRuns({
        ...report,
        runs: [one],
        modelFiles: [file, { ...file, run: 'another', path: '/else/MLmodel' }],
      });
      await shown.page.locator('.row').first().focus();
      await shown.press('Enter');
      await tellDetails();
      const parts = shown.page.getByRole('region', { name: 'Model file' });
      await parts.first().waitFor();
      assert.equal(await parts.count(), 1);
      const cells = await parts
        .locator('tbody tr')
        .evaluateAll((rows) =>
          rows.map((row) => [...row.querySelectorAll('td, th')].slice(0, 3).map((cell) => cell.textContent)),
        );
      assert.deepEqual(cells, [
        ['flavor', 'sklearn', '1.5.2'],
        ['flavor', 'python_function', 'mlflow.sklearn'],
        ['flavor', markup, markup],
        ['takes', 'draught', 'double'],
        ['takes', markup, `${markup}, may be left out`],
        ['gives', '–', 'float32 [-1, 2]'],
        ['fact', 'id', 'm-1'],
        ['fact', 'written by', `3.1 ${markup}`],
      ]);
      const text = await shown.page.locator('.detail').innerText();
      assert.match(text, /requirements\.txt\s+pinned/);
      assert.ok(text.includes('leaves versions open'), text);
      assert.equal(await shown.page.locator('.detail img, .detail b').count(), 0);
      assert.notEqual(await shown.page.title(), '1');
    });

    it('stays smooth with ten thousand', async () => {
      const many = Array.from({ length: 10_000 }, (_, index): RunReport => {
        const like = report.runs[index % report.runs.length] ?? runCalled('lr-0.1', 'mlflow');
        return { ...like, id: `run${index}`, name: `run ${index}`, params: { ...like.params, lr: index / 10_000 } };
      });
      await showRuns({ ...report, runs: many });
      await shown.page.locator('.row').first().waitFor();
      const count = await shown.page.locator('.row').count();
      assert.ok(count > 20 && count < 120, `${count} rows in the document`);
      const started = Date.now();
      await shown.page.getByRole('columnheader', { name: 'lr', exact: true }).getByRole('button').click();
      await shown.page.locator('.row').first().focus();
      await shown.press('End');
      assert.match(await shown.focused(), /^run 9999/);
      await shown.page.getByRole('textbox').fill('run7712');
      await shown.page.locator('.shown', { hasText: '1 of 10,000' }).waitFor();
      assert.ok(Date.now() - started < 4_000, `${Date.now() - started} ms`);
    });

    it('says what would be listed when there are none', async () => {
      await showRuns({ ...report, runs: [] });
      assert.match(await shown.page.locator('.empty').innerText(), /No runs here[\s\S]*mlruns/);
    });

    it('shows no markup that a run brings along', async () => {
      const evil = { ...runCalled('lr-0.1', 'mlflow'), name: '<img src=x onerror=alert(1)>' };
      await showRuns({ ...report, runs: [evil] });
      assert.match((await shown.rows())[0] ?? '', /^<img src=x/);
    });
  });

  describe('comparing', () => {
    it('says at once what changed, shows only that, and the rest on demand', async () => {
      await compare(runCalled('lr-0.01', 'mlflow'), runCalled('lr-0.1', 'mlflow'));
      assert.equal(
        await shown.page.locator('.changed p').innerText(),
        'lr-0.1 differs from lr-0.01 in 1 of 3 parameters (lr 0.01 → 0.1). Metrics: loss 9.606 → 6.561, val/mae 1.51 → 1.6.',
      );
      const params = shown.page.getByRole('region', { name: 'Parameters' }).locator('tbody tr');
      assert.equal(await params.count(), 1);
      await shown.page.getByLabel('Show what is the same').check();
      assert.equal(await params.count(), 3);
      assert.match(await shown.page.getByRole('region', { name: 'Data' }).last().innerText(), /port_calls\.csv same/);
    });

    it('draws the course of a metric, and shows it as a table', async () => {
      await compare(runCalled('lr-0.01', 'mlflow'), runCalled('lr-0.1', 'mlflow'));
      const chart = shown.page.locator('.curve', { hasText: 'loss' });
      await chart.locator('.series').nth(1).waitFor();
      assert.equal(await chart.locator('.series').count(), 2);
      await chart.getByText('Show as Table').click();
      assert.equal(await chart.locator('tbody tr').count(), 5);
      await chart.getByText('Copy').click();
      assert.equal((await shown.posted('copy')).text.split('\n')[0], 'step\tloss A\tloss B');
    });

    it('asks for what the list leaves out, once for each run', async () => {
      const runs = [runCalled('lr-0.01', 'mlflow'), runCalled('lr-0.1', 'mlflow')];
      await show(report, { view: 'compare', runs: runs.map(({ id }) => id) });
      await shown.posted('details');
      const asked = await shown.page.evaluate<readonly string[]>(
        "fakeEditor.posted.filter(({ type }) => type === 'details').map(({ id }) => id)",
      );
      assert.deepEqual(
        asked,
        runs.map(({ id }) => id),
      );
    });

    it('opens code and data of two commits, when they are there', async () => {
      const [one, other] = [runCalled('dirty-run', 'wandb'), runCalled('ok-run', 'wandb')];
      const moved = {
        ...other,
        commit: 'b'.repeat(40),
        datasets: other.datasets.map((dataset) => ({ ...dataset, version: 'f'.repeat(32) })),
      };
      const runs = report.runs.map((run) => (run === other ? moved : run));
      await show({ ...report, runs }, { view: 'compare', runs: [one.id, other.id] });
      await shown.page.getByText('Compare Code').click();
      const { before, after } = await shown.posted('compareCode');
      assert.deepEqual([before, after], [one.commit, moved.commit]);
      await shown.page.getByText('Compare Data').click();
      const { reference, current } = await shown.posted('compareData');
      assert.equal(reference, `data/port_calls.csv@${one.commit}`);
      assert.equal(current, `data/port_calls.csv@${moved.commit}`);
    });

    it('leaves one out, and goes back to the runs when one is left', async () => {
      await compare(runCalled('lr-0.01', 'mlflow'), runCalled('lr-0.1', 'mlflow'));
      await shown.page.getByText('Leave Out').first().click();
      await shown.page.locator('.grid').waitFor();
      assert.deepEqual(await tabs(), ['Graph', 'Runs 19', 'Timeline']);
    });
  });

  it('lists what a manifest claims, what is wrong first', async () => {
    const location = { path: '/home/ada/harbor/eta.experiment.yaml', range: at(4) };
    const claims: readonly Claim[] = [
      {
        claim: 'code.commit',
        verdict: 'verified',
        expected: 'a',
        found: 'a',
        message: 'The commit is here.',
        location,
      },
      { claim: 'run.id', verdict: 'false', expected: 'x1', found: null, message: 'No run is x1.', location },
      { claim: 'approvals', verdict: 'missing', expected: null, found: null, message: 'Nobody approved it.', location },
    ];
    await show({ ...report, target: location.path, claims });
    assert.deepEqual(await tabs(), ['Graph', 'Runs 19', 'Checklist 3', 'Timeline']);
    assert.match(await shown.page.locator('h1').innerText(), /1 of 3 claims verified, 1 false, 1 missing/);
    const lines = await shown.page.locator('.claim').allInnerTexts();
    assert.match(lines[0] ?? '', /False[\s\S]*run\.id[\s\S]*the manifest says x1, there is nothing/);
    await shown.page.locator('.claim .link').first().click();
    assert.deepEqual((await shown.posted('reveal')).location, location);
  });

  describe('as time goes by', () => {
    it('shows that it reads, and can be stopped', async () => {
      shown = await harness.open();
      await tell({ type: 'running', title: 'Reading provenance...', progress: { share: undefined, message: '' } });
      assert.equal(await shown.page.getByRole('progressbar').count(), 1);
      await shown.page.getByText('Cancel').click();
      await shown.posted('cancel');
    });

    it('keeps what it shows while it reads anew, and when that fails', async () => {
      await showRuns();
      await shown.page.getByRole('button', { name: 'Refresh' }).click();
      await shown.posted('refresh');
      await tell({ type: 'running', title: 'Reading provenance...', progress: { share: 0.5, message: 'runs' } });
      assert.equal((await shown.rows()).length, report.runs.length);
      await tell({ type: 'failed', title: 'Provenance could not be read.', message: 'mlflow.db is locked.' });
      assert.match(await shown.page.getByRole('alert').innerText(), /mlflow\.db is locked\.\s+Try Again/);
      assert.equal((await shown.rows()).length, report.runs.length);
    });

    it('comes back after a reload as it was', async () => {
      await compare(runCalled('lr-0.01', 'mlflow'), runCalled('lr-0.1', 'mlflow'));
      const state = await kept();
      assert.equal(state.target, report.target);
      await shown.page.close();
      await show(report, undefined, { state });
      assert.match(await shown.page.locator('.changed p').innerText(), /^lr-0\.1 differs from lr-0\.01/);
    });

    it('leaves alone what is no message of ours', async () => {
      await showRuns();
      await shown.raw({ type: 'report', report: { runs: 'none' } });
      assert.equal((await shown.rows()).length, report.runs.length);
    });
  });

  describe('looks', () => {
    const themes: readonly Theme[] = ['dark', 'light', 'high-contrast', 'high-contrast-light'];
    const pictures = 'out/screenshots';
    before(() => mkdirSync(pictures, { recursive: true }));

    for (const theme of themes) {
      it(`as it should in ${theme} at any width`, async () => {
        await showRuns(report, { theme });
        await shown.page.getByRole('button', { name: 'Export' }).click();
        await shoot('export', theme, false);
        await shown.press('Escape');
        await shown.page.locator('.row').nth(1).click();
        await shown.page.locator('.row').nth(0).locator('input').check();
        await shown.page.locator('.row').nth(2).locator('input').check();
        await tellDetails();
        await shoot('runs', theme, false);
        await tell({
          type: 'report',
          report,
          focus: { view: 'compare', runs: [runCalled('lr-0.01', 'mlflow').id, runCalled('lr-0.1', 'mlflow').id] },
        });
        await tellDetails();
        await shown.page.locator('.curve svg').first().waitFor();
        await shoot('compare', theme, true);
      });
    }

    const shoot = async (view: string, theme: Theme, fits: boolean) => {
      for (const width of [300, 400, 900, 1600]) {
        await shown.page.setViewportSize({ width, height: 800 });
        await shown.page.waitForTimeout(150);
        const wide = Number(await shown.page.evaluate('document.documentElement.scrollWidth'));
        // Only a table of many columns may be wider than the window.
        if (fits || width < 560) assert.ok(wide <= width, `${wide} px at ${width} with ${view}`);
        await shown.page.screenshot({ path: `${pictures}/provenance-${view}-${theme}-${width}.png` });
      }
    };
  });
});

const at = (line: number) => ({ start: { line, character: 0 }, end: { line, character: 0 } });
