import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layOutOrchard } from '../fixtures/provenance/orchard/lay-out.mjs';
import { openWorkbench, picturesOfFailures, type Theme, type Workbench } from './workbench';

describe('Provenance, by keyboard', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-orchard-'));
  let workbench: Workbench;

  before(async () => {
    workbench = await openWorkbench({ folder: layOutOrchard(folder, { modified: true }) });
  });
  after(async () => {
    await workbench?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  picturesOfFailures(() => workbench);

  const tree = () => workbench.page.getByRole('tree', { name: 'Provenance' });
  const row = (name: RegExp) => tree().getByRole('treeitem', { name });
  const tab = (name: RegExp) => workbench.page.locator('.tab.active', { hasText: name });

  it('shows data, runs, models and environment of the folder', async () => {
    await workbench.openFile('src/track_mlflow.py');
    await workbench.run('Plumbline: Show Provenance');
    await row(/^harvest\.csv, data · edited since/).waitFor();
    for (const name of [
      /^main, 4bad57b · season-2 · 1 uncommitted change/,
      /^weather, data · edited since/,
      /^dirty-run, finished, Weights & Biases/,
      /^steeper, finished, DVC/,
    ])
      await row(name).waitFor();
    // Only what is on the screen has a row; the way down is that of the keys.
    await workbench.press('End');
    await row(/^Findings, \d+/).waitFor();
    await row(/^orchard-yield, version 1, @champion/)
      .first()
      .waitFor();
    await row(/^requirements\.txt, versions left open · 4 packages/).waitFor();
    await row(/^python:3\.11-slim, by a tag, which may move · Dockerfile/)
      .first()
      .waitFor();
  });

  it('tells on hover which version the data are that a script reads, and who used them', async () => {
    await workbench.openFile('src/track_mlflow.py');
    await workbench.goTo(14, 25);
    await workbench.press('Control+K');
    await workbench.press('Control+I');
    const hover = workbench.page.locator('.monaco-hover:visible');
    await hover
      .getByText(/changed since|differs|edited/i)
      .first()
      .waitFor();
    const text = (await hover.first().textContent()) ?? '';
    assert.match(text, /DVC/);
    assert.match(text, /3426b77/);
    assert.match(text, /clean-run|ridge-|chosen/);
    await workbench.screenshot('provenance-hover');
    await workbench.press('Escape');
  });

  it('goes to a run and opens it', async () => {
    await goTo('ridge-0.01');
    await row(/^Commit, 4bad57b · main/).waitFor();
    assert.match((await focused()) ?? '', /^ridge-0\.01, finished, MLflow/);
    await row(/^data\/harvest\.csv, read · training/).waitFor();
  });

  it('copies the recipe of the run in focus from its menu', async () => {
    await workbench.press('Shift+F10');
    await workbench.page.getByRole('menuitem', { name: 'Copy Reproduction Recipe' }).waitFor();
    const chosen = workbench.page.locator('.monaco-menu .action-item.focused');
    await workbench.press('ArrowDown');
    while ((await chosen.textContent())?.trim() !== 'Copy Reproduction Recipe') await workbench.press('ArrowDown');
    await workbench.press('Enter');
    await workbench.status(/Recipe of ridge-0\.01 copied/);
  });

  it('shows only what is looked for, and then all again', async () => {
    await workbench.run('Plumbline: Filter Provenance...');
    await workbench.asked('A name, a status, a commit, or a parameter such as depth=4');
    await workbench.type('steeper');
    await workbench.press('Enter');
    await workbench.page.getByText('Showing only what contains "steeper".').waitFor();
    await row(/^Runs, 1$/).waitFor();
    assert.equal(await row(/^dirty-run/).count(), 0);
    await workbench.run('Plumbline: Clear Filter of Provenance');
    await row(/^dirty-run/).waitFor();
  });

  it('marks changed data in the explorer', async () => {
    await workbench.run('File: Focus on Files Explorer');
    await workbench.openFile('data/harvest.csv');
    const file = workbench.page.locator('.explorer-folders-view .monaco-list-row[aria-label="harvest.csv"]');
    const badge = () =>
      file
        .locator('.monaco-icon-label')
        .evaluate((label) => label.ownerDocument.defaultView?.getComputedStyle(label, '::after').content);
    await workbench.eventually(
      async () => (await badge()) === '"≠"',
      () => 'harvest.csv has no mark',
    );
    await workbench.screenshot('provenance-explorer');
  });

  it('compares the code of a run with a tag in diff editors', async () => {
    await workbench.run('Plumbline: Compare Code of Two Runs or Commits...');
    await workbench.asked('Compare the code of which run?');
    await workbench.pick('steeper', /^steeper/);
    await workbench.page.locator('.quick-input-widget input[placeholder^="Compare the code of steeper ("]').waitFor();
    await workbench.pick('season-1', /^season-1/);
    await workbench.page.locator('.quick-input-widget input[placeholder^="Which file of season-1"]').waitFor();
    await workbench.pick('params.yaml', /^params\.yaml, changed/);
    await tab(/params\.yaml: season-1 ↔ steeper/).waitFor();
    await workbench.page.locator('.monaco-diff-editor').waitFor();
  });

  it('begins a manifest for review', async () => {
    await workbench.run('Plumbline: New Experiment Manifest');
    await workbench.asked('Begin the manifest from...');
    await workbench.pick('chosen', /^chosen/);
    await tab(/chosen\.experiment\.yaml/).waitFor();
    await workbench.eventually(
      async () => /kind: Experiment/.test(await workbench.text()),
      () => 'the manifest is empty',
    );
    assert.match(await workbench.text(), /name: chosen/);
    await workbench.screenshot('provenance-manifest');
  });

  for (const theme of ['light', 'dark', 'high-contrast', 'high-contrast-light'] satisfies Theme[]) {
    it(`is seen in ${theme}`, async () => {
      await workbench.setTheme(theme);
      await goTo('steeper');
      await workbench.screenshot('provenance-view');
    });
  }

  const focused = () => tree().locator('.monaco-list-row.focused').getAttribute('aria-label');

  async function goTo(run: string): Promise<void> {
    await workbench.run('Plumbline: Go to Run...');
    await workbench.asked('Go to which run?');
    await workbench.pick(run, new RegExp(`^${run.replaceAll('.', '\\.')},`));
    await workbench.eventually(
      async () => ((await tree().count()) > 0 ? await focused() : '')?.startsWith(`${run},`) === true,
      () => `${run} has not come into focus`,
    );
  }
});
