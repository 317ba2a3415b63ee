import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layOutOrchard } from '../fixtures/provenance/orchard/lay-out.mjs';
import { openWorkbench, picturesOfFailures, type Workbench } from './workbench';

describe('The panel of runs, by keyboard', () => {
  const place = mkdtempSync(join(tmpdir(), 'plumbline-runs-'));
  let workbench: Workbench;

  before(async () => {
    workbench = await openWorkbench({ folder: layOutOrchard(place) });
  });
  after(async () => {
    await workbench?.close();
    rmSync(place, { recursive: true, force: true });
  });
  picturesOfFailures(() => workbench);

  const runs = () => workbench.webview().getByRole('treegrid', { name: 'Runs' });
  const row = (name: RegExp) => runs().getByRole('row', { name }).first();
  const tab = (name: string) => workbench.webview().getByRole('tab', { name });
  const tabsOfEditors = () => workbench.page.locator('.tabs-container .tab').allTextContents();

  it('opens by its command and lists the runs of every tracker', async () => {
    await workbench.openFile('src/track_mlflow.py');
    await workbench.run('Plumbline: Show Runs');
    await row(/ridge-10/).waitFor({ timeout: 60_000 });
    const text = await runs().innerText();
    assert.equal(await workbench.page.evaluate('document.activeElement.tagName'), 'IFRAME', 'the panel has the focus');
    for (const tracker of ['MLflow', 'W&B', 'DVC']) assert.ok(text.includes(tracker), tracker);
    await workbench.screenshot('runs-panel');
  });

  it('tells all of a run, and gives the commands that make it again', async () => {
    await row(/ridge-10/).focus();
    await workbench.press('Enter');
    const detail = workbench.webview().locator('.detail');
    await detail.getByText('Copy Reproduction Recipe').waitFor();
    // Where parameters stand is told by the run's own store.
    await detail.locator('svg.course').first().waitFor();
    await detail.getByText('Copy Reproduction Recipe').focus();
    await workbench.press('Enter');
    assert.match(await workbench.status(/Recipe of/), /Recipe of ridge-10 copied/);
    await row(/ridge-10/).focus();
    await workbench.press('Enter');
    await detail.waitFor({ state: 'detached' });
  });

  it('compares two, and says what changed', async () => {
    await row(/steeper/).focus();
    await workbench.press('Space');
    await row(/flatter/).focus();
    await workbench.press('Space');
    await workbench.webview().getByRole('button', { name: 'Compare 2' }).focus();
    await workbench.press('Enter');
    const sentence = workbench.webview().locator('.changed p');
    await sentence.waitFor();
    assert.match((await sentence.textContent()) ?? '', /^flatter differs from steeper in 1 of \d+ parameters \(/);
    await workbench.screenshot('runs-compare');
  });

  it('shows graph and timeline as they are asked for', async () => {
    await tab('Graph').focus();
    await workbench.press('Enter');
    await workbench.webview().locator('.graph-node').first().waitFor();
    await workbench.screenshot('runs-graph');
    await tab('Timeline').focus();
    await workbench.press('Enter');
    await workbench.webview().locator('.timeline-version').first().waitFor({ timeout: 60_000 });
    await workbench.screenshot('runs-timeline');
  });

  it('is there again after a reload, about the same folder', async () => {
    await workbench.run('Developer: Reload Window');
    await workbench.page.waitForTimeout(2_000);
    await workbench.page.locator('.part.statusbar .statusbar-item').first().waitFor();
    await tab('Compare').waitFor({ timeout: 60_000 });
    assert.equal(await tab('Timeline').getAttribute('aria-selected'), 'true');
    assert.ok((await tabsOfEditors()).some((title) => title.includes('Provenance: orchard')));
  });
});
