import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { repository, type Scratch, scratch } from '../world/repository';
import { openWorkbench, picturesOfFailures, type Workbench } from './workbench';

const contract = `apiVersion: v3.1.0
kind: DataContract
id: orders
version: 1.0.0
status: activ
schema:
  - name: orders
    properties:
      - name: id
        logicalType: integer
        requird: true
`;

describe('Restricted Mode', () => {
  let folder: Scratch;
  let tools: Scratch;
  let workbench: Workbench;

  before(async () => {
    folder = repository();
    folder.write('orders.odcs.yaml', contract);
    folder.write('orders.csv', 'id\n1\n2\n');
    folder.commit('Add orders');
    // Git itself writes down that it was run, by whomever.
    tools = scratch();
    const config = tools.write('config', `[trace2]\n\tnormalTarget = ${tools.at('runs')}\n`);
    workbench = await openWorkbench({
      folder: folder.path,
      trust: true,
      env: { GIT_CONFIG_GLOBAL: config },
    });
    // The window asks at its start; whoever wants to look first declines.
    const decline = workbench.page.getByRole('button', { name: /No, I don't trust/ });
    if (
      await decline.waitFor({ timeout: 10_000 }).then(
        () => true,
        () => false,
      )
    )
      await decline.press('Enter');
  });
  after(async () => {
    await workbench?.close();
    folder?.remove();
    tools?.remove();
  });
  picturesOfFailures(() => workbench);

  const lenses = () => workbench.page.locator('.codelens-decoration');
  const runsOfGit = () => (existsSync(tools.at('runs')) ? readFileSync(tools.at('runs'), 'utf8') : '');

  it('marks mistakes while typing', async () => {
    await workbench.openFile('orders.odcs.yaml');
    await workbench.squiggle();
    await workbench.goTo(11, 9);
    await workbench.quickFix('required');
    await workbench.eventually(
      async () => (await workbench.text()).includes('required: true'),
      () => 'the fix is not applied',
    );
    await workbench.press('Control+S');
  });

  it('offers nothing that would run a contract or Git', async () => {
    assert.equal(await lenses().count(), 0);
    await workbench.press('F1');
    await workbench.type('Plumbline:');
    const entries = workbench.page.locator('.quick-input-list .monaco-list-row');
    await entries.filter({ hasText: 'Show Logs' }).first().waitFor();
    const offered = (await entries.allTextContents()).filter((label) => /^Plumbline:/.test(label));
    assert.deepEqual(
      offered.filter((label) => /Check Data|Compare Data|Show Provenance/.test(label)),
      [],
    );
    await workbench.press('Escape');
    await workbench.screenshot('restricted');
  });

  it('runs no Git', () => {
    assert.equal(runsOfGit(), '');
  });

  it('does all of it once the folder is trusted', async () => {
    await workbench.run('Workspaces: Manage Workspace Trust');
    const trust = workbench.page.locator('.workspace-trust-editor').getByRole('button', { name: /^Trust$/ });
    await trust.first().press('Enter');
    await workbench.page.locator('.workspace-trust-editor').getByText('You trust this folder').first().waitFor();
    await workbench.openFile('orders.odcs.yaml');
    await lenses()
      .filter({ hasText: /Check data.*Provenance: [0-9a-f]{7}/ })
      .first()
      .waitFor();
    assert.match(runsOfGit(), /start \S*git .*core\.fsmonitor/);
    await workbench.run('Plumbline: Check Data');
    await workbench.status(/orders: 3 checks passed/);
    await workbench.screenshot('trusted');
  });
});
