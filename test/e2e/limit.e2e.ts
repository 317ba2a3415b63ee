import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sampleFolder } from '../samples/folder';
import { openWorkbench, picturesOfFailures, type Workbench } from './workbench';

describe('A limit of drift, by keyboard', () => {
  let workbench: Workbench;
  let sample: Awaited<ReturnType<typeof sampleFolder>>;

  before(async () => {
    sample = await sampleFolder();
    workbench = await openWorkbench({ folder: sample.folder });
  });
  after(async () => {
    await workbench?.close();
    sample.remove();
  });
  picturesOfFailures(() => workbench);

  const limitInFile = (): number => {
    const text = readFileSync(join(sample.folder, 'contracts/flights.odcs.yaml'), 'utf8');
    return Number(/id: carrier_drift[\s\S]*?threshold: ([\d.]+)/.exec(text)?.[1]);
  };
  const lens = () => workbench.page.locator('.codelens-decoration', { hasText: /Last run: jensen-shannon 0\.03302/ });

  it('stands over its rule with the figure of the last run', async () => {
    await workbench.openFile('contracts/flights.odcs.yaml');
    await workbench.run('Plumbline: Check Data');
    await workbench
      .webview()
      .getByText(/8 of 187 checks failed/)
      .waitFor({ timeout: 60_000 });
    await workbench.openFile('contracts/flights.odcs.yaml');
    await workbench.goTo(147);
    await lens().first().waitFor();
    assert.match((await lens().first().textContent()) ?? '', /\(limit 0\.1\) is within it/);
  });

  it('is tried in the panel, written to the contract, and seen over the rule', async () => {
    await workbench.run('Plumbline: Compare Data for Drift...');
    await workbench.asked('Compare the data of which table?');
    await workbench.pick('flights', /^flights,/);
    await workbench.asked('Compare flights_2013-07.parquet with...');
    await workbench.pick('2013-01', /^flights_2013-01\.parquet/);
    const columns = workbench.webview().getByRole('treegrid', { name: 'Columns' });
    const row = columns.getByRole('row', { name: /carrier/ }).first();
    await row.waitFor({ timeout: 60_000 });
    await row.focus();
    await workbench.press('Enter');
    const slider = workbench.webview().getByRole('slider').first();
    await slider.focus();
    for (let step = 0; step < 30; step++) await workbench.press('ArrowLeft');
    const tried = Number(
      /Try a limit for [\w-]+: ([\d.]+)/.exec(
        (await workbench.webview().locator('.limit-slider label').first().textContent()) ?? '',
      )?.[1],
    );
    assert.ok(tried > 0 && tried < 0.1, `the tried limit is ${tried}`);
    await workbench.screenshot('limit-tried');
    await workbench.webview().getByRole('button', { name: 'Write Limit to Contract' }).first().focus();
    await workbench.press('Enter');
    await workbench.eventually(
      async () => Math.abs(limitInFile() - tried) <= 5e-4 * tried,
      () => `the contract says ${limitInFile()} and not ${tried}`,
    );
    // The contract stands in the first group of editors, beside the panel.
    await workbench.press('Control+1');
    await workbench.goTo(147);
    const verdict = tried <= 0.03302 ? 'drifts' : 'is within it';
    await workbench.eventually(
      async () => (await lens().first().textContent())?.includes(`(limit ${limitInFile()}) ${verdict}`) ?? false,
      () => `the lens does not say ${limitInFile()}`,
    );
    await workbench.screenshot('limit-written');
  });
});
