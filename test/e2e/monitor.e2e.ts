import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { normal } from '../drift/samples';
import { type Scratch, scratch } from '../world/repository';
import { openWorkbench, picturesOfFailures, type Theme, type Workbench } from './workbench';

const orders = (price: number, seed: number): string =>
  `price,weight\n${normal(400, price, 8, seed)
    .map((value, i) => `${value.toFixed(2)},${(i % 50) / 10}`)
    .join('\n')}\n`;

/** The monitor stands at line 5. */
const manifest = `apiVersion: plumbline.dev/v1
kind: Experiment
name: prices
monitoring:
  - name: orders
    reference: data/january.csv
    current: data/july.csv
    preset: evidently
    threshold: {share: 0.5}
`;

/** The signal stands at line 2. */
const azure = `monitoring_signals:
  orders:
    type: data_drift
    reference_data:
      input_data: {path: data/january.csv}
    production_data:
      input_data: {path: data/july.csv}
    metric_thresholds:
      numerical:
        jensen_shannon_distance: 0.1 # agreed with sales
`;

describe('A monitor, by keyboard', () => {
  let work: Scratch;
  let workbench: Workbench;

  before(async () => {
    work = scratch();
    work.write('data/january.csv', orders(40, 1));
    work.write('data/july.csv', orders(46, 2));
    work.write('prices.experiment.yaml', manifest);
    work.write('monitor.azureml.yml', azure);
    workbench = await openWorkbench({ folder: work.path });
  });
  after(async () => {
    await workbench?.close();
    work?.remove();
  });
  picturesOfFailures(() => workbench);

  const lens = (text: RegExp) => workbench.page.locator('.codelens-decoration', { hasText: text });
  const columns = () => workbench.webview().getByRole('treegrid', { name: 'Columns' });

  it('is run from the line that names it', async () => {
    await workbench.openFile('prices.experiment.yaml');
    await lens(/Run monitor/)
      .first()
      .waitFor();
    await workbench.goTo(5, 11);
    await workbench.run('Show CodeLens Commands for Current Line');
    await workbench.pick('Run monitor', /^Run monitor/);
    await columns()
      .getByRole('row', { name: /price.*Drifted/s })
      .first()
      .waitFor({ timeout: 60_000 });
    const header = await workbench.webview().locator('header').first().textContent();
    assert.match(header ?? '', /evidently/);
  });

  it('shows its last figure against its limit over the line', async () => {
    await lens(/Last run: 1 of 2 columns drifted \(limit 50 %\), drifts/)
      .first()
      .waitFor();
  });

  for (const theme of ['light', 'dark', 'high-contrast', 'high-contrast-light'] satisfies Theme[]) {
    it(`shows the monitor's result in the ${theme} theme`, async () => {
      await workbench.setTheme(theme);
      await workbench.screenshot('monitor');
    });
  }

  it('holds the figure against a limit that is being edited', async () => {
    await workbench.setTheme('light');
    await workbench.openFile('prices.experiment.yaml');
    await workbench.goTo(9, 24);
    await workbench.press('Shift+End');
    await workbench.goTo(9, 27);
    await workbench.press('Backspace');
    await workbench.type('6');
    await lens(/Last run: 1 of 2 columns drifted \(limit 60 %\), is within it/)
      .first()
      .waitFor();
    await workbench.press('Control+S');
  });

  it('is run again with what the file says now', async () => {
    await workbench.run('Plumbline: Open Results');
    const again = workbench.webview().getByRole('button', { name: 'Run Again' });
    await again.focus();
    await workbench.press('Enter');
    await workbench
      .webview()
      .getByText(/1 of 2 columns drifted/)
      .first()
      .waitFor();
    await workbench.screenshot('monitor-again');
  });

  it('has another limit tried in the panel and written where the file holds it', async () => {
    await workbench.openFile('monitor.azureml.yml');
    // The manifest beside it has such a lens as well.
    await workbench.page
      .locator('.editor-group-container.active .codelens-decoration', { hasText: /Run monitor/ })
      .first()
      .waitFor();
    await workbench.goTo(2, 3);
    await workbench.run('Show CodeLens Commands for Current Line');
    await workbench.pick('Run monitor', /^Run monitor/);
    await workbench
      .webview()
      .getByText(/preset azure/)
      .first()
      .waitFor({ timeout: 60_000 });
    await columns().getByRole('row', { name: /price/ }).first().focus();
    await workbench.press('Enter');
    await workbench.webview().getByRole('slider').first().focus();
    for (let step = 0; step < 30; step++) await workbench.press('ArrowLeft');
    await workbench.screenshot('monitor-limit');
    await workbench.webview().getByRole('button', { name: 'Write Limit to Monitor' }).first().focus();
    await workbench.press('Enter');
    await workbench.eventually(
      async () => {
        const text = readFileSync(work.at('monitor.azureml.yml'), 'utf8');
        const [line, written] = /jensen_shannon_distance: (0\.0\d+) # agreed with sales/.exec(text) ?? [];
        return line !== undefined && text === azure.replace('0.1 #', `${written} #`);
      },
      () => 'the limit is not written into the monitor',
    );
    await workbench.openFile('monitor.azureml.yml');
    await lens(/Last run: price jensen-shannon 0\.\d+ \(limit 0\.0\d+\) drifts/)
      .first()
      .waitFor();
  });

  for (const theme of ['light', 'dark', 'high-contrast', 'high-contrast-light'] satisfies Theme[]) {
    it(`shows a limit of its file in the ${theme} theme`, async () => {
      await workbench.setTheme(theme);
      await workbench.screenshot('monitor-limit-written');
    });
  }
});
