import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { normal } from '../drift/samples';
import { repository, type Scratch } from '../world/repository';
import { openWorkbench, picturesOfFailures, type Theme, type Workbench } from './workbench';

/** A shop's orders. The price moves with the fourth version, the share of returns never. */
const orders = (price: number, seed: number): string => {
  const prices = normal(400, price, 8, seed);
  const rows = prices.map((value, i) => `${value.toFixed(2)},${i % 9 === 0 ? 'yes' : 'no'}`);
  return `price,returned\n${rows.join('\n')}\n`;
};

describe('Where drift began, by keyboard', () => {
  let repo: Scratch;
  let commits: readonly string[];
  let workbench: Workbench;

  before(async () => {
    repo = repository();
    commits = [40, 40, 40, 46, 46, 46].map((price, i) => {
      repo.write('data/orders.csv', orders(price, i));
      return repo.commit(i === 3 ? 'Take prices with tax' : `Load week ${i + 1}`);
    });
    mkdirSync(repo.at('.vscode'));
    writeFileSync(repo.at('.vscode/settings.json'), '{ "plumbline.drift.preset": "evidently" }\n');
    workbench = await openWorkbench({ folder: repo.path });
    // By the time that a file is open the palette knows the commands of extensions too.
    await workbench.openFile('data/orders.csv');
  });
  after(async () => {
    await workbench?.close();
    repo?.remove();
  });
  picturesOfFailures(() => workbench);

  const columns = () => workbench.webview().getByRole('treegrid', { name: 'Columns' });

  it('finds the commit in the history of a file', async () => {
    await workbench.run('Plumbline: Find Where Drift Began...');
    await workbench.asked('Look through the history of which data file?');
    await workbench.pick('orders', /^orders\.csv/);
    await workbench.asked('Leave empty for the oldest version');
    await workbench.press('Enter');
    const told = await workbench.notification(/Drift of .*orders\.csv began/);
    const commit = (commits[3] ?? '').slice(0, 7);
    assert.match(told, new RegExp(`began with ${commit} of 2026-01-05: Take prices with tax \\(\\d of 5 versions`));
  });

  it('shows the comparison with it, and says where it began', async () => {
    await columns()
      .getByRole('row', { name: /price.*Drifted/s })
      .first()
      .waitFor();
    const returned = await columns()
      .getByRole('row', { name: /returned/ })
      .first()
      .textContent();
    assert.doesNotMatch(returned ?? '', /Drifted/);
    await workbench
      .webview()
      .getByText(/Take prices with tax/)
      .first()
      .waitFor();
  });

  for (const theme of ['light', 'dark', 'high-contrast', 'high-contrast-light'] satisfies Theme[]) {
    it(`shows where drift began in the ${theme} theme`, async () => {
      await workbench.setTheme(theme);
      await workbench.screenshot('drift-start');
    });
  }

  it('looks again in the same way when the window was reloaded, whatever the settings say by then', async () => {
    await workbench.setTheme('light');
    await workbench.run('Notifications: Clear All Notifications');
    writeFileSync(repo.at('.vscode/settings.json'), '{ "plumbline.drift.preset": "tfdv" }\n');
    await workbench.run('Developer: Reload Window');
    await workbench.page.waitForTimeout(2_000);
    await workbench.page.locator('.part.statusbar .statusbar-item').first().waitFor();
    const again = workbench.webview().getByRole('button', { name: 'Run Again' });
    await again.waitFor({ timeout: 60_000 });
    await again.focus();
    await workbench.press('Enter');
    const told = await workbench.notification(/Drift of .*orders\.csv began/);
    const commit = (commits[3] ?? '').slice(0, 7);
    assert.match(told, new RegExp(`began with ${commit} of 2026-01-05: Take prices with tax`));
    await workbench
      .webview()
      .getByText(/preset evidently/)
      .first()
      .waitFor();
    await workbench
      .webview()
      .getByText(/Take prices with tax/)
      .first()
      .waitFor();
    writeFileSync(repo.at('.vscode/settings.json'), '{ "plumbline.drift.preset": "evidently" }\n');
  });

  it('begins with a commit that a person names', async () => {
    await workbench.setTheme('light');
    await workbench.run('Notifications: Clear All Notifications');
    await workbench.run('Plumbline: Find Where Drift Began...');
    await workbench.asked('Look through the history of which data file?');
    await workbench.pick('orders', /^orders\.csv/);
    await workbench.asked('Leave empty for the oldest version');
    await workbench.type('HEAD~1');
    await workbench.press('Enter');
    await workbench.notification(/No version of .*orders\.csv has drifted/);
  });
});
