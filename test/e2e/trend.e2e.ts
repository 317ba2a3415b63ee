import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openWorkbench, picturesOfFailures, type Workbench } from './workbench';

const contract = `apiVersion: v3.1.0
kind: DataContract
id: orders
version: 1.0.0
status: active
schema:
  - name: orders
    properties:
      - name: id
        logicalType: integer
        required: true
      - name: amount
        logicalType: number
        logicalTypeOptions: {minimum: 0}
`;

describe('The trend of checks, by keyboard', () => {
  let folder: string;
  let workbench: Workbench;
  before(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'plumbline-trend-')));
    mkdirSync(join(folder, 'data'));
    writeFileSync(join(folder, 'orders.odcs.yaml'), contract);
    write('1,5\n2,3\n');
    execFileSync('git', ['init', '--quiet'], { cwd: folder });
    workbench = await openWorkbench({ folder });
  });
  after(async () => {
    await workbench?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  picturesOfFailures(() => workbench);

  const write = (rows: string) => writeFileSync(join(folder, 'data', 'orders.csv'), `id,amount\n${rows}`);
  const page = () => workbench.webview();

  it('begins with the second run', async () => {
    await workbench.openFile('orders.odcs.yaml');
    await workbench.run('Plumbline: Check Data');
    await page()
      .getByText(/all \d+ checks passed/)
      .waitFor({ timeout: 60_000 });
    assert.equal(await page().locator('.trend-part').count(), 0);
    write('1,5\n2,-3\n3,-1\n');
    await workbench.run('Plumbline: Check Data');
    await page()
      .getByText(/1 of \d+ checks failed/)
      .waitFor({ timeout: 60_000 });
    const row = page()
      .getByRole('row', { name: /amount.*minimum/ })
      .first();
    await row.focus();
    await workbench.press('Enter');
    const words = 'Passed in 1 of 2 runs, failed in the last; 0 before, 2 now.';
    await page().locator('.trend-part p', { hasText: words }).waitFor();
    await page().locator('.trend-part .chart svg').first().waitFor();
    await workbench.screenshot('trend-two-runs');
    const status = execFileSync('git', ['status', '--porcelain'], { cwd: folder, encoding: 'utf8' });
    assert.ok(!status.includes('.plumbline'), status);
  });

  it('is empty when the results were deleted, after asking', async () => {
    await workbench.run('Plumbline: Delete Results...');
    await workbench.asked('Which results do you want to delete?');
    await workbench.pick('', /^Results of orders\.odcs\.yaml/);
    const question = workbench.page.locator('.monaco-dialog-box', {
      hasText: 'Delete the results of orders.odcs.yaml?',
    });
    await question.waitFor();
    await question.getByRole('button', { name: 'Delete' }).focus();
    await workbench.press('Enter');
    await page()
      .getByText(/1 of \d+ checks failed/)
      .waitFor({ state: 'detached' });
    await workbench.run('Plumbline: Check Data');
    await page()
      .getByText(/1 of \d+ checks failed/)
      .waitFor({ timeout: 60_000 });
    assert.equal(await page().locator('svg.trend').count(), 0);
  });
});
